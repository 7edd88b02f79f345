package io.jcorn.it.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Does not start as long as the file {@code FAILS_WHILE} exists. */
public final class FailsWhile implements HttpHandler {

    /** Throws while the file is there. */
    public FailsWhile() {
        if (Files.exists(Path.of(System.getenv().getOrDefault("FAILS_WHILE", "/")))) {
            throw new IllegalStateException("the database is away");
        }
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = ("pid=" + ProcessHandle.current().pid() + "\n").getBytes(UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
