package io.jcorn.agent;

import java.lang.management.LockInfo;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.lang.management.MonitorInfo;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Map;

/** Writes down what every thread of this JVM is doing: the last words of a worker that is late. */
final class ThreadDump {

    private ThreadDump() {}

    /** Returns all threads with their stacks, as much as this process can still tell of them. */
    static String text() {
        try {
            return whole();
        } catch (LinkageError e) {
            // The JDK reads that from a library, which is loaded now: without descriptors it cannot be.
            return plain() + "without locks: " + e + '\n';
        }
    }

    /** Needs nothing that is not there. */
    static String plain() {
        Runtime memory = Runtime.getRuntime();
        StringBuilder out = new StringBuilder(16 << 10);
        out.append("heap: ")
                .append((memory.totalMemory() - memory.freeMemory()) >> 20)
                .append(" MiB used, ");
        out.append(memory.totalMemory() >> 20).append(" MiB committed, ");
        out.append(memory.maxMemory() >> 20).append(" MiB at most\n");
        Map<Thread, StackTraceElement[]> all = Thread.getAllStackTraces();
        for (Map.Entry<Thread, StackTraceElement[]> each : all.entrySet()) {
            Thread thread = each.getKey();
            out.append('"').append(thread.getName()).append("\" #").append(thread.getId());
            out.append(thread.isDaemon() ? " daemon " : " ")
                    .append(thread.getState())
                    .append('\n');
            for (StackTraceElement frame : each.getValue()) {
                out.append("    at ").append(frame).append('\n');
            }
        }
        return out.toString();
    }

    /** Returns all threads with their whole stacks, monitors and locks, deadlocks first, and the state of the heap. */
    private static String whole() {
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
