package io.jcorn.it.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Executors;

/**
 * Listens at once and answers {@code /health} with 503 until there is a file {@code healthy-SLOT}. It writes down whatever it is asked,
 * in {@code asked-SLOT}. Both files are in the folder that its argument names.
 */
public final class Unhealthy {

    private static final String SLOT = System.getenv("JCORN_SLOT");

    private Unhealthy() {}

    /** Returns when the server is started. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        HttpServer server = HttpServer.create(new InetSocketAddress(Integer.parseInt(System.getenv("PORT"))), 0);
        server.setExecutor(Executors.newFixedThreadPool(4));
        server.createContext("/", exchange -> answer(exchange, folder));
        server.start();
    }

    private static void answer(HttpExchange exchange, Path folder) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            Files.writeString(
                    folder.resolve("asked-" + SLOT), path + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            boolean fine = !path.equals("/health") || Files.exists(folder.resolve("healthy-" + SLOT));
            byte[] body = Http.pid().getBytes(UTF_8);
            exchange.sendResponseHeaders(fine ? 200 : 503, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
