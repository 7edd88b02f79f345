package io.jcorn.agent;

import java.lang.management.LockInfo;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.lang.management.MonitorInfo;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;

/** Writes down what every thread of this JVM is doing: the last words of a worker that is late. */
final class ThreadDump {

    private ThreadDump() {}

    /** Returns all threads with their whole stacks, monitors and locks, deadlocks first, and the state of the heap. */
    static String text() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        StringBuilder out = new StringBuilder(16 << 10);
        out.append("heap: ").append(heap.getUsed() >> 20).append(" MiB used, ");
        out.append(heap.getCommitted() >> 20).append(" MiB committed, ");
        out.append(heap.getMax() >> 20).append(" MiB at most\n");
        long[] deadlocked = threads.findDeadlockedThreads();
        if (deadlocked != null) {
            out.append("DEADLOCK between ").append(deadlocked.length).append(" threads:\n");
            for (ThreadInfo thread : threads.getThreadInfo(deadlocked)) {
                if (thread != null) {
                    out.append("  \"").append(thread.getThreadName()).append("\" waits for ");
                    out.append(thread.getLockName()).append(", which \"").append(thread.getLockOwnerName());
                    out.append("\" holds\n");
                }
            }
        }
        ThreadInfo[] all = threads.dumpAllThreads(true, true);
        Arrays.sort(all, (a, b) -> Long.compare(a.getThreadId(), b.getThreadId()));
        for (ThreadInfo thread : all) {
            append(out, thread);
        }
        return out.toString();
    }

    private static void append(StringBuilder out, ThreadInfo thread) {
        out.append('"').append(thread.getThreadName()).append("\" #").append(thread.getThreadId());
        out.append(thread.isDaemon() ? " daemon " : " ").append(thread.getThreadState());
        if (thread.getLockName() != null) {
            out.append(" on ").append(thread.getLockName());
        }
        if (thread.getLockOwnerName() != null) {
            out.append(" held by \"").append(thread.getLockOwnerName()).append('"');
        }
        out.append('\n');
        StackTraceElement[] stack = thread.getStackTrace();
        for (int depth = 0; depth < stack.length; depth++) {
            out.append("    at ").append(stack[depth]).append('\n');
            for (MonitorInfo monitor : thread.getLockedMonitors()) {
                if (monitor.getLockedStackDepth() == depth) {
                    out.append("    - locked ").append(monitor).append('\n');
                }
            }
        }
        for (LockInfo lock : thread.getLockedSynchronizers()) {
            out.append("    - locked ").append(lock).append('\n');
        }
    }
}
