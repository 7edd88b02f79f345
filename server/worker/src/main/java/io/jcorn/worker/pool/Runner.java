package io.jcorn.worker.pool;

/** Who runs the application's code. */
public interface Runner {

    /** Runs an exchange, now or soon. Called on the event loop only. The exchange lets nothing escape. */
    void submit(Runnable exchange);

    /** Whether exchanges run on the event loop itself, so that they must never wait for it. */
    default boolean onEventLoop() {
        return false;
    }

    /** Takes nothing more. Threads that are inside the application are left alone: they are daemons. */
    default void close() {}
}
