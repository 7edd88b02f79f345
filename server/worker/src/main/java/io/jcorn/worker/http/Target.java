package io.jcorn.worker.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The forms of a request target: RFC 9112 §3.2. */
final class Target {

    private static final String HEX = "0123456789ABCDEF";

    private Target() {}

    /**
     * Returns the URI of a path, with a query or without, of {@link Octets#TARGET} bytes. What begins with two slashes would name a
     * host; it becomes a reference that names the one that was asked for (RFC 3986 §4.2), so that the path stays what it is.
     *
     * @param host the value of Host; null or empty: unknown
     */
    static URI path(byte[] a, int from, int to, @Nullable String host) throws Refused {
        String text = escaped(a, from, to, false);
        if (!text.startsWith("//")) {
            return uri(text);
        }
        try {
            return new URI("//" + (host == null ? "" : host) + text);
        } catch (URISyntaxException e) {
            // A host that the RFC takes, and java.net.URI does not.
            return uri("//" + text);
        }
    }

    /** Returns the URI of the absolute form, whose authority is known to be one. */
    static URI absolute(byte[] a, int from, int to) throws Refused {
        int path = from;
        for (int slashes = 0; path < to && a[path] != '?'; path++) {
            slashes += a[path] == '/' ? 1 : 0;
            if (slashes == 3) {
                break;
            }
        }
        boolean query = path < to && a[path] == '?';
        String authority = new String(a, from, path - from, StandardCharsets.ISO_8859_1);
        return uri(authority + escaped(a, path, to, query));
    }

    private static URI uri(String text) throws Refused {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new Refused(400, "the request target is not a URI: " + e.getReason());
        }
    }

    /**
     * Escapes what browsers send as it is and no URI may have: in a query {@link Octets#RAW} bytes, in a path the vertical line, the
     * circumflex and brackets. The rest of the former is no part of a path: a backslash is a slash to some readers.
     */
    private static String escaped(byte[] a, int from, int to, boolean inQuery) throws Refused {
        StringBuilder text = new StringBuilder(to - from + 16);
        boolean query = inQuery;
        for (int i = from; i < to; i++) {
            char c = (char) a[i];
            query |= c == '?';
            if (c == '%' && !(i + 2 < to && Octets.is(Octets.HEX, a[i + 1]) && Octets.is(Octets.HEX, a[i + 2]))) {
                throw new Refused(
                        400, "the request target has a percent sign that escapes nothing, at offset " + (i - from));
            }
            boolean raw = Octets.RAW.indexOf(c) >= 0;
            if (raw && !query && c != '|' && c != '^') {
                throw illegal(a[i], i - from);
            }
            if (raw || (!query && (c == '[' || c == ']'))) {
                text.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    /** Why a target with this byte is refused. The byte is told, since its sender sees nothing wrong with it, and where it is. */
    static Refused illegal(byte octet, int offset) {
        int value = octet & 0xff;
        String shown = value > ' ' && value < 0x7f ? " (" + (char) value + ")" : "";
        return new Refused(
                400,
                "the request target has a byte it must not have: 0x" + HEX.charAt(value >> 4) + HEX.charAt(value & 15)
                        + shown + " at offset " + offset);
    }

    /** Why CONNECT is refused. */
    static Refused connect(byte[] a, int from, int to) {
        int colon = to;
        while (colon > from && a[colon - 1] != ':') {
            colon--;
        }
        boolean named = colon > from + 1 && colon < to && Host.valid(a, from, to);
        return named
                ? new Refused(501, "this is not a proxy: CONNECT is not implemented")
                : new Refused(400, "the target of CONNECT is a host and a port");
    }

    /**
     * The authority of the absolute form, in lower case.
     *
     * @throws Refused if this is no URI of http or https, or if it names a user or an impossible host
     */
    static String authority(byte[] a, int from, int to) throws Refused {
        int start = from + 7;
        if (to < start || !Octets.spells(a, from, start, "http://")) {
            start = from + 8;
            if (to < start || !Octets.spells(a, from, start, "https://")) {
                throw new Refused(400, "the request target is neither a path nor an http URI");
            }
        }
        int end = start;
        while (end < to && a[end] != '/' && a[end] != '?') {
            end++;
        }
        if (end == start || !Host.valid(a, start, end)) {
            throw new Refused(400, "the request target's authority is not a host");
        }
        return new String(a, start, end - start, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
    }
}
