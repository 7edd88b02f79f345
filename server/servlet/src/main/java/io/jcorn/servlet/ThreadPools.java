package io.jcorn.servlet;

import io.jcorn.wire.WorkerOptions.Threads;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** Who runs the application. */
final class ThreadPools {

    /** An acceptor and a selector. */
    private static final int PER_CONNECTOR = 2;

    private ThreadPools() {}

    /**
     * Makes a pool in which so many requests run at once.
     *
     * @throws UnsupportedOperationException if this JVM has not the threads that are asked for
     */
    static QueuedThreadPool of(Threads threads, int connectors) {
        return switch (threads.kind()) {
            case POOL -> pool(threads.count() + connectors * PER_CONNECTOR);
            case VIRTUAL -> virtual();
            case LOOP ->
                throw new UnsupportedOperationException(
                        "A servlet may block, so it cannot run on an event loop: give --threads a number above 0, or virtual");
        };
    }

    private static QueuedThreadPool pool(int most) {
        QueuedThreadPool pool = new QueuedThreadPool(most, Math.min(most, 8));
        pool.setName("jcorn-servlet");
        // Threads that wait to take over a selector would make the number of requests that run at once a
        // matter of luck.
        pool.setReservedThreads(0);
        return pool;
    }

    private static QueuedThreadPool virtual() {
        if (!VirtualThreads.areSupported()) {
            throw new UnsupportedOperationException(
                    "this worker runs Java "
                            + Runtime.version().feature()
                            + ", which has no virtual threads (Java 21 has them): give --java-home one that has, or --threads a number");
        }
        QueuedThreadPool pool = new QueuedThreadPool();
        pool.setName("jcorn-servlet");
        pool.setVirtualThreadsExecutor(VirtualThreads.getNamedVirtualThreadsExecutor("jcorn-virtual-"));
        return pool;
    }
}
