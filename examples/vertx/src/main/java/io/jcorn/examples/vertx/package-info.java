/** A web application on Vert.x. */
@NullMarked
package io.jcorn.examples.vertx;

import org.jspecify.annotations.NullMarked;
