/** A web application on Spring Boot: Spring MVC on Tomcat. */
@NullMarked
package io.jcorn.examples.springboot;

import org.jspecify.annotations.NullMarked;
