package io.jcorn.worker.proxy;

import io.jcorn.wire.forwarded.IpLiteral;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** The block of version 2: section 2.2 of the specification. */
final class BinaryHeader {

    private static final int COMMAND_AT = 12;
    private static final int FAMILY_AT = 13;
    private static final int LOCAL = 0x20;
    private static final int PROXY = 0x21;

    /** Families with their transports; that of a datagram is as true an address as another one. */
    private static final int UNSPECIFIED = 0x00;

    private static final int TCP4 = 0x11;
    private static final int UDP4 = 0x12;
    private static final int TCP6 = 0x21;
    private static final int UDP6 = 0x22;
    private static final int UNIX_STREAM = 0x31;
    private static final int UNIX_DATAGRAM = 0x32;

    private static final int V4_BYTES = 4;
    private static final int V6_BYTES = 16;
    private static final int UNIX_BYTES = 108;
    private static final int PORT_BYTES = 2;

    private static final int CHECKSUM = 0x03;
    private static final int TLS = 0x20;

    /** Type and length. */
    private static final int TLV_BYTES = 3;

    /** Before the vectors within that of TLS: who the client is, and whether his certificate was verified. */
    private static final int TLS_BYTES = 5;

    private BinaryHeader() {}

    /** Looks at what can be known of the first sixteen bytes: who is wrong there is turned away before he sends more. */
    static void check(byte[] bytes) throws Malformed {
        int command = bytes[COMMAND_AT] & 0xff;
        if (command >> 4 != 2) {
            throw new Malformed("the PROXY header is of another version than 2");
        }
        if (command != LOCAL && command != PROXY) {
            throw new Malformed("the PROXY header has a command that is neither LOCAL nor PROXY");
        }
        if (command == PROXY) {
            addressBytes(bytes[FAMILY_AT] & 0xff);
        }
    }

    private static int addressBytes(int family) throws Malformed {
        return switch (family) {
            case UNSPECIFIED -> 0;
            case TCP4, UDP4 -> 2 * (V4_BYTES + PORT_BYTES);
            case TCP6, UDP6 -> 2 * (V6_BYTES + PORT_BYTES);
            case UNIX_STREAM, UNIX_DATAGRAM -> 2 * UNIX_BYTES;
            default -> throw new Malformed("the PROXY header has an address family or a transport that does not exist");
        };
    }

    /** Reads a whole header that was {@link #check checked}. */
    static Introduction parse(byte[] bytes, int length) throws Malformed {
        if ((bytes[COMMAND_AT] & 0xff) == LOCAL) {
            // The rest is to be thrown away, whatever it is.
            return Introduction.OF_PROXY;
        }
        int family = bytes[FAMILY_AT] & 0xff;
        if (family == UNSPECIFIED) {
            // So is this: how long the addresses are, and where vectors begin, nobody can say.
            return Introduction.OF_SOMEBODY;
        }
        int addresses = addressBytes(family);
        if (HeaderReader.FIXED + addresses > length) {
            throw new Malformed("the PROXY header is too short for its addresses");
        }
        int from = HeaderReader.FIXED + addresses;
        boolean secure = vectors(bytes, from, length);
        return switch (family) {
            case TCP4, UDP4 -> internet(bytes, V4_BYTES, secure);
            case TCP6, UDP6 -> internet(bytes, V6_BYTES, secure);
            // The path of a socket on the proxy's machine means nothing on this one.
            default -> new Introduction(null, null, secure, false);
        };
    }

    private static Introduction internet(byte[] bytes, int size, boolean secure) {
        ByteBuffer from = ByteBuffer.wrap(bytes);
        from.position(HeaderReader.FIXED);
        byte[] client = new byte[size];
        byte[] destination = new byte[size];
        from.get(client).get(destination);
        int clientPort = Short.toUnsignedInt(from.getShort());
        int destinationPort = Short.toUnsignedInt(from.getShort());
        return new Introduction(
                new InetSocketAddress(IpLiteral.address(client), clientPort),
                new InetSocketAddress(IpLiteral.address(destination), destinationPort),
                secure,
                false);
    }

    /** Checks that all vectors fit, and the checksum if there is one; returns whether the client came by TLS. */
    private static boolean vectors(byte[] bytes, int from, int end) throws Malformed {
        boolean secure = false;
        int checksumAt = -1;
        int at = from;
        while (at < end) {
            int next = end(bytes, at, end);
            int value = at + TLV_BYTES;
            int type = bytes[at] & 0xff;
            if (type == CHECKSUM) {
                if (checksumAt >= 0 || next - value != Integer.BYTES) {
                    throw new Malformed("the PROXY header has no single checksum of four bytes");
                }
                checksumAt = value;
            } else if (type == TLS) {
                secure = tls(bytes, value, next);
            }
            at = next;
        }
        if (checksumAt >= 0 && !intact(bytes, end, checksumAt)) {
            throw new Malformed("the PROXY header's checksum is wrong");
        }
        return secure;
    }

    /** Returns where the vector ends that begins here. */
    private static int end(byte[] bytes, int at, int limit) throws Malformed {
        int value = at + TLV_BYTES;
        int end = value > limit
                ? limit + 1
                : value + Short.toUnsignedInt(ByteBuffer.wrap(bytes).getShort(at + 1));
        if (end > limit) {
            throw new Malformed("a vector of the PROXY header is longer than what is left of the header");
        }
        return end;
    }

    private static boolean tls(byte[] bytes, int from, int end) throws Malformed {
        if (end - from < TLS_BYTES) {
            throw new Malformed("the vector about TLS of the PROXY header is too short");
        }
        int at = from + TLS_BYTES;
        while (at < end) {
            at = end(bytes, at, end);
        }
        return (bytes[from] & 1) != 0;
    }

    private static boolean intact(byte[] bytes, int length, int at) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, at);
        checksum.update(new byte[Integer.BYTES], 0, Integer.BYTES);
        checksum.update(bytes, at + Integer.BYTES, length - at - Integer.BYTES);
        return (int) checksum.getValue() == ByteBuffer.wrap(bytes).getInt(at);
    }
}
