package io.jcorn.worker.websocket;

import com.sun.net.httpserver.Headers;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionData;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionUtil;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketServerExtension;
import io.netty.handler.codec.http.websocketx.extensions.compression.PerMessageDeflateServerExtensionHandshaker;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The opening handshake of RFC 6455 §4.2, which the client has begun and the application has accepted. */
public final class Opening {

    private static final String VERSION = "13";
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private final String accept;
    private final String subprotocol;
    private final @Nullable WebSocketServerExtension deflate;

    private Opening(String accept, String subprotocol, @Nullable WebSocketServerExtension deflate) {
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
        return new Opening(
                accept(key), subprotocol(request, response), settings.deflate() ? deflate(request, settings) : null);
    }

    /** Sets what completes the handshake into the headers of the 101. */
    public void complete(Headers response) {
        response.set("Upgrade", "websocket");
        response.set("Sec-WebSocket-Accept", accept);
        response.remove("Sec-WebSocket-Extensions");
        WebSocketServerExtension deflate = this.deflate;
        if (deflate != null) {
            response.set("Sec-WebSocket-Extensions", text(deflate.newReponseData()));
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
    WebSocketServerExtension deflate() {
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

    /** The first offer that can be met, as RFC 7692 §5.1 has it; what cannot be understood is as if not offered. */
    private static @Nullable WebSocketServerExtension deflate(Headers request, WebSocketSettings settings) {
        List<String> offers = request.get("Sec-WebSocket-Extensions");
        if (offers == null) {
            return null;
        }
        // Without context takeover of the client's side: an idle conversation then holds no window to unpack with.
        PerMessageDeflateServerExtensionHandshaker handshaker = new PerMessageDeflateServerExtensionHandshaker(
                6, true, PerMessageDeflateServerExtensionHandshaker.MAX_WINDOW_SIZE, true, true, settings.maxMessage());
        for (WebSocketExtensionData offer : WebSocketExtensionUtil.extractExtensions(String.join(",", offers))) {
            WebSocketServerExtension deflate = handshaker.handshakeExtension(offer);
            if (deflate != null) {
                return deflate;
            }
        }
        return null;
    }

    private static String text(WebSocketExtensionData extension) {
        StringBuilder text = new StringBuilder(extension.name());
        for (Map.Entry<String, String> parameter : extension.parameters().entrySet()) {
            text.append("; ").append(parameter.getKey());
            if (parameter.getValue() != null) {
                text.append('=').append(parameter.getValue());
            }
        }
        return text.toString();
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
