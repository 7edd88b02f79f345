package io.jcorn.wire.forwarded;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** A node of RFC 7239 §6: {@code 192.0.2.1}, {@code 192.0.2.1:4711}, {@code [2001:db8::1]}, {@code [2001:db8::1]:4711}. */
final class Node {

    private Node() {}

    /**
     * Reads a node.
     *
     * @param bare whether an IPv6 address may stand without brackets, as {@code X-Forwarded-For} has it
     * @return null for {@code unknown}, for names that hide an address ({@code _gazonk}), and for all that is no node
     */
    static @Nullable InetSocketAddress parse(String text, boolean bare) {
        if (text.startsWith("[")) {
            int bracket = text.indexOf(']');
            return bracket < 0 ? null : socket(text.substring(1, bracket), text.substring(bracket + 1), true);
        }
        int colon = text.indexOf(':');
        if (colon < 0) {
            return socket(text, "", false);
        }
        if (bare && text.indexOf(':', colon + 1) >= 0) {
            return socket(text, "", true);
        }
        return socket(text.substring(0, colon), text.substring(colon), false);
    }

    private static @Nullable InetSocketAddress socket(String host, String port, boolean v6) {
        InetAddress address = host.indexOf(':') >= 0 == v6 ? IpLiteral.parse(host) : null;
        int number = port(port);
        return address == null || number < 0 ? null : new InetSocketAddress(address, number);
    }

    /** Returns 0 where there is none, or one that is hidden (RFC 7239 §6.3); -1 where it is no port. */
    private static int port(String text) {
        if (text.isEmpty() || (text.startsWith(":_") && text.length() > 2)) {
            return 0;
        }
        return text.charAt(0) == ':' ? IpLiteral.decimal(text, 1, text.length(), 65_535) : -1;
    }
}
