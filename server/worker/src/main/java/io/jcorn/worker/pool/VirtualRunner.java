package io.jcorn.worker.pool;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs each exchange on a virtual thread of its own. */
public final class VirtualRunner implements Runner {

    private final ThreadFactory threads;
    private final ClassLoader contextLoader;
    private final AtomicInteger unfinished = new AtomicInteger();

    private VirtualRunner(ThreadFactory threads, ClassLoader contextLoader) {
        this.threads = threads;
        this.contextLoader = contextLoader;
    }

    /**
     * A runner on the virtual threads of this JVM, by reflection: we are compiled for one that has none.
     *
     * @throws UnsupportedOperationException before Java 21
     */
    public static VirtualRunner create(ClassLoader contextLoader) {
        try {
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            Class<?> type = Class.forName("java.lang.Thread$Builder");
            Object named = type.getMethod("name", String.class, long.class).invoke(builder, "jcorn-virtual-", 0L);
            return new VirtualRunner((ThreadFactory) type.getMethod("factory").invoke(named), contextLoader);
        } catch (ReflectiveOperationException e) {
            throw new UnsupportedOperationException(
                    "this worker runs Java " + Runtime.version().feature()
                            + ", which has no virtual threads (Java 21 has them): give --java-home one that has, or --threads a number",
                    e);
        }
    }

    @Override
    public void submit(Runnable exchange) {
        unfinished.incrementAndGet();
        Thread thread = threads.newThread(() -> run(exchange));
        thread.setContextClassLoader(contextLoader);
        thread.start();
    }

    private void run(Runnable exchange) {
        try {
            exchange.run();
        } finally {
            unfinished.decrementAndGet();
        }
    }

    @Override
    public int unfinished() {
        return unfinished.get();
    }
}
