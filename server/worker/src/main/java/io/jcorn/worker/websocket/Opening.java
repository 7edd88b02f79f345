package io.jcorn.worker.websocket;

import com.sun.net.httpserver.Headers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The opening handshake of RFC 6455 §4.2, which the client has begun and the application has accepted. */
public final class Opening {

    private static final String VERSION = "13";
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private final String accept;
    private final String subprotocol;
    private final @Nullable PerMessageDeflate deflate;

    private Opening(String accept, String subprotocol, @Nullable PerMessageDeflate deflate) {
        this.accept = accept;
        this.subprotocol = subprotocol;
        this.deflate = deflate;
    }

    /**
     * Checks what the client asks for.
     *
     * @param method the request's method
     * @param http11 whether the request is HTTP/1.1
     * @param request its headers
     * @param response the headers that the application has set; {@code Sec-WebSocket-Protocol} is the subprotocol it chose
     * @throws OpeningFailure if this is no opening handshake, with the status that says so
     * @throws IllegalArgumentException if the application chose a subprotocol that the client did not offer
     */
    public static Opening of(
            String method, boolean http11, Headers request, Headers response, WebSocketSettings settings)
            throws OpeningFailure {
        if (!http11 || !method.equals("GET")) {
            throw new OpeningFailure(400, "a WebSocket is opened by a GET of HTTP/1.1");
        }
        if (!listed(request, "Upgrade", "websocket") || !listed(request, "Connection", "upgrade")) {
            throw new OpeningFailure(426, "this is a WebSocket: ask for an upgrade to it");
        }
        if (!only(request, "Sec-WebSocket-Version").equals(VERSION)) {
            throw new OpeningFailure(426, "only version " + VERSION + " of the WebSocket protocol is spoken here");
        }
        String key = only(request, "Sec-WebSocket-Key");
        if (!isKey(key)) {
            throw new OpeningFailure(400, "the Sec-WebSocket-Key is not 16 bytes in Base64");
        }
        return new Opening(accept(key), subprotocol(request, response), deflate(request, settings));
    }

    /** Sets what completes the handshake into the headers of the 101. */
    public void complete(Headers response) {
        response.set("Upgrade", "websocket");
        response.set("Sec-WebSocket-Accept", accept);
        response.remove("Sec-WebSocket-Extensions");
        PerMessageDeflate deflate = this.deflate;
        if (deflate != null) {
            response.set("Sec-WebSocket-Extensions", deflate.response());
        }
    }

    /** Tells a client of another version which one is spoken: RFC 6455 §4.4. */
    public static void advertise(Headers response) {
        response.set("Upgrade", "websocket");
        response.set("Sec-WebSocket-Version", VERSION);
    }

    /** Returns the subprotocol that the application chose, or an empty text. */
    public String subprotocol() {
        return subprotocol;
    }

    @Nullable
    PerMessageDeflate deflate() {
        return deflate;
    }

    static String accept(String key) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.ISO_8859_1));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }

    private static boolean isKey(String key) {
        try {
            return Base64.getDecoder().decode(key).length == 16;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String subprotocol(Headers request, Headers response) {
        String chosen = response.getFirst("Sec-WebSocket-Protocol");
        if (chosen == null) {
            return "";
        }
        if (!elements(request, "Sec-WebSocket-Protocol").contains(chosen)) {
            throw new IllegalArgumentException("the client did not offer the subprotocol " + chosen);
        }
        return chosen;
    }

    /** What does not conform to the grammar is refused even where compression is off: RFC 6455 §9.1. */
    private static @Nullable PerMessageDeflate deflate(Headers request, WebSocketSettings settings)
            throws OpeningFailure {
        List<String> values = request.get("Sec-WebSocket-Extensions");
        if (values == null) {
            return null;
        }
        List<ExtensionOffer> offers = ExtensionOffer.parse(values);
        return settings.deflate() ? PerMessageDeflate.of(offers) : null;
    }

    private static boolean listed(Headers headers, String name, String element) {
        return elements(headers, name).stream().anyMatch(element::equalsIgnoreCase);
    }

    private static List<String> elements(Headers headers, String name) {
        List<String> values = headers.get(name);
        List<String> elements = new ArrayList<>();
        if (values != null) {
            for (String value : values) {
                for (String element : value.split(",", -1)) {
                    elements.add(element.strip());
                }
            }
        }
        return elements;
    }

    private static String only(Headers headers, String name) {
        List<String> values = headers.get(name);
        return values == null || values.size() != 1 ? "" : values.get(0).strip();
    }
}
