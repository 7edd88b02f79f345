package io.jcorn.worker.engine;

import com.sun.net.httpserver.HttpExchange;
import io.jcorn.worker.exchange.Exchange;
import io.jcorn.worker.http.Message;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** A request as the application sees it. */
record Seen(
        String method, String target, String version, Map<String, List<String>> headers, String body, Object trailers) {

    static Seen of(Message message) {
        Map<String, List<String>> headers = new TreeMap<>();
        for (String header : message.headers()) {
            String[] parts = header.split(": ", 2);
            String name = parts[0].substring(0, 1).toUpperCase(Locale.ROOT)
                    + parts[0].substring(1).toLowerCase(Locale.ROOT);
            headers.computeIfAbsent(name, n -> new ArrayList<>()).add(parts[1]);
        }
        return new Seen(
                message.method(),
                message.target(),
                message.http11() ? "HTTP/1.1" : "HTTP/1.0",
                headers,
                message.body().toString(),
                message.trailers().isEmpty() ? "none" : message.trailers());
    }

    static Seen of(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1);
        return new Seen(
                exchange.getRequestMethod(),
                target(exchange),
                exchange.getProtocol(),
                new TreeMap<>(exchange.getRequestHeaders()),
                body,
                trailers(exchange.getAttribute("jcorn.trailers")));
    }

    /** As it was sent; and the URI is one. */
    private static String target(HttpExchange exchange) {
        Objects.requireNonNull(exchange.getRequestURI());
        return Exchange.behind(exchange).head().target();
    }

    private static Object trailers(Object attribute) {
        if (attribute == null) {
            return "none";
        }
        Map<String, List<String>> lower = new TreeMap<>();
        ((Map<?, ?>) attribute)
                .forEach((name, values) -> lower.put(
                        ((String) name).toLowerCase(Locale.ROOT),
                        ((List<?>) values).stream().map(String.class::cast).toList()));
        return lower;
    }
}
