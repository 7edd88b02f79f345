/** A web application on the server that comes with the JDK. */
@NullMarked
package io.jcorn.examples.jdkhttpserver;

import org.jspecify.annotations.NullMarked;
