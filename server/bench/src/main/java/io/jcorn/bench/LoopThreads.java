package io.jcorn.bench;

import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Runs benchmarks on threads as an event loop's: Netty keeps its buffers for those alone. JMH makes one by its name. */
public final class LoopThreads extends ThreadPoolExecutor {

    /** What the JVM of a benchmark needs to be told to use it. */
    static final String EXECUTOR = "-Djmh.executor=CUSTOM";

    /** The same. */
    static final String CLASS = "-Djmh.executor.class=io.jcorn.bench.LoopThreads";

    /** As JMH wants it. */
    public LoopThreads(int threads, String prefix) {
        super(
                threads,
                threads,
                0,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                task -> new FastThreadLocalThread(task, prefix));
    }
}
