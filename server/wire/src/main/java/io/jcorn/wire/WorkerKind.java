package io.jcorn.wire;

/** What runs the application in a worker. */
public enum WorkerKind {
    /** jcorn's own HTTP engine, for implementations of {@code com.sun.net.httpserver.HttpHandler}. */
    HANDLER,
    /** Jetty, embedded, for WARs and jars of Jakarta servlets. */
    SERVLET,
    /** The application's own main class, which brings a server along. */
    MAIN
}
