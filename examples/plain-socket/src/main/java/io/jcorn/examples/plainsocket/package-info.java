/** A web application on a bare {@link java.net.ServerSocket}. */
@NullMarked
package io.jcorn.examples.plainsocket;

import org.jspecify.annotations.NullMarked;
