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

    /** What stands between a thread's start and the application. */
    private static final List<String> SERVER = List.of(
            "io.jcorn.servlet.",
            "org.eclipse.jetty.",
            "jakarta.servlet.",
            "java.lang.Thread",
            "java.lang.VirtualThread",
            "java.lang.reflect.",
            "java.lang.invoke.",
            "java.util.",
            "jdk.internal.");

    private Traces() {}

    /** Returns a stack trace with its causes, each cut where the server begins, unless it is the server's own through and through. */
    public static String ofApplication(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        List<String> kept = new ArrayList<>();
        List<String> pending = new ArrayList<>();
        boolean application = false;
        for (String line : text.toString().lines().toList()) {
            if (ofServer(line)) {
                pending.add(line);
                continue;
            }
            boolean frame = FRAME.matcher(line).matches();
            if (frame || !application) {
                kept.addAll(pending);
            }
            pending.clear();
            application = frame;
            kept.add(line);
        }
        if (!application) {
            kept.addAll(pending);
        }
        return String.join("\n", kept);
    }

    private static boolean ofServer(String line) {
        Matcher frame = FRAME.matcher(line);
        return frame.matches()
                ? SERVER.stream().anyMatch(frame.group(1)::startsWith)
                : MORE.matcher(line).matches();
    }
}
