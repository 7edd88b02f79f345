package io.jcorn.wire;

import io.jcorn.wire.syslog.SyslogOptions;
import java.nio.file.Path;
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
 * @param limits how large requests may be
 * @param reading how requests are read and where they belong
 * @param deadlines how long clients may take
 * @param proxies whose PROXY headers are taken
 * @param forwarding whose forwarded headers are believed
 * @param files which files the engine serves, and how
 * @param tls how to speak TLS; empty: not at all
 * @param webSocket what holds for WebSockets
 * @param http2 whether and how HTTP/2 is spoken
 * @param admission when the application gets a request, and how long it may keep it
 * @param beatMillis how often the event loop publishes its heartbeat, in milliseconds, at least 1
 * @param orphanGraceMillis how long requests in flight may take once the master is dead, in milliseconds
 * @param logLevel the lowest level that the worker logs
 * @param errorLog the file to log to; empty: standard error
 * @param accessLog where the lines of requests go
 * @param syslog the daemon that gets messages too; empty: none
 */
public record WorkerOptions(
        Path application,
        String displayName,
        Optional<String> handlerClass,
        List<Path> classpath,
        Threads threads,
        int workerConnections,
        int backlog,
        RequestLimits limits,
        RequestReading reading,
        Deadlines deadlines,
        ProxyOptions proxies,
        ForwardingOptions forwarding,
        FileOptions files,
        Optional<TlsOptions> tls,
        WebSocketOptions webSocket,
        Http2Options http2,
        Admission admission,
        long beatMillis,
        long orphanGraceMillis,
        LogLevel logLevel,
        Optional<Path> errorLog,
        AccessLogOptions accessLog,
        Optional<SyslogOptions> syslog) {

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

        /** Returns it as one text, such as {@code POOL:64}. */
        String text() {
            return kind + ":" + count;
        }

        static Threads parse(String text) {
            int colon = text.indexOf(':');
            if (colon < 0) {
                throw new IllegalArgumentException("--threads=" + text + " is not KIND:COUNT");
            }
            return new Threads(Kind.valueOf(text.substring(0, colon)), Integer.parseInt(text.substring(colon + 1)));
        }
    }

    /** Returns the program arguments, each {@code --name=value}. */
    public List<String> toArguments() {
        ProgramArguments arguments = ProgramArguments.none();
        arguments.put("application", application).put("display-name", displayName);
        handlerClass.ifPresent(name -> arguments.put("handler-class", name));
        classpath.forEach(entry -> arguments.put("classpath", entry));
        arguments
                .put("threads", threads.text())
                .put("worker-connections", workerConnections)
                .put("backlog", backlog)
                .put("beat-millis", beatMillis)
                .put("orphan-grace-millis", orphanGraceMillis)
                .put("log-level", logLevel);
        errorLog.ifPresent(file -> arguments.put("error-log", file));
        limits.put(arguments);
        reading.put(arguments);
        deadlines.put(arguments);
        proxies.put(arguments);
        forwarding.put(arguments);
        files.put(arguments);
        tls.ifPresent(options -> options.put(arguments));
        webSocket.put(arguments);
        accessLog.put(arguments);
        syslog.ifPresent(options -> arguments.put("syslog", options.text()));
        http2.put(arguments);
        admission.put(arguments);
        return arguments.toList();
    }

    /**
     * Reads the program arguments.
     *
     * @throws IllegalArgumentException if they are not what {@link #toArguments} makes
     */
    public static WorkerOptions fromArguments(List<String> given) {
        ProgramArguments arguments = ProgramArguments.of(given);
        return new WorkerOptions(
                Path.of(arguments.one("application")),
                arguments.one("display-name"),
                arguments.any("handler-class").stream().findFirst(),
                arguments.any("classpath").stream().map(Path::of).toList(),
                Threads.parse(arguments.one("threads")),
                arguments.integer("worker-connections"),
                arguments.integer("backlog"),
                RequestLimits.from(arguments),
                RequestReading.from(arguments),
                Deadlines.from(arguments),
                ProxyOptions.from(arguments),
                ForwardingOptions.from(arguments),
                FileOptions.from(arguments),
                TlsOptions.from(arguments),
                WebSocketOptions.from(arguments),
                Http2Options.from(arguments),
                Admission.from(arguments),
                arguments.number("beat-millis"),
                arguments.number("orphan-grace-millis"),
                LogLevel.valueOf(arguments.one("log-level")),
                arguments.any("error-log").stream().findFirst().map(Path::of),
                AccessLogOptions.from(arguments),
                arguments.any("syslog").stream().findFirst().map(SyslogOptions::parse));
    }
}
