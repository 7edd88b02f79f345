package io.jcorn.worker.websocket;

import io.jcorn.worker.websocket.ExtensionOffer.Parameter;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The extension permessage-deflate as it was agreed on (RFC 7692 §7).
 *
 * @param forgetful whether each message of the server is compressed by itself ({@code server_no_context_takeover})
 * @param window the bits of the server's window, if the offer named them; else 0
 */
record PerMessageDeflate(boolean forgetful, int window) {

    private static final String NAME = "permessage-deflate";
    private static final String SERVER_NO_CONTEXT_TAKEOVER = "server_no_context_takeover";
    private static final String CLIENT_NO_CONTEXT_TAKEOVER = "client_no_context_takeover";
    private static final String SERVER_MAX_WINDOW_BITS = "server_max_window_bits";
    private static final String CLIENT_MAX_WINDOW_BITS = "client_max_window_bits";

    private static final Set<String> WINDOWS = Set.of("8", "9", "10", "11", "12", "13", "14", "15");

    /** Accepts the first offer that can be met, or none (RFC 7692 §5). */
    static @Nullable PerMessageDeflate of(List<ExtensionOffer> offers) {
        for (ExtensionOffer offer : offers) {
            if (offer.name().equals(NAME) && acceptable(offer.parameters())) {
                return new PerMessageDeflate(offers(offer, SERVER_NO_CONTEXT_TAKEOVER), window(offer));
            }
        }
        return null;
    }

    /** RFC 7692 §7.1: an unknown parameter, an invalid value, or a parameter that comes twice declines the offer. */
    private static boolean acceptable(List<Parameter> parameters) {
        Set<String> names = new HashSet<>();
        for (Parameter parameter : parameters) {
            if (!names.add(parameter.name()) || !acceptable(parameter)) {
                return false;
            }
        }
        return true;
    }

    private static boolean acceptable(Parameter parameter) {
        String value = parameter.value();
        return switch (parameter.name()) {
            case SERVER_NO_CONTEXT_TAKEOVER, CLIENT_NO_CONTEXT_TAKEOVER -> value == null;
            case SERVER_MAX_WINDOW_BITS -> value != null && WINDOWS.contains(value);
            case CLIENT_MAX_WINDOW_BITS -> value == null || WINDOWS.contains(value);
            default -> false;
        };
    }

    private static boolean offers(ExtensionOffer offer, String name) {
        return offer.parameters().stream()
                .anyMatch(parameter -> parameter.name().equals(name));
    }

    private static int window(ExtensionOffer offer) {
        for (Parameter parameter : offer.parameters()) {
            if (parameter.name().equals(SERVER_MAX_WINDOW_BITS) && parameter.value() != null) {
                return Integer.parseInt(parameter.value());
            }
        }
        return 0;
    }

    /**
     * Returns the element that answers the offer. Clients always forget between messages: a conversation that rests then holds no
     * window to unpack with.
     */
    String response() {
        return NAME + "; " + CLIENT_NO_CONTEXT_TAKEOVER
                + (forgetful ? "; " + SERVER_NO_CONTEXT_TAKEOVER : "")
                + (window > 0 ? "; " + SERVER_MAX_WINDOW_BITS + "=" + window : "");
    }
}
