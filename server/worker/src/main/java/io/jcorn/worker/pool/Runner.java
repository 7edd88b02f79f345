package io.jcorn.worker.pool;

import org.jspecify.annotations.Nullable;

/** Who runs the application's code. Confined to the event loop. */
public interface Runner {

    /** Runs an exchange, now or soon. The exchange lets nothing escape. */
    void submit(Runnable exchange);

    /** Whether exchanges run on the event loop itself, so that they must never wait for it. */
    default boolean onEventLoop() {
        return false;
    }

    /** Returns how many exchanges can be in the application at once without any of them waiting for a thread of ours. */
    default int threads() {
        return 0;
    }

    /** Returns how many exchanges were submitted whose handlers have not returned. */
    default int unfinished() {
        return 0;
    }

    /** Whether somebody waits and no thread is free or could be started: it is for the application to make room. */
    default boolean full() {
        return false;
    }

    /** Returns the one of a type that has waited longest, or null if none waits. */
    default <T extends Runnable> @Nullable T oldest(Class<T> type) {
        return null;
    }

    /**
     * Takes back an exchange that waits.
     *
     * @return false if a thread has it
     */
    default boolean withdraw(Runnable exchange) {
        return false;
    }

    /** Takes nothing more. Threads that are inside the application are left alone: they are daemons. */
    default void close() {}
}
