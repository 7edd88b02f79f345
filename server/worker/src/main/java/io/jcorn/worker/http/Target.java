package io.jcorn.worker.http;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The forms of a request target that are not a path: RFC 9112 §3.2.2 and §3.2.3. */
final class Target {

    private Target() {}

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
