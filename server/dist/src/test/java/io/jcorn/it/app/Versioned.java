package io.jcorn.it.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.InputStream;

/** Answers what stands in a file of its own jar, read anew for each request: whoever changes the jar under it is found out. */
public final class Versioned implements HttpHandler {

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange;
                InputStream version = Versioned.class.getResourceAsStream("/version.txt")) {
            if (version == null) {
                throw new IOException("the jar is not what it was");
            }
            String line = "version=" + new String(version.readAllBytes(), UTF_8) + " pid="
                    + ProcessHandle.current().pid() + " generation=" + System.getenv("JCORN_GENERATION") + "\n";
            byte[] body = line.getBytes(UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
