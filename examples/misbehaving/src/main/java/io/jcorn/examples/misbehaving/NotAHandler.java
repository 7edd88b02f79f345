package io.jcorn.examples.misbehaving;

/**
 * Is no {@code com.sun.net.httpserver.HttpHandler}.
 *
 * <p>What jcorn does: it says so and exits with 4.
 */
public final class NotAHandler {}
