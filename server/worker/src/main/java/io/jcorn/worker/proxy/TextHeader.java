package io.jcorn.worker.proxy;

import io.jcorn.wire.forwarded.IpLiteral;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** The line of version 1: section 2.1 of the specification. */
final class TextHeader {

    private static final int ADDRESSES = 4;
    private static final int LAST_PORT = 65_535;

    private TextHeader() {}

    /** Reads a line that begins with {@code PROXY} and a blank, without its end. */
    static Introduction parse(byte[] bytes, int length) throws Malformed {
        String line = new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
        String[] parts = line.split(" ", -1);
        // Whatever follows this word is to be ignored.
        if (parts[1].equals("UNKNOWN")) {
            return Introduction.OF_SOMEBODY;
        }
        boolean v6 = parts[1].equals("TCP6");
        if (!v6 && !parts[1].equals("TCP4")) {
            throw new Malformed("the PROXY header names none of TCP4, TCP6 and UNKNOWN");
        }
        if (parts.length != 2 + ADDRESSES) {
            throw new Malformed("the PROXY header has not two addresses and two ports, each after one blank");
        }
        return new Introduction(end(parts[2], parts[4], v6), end(parts[3], parts[5], v6), false, false);
    }

    private static InetSocketAddress end(String host, String port, boolean v6) throws Malformed {
        InetAddress address = host.indexOf(':') >= 0 == v6 ? IpLiteral.parse(host) : null;
        if (address == null) {
            throw new Malformed("the PROXY header has no address of its family where one belongs");
        }
        return new InetSocketAddress(address, port(port));
    }

    private static int port(String text) throws Malformed {
        boolean digits = text.matches("0|[1-9][0-9]{0,4}");
        int port = digits ? Integer.parseInt(text) : LAST_PORT + 1;
        if (port > LAST_PORT) {
            throw new Malformed("the PROXY header has no port from 0 to 65535 where one belongs");
        }
        return port;
    }
}
