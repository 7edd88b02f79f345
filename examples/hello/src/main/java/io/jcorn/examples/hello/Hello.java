package io.jcorn.examples.hello;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A small web application: one handler that answers a few paths.
 *
 * <p>It knows no server. jcorn finds it through {@code META-INF/services/com.sun.net.httpserver.HttpHandler}; the JDK's
 * own {@code HttpServer} runs it as well.
 */
public final class Hello implements HttpHandler {

    private static final byte[] GREETING = Reply.utf8("Hello, World!\n");
    private static final byte[] GREETING_JSON = Reply.utf8("{\"message\":\"Hello, World!\"}\n");

    private final Map<String, HttpHandler> paths = new TreeMap<>();
    private final byte[] index;

    /** Called once per worker, before the first request. */
    public Hello() throws IOException {
        try (InputStream page = Hello.class.getResourceAsStream("index.html")) {
            if (page == null) {
                throw new IOException("index.html is missing beside " + Hello.class.getName());
            }
            index = page.readAllBytes();
        }
        paths.put("/", exchange -> Reply.send(exchange, 200, "text/html; charset=utf-8", index));
        paths.put("/plaintext", exchange -> Reply.send(exchange, 200, "text/plain; charset=utf-8", GREETING));
        paths.put("/json", exchange -> Reply.send(exchange, 200, "application/json", GREETING_JSON));
        paths.put("/pid", Hello::pid);
        paths.put("/echo", Hello::echo);
        paths.put("/stream", Hello::stream);
        paths.put("/slow", Hello::slow);
        paths.put("/upload", Hello::upload);
        paths.put("/download", Hello::download);
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        // A handler that only answers closes the exchange here, also when it fails: nothing of the request may linger.
        try (exchange) {
            HttpHandler handler = paths.get(exchange.getRequestURI().getPath());
            if (handler == null) {
                Reply.text(exchange, 404, "Nothing is here. The list of what is there: /");
            } else {
                handler.handle(exchange);
            }
        }
    }

    /** Which worker answers: its process, and its slot (stable when the worker is replaced). */
    private static void pid(HttpExchange exchange) throws IOException {
        String slot = System.getenv().getOrDefault("JCORN_SLOT", "-");
        String generation = System.getenv().getOrDefault("JCORN_GENERATION", "-");
        Reply.text(
                exchange, 200, "pid=" + ProcessHandle.current().pid() + " slot=" + slot + " generation=" + generation);
    }

    /** Sends back what was sent, as it comes: neither side needs to fit into memory. */
    private static void echo(HttpExchange exchange) throws IOException {
        if (!exchange.getRequestMethod().equals("POST")) {
            exchange.getResponseHeaders().set("Allow", "POST");
            Reply.text(exchange, 405, "POST something to /echo.");
            return;
        }
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        exchange.getResponseHeaders().set("Content-Type", type == null ? "application/octet-stream" : type);
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            exchange.getRequestBody().transferTo(out);
        }
    }

    /** {@code n} lines, each flushed as a chunk of its own, with {@code ms} milliseconds between them. */
    private static void stream(HttpExchange exchange) throws IOException {
        Parameters parameters = Parameters.of(exchange);
        long lines = parameters.number("n", 10, 0, 1_000_000);
        long pause = parameters.number("ms", 100, 0, 60_000);
        if (parameters.refused(exchange)) {
            return;
        }
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            for (long line = 1; line <= lines; line++) {
                out.write(Reply.utf8("line " + line + " of " + lines + "\n"));
                out.flush();
                if (line < lines) {
                    pause(pause);
                }
            }
        }
    }

    /** Answers after {@code ms} milliseconds, holding its thread as an application that waits for a database does. */
    private static void slow(HttpExchange exchange) throws IOException {
        Parameters parameters = Parameters.of(exchange);
        long delay = parameters.number("ms", 1_000, 0, 600_000);
        if (parameters.refused(exchange)) {
            return;
        }
        pause(delay);
        Reply.text(exchange, 200, "This took " + delay + " ms.");
    }

    /** Reads the whole body without keeping it; says how long it was and its SHA-256. */
    private static void upload(HttpExchange exchange) throws IOException {
        try (DigestInputStream body = Reply.sha256(exchange.getRequestBody())) {
            long bytes = body.transferTo(OutputStream.nullOutputStream());
            Reply.text(exchange, 200, "bytes=" + bytes + " sha256=" + Reply.hex(body));
        }
    }

    /** {@code bytes} bytes of a pattern that repeats "0123456789abcdef", with their length told before. */
    private static void download(HttpExchange exchange) throws IOException {
        Parameters parameters = Parameters.of(exchange);
        long bytes = parameters.number("bytes", 1 << 20, 0, 1L << 40);
        if (parameters.refused(exchange)) {
            return;
        }
        byte[] block = Reply.utf8("0123456789abcdef".repeat(4096));
        exchange.getResponseHeaders().set("Content-Type", "application/octet-stream");
        // 0 would mean "of unknown length" in this contract; -1 means that there is no body.
        exchange.sendResponseHeaders(200, bytes == 0 ? -1 : bytes);
        if (bytes == 0) {
            return;
        }
        try (OutputStream out = exchange.getResponseBody()) {
            for (long left = bytes; left > 0; left -= block.length) {
                out.write(block, 0, (int) Math.min(block.length, left));
            }
        }
    }

    private static void pause(long millis) {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
            if (Thread.interrupted()) {
                return;
            }
        }
    }
}
