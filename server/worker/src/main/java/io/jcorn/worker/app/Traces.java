package io.jcorn.worker.app;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/** Stack traces for people: what the application did, without the frames below it that are ours. */
public final class Traces {

    private Traces() {}

    /** Returns a stack trace with its causes, each cut where the server begins. */
    public static String ofApplication(Throwable thrown) {
        trim(thrown, Collections.newSetFromMap(new IdentityHashMap<>()));
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString().stripTrailing();
    }

    /** Returns what a thread is doing, a frame a line, cut where the server begins. */
    public static String ofApplication(Thread thread) {
        StringBuilder text = new StringBuilder();
        for (StackTraceElement frame : trimmed(thread.getStackTrace())) {
            // Without the names of loader and module, which the stacks of exceptions do not have either.
            StackTraceElement plain = new StackTraceElement(
                    frame.getClassName(), frame.getMethodName(), frame.getFileName(), frame.getLineNumber());
            text.append("\tat ").append(plain).append('\n');
        }
        return text.toString().stripTrailing();
    }

    private static void trim(Throwable thrown, Set<Throwable> seen) {
        if (!seen.add(thrown)) {
            return;
        }
        thrown.setStackTrace(trimmed(thrown.getStackTrace()));
        if (thrown.getCause() != null) {
            trim(thrown.getCause(), seen);
        }
        for (Throwable suppressed : thrown.getSuppressed()) {
            trim(suppressed, seen);
        }
    }

    private static StackTraceElement[] trimmed(StackTraceElement[] stack) {
        int end = stack.length;
        while (end > 0 && !entersApplication(stack[end - 1])) {
            end--;
        }
        while (end > 0 && (entersApplication(stack[end - 1]) || reflective(stack[end - 1].getClassName()))) {
            end--;
        }
        return end == 0 ? stack : Arrays.copyOf(stack, end);
    }

    /** Whether this frame is where the server calls the application. */
    private static boolean entersApplication(StackTraceElement frame) {
        String name = frame.getClassName();
        return name.equals(ApplicationLoader.class.getName())
                || name.equals(Application.class.getName())
                || (name.equals("io.jcorn.worker.exchange.Exchange")
                        && frame.getMethodName().equals("handle"));
    }

    private static boolean reflective(String className) {
        return className.startsWith("java.lang.reflect.") || className.startsWith("jdk.internal.reflect.");
    }
}
