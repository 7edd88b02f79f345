/** A small web application for jcorn that needs nothing but the JDK. */
@NullMarked
package io.jcorn.examples.hello;

import org.jspecify.annotations.NullMarked;
