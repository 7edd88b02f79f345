package io.jcorn.wire.forwarded;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Internet addresses as they are written. The JDK's own reader takes {@code 1.2}, {@code 010.0.0.1} and, failing all else, asks a
 * name server: none of that may happen to what a stranger sent.
 */
public final class IpLiteral {

    private static final int V4 = 4;
    private static final int V6 = 16;

    private IpLiteral() {}

    /**
     * Reads four decimal numbers without leading zeros, or the notation of RFC 4291 §2.2 without a zone.
     *
     * @return the address, of IPv4 also where that is written as IPv6 ({@code ::ffff:192.0.2.1}); null if it is neither
     */
    public static @Nullable InetAddress parse(String text) {
        byte[] bytes = text.indexOf(':') < 0 ? v4(text) : v6(text);
        return bytes == null ? null : address(bytes);
    }

    /** Makes an address of 4 or 16 bytes. */
    public static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("an address has 4 or 16 bytes", e);
        }
    }

    private static byte @Nullable [] v4(String text) {
        byte[] bytes = new byte[V4];
        int from = 0;
        for (int i = 0; i < V4; i++) {
            int end = i < V4 - 1 ? text.indexOf('.', from) : text.length();
            int number = end < 0 ? -1 : decimal(text, from, end, 255);
            if (number < 0) {
                return null;
            }
            bytes[i] = (byte) number;
            from = end + 1;
        }
        return bytes;
    }

    /** Returns a number of digits without leading zeros, or -1. */
    static int decimal(String text, int from, int end, int most) {
        int length = end - from;
        if (length < 1 || length > 5 || (length > 1 && text.charAt(from) == '0')) {
            return -1;
        }
        int number = 0;
        for (int i = from; i < end; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            number = 10 * number + c - '0';
        }
        return number <= most ? number : -1;
    }

    private static byte @Nullable [] v6(String text) {
        byte[] bytes = new byte[V6];
        int length = 0;
        int gap = -1;
        int from = 0;
        if (text.startsWith("::")) {
            gap = 0;
            from = 2;
        }
        while (from < text.length()) {
            int colon = text.indexOf(':', from);
            int end = colon < 0 ? text.length() : colon;
            int added = colon < 0 && text.indexOf('.', from) >= 0
                    ? tail(text.substring(from), bytes, length)
                    : group(text, from, end, bytes, length);
            if (added == 0) {
                return null;
            }
            length += added;
            from = end + 1;
            if (colon >= 0 && from == text.length()) {
                return null;
            }
            if (colon >= 0 && text.charAt(from) == ':') {
                if (gap >= 0) {
                    return null;
                }
                gap = length;
                from++;
            }
        }
        return expand(bytes, length, gap);
    }

    private static int tail(String text, byte[] into, int at) {
        byte[] v4 = v4(text);
        if (v4 == null || at > V6 - V4) {
            return 0;
        }
        System.arraycopy(v4, 0, into, at, V4);
        return V4;
    }

    private static int group(String text, int from, int end, byte[] into, int at) {
        if (end - from < 1 || end - from > 4 || at > V6 - 2) {
            return 0;
        }
        int number = 0;
        for (int i = from; i < end; i++) {
            char c = text.charAt(i);
            int digit = c < 0x80 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                return 0;
            }
            number = 16 * number + digit;
        }
        into[at] = (byte) (number >> 8);
        into[at + 1] = (byte) number;
        return 2;
    }

    /** Puts the zeros that {@code ::} stands for, one group at the least, into their place. */
    private static byte @Nullable [] expand(byte[] bytes, int length, int gap) {
        if (gap < 0) {
            return length == V6 ? bytes : null;
        }
        if (length > V6 - 2) {
            return null;
        }
        int moved = length - gap;
        System.arraycopy(bytes, gap, bytes, V6 - moved, moved);
        Arrays.fill(bytes, gap, V6 - moved, (byte) 0);
        return bytes;
    }
}
