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
        int end = 0;
        while (end < stack.length && !stack[end].getClassName().startsWith("io.jcorn.worker.")) {
            end++;
        }
        while (end > 0 && end < stack.length && reflective(stack[end - 1].getClassName())) {
            end--;
        }
        return Arrays.copyOf(stack, end);
    }

    private static boolean reflective(String className) {
        return className.startsWith("java.lang.reflect.") || className.startsWith("jdk.internal.reflect.");
    }
}
