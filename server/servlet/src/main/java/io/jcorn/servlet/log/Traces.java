package io.jcorn.servlet.log;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Stack traces for people: what the application did, without the frames below it that are the server's. The exception itself stays as it
 * is, since the application's error page may show it.
 */
public final class Traces {

    /** One line of a stack: {@code at module/class.method(file)}, possibly after a class loader's name. */
    private static final Pattern FRAME = Pattern.compile("\\s+at (?:[^(\\s]*/)?([\\w.$]+)\\..*");

    private static final Pattern MORE = Pattern.compile("\\s+\\.\\.\\. \\d+ more");

    /** How many frames are kept of a stack in which there is nothing of the application. */
    private static final int OF_SERVER_ALONE = 5;

    private static final String WORKER = "io.jcorn.servlet.";

    /** What stands between a thread's start and the application. */
    private static final List<String> SERVER = List.of(
            WORKER,
            "org.eclipse.jetty.",
            "jakarta.servlet.",
            "java.lang.Thread",
            "java.lang.VirtualThread",
            "java.lang.reflect.",
            "java.lang.invoke.",
            "java.util.",
            "jdk.internal.");

    private Traces() {}

    /** Returns a stack trace with its causes, each cut where the server begins. */
    public static String ofApplication(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        List<String> kept = new ArrayList<>();
        List<String> stack = new ArrayList<>();
        for (String line : text.toString().lines().toList()) {
            if (FRAME.matcher(line).matches() || MORE.matcher(line).matches()) {
                stack.add(line);
                continue;
            }
            kept.addAll(cut(stack));
            stack.clear();
            kept.add(line);
        }
        kept.addAll(cut(stack));
        return String.join("\n", kept);
    }

    /** Cuts one stack: from the worker's topmost frame downwards, then what leads from there to the application. */
    private static List<String> cut(List<String> stack) {
        int end = 0;
        while (end < stack.size() && !ofClass(stack.get(end), WORKER)) {
            end++;
        }
        while (end > 0 && ofServer(stack.get(end - 1))) {
            end--;
        }
        return stack.subList(0, end == 0 ? Math.min(OF_SERVER_ALONE, stack.size()) : end);
    }

    private static boolean ofServer(String line) {
        return MORE.matcher(line).matches() || SERVER.stream().anyMatch(prefix -> ofClass(line, prefix));
    }

    private static boolean ofClass(String line, String prefix) {
        Matcher frame = FRAME.matcher(line);
        return frame.matches() && frame.group(1).startsWith(prefix);
    }
}
