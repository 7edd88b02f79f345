package io.jcorn.worker.access;

import com.sun.net.httpserver.Headers;
import io.jcorn.wire.access.AccessSource;
import io.jcorn.wire.access.BasicUser;
import io.jcorn.wire.access.FlightRecorder;
import io.jcorn.wire.access.Slice;
import io.jcorn.worker.http.RequestHead;
import io.jcorn.worker.http.Version;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One request after another of a connection, or the one request of a stream, as the access log sees them. Whoever serves it
 * says when it begins and how it ends:
 *
 * <pre>
 *   begin ─► complete             the response went out
 *         ├► broken               it did not, or not to its end
 *         └► refused              the engine answered in the application's place; also without begin
 * </pre>
 *
 * <p>Reused, so that a request costs no object. Confined to the event loop.
 */
public final class Visit implements AccessSource {

    /** The status of a request whose client went away before there was another; nginx's invention. */
    public static final int CLIENT_GONE = 499;

    /** The status of a request that was cut off by this side before there was another. */
    public static final int NO_ANSWER = 0;

    /**
     * What stands for the client of a Unix socket, which has no address: this very object. An equal one is a client on this
     * machine whose port a proxy did not tell.
     */
    public static final InetSocketAddress NAMELESS = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private static final byte[][] VERSIONS = Stream.of(Version.values())
            .map(version -> version.text().getBytes(StandardCharsets.US_ASCII))
            .toArray(byte[][]::new);

    private static final byte[] NO_LINE = {};

    private static final String REFERER = "referer";
    private static final String AGENT = "user-agent";
    private static final String AUTHORIZATION = "authorization";

    private final AccessLog log;

    /** Room for the longest: eight groups of IPv6, or four of them and a dotted address. */
    private final byte[] address = new byte[45];

    private @Nullable InetSocketAddress addressOf;
    private int addressLength;
    private byte[] methodBytes = new byte[8];
    private boolean begun;
    private int ticket = FlightRecorder.NONE;
    private @Nullable RequestHead head;
    private @Nullable InetSocketAddress client;
    private int referer;
    private int agent;
    private int authorization;
    private byte[] line = NO_LINE;
    private @Nullable Headers responseHeaders;
    private @Nullable String end;
    private long startNanos;
    private long durationNanos;
    private long endMillis;
    private long bodyBytes;
    private int status;

    /** A connection or stream without a request so far. */
    public Visit(AccessLog log) {
        this.log = log;
    }

    /**
     * The head of a request is complete.
     *
     * @param client the client's address; {@link #NAMELESS} on a Unix socket
     * @param startNanos now, by the engine's clock
     */
    public void begin(RequestHead head, InetSocketAddress client, long startNanos) {
        this.head = head;
        this.client = client;
        this.startNanos = startNanos;
        this.begun = true;
        findFields(head);
        this.ticket = log.begin(this, startNanos);
    }

    /** Returns the client of the request that has begun; if there is none, another. */
    public InetSocketAddress client(InetSocketAddress otherwise) {
        InetSocketAddress client = this.client;
        return begun && client != null ? client : otherwise;
    }

    /** Finds what nearly every line has, in one pass. */
    private void findFields(RequestHead head) {
        referer = -1;
        agent = -1;
        authorization = -1;
        for (int field = head.fieldCount() - 1; field >= 0; field--) {
            switch (head.nameLength(field)) {
                case 7 -> referer = head.named(field, REFERER) ? field : referer;
                case 10 -> agent = head.named(field, AGENT) ? field : agent;
                case 13 -> authorization = head.named(field, AUTHORIZATION) ? field : authorization;
                default -> {
                    // The head's other fields are looked up when a format asks for them.
                }
            }
        }
    }

    /**
     * The response is complete.
     *
     * @param status 100..999
     * @param bodyBytes how much of a body was sent, without framing
     * @param responseHeaders what the application has set; nobody changes them any more
     * @param nowNanos now, by the engine's clock
     */
    public void complete(int status, long bodyBytes, Headers responseHeaders, long nowNanos) {
        this.responseHeaders = responseHeaders;
        end(status, bodyBytes, null, nowNanos);
    }

    /**
     * The response will never be complete.
     *
     * @param status what the client saw, else {@link #CLIENT_GONE} or {@link #NO_ANSWER}
     * @param bodyBytes how much of a body was sent, as far as this side knows
     * @param why what happened
     * @param nowNanos now, by the engine's clock
     */
    public void broken(int status, long bodyBytes, String why, long nowNanos) {
        end(status, bodyBytes, why, nowNanos);
    }

    /**
     * The engine has answered in the application's place. Without {@link #begin} before, there is only what is given here.
     *
     * @param client the client's address; {@link #NAMELESS} on a Unix socket
     * @param line what there is of the request line, perhaps nothing
     * @param bodyBytes the length of the answer's body
     * @param why what was wrong
     */
    public void refused(int status, InetSocketAddress client, byte[] line, long bodyBytes, String why, long nowNanos) {
        if (!begun) {
            this.client = client;
            this.line = line;
            this.startNanos = nowNanos;
            this.begun = true;
        }
        end(status, bodyBytes, why, nowNanos);
    }

    private void end(int status, long bodyBytes, @Nullable String why, long nowNanos) {
        if (!begun) {
            return;
        }
        this.status = status;
        this.bodyBytes = bodyBytes;
        this.end = why;
        this.durationNanos = Math.max(0, nowNanos - startNanos);
        log.end(ticket, this, nowNanos);
        begun = false;
        ticket = FlightRecorder.NONE;
        head = null;
        line = NO_LINE;
        responseHeaders = null;
    }

    void endedAt(long millis) {
        endMillis = millis;
    }

    // ---- what the line is made of

    @Override
    @SuppressWarnings("ReferenceEquality") // Equal ones that are not the same only cost a little time.
    public void client(Slice into) {
        InetSocketAddress client = this.client;
        if (client == null) {
            return;
        }
        // The requests of a connection come from one client, mostly.
        if (client != addressOf) {
            addressOf = client;
            addressLength = address(client);
        }
        if (addressLength > 0) {
            into.set(address, 0, addressLength);
        }
    }

    /** Writes the address, and returns how long it is; 0 for a Unix socket. */
    @SuppressWarnings("ReferenceEquality") // One that is equal has an address.
    private int address(InetSocketAddress client) {
        InetAddress internet = client.getAddress();
        if (internet == null || client == NAMELESS) {
            return 0;
        }
        if (internet instanceof Inet4Address) {
            return dotted(internet.getAddress());
        }
        String text = internet.getHostAddress();
        int zone = text.indexOf('%');
        byte[] bytes = (zone < 0 ? text : text.substring(0, zone)).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, address, 0, bytes.length);
        return bytes.length;
    }

    private int dotted(byte[] octets) {
        int at = 0;
        for (int i = 0; i < octets.length; i++) {
            int octet = octets[i] & 0xff;
            if (i > 0) {
                address[at++] = '.';
            }
            if (octet >= 100) {
                address[at++] = (byte) ('0' + octet / 100);
            }
            if (octet >= 10) {
                address[at++] = (byte) ('0' + octet / 10 % 10);
            }
            address[at++] = (byte) ('0' + octet % 10);
        }
        return at;
    }

    @Override
    public void method(Slice into) {
        RequestHead head = this.head;
        if (head != null) {
            // First: a long method moves the array.
            int length = copy(head.method());
            into.set(methodBytes, 0, length);
        }
    }

    /** Returns how long the method is, now in {@link #methodBytes}: it is a token, which is ASCII. */
    private int copy(String method) {
        int length = method.length();
        if (length > methodBytes.length) {
            methodBytes = new byte[length];
        }
        for (int i = 0; i < length; i++) {
            methodBytes[i] = (byte) method.charAt(i);
        }
        return length;
    }

    @Override
    public void target(Slice into) {
        RequestHead head = this.head;
        if (head != null) {
            into.set(head.octets(), head.targetStart(), head.targetEnd());
        } else if (line.length > 0) {
            into.set(line, 0, line.length);
        }
    }

    @Override
    public void version(Slice into) {
        RequestHead head = this.head;
        if (head != null) {
            byte[] version = VERSIONS[head.version().ordinal()];
            into.set(version, 0, version.length);
        }
    }

    @Override
    public void user(Slice into) {
        RequestHead head = this.head;
        if (head != null && authorization >= 0) {
            value(head, authorization, into);
            BasicUser.decode(into);
        }
    }

    @Override
    public void requestField(String lowerCaseName, Slice into) {
        RequestHead head = this.head;
        if (head == null) {
            return;
        }
        int field = switch (lowerCaseName) {
            case REFERER -> referer;
            case AGENT -> agent;
            default -> head.indexOf(lowerCaseName);
        };
        if (field >= 0) {
            value(head, field, into);
        }
    }

    private static void value(RequestHead head, int field, Slice into) {
        into.set(head.octets(), head.valueStart(field), head.valueEnd(field));
    }

    @Override
    public void responseField(String lowerCaseName, Slice into) {
        String value = responseHeaders == null ? null : responseHeaders.getFirst(lowerCaseName);
        if (value != null) {
            byte[] bytes = value.getBytes(StandardCharsets.ISO_8859_1);
            into.set(bytes, 0, bytes.length);
        }
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public long bodyBytes() {
        return bodyBytes;
    }

    @Override
    public long durationNanos() {
        return durationNanos;
    }

    @Override
    public long endMillis() {
        return endMillis;
    }

    @Override
    public @Nullable String end() {
        return end;
    }
}
