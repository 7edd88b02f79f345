package io.jcorn.servlet;

import io.jcorn.servlet.access.AccessLog;
import io.jcorn.servlet.archive.LoadFailure;
import io.jcorn.servlet.deploy.Environments;
import io.jcorn.wire.AccessLogOptions;
import io.jcorn.wire.Deadlines;
import io.jcorn.wire.ForwardingOptions;
import io.jcorn.wire.Handover.InheritedListener;
import io.jcorn.wire.Log;
import io.jcorn.wire.LogLevel;
import io.jcorn.wire.RequestLimits;
import io.jcorn.wire.RequestReading;
import io.jcorn.wire.RequestReading.HeaderMap;
import io.jcorn.wire.ServletOptions;
import io.jcorn.wire.ServletOptions.Sessions;
import io.jcorn.wire.WorkerOptions.Threads;
import io.jcorn.wire.forwarded.ForwardedHeader;
import io.jcorn.wire.forwarded.SchemeHeader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A server in this process, on a port of the kernel's choice. The libraries of its environment are on the tests' class path. */
final class RunningServer implements AutoCloseable {

    private final WebServer server;
    private final ByteArrayOutputStream log;
    private final HttpClient client = HttpClient.newHttpClient();

    private static final AtomicInteger ROWS = new AtomicInteger();

    private RunningServer(WebServer server, ByteArrayOutputStream log) {
        this.server = server;
        this.log = log;
    }

    /** Where to look for environments: nothing is there, and their class loader's parent has it all. */
    private static Environments environments(Path home) throws IOException {
        Files.createDirectories(home.resolve("ee10"));
        Files.createDirectories(home.resolve("ee11"));
        return new Environments(home);
    }

    static RunningServer start(Options options) throws LoadFailure, IOException {
        return start(options, Optional.empty());
    }

    static RunningServer start(Options options, Optional<AccessLog> accessLog) throws LoadFailure, IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Log log = Log.to(bytes, LogLevel.INFO, 1, Clock.systemUTC());
        Path home = Files.createTempDirectory("environments");
        Path work = options.options().workFolder().resolve("row-" + ROWS.getAndIncrement());
        Thread test = Thread.currentThread();
        ClassLoader before = test.getContextClassLoader();
        try {
            return new RunningServer(
                    WebServer.start(
                            options.options(),
                            options.listeners(),
                            environments(home),
                            work,
                            log,
                            accessLog,
                            server -> {}),
                    bytes);
        } finally {
            test.setContextClassLoader(before);
            Files.delete(home.resolve("ee10"));
            Files.delete(home.resolve("ee11"));
            Files.delete(home);
        }
    }

    /** What a test may choose; each choice is a copy. */
    static final class Options {
        private final Path application;
        private List<Path> classpath = List.of();
        private String contextPath = "/";
        private Threads threads = new Threads(Threads.Kind.POOL, 4);
        private Sessions sessions = new Sessions(Sessions.Kind.MEMORY, "");
        private Deadlines deadlines = deadlines(5000, 0, 30_000, 30_000);
        private RequestLimits limits = new RequestLimits(500, 20, 300, 0, 0);
        private RequestReading reading =
                new RequestReading(false, false, false, false, HeaderMap.DROP, List.of("SCRIPT_NAME", "PATH_INFO"), "");
        private List<String> forwardedAllowIps = List.of();
        private List<InheritedListener> listeners = List.of(new InheritedListener(3, "127.0.0.1:0"));

        private Options(Path application) {
            this.application = application;
        }

        static Options of(Path application) {
            return new Options(application);
        }

        /** All of a client's times are this. */
        Options impatient(long millis) {
            return with(
                    copy -> copy.deadlines = new Deadlines(millis, 0, millis, millis, millis, 0, millis, 0, millis));
        }

        private static Deadlines deadlines(long keepAlive, int requests, long firstByte, long head) {
            return new Deadlines(keepAlive, requests, firstByte, head, 30_000, 240, 30_000, 240, 10_000);
        }

        private Options with(Consumer<Options> change) {
            Options copy = new Options(application);
            copy.classpath = classpath;
            copy.contextPath = contextPath;
            copy.threads = threads;
            copy.sessions = sessions;
            copy.deadlines = deadlines;
            copy.limits = limits;
            copy.reading = reading;
            copy.forwardedAllowIps = forwardedAllowIps;
            copy.listeners = listeners;
            change.accept(copy);
            return copy;
        }

        Options classpath(Path... places) {
            return with(copy -> copy.classpath = List.of(places));
        }

        Options contextPath(String path) {
            return with(copy -> copy.contextPath = path);
        }

        Options threads(Threads.Kind kind, int count) {
            return with(copy -> copy.threads = new Threads(kind, count));
        }

        Options sessions(Sessions.Kind kind, Object place) {
            return with(copy -> copy.sessions = new Sessions(kind, place.toString()));
        }

        Options keepAliveMillis(long millis) {
            return with(copy -> copy.deadlines = deadlines(millis, 0, 30_000, 30_000));
        }

        Options connectionRequests(int most) {
            return with(copy -> copy.deadlines = deadlines(5000, most, 30_000, 30_000));
        }

        Options limits(int line, int fields, int fieldSize, long body) {
            return limits(line, fields, fieldSize, 0, body);
        }

        Options limits(int line, int fields, int fieldSize, int head, long body) {
            return with(copy -> copy.limits = new RequestLimits(line, fields, fieldSize, head, body));
        }

        Options limitRequestBody(long bytes) {
            return limits(limits.line(), limits.fields(), limits.fieldSize(), bytes);
        }

        Options reading(RequestReading rules) {
            return with(copy -> copy.reading = rules);
        }

        Options forwardedAllowIps(String... peers) {
            return with(copy -> copy.forwardedAllowIps = List.of(peers));
        }

        Options listeners(String... addresses) {
            return with(copy -> copy.listeners = List.of(addresses).stream()
                    .map(address -> new InheritedListener(3, address))
                    .toList());
        }

        List<InheritedListener> listeners() {
            return listeners;
        }

        ServletOptions options() {
            return new ServletOptions(
                    application,
                    application.getFileName().toString(),
                    classpath,
                    application.resolveSibling("work"),
                    contextPath,
                    threads,
                    sessions,
                    deadlines,
                    limits,
                    reading,
                    new ForwardingOptions(
                            forwardedAllowIps,
                            ForwardedHeader.AUTO,
                            List.of(
                                    new SchemeHeader("X-Forwarded-Proto", "https"),
                                    new SchemeHeader("X-Forwarded-Ssl", "on"))),
                    AccessLogOptions.NONE,
                    Optional.empty());
        }
    }

    WebServer server() {
        return server;
    }

    int port() {
        return server.ports().get(0);
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    String logged() {
        return log.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        server.drain(0);
    }
}
