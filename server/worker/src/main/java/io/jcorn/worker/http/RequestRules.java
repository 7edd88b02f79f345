package io.jcorn.worker.http;

import java.util.List;
import java.util.Locale;

/**
 * Where the strict reading of requests may be relaxed, and what becomes of ambiguous names. None of these touches how the end
 * of a message is found.
 *
 * @param obsoleteFolding whether a field may go on in the next line (RFC 9112 §5.2), which then becomes one space
 * @param unconventionalMethods whether a method may be any token; otherwise it has 3 to 20 characters, no lower case, no
 *     {@code #}, as all that are registered
 * @param unconventionalVersions whether HTTP/1.2 to HTTP/1.9 are taken for HTTP/1.1, as RFC 9110 §2.5 has it
 * @param casefoldMethods whether a method is turned into upper case before it is judged
 * @param headerMap what happens to fields whose name has an underscore
 * @param forwarderHeaders names, in lower case, that a trusted peer may send although they have underscores; {@code *} is all
 */
public record RequestRules(
        boolean obsoleteFolding,
        boolean unconventionalMethods,
        boolean unconventionalVersions,
        boolean casefoldMethods,
        HeaderMap headerMap,
        List<String> forwarderHeaders) {

    /** What happens to fields whose name has an underscore: gateways cannot tell them from those with a hyphen. */
    public enum HeaderMap {
        /** The field is checked, counted and forgotten. */
        DROP,
        /** The request is refused. */
        REFUSE,
        /** The field is passed on. */
        DANGEROUS
    }

    /** What holds unless somebody chooses otherwise. */
    public static final RequestRules STRICT =
            new RequestRules(false, false, false, false, HeaderMap.DROP, List.of("script_name", "path_info"));

    public RequestRules {
        forwarderHeaders = forwarderHeaders.stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .toList();
    }

    /** Whether the field of this name, which has an underscore, is passed on. */
    boolean admits(byte[] a, int from, int to, boolean peerTrusted) throws Refused {
        if (headerMap == HeaderMap.DANGEROUS || (peerTrusted && forwarder(a, from, to))) {
            return true;
        }
        if (headerMap == HeaderMap.REFUSE) {
            throw new Refused(400, "a header field's name has an underscore");
        }
        return false;
    }

    private boolean forwarder(byte[] a, int from, int to) {
        for (String name : forwarderHeaders) {
            if (name.equals("*") || Octets.spells(a, from, to, name)) {
                return true;
            }
        }
        return false;
    }
}
