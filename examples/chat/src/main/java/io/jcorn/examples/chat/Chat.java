package io.jcorn.examples.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.WebSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A page, and a room at {@code /room} where everybody hears what anybody says. */
public final class Chat implements HttpHandler {

    private final Set<Member> room = ConcurrentHashMap.newKeySet();

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        switch (exchange.getRequestURI().getPath()) {
            case "/" -> page(exchange);
            case "/room" -> enter(exchange);
            default -> send(exchange, 404, "text/plain", "There is nothing here.\n".getBytes(UTF_8));
        }
    }

    private void enter(HttpExchange exchange) throws IOException {
        String upgrade = exchange.getRequestHeaders().getFirst("Upgrade");
        if (!"websocket".equalsIgnoreCase(upgrade)) {
            send(exchange, 404, "text/plain", "The room is entered by a WebSocket.\n".getBytes(UTF_8));
            return;
        }
        if (!ofOurPage(exchange)) {
            send(exchange, 403, "text/plain", "The room is entered from its own page.\n".getBytes(UTF_8));
            return;
        }
        exchange.setAttribute(WebSocket.Listener.class.getCanonicalName(), new Member(room));
        exchange.sendResponseHeaders(101, -1);
    }

    /** A browser lets any page open a WebSocket to anywhere, and sends the cookies along: who asks has to be looked at. */
    private static boolean ofOurPage(HttpExchange exchange) {
        String origin = exchange.getRequestHeaders().getFirst("Origin");
        String host = exchange.getRequestHeaders().getFirst("Host");
        return origin == null || origin.equals("http://" + host) || origin.equals("https://" + host);
    }

    private static void page(HttpExchange exchange) throws IOException {
        try (InputStream page = Chat.class.getResourceAsStream("index.html")) {
            send(exchange, 200, "text/html; charset=utf-8", page.readAllBytes());
        }
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
