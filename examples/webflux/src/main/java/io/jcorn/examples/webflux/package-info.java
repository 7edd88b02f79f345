/** A web application on Spring Boot: WebFlux on Reactor Netty. */
@NullMarked
package io.jcorn.examples.webflux;

import org.jspecify.annotations.NullMarked;
