package io.jcorn.examples.misbehaving;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The part that behaves: every path but {@code /misbehave} is answered with the worker's process id, so that one sees who
 * is still there.
 */
abstract class Misbehaving implements HttpHandler {

    @Override
    public final void handle(HttpExchange exchange) throws IOException {
        if (exchange.getRequestURI().getPath().equals("/misbehave")) {
            misbehave(exchange);
        }
        answer(exchange, "pid=" + ProcessHandle.current().pid());
    }

    /** What this application does wrong when asked to. When it returns, the request is answered like any other. */
    void misbehave(HttpExchange exchange) throws IOException {}

    static void answer(HttpExchange exchange, String line) throws IOException {
        byte[] body = (line + "\n").getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        exchange.sendResponseHeaders(200, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }
}
