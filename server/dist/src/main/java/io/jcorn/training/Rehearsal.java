package io.jcorn.training;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * An application that is its own client. Once it is loaded, a thread sends a few requests of each kind to the worker's
 * own listener, which the master has bound already, and then asks the master to stop.
 */
public final class Rehearsal implements HttpHandler {

    private static final byte[] TEXT = "Hello, World!\n".getBytes(StandardCharsets.UTF_8);

    /** Called by the worker; returns at once. */
    public Rehearsal() {
        Thread client = new Thread(Client.ofThisWorker(), "rehearsal");
        client.setDaemon(true);
        client.start();
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        switch (exchange.getRequestURI().getPath()) {
            case "/text" -> text(exchange);
            case "/echo" -> echo(exchange);
            default -> exchange.sendResponseHeaders(404, -1);
        }
    }

    private static void text(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        exchange.sendResponseHeaders(200, TEXT.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(TEXT);
        }
    }

    private static void echo(HttpExchange exchange) throws IOException {
        String agent = String.valueOf(exchange.getRequestHeaders().getFirst("User-Agent"));
        exchange.getResponseHeaders().add("X-Agent", agent.toUpperCase(Locale.ROOT));
        exchange.sendResponseHeaders(200, 0);
        try (InputStream in = exchange.getRequestBody();
                OutputStream out = exchange.getResponseBody()) {
            in.transferTo(out);
        }
    }
}
