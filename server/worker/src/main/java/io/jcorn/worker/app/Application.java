package io.jcorn.worker.app;

import com.sun.net.httpserver.HttpHandler;
import io.jcorn.wire.Log;
import java.net.URLClassLoader;

/**
 * A loaded application: one handler, in a class loader of its own.
 *
 * @param handler what answers requests
 * @param loader sees the application's archives and the JDK, nothing of the server
 */
public record Application(HttpHandler handler, URLClassLoader loader) {

    /** Returns the name of the handler's class. */
    public String name() {
        return handler.getClass().getName();
    }

    /**
     * Lets the application close itself, when it is {@link AutoCloseable}.
     *
     * @param millis how long it may take; afterwards it is left alone
     * @return whether it returned in time
     */
    public boolean close(long millis, Log log) {
        if (!(handler instanceof AutoCloseable closeable)) {
            return true;
        }
        Thread closer = new Thread(() -> close(closeable, log), "jcorn-app-close");
        closer.setDaemon(true);
        closer.setContextClassLoader(loader);
        closer.start();
        try {
            closer.join(Math.max(1, millis));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        boolean late = closer.isAlive();
        if (late) {
            log.warning("The application's close() has not returned after " + millis + " ms; leaving without it");
        }
        return !late;
    }

    private static void close(AutoCloseable closeable, Log log) {
        try {
            closeable.close();
        } catch (Throwable thrown) {
            log.error("The application's close() failed\n" + Traces.ofApplication(thrown));
        }
    }
}
