package io.jcorn.examples.jdkhttpserver;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Answers requests. */
final class Application implements HttpHandler {

    private static final Pattern MILLIS = Pattern.compile("ms=([0-9]{1,5})");
    private static final int MOST_MILLIS = 60_000;

    private final String version;
    private final AtomicInteger inFlight = new AtomicInteger();

    Application(String version) {
        this.version = version;
    }

    /** How many requests are being answered. */
    int inFlight() {
        return inFlight.get();
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        inFlight.incrementAndGet();
        try (exchange) {
            if (!exchange.getRequestMethod().equals("GET")) {
                exchange.getResponseHeaders().set("Allow", "GET");
                exchange.sendResponseHeaders(405, -1);
                return;
            }
            switch (exchange.getRequestURI().getPath()) {
                case "/hello" -> send(exchange, 200, "Hello, World!\n");
                case "/version" -> send(exchange, 200, version);
                case "/pid" ->
                    send(exchange, 200, Long.toString(ProcessHandle.current().pid()));
                case "/slow" -> slow(exchange);
                default -> send(exchange, 404, "Nothing is here.\n");
            }
        } finally {
            inFlight.decrementAndGet();
        }
    }

    /** Answers late, holding its thread as an application that waits for a database does. */
    private static void slow(HttpExchange exchange) throws IOException {
        String query = exchange.getRequestURI().getQuery();
        Matcher given = MILLIS.matcher(query == null ? "" : query);
        int millis = given.matches() ? Integer.parseInt(given.group(1)) : MOST_MILLIS + 1;
        if (millis > MOST_MILLIS) {
            send(exchange, 400, "ms is not a number from 0 to " + MOST_MILLIS + ".\n");
            return;
        }
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        send(exchange, 200, "done\n");
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }
}
