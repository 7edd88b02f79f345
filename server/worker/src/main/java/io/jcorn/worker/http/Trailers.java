package io.jcorn.worker.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The fields after a chunked body, apart from the headers for good: a trailer that were merged into them could change what the
 * headers have already decided. Those that must not come as trailers are dropped: RFC 9110 §6.5.1.
 */
final class Trailers {

    /**
     * What frames, routes, authenticates, modifies or describes a message is of no use after it, and a danger: RFC 9110 §6.5.1
     * names the kinds, not the fields.
     */
    private static final Set<String> FORBIDDEN = Set.of(
            "accept",
            "accept-charset",
            "accept-encoding",
            "accept-language",
            "age",
            "authorization",
            "cache-control",
            "connection",
            "content-encoding",
            "content-language",
            "content-length",
            "content-location",
            "content-range",
            "content-type",
            "cookie",
            "date",
            "expect",
            "expires",
            "forwarded",
            "from",
            "host",
            "http2-settings",
            "keep-alive",
            "location",
            "max-forwards",
            "origin",
            "pragma",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-connection",
            "range",
            "referer",
            "retry-after",
            "set-cookie",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "user-agent",
            "vary",
            "via",
            "warning",
            "www-authenticate");

    private static final List<String> FORBIDDEN_KINDS =
            List.of("if-", "x-forwarded-", "x-real-", "sec-", "access-control-");

    private final Map<String, List<String>> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    /** Adds a field, unless it must not come this way. */
    void add(Bytes line, int nameEnd) {
        String text = new String(line.array(), 0, line.length(), StandardCharsets.ISO_8859_1);
        String name = text.substring(0, nameEnd);
        if (permitted(name.toLowerCase(Locale.ROOT))) {
            fields.computeIfAbsent(name, first -> new ArrayList<>(1))
                    .add(text.substring(nameEnd + 1).strip());
        }
    }

    static boolean permitted(String name) {
        return !FORBIDDEN.contains(name) && FORBIDDEN_KINDS.stream().noneMatch(name::startsWith);
    }

    /** Returns the fields, found by their names in whatever case; unmodifiable. */
    Map<String, List<String>> fields() {
        fields.replaceAll((name, values) -> Collections.unmodifiableList(values));
        return Collections.unmodifiableMap(fields);
    }
}
