package io.jcorn.servlet;

import io.jcorn.servlet.access.AccessLog;
import io.jcorn.servlet.archive.LoadFailure;
import io.jcorn.servlet.deploy.Environments;
import io.jcorn.wire.AccessLogOptions;
import io.jcorn.wire.ForwardingOptions;
import io.jcorn.wire.Handover.InheritedListener;
import io.jcorn.wire.Log;
import io.jcorn.wire.LogLevel;
import io.jcorn.wire.RequestLimits;
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

    /** What a test may choose. */
    record Options(
            Path application,
            List<Path> classpath,
            String contextPath,
            Threads threads,
            Sessions sessions,
            long keepAliveMillis,
            long limitRequestBody,
            List<String> forwardedAllowIps,
            List<InheritedListener> listeners) {

        static Options of(Path application) {
            return new Options(
                    application,
                    List.of(),
                    "/",
                    new Threads(Threads.Kind.POOL, 4),
                    new Sessions(Sessions.Kind.MEMORY, ""),
                    5000,
                    0,
                    List.of(),
                    List.of(new InheritedListener(3, "127.0.0.1:0")));
        }

        Options classpath(Path... places) {
            return new Options(
                    application,
                    List.of(places),
                    contextPath,
                    threads,
                    sessions,
                    keepAliveMillis,
                    limitRequestBody,
                    forwardedAllowIps,
                    listeners);
        }

        Options contextPath(String path) {
            return new Options(
                    application,
                    classpath,
                    path,
                    threads,
                    sessions,
                    keepAliveMillis,
                    limitRequestBody,
                    forwardedAllowIps,
                    listeners);
        }

        Options threads(Threads.Kind kind, int count) {
            return new Options(
                    application,
                    classpath,
                    contextPath,
                    new Threads(kind, count),
                    sessions,
                    keepAliveMillis,
                    limitRequestBody,
                    forwardedAllowIps,
                    listeners);
        }

        Options sessions(Sessions.Kind kind, Object place) {
            return new Options(
                    application,
                    classpath,
                    contextPath,
                    threads,
                    new Sessions(kind, place.toString()),
                    keepAliveMillis,
                    limitRequestBody,
                    forwardedAllowIps,
                    listeners);
        }

        Options keepAliveMillis(long millis) {
            return new Options(
                    application,
                    classpath,
                    contextPath,
                    threads,
                    sessions,
                    millis,
                    limitRequestBody,
                    forwardedAllowIps,
                    listeners);
        }

        Options limitRequestBody(long bytes) {
            return new Options(
                    application,
                    classpath,
                    contextPath,
                    threads,
                    sessions,
                    keepAliveMillis,
                    bytes,
                    forwardedAllowIps,
                    listeners);
        }

        Options forwardedAllowIps(String... peers) {
            return new Options(
                    application,
                    classpath,
                    contextPath,
                    threads,
                    sessions,
                    keepAliveMillis,
                    limitRequestBody,
                    List.of(peers),
                    listeners);
        }

        Options listeners(String... addresses) {
            return new Options(
                    application,
                    classpath,
                    contextPath,
                    threads,
                    sessions,
                    keepAliveMillis,
                    limitRequestBody,
                    forwardedAllowIps,
                    List.of(addresses).stream()
                            .map(address -> new InheritedListener(3, address))
                            .toList());
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
                    keepAliveMillis,
                    new RequestLimits(500, 20, 300, limitRequestBody),
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
