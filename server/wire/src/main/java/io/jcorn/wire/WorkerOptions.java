package io.jcorn.wire;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the master asks of a worker's engine: the program arguments of a {@code handler} worker.
 *
 * @param application the archive or folder of classes to serve, already the generation's snapshot
 * @param displayName the application as the user named it, for messages: the snapshot's own path means nothing to him
 * @param handlerClass the class that implements {@code HttpHandler}; empty: look into the archive
 * @param classpath further archives and folders of the application, in order
 * @param threads who runs the application's code
 * @param workerConnections the most simultaneous client connections, at least 1
 * @param backlog the length of the accept queue, for information, at least 1
 * @param keepAliveMillis how long an idle connection stays open, in milliseconds; 0 closes after each response
 * @param headTimeoutMillis how long a request's head may take to arrive, in milliseconds, at least 1
 * @param limitRequestLine the longest request line in bytes; 0: no limit but memory's
 * @param limitRequestFields the most header fields, at least 1
 * @param limitRequestFieldSize the longest header field in bytes; 0: no limit but memory's
 * @param limitRequestBody the longest request body in bytes; 0: no limit
 * @param beatMillis how often the event loop publishes its heartbeat, in milliseconds, at least 1
 * @param orphanGraceMillis how long requests in flight may take once the master is dead, in milliseconds
 * @param logLevel the lowest level that the worker logs
 * @param errorLog the file to log to; empty: standard error
 */
public record WorkerOptions(
        Path application,
        String displayName,
        Optional<String> handlerClass,
        List<Path> classpath,
        Threads threads,
        int workerConnections,
        int backlog,
        long keepAliveMillis,
        long headTimeoutMillis,
        int limitRequestLine,
        int limitRequestFields,
        int limitRequestFieldSize,
        long limitRequestBody,
        long beatMillis,
        long orphanGraceMillis,
        LogLevel logLevel,
        Optional<Path> errorLog) {

    public WorkerOptions {
        classpath = List.copyOf(classpath);
    }

    /**
     * Who runs the application's code.
     *
     * @param kind the kind of thread
     * @param count the most application threads at once for {@link Kind#POOL}, at least 1; otherwise 0
     */
    public record Threads(Kind kind, int count) {
        /** The kinds of thread that can run an application. */
        public enum Kind {
            /** The event loop itself: one request at a time, as gunicorn's sync worker. */
            LOOP,
            /** At most {@link #count} platform threads. */
            POOL,
            /** One virtual thread per request; needs a JVM that has them. */
            VIRTUAL
        }
    }

    /** Returns the program arguments, each {@code --name=value}. */
    public List<String> toArguments() {
        List<String> arguments = new ArrayList<>();
        put(arguments, "application", application);
        put(arguments, "display-name", displayName);
        handlerClass.ifPresent(name -> put(arguments, "handler-class", name));
        classpath.forEach(entry -> put(arguments, "classpath", entry));
        put(arguments, "threads", threads.kind() + ":" + threads.count());
        put(arguments, "worker-connections", workerConnections);
        put(arguments, "backlog", backlog);
        put(arguments, "keep-alive-millis", keepAliveMillis);
        put(arguments, "head-timeout-millis", headTimeoutMillis);
        put(arguments, "limit-request-line", limitRequestLine);
        put(arguments, "limit-request-fields", limitRequestFields);
        put(arguments, "limit-request-field-size", limitRequestFieldSize);
        put(arguments, "limit-request-body", limitRequestBody);
        put(arguments, "beat-millis", beatMillis);
        put(arguments, "orphan-grace-millis", orphanGraceMillis);
        put(arguments, "log-level", logLevel);
        errorLog.ifPresent(file -> put(arguments, "error-log", file));
        return arguments;
    }

    /**
     * Reads the program arguments.
     *
     * @throws IllegalArgumentException if they are not what {@link #toArguments} makes
     */
    public static WorkerOptions fromArguments(List<String> arguments) {
        return new WorkerOptions(
                Path.of(one(arguments, "application")),
                one(arguments, "display-name"),
                any(arguments, "handler-class").stream().findFirst(),
                any(arguments, "classpath").stream().map(Path::of).toList(),
                threads(one(arguments, "threads")),
                Integer.parseInt(one(arguments, "worker-connections")),
                Integer.parseInt(one(arguments, "backlog")),
                Long.parseLong(one(arguments, "keep-alive-millis")),
                Long.parseLong(one(arguments, "head-timeout-millis")),
                Integer.parseInt(one(arguments, "limit-request-line")),
                Integer.parseInt(one(arguments, "limit-request-fields")),
                Integer.parseInt(one(arguments, "limit-request-field-size")),
                Long.parseLong(one(arguments, "limit-request-body")),
                Long.parseLong(one(arguments, "beat-millis")),
                Long.parseLong(one(arguments, "orphan-grace-millis")),
                LogLevel.valueOf(one(arguments, "log-level")),
                any(arguments, "error-log").stream().findFirst().map(Path::of));
    }

    private static Threads threads(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("--threads=" + text + " is not KIND:COUNT");
        }
        return new Threads(Threads.Kind.valueOf(text.substring(0, colon)), Integer.parseInt(text.substring(colon + 1)));
    }

    private static void put(List<String> arguments, String name, Object value) {
        arguments.add("--" + name + "=" + value);
    }

    private static List<String> any(List<String> arguments, String name) {
        String prefix = "--" + name + "=";
        return arguments.stream()
                .filter(argument -> argument.startsWith(prefix))
                .map(argument -> argument.substring(prefix.length()))
                .toList();
    }

    private static String one(List<String> arguments, String name) {
        List<String> values = any(arguments, name);
        if (values.size() != 1) {
            throw new IllegalArgumentException("--" + name + " must be given once: only a jcorn master starts workers");
        }
        return values.get(0);
    }
}
