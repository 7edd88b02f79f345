package io.jcorn.worker.http;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the head says about the message itself: version, where the body ends, whether the connection stays. Judged while
 * the head is scanned; everything that two readers could understand differently is refused.
 */
final class Framing {

    private static final int MAX_LENGTH_DIGITS = 18;

    private final RequestRules rules;
    private boolean http11;
    private String method = "";
    private boolean bodyless;
    private @Nullable URI uri;

    /** The authority of an absolute target, in lower case. */
    private @Nullable String authority;

    private long contentLength;
    private boolean chunked;
    private boolean close;
    private boolean keepAlive;
    private boolean expectContinue;
    private int hosts;

    Framing(RequestRules rules) {
        this.rules = rules;
        reset();
    }

    void reset() {
        http11 = false;
        method = "";
        bodyless = false;
        uri = null;
        authority = null;
        contentLength = -1;
        chunked = false;
        close = false;
        keepAlive = false;
        expectContinue = false;
        hosts = 0;
    }

    Version version() {
        return http11 ? Version.HTTP_1_1 : Version.HTTP_1_0;
    }

    String method() {
        return method;
    }

    /** Returns the target, if judging it took parsing it. */
    @Nullable
    URI uri() {
        return uri;
    }

    /** Returns the body's length, 0 if there is none, -1 if it is chunked. */
    long bodyLength() {
        return chunked ? -1 : Math.max(0, contentLength);
    }

    /** Whether the client keeps the connection open: RFC 9112 §9.3. */
    boolean persistent() {
        return http11 ? !close : keepAlive && !close;
    }

    boolean expectContinue() {
        return expectContinue && http11 && bodyLength() != 0;
    }

    /** Judges the request line; {@code plainTarget} says that the target has no escape and no bracket. */
    void requestLine(byte[] a, int methodStart, int targetStart, int versionStart, int end, boolean plainTarget)
            throws Refused {
        version(a, versionStart, end);
        method = methodName(a, methodStart, targetStart - 1);
        target(a, targetStart, versionStart - 1, plainTarget);
    }

    private void version(byte[] a, int from, int to) throws Refused {
        boolean shaped = to - from == 8
                && a[from] == 'H'
                && a[from + 1] == 'T'
                && a[from + 2] == 'T'
                && a[from + 3] == 'P'
                && a[from + 4] == '/'
                && a[from + 5] >= '0'
                && a[from + 5] <= '9'
                && a[from + 6] == '.'
                && a[from + 7] >= '0'
                && a[from + 7] <= '9';
        if (!shaped) {
            throw new Refused(400, "the request line does not end in an HTTP version");
        }
        if (a[from + 5] != '1' || (a[from + 7] > '1' && !rules.unconventionalVersions())) {
            throw new Refused(505, "only HTTP/1.1 and HTTP/1.0 are spoken here");
        }
        http11 = a[from + 7] != '0';
    }

    private String methodName(byte[] a, int from, int to) throws Refused {
        int length = to - from;
        if (length == 3 && a[from] == 'G' && a[from + 1] == 'E' && a[from + 2] == 'T') {
            return "GET";
        }
        if (length == 4 && a[from] == 'P' && a[from + 1] == 'O' && a[from + 2] == 'S' && a[from + 3] == 'T') {
            return "POST";
        }
        String name = new String(a, from, length, StandardCharsets.ISO_8859_1);
        if (rules.casefoldMethods()) {
            name = name.toUpperCase(Locale.ROOT);
        }
        if (!rules.unconventionalMethods() && !conventional(name)) {
            throw new Refused(400, "the method is not one of 3 to 20 upper-case letters, digits and signs");
        }
        bodyless = name.equals("TRACE");
        return name;
    }

    private static boolean conventional(String name) {
        if (name.length() < 3 || name.length() > 20) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (!Octets.is(Octets.METHOD, name.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** RFC 9112 §3.2. The common form, a path without anything odd, is not parsed here; an odd one is, once and for all. */
    private void target(byte[] a, int from, int to, boolean plain) throws Refused {
        if (method.equals("CONNECT")) {
            throw Target.connect(a, from, to);
        }
        if (a[from] == '/') {
            if (!plain) {
                URI parsed = Target.path(a, from, to, null);
                // With two slashes it depends on the Host, which is yet to come.
                uri = to - from > 1 && a[from + 1] == '/' ? null : parsed;
            }
            return;
        }
        if (a[from] == '*' && to - from == 1) {
            if (!method.equals("OPTIONS")) {
                throw new Refused(400, "only OPTIONS may have the request target *");
            }
            return;
        }
        authority = Target.authority(a, from, to);
        uri = Target.absolute(a, from, to);
    }

    void field(byte[] a, int nameStart, int nameEnd, int valueStart, int valueEnd) throws Refused {
        switch (nameEnd - nameStart) {
            case 4 -> {
                if (Octets.spells(a, nameStart, nameEnd, "host")) {
                    host(a, valueStart, valueEnd);
                }
            }
            case 6 -> {
                if (Octets.spells(a, nameStart, nameEnd, "expect")) {
                    expect(a, valueStart, valueEnd);
                }
            }
            case 10 -> {
                if (Octets.spells(a, nameStart, nameEnd, "connection")) {
                    connection(a, valueStart, valueEnd);
                }
            }
            case 14 -> {
                if (Octets.spells(a, nameStart, nameEnd, "content-length")) {
                    contentLength(a, valueStart, valueEnd);
                }
            }
            case 17 -> {
                if (Octets.spells(a, nameStart, nameEnd, "transfer-encoding")) {
                    transferEncoding(a, valueStart, valueEnd);
                }
            }
            default -> {}
        }
    }

    /** Whether a field of this name, so long, must be in one line whatever the rules say: the message hangs on it. */
    static boolean crucial(byte[] a, int from, int to) {
        return switch (to - from) {
            case 4 -> Octets.spells(a, from, to, "host");
            case 6 -> Octets.spells(a, from, to, "expect");
            case 10 -> Octets.spells(a, from, to, "connection");
            case 14 -> Octets.spells(a, from, to, "content-length");
            case 17 -> Octets.spells(a, from, to, "transfer-encoding");
            default -> false;
        };
    }

    /** The rules that need the whole head. */
    void judge() throws Refused {
        if (http11 && hosts == 0) {
            throw new Refused(400, "an HTTP/1.1 request needs a Host");
        }
        if (chunked && contentLength >= 0) {
            throw new Refused(400, "Content-Length and Transfer-Encoding exclude each other");
        }
        if (bodyless && (chunked || contentLength > 0)) {
            throw new Refused(400, "a TRACE has no content");
        }
    }

    private void host(byte[] a, int from, int to) throws Refused {
        if (++hosts > 1) {
            throw new Refused(400, "a request has one Host");
        }
        if (!Host.valid(a, from, to)) {
            throw new Refused(400, "the Host is not a host");
        }
        String authority = this.authority;
        if (authority != null && !Octets.spells(a, from, to, authority)) {
            // RFC 9112 §3.2.2 lets the target win. Whoever routed this request may have gone by the other one.
            throw new Refused(400, "the Host is not that of the request target");
        }
    }

    private void expect(byte[] a, int from, int to) throws Refused {
        if (expectContinue || !Octets.spells(a, from, to, "100-continue")) {
            throw new Refused(417, "the only expectation that can be met is 100-continue");
        }
        expectContinue = true;
    }

    private void connection(byte[] a, int from, int to) throws Refused {
        // What most browsers and clients of load tests say, and nothing else.
        if (Octets.spells(a, from, to, "keep-alive")) {
            keepAlive = true;
            return;
        }
        int start = from;
        while (start < to) {
            int end = Elements.end(a, start, to);
            int first = Elements.first(a, start, end);
            int last = Elements.last(a, first, end);
            if (!Elements.token(a, first, last)) {
                throw new Refused(400, "a connection option is not a token");
            }
            close |= Octets.spells(a, first, last, "close");
            keepAlive |= Octets.spells(a, first, last, "keep-alive");
            start = end + 1;
        }
    }

    private void contentLength(byte[] a, int from, int to) throws Refused {
        if (contentLength >= 0) {
            throw new Refused(400, "a request has one Content-Length");
        }
        if (from == to || to - from > MAX_LENGTH_DIGITS) {
            throw new Refused(400, "the Content-Length is not a length");
        }
        long length = 0;
        for (int i = from; i < to; i++) {
            if (a[i] < '0' || a[i] > '9') {
                throw new Refused(400, "the Content-Length is not a length");
            }
            length = length * 10 + (a[i] - '0');
        }
        contentLength = length;
    }

    /**
     * RFC 9112 §6.1 and §6.3: without {@code chunked} at the end nobody knows where the body ends (400); with another coding
     * before it we know, but cannot decode it (501). What a list could say in two ways, by empty elements or several fields,
     * is refused.
     */
    private void transferEncoding(byte[] a, int from, int to) throws Refused {
        if (!http11) {
            throw new Refused(400, "HTTP/1.0 knows no Transfer-Encoding");
        }
        if (chunked) {
            throw new Refused(400, "a request has one Transfer-Encoding");
        }
        if (Octets.spells(a, from, to, "chunked")) {
            chunked = true;
            return;
        }
        throw codings(a, from, to)
                ? new Refused(501, "the only transfer coding that is implemented is chunked")
                : new Refused(400, "the Transfer-Encoding does not end in chunked, once and alone");
    }

    /** Whether these are names of codings without parameters, of which the last and no other is chunked. */
    private static boolean codings(byte[] a, int from, int to) {
        boolean last = false;
        for (int start = from; start <= to; ) {
            int end = Elements.end(a, start, to);
            int first = Elements.first(a, start, end);
            int after = Elements.last(a, first, end);
            if (last || first == after || !Elements.token(a, first, after)) {
                return false;
            }
            last = Octets.spells(a, first, after, "chunked");
            start = end + 1;
        }
        return last;
    }
}
