package io.jcorn.worker.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes request heads of fields that come one by one, as those of HTTP/2 do. One per connection; confined to the event loop.
 *
 * <p>What only HTTP/2 has is judged here (RFC 9113 §8.2, §8.3). The rest is written down as a head of HTTP/1.1 and read by the
 * {@link HeadParser}: so there is one set of rules and limits, and whoever translates such a request back to HTTP/1.1 behind us
 * gets what we saw. Since every byte that could end an element is refused before it is written, the two cannot disagree.
 *
 * <pre>
 *   begin ─► pseudo fields ─► fields ─► finish ─► head
 *               └───────┬────────┘
 *                       └─► malformed: the rest is ignored, for it must be decompressed all the same
 * </pre>
 */
public final class HeadBuilder {

    private static final byte[] VERSION = ascii(" HTTP/1.1\r\n");
    private static final byte[] HOST = ascii("host: ");
    private static final byte[] COOKIE = ascii("cookie: ");
    private static final byte[] NEXT_COOKIE = ascii("; ");

    private static final Trailers NO_TRAILERS = new Trailers();

    private final Limits limits;
    private final RequestRules rules;
    private final Inbox inbox = new Inbox();
    private final PseudoField method = new PseudoField();
    private final PseudoField scheme = new PseudoField();
    private final PseudoField path = new PseudoField();
    private final PseudoField authority = new PseudoField();
    private final boolean peerTrusted;
    private HeadParser parser;
    private Bytes out = new Bytes(0);
    private Bytes cookies = new Bytes(0);
    private @Nullable Malformed malformed;
    private @Nullable Refused refused;
    private Trailers trailerFields = NO_TRAILERS;
    private int trailerCount;
    private int trailersLength;
    private boolean trailers;
    private boolean started;
    private boolean length;
    private boolean expectation;

    /**
     * A builder for one connection.
     *
     * @param peerTrusted whether the {@linkplain RequestRules#forwarderHeaders forwarder headers} of the peer are believed
     */
    public HeadBuilder(Limits limits, RequestRules rules, boolean peerTrusted) {
        this.limits = limits;
        this.rules = rules;
        this.peerTrusted = peerTrusted;
        this.parser = newParser();
    }

    private HeadParser newParser() {
        HeadParser parser = new HeadParser(limits, rules);
        parser.trustPeer(peerTrusted);
        return parser;
    }

    /**
     * Forgets what there was.
     *
     * @param trailers whether the fields come after a body; otherwise they are a head
     */
    public void begin(boolean trailers) {
        method.clear();
        scheme.clear();
        path.clear();
        authority.clear();
        out = new Bytes(512);
        cookies.clear();
        malformed = null;
        refused = null;
        this.trailers = trailers;
        trailerFields = trailers ? new Trailers() : NO_TRAILERS;
        trailerCount = 0;
        trailersLength = 0;
        started = trailers;
        length = false;
        expectation = false;
    }

    /**
     * Takes the next field. Whatever is wrong with it is told at the end.
     *
     * @param name an array that is never written to again, with the name's first byte and length; so is the value
     */
    public void field(byte[] name, int nameFrom, int nameLength, byte[] value, int valueFrom, int valueLength) {
        if (malformed != null || refused != null) {
            return;
        }
        try {
            if (nameLength > 0 && name[nameFrom] == ':') {
                pseudo(name, nameFrom, nameFrom + nameLength, value, valueFrom, valueLength);
            } else {
                regular(name, nameFrom, nameFrom + nameLength, value, valueFrom, valueLength);
            }
        } catch (Malformed e) {
            malformed = e;
        } catch (Refused e) {
            refused = e;
        }
    }

    private void pseudo(byte[] name, int from, int to, byte[] value, int valueFrom, int valueLength) throws Malformed {
        require(!started, "a pseudo-header field stands among the header fields");
        PseudoField field = pseudo(name, from, to);
        require(field.absent(), "a pseudo-header field is repeated");
        field.set(value, valueFrom, valueLength);
    }

    private PseudoField pseudo(byte[] name, int from, int to) throws Malformed {
        if (Octets.are(name, from, to, ":method")) {
            return method;
        }
        if (Octets.are(name, from, to, ":path")) {
            return path;
        }
        if (Octets.are(name, from, to, ":scheme")) {
            return scheme;
        }
        require(Octets.are(name, from, to, ":authority"), "a pseudo-header field is not one of a request");
        return authority;
    }

    private void regular(byte[] name, int from, int to, byte[] value, int valueFrom, int valueLength)
            throws Malformed, Refused {
        int valueTo = valueFrom + valueLength;
        require(lowerCaseToken(name, from, to), "a header field's name has a byte it must not have");
        require(
                Octets.all(Octets.VALUE, value, valueFrom, valueTo) && !padded(value, valueFrom, valueTo),
                "a header field's value has a byte it must not have");
        if (!started) {
            start();
        }
        switch (to - from) {
            case 2 ->
                require(
                        !Octets.are(name, from, to, "te") || Octets.spells(value, valueFrom, valueTo, "trailers"),
                        "TE says anything but trailers");
            case 4 -> {
                if (Octets.are(name, from, to, "host") && !authority.absent() && !trailers) {
                    require(sameAsAuthority(value, valueFrom, valueLength), "Host and :authority differ");
                    return;
                }
            }
            case 6 -> {
                if (Octets.are(name, from, to, "cookie")) {
                    cookie(value, valueFrom, valueLength);
                    return;
                }
                expectation |= Octets.are(name, from, to, "expect");
            }
            case 14 -> length |= Octets.are(name, from, to, "content-length");
            default -> require(!ofConnection(name, from, to), "a header field is about the connection");
        }
        if (trailers) {
            trailer(name, from, to, value, valueFrom, valueLength);
            return;
        }
        out.append(name, from, to - from).append(':').append(' ');
        out.append(value, valueFrom, valueLength).append('\r').append('\n');
    }

    /** They are never mixed with the head's fields. */
    private void trailer(byte[] name, int from, int to, byte[] value, int valueFrom, int valueLength) throws Refused {
        if (++trailerCount > limits.fields()) {
            throw new Refused(431, "the request has more than " + limits.fields() + " trailer fields");
        }
        trailersLength += to - from + valueLength;
        if (trailersLength > limits.head()) {
            throw new Refused(431, "the trailer fields are larger than " + limits.head() + " bytes");
        }
        if (underscored(name, from, to) && !rules.admits(name, from, to, false)) {
            return;
        }
        Bytes line = new Bytes(to - from + valueLength + 1);
        line.append(name, from, to - from).append(':').append(value, valueFrom, valueLength);
        trailerFields.add(line, to - from);
    }

    private static boolean underscored(byte[] name, int from, int to) {
        for (int i = from; i < to; i++) {
            if (name[i] == '_') {
                return true;
            }
        }
        return false;
    }

    /** RFC 9113 §8.2.2. */
    private static boolean ofConnection(byte[] name, int from, int to) {
        return switch (to - from) {
            case 7 -> Octets.are(name, from, to, "upgrade");
            case 10 -> Octets.are(name, from, to, "connection") || Octets.are(name, from, to, "keep-alive");
            case 16 -> Octets.are(name, from, to, "proxy-connection");
            case 17 -> Octets.are(name, from, to, "transfer-encoding");
            default -> false;
        };
    }

    /** RFC 9113 §8.2.3: compression likes them apart, everybody else knows one. */
    private void cookie(byte[] value, int from, int length) {
        if (cookies.length() > 0) {
            cookies.append(NEXT_COOKIE);
        }
        cookies.append(value, from, length);
    }

    /** All pseudo fields are here. */
    private void start() throws Malformed, Refused {
        started = true;
        require(!method.absent() && method.length > 0 && method.consistsOf(Octets.TOKEN), "the method is no token");
        boolean connect = method.is("CONNECT");
        if (!connect) {
            require(!scheme.absent() && !path.absent() && path.length > 0, "the scheme or the path is missing");
            byte first = path.array[path.from];
            require(first == '/' || (first == '*' && path.length == 1), "the path does not begin with a slash");
        }
        PseudoField target = connect ? authority : path;
        if (target.absent()) {
            throw new Refused(400, "the request has no target");
        }
        int legal = target.count(Octets.TARGET);
        if (legal < target.length) {
            throw Target.illegal(target.array[target.from + legal], legal);
        }
        method.appendTo(out);
        target.appendTo(out.append(' '));
        out.append(VERSION);
        if (!connect && !scheme.spells("http") && !scheme.spells("https")) {
            throw new Refused(400, "the scheme is neither http nor https");
        }
        if (!authority.absent()) {
            if (!authority.consistsOf(Octets.TARGET)) {
                throw new Refused(400, "the authority has a byte it must not have");
            }
            authority.appendTo(out.append(HOST));
            out.append('\r').append('\n');
        }
    }

    /**
     * The fields were those of a request.
     *
     * @return its head, checked
     * @throws Malformed if this is no request
     * @throws Refused if this is not one that we take
     */
    public RequestHead finish() throws Malformed, Refused {
        if (!started && malformed == null && refused == null) {
            start();
        }
        throwFirst();
        if (cookies.length() > 0) {
            out.append(COOKIE).append(cookies.array(), 0, cookies.length());
            out.append('\r').append('\n');
        }
        out.append('\r').append('\n');
        return read();
    }

    private RequestHead read() throws Refused {
        inbox.add(out.array());
        try {
            RequestHead head = parser.parse(inbox);
            if (head == null) {
                throw new IllegalStateException("a head that was written here has no end");
            }
            return head.in(Version.HTTP_2);
        } catch (Refused e) {
            parser = newParser();
            throw e;
        } finally {
            inbox.clear();
        }
    }

    /**
     * The fields came after a body.
     *
     * @return those that may, unmodifiable, found by their names in whatever case
     * @throws Malformed if this is no end of a request
     * @throws Refused if they are too many
     */
    public Map<String, List<String>> finishTrailers() throws Malformed, Refused {
        throwFirst();
        return trailerFields.fields();
    }

    /** Returns the request line of a head that is not complete or was refused, as far as there is one, for a log. */
    public byte[] requestLineSoFar(int most) {
        int end = 0;
        while (end < out.length() && end < most && out.array()[end] != '\r') {
            end++;
        }
        return Arrays.copyOf(out.array(), end);
    }

    private void throwFirst() throws Malformed, Refused {
        if (malformed != null) {
            throw malformed;
        }
        if (refused != null) {
            throw refused;
        }
    }

    /** Whether the fields come after a body. */
    public boolean areTrailers() {
        return trailers;
    }

    /** Whether the fields tell the body's length. */
    public boolean tellsLength() {
        return length;
    }

    /** Whether the client waits for a 100 before it sends a body, if there is one. */
    public boolean tellsExpectation() {
        return expectation;
    }

    /** Whether the method, as far as it is known, is HEAD: no response to it has a body. */
    public boolean isHead() {
        return method.is("HEAD");
    }

    private boolean sameAsAuthority(byte[] value, int from, int length) {
        if (length != authority.length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (fold(value[from + i]) != fold(authority.array[authority.from + i])) {
                return false;
            }
        }
        return true;
    }

    private static int fold(byte octet) {
        return octet >= 'A' && octet <= 'Z' ? octet + 32 : octet;
    }

    private static boolean lowerCaseToken(byte[] a, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!Octets.is(Octets.TOKEN, a[i]) || (a[i] >= 'A' && a[i] <= 'Z')) {
                return false;
            }
        }
        return to > from;
    }

    private static boolean padded(byte[] a, int from, int to) {
        return from < to && (Octets.space(a[from]) || Octets.space(a[to - 1]));
    }

    private static void require(boolean right, String otherwise) throws Malformed {
        if (!right) {
            throw new Malformed(otherwise);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
