package io.jcorn.wire.syslog;

import java.util.Locale;

/**
 * Where a syslog daemon listens, written as gunicorn does:
 *
 * <pre>
 *   udp://HOST:PORT | tcp://HOST:PORT | unix://PATH [ "#stream" | "#dgram" ]
 * </pre>
 *
 * <p>Without a port it is 514, without a type of Unix socket it is a stream.
 *
 * @param transport how it is reached
 * @param host a name or an address, or the path of a Unix socket
 * @param port 1..65535; 0 for a Unix socket
 */
public record SyslogAddress(Transport transport, String host, int port) {

    private static final int PORT = 514;

    /** The ways to reach a daemon. */
    public enum Transport {
        UDP("udp://"),
        TCP("tcp://"),
        UNIX_STREAM("unix://"),
        UNIX_DATAGRAM("unix://");

        private final String scheme;

        Transport(String scheme) {
            this.scheme = scheme;
        }
    }

    /**
     * Reads an address.
     *
     * @throws IllegalArgumentException with half a sentence that says what is wrong
     */
    public static SyslogAddress parse(String text) {
        String scheme = text.toLowerCase(Locale.ROOT);
        if (scheme.startsWith("unix://")) {
            return unix(text.substring("unix://".length()));
        }
        if (scheme.startsWith("udp://")) {
            return internet(Transport.UDP, text.substring("udp://".length()));
        }
        if (scheme.startsWith("tcp://")) {
            return internet(Transport.TCP, text.substring("tcp://".length()));
        }
        throw new IllegalArgumentException("does not begin with udp://, tcp:// or unix://");
    }

    private static SyslogAddress unix(String rest) {
        int hash = rest.lastIndexOf('#');
        String path = hash < 0 ? rest : rest.substring(0, hash);
        String type = hash < 0 ? "stream" : rest.substring(hash + 1);
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("has no path that begins with / after unix://");
        }
        return switch (type) {
            case "stream" -> new SyslogAddress(Transport.UNIX_STREAM, path, 0);
            case "dgram" -> new SyslogAddress(Transport.UNIX_DATAGRAM, path, 0);
            default ->
                throw new IllegalArgumentException("has the type #" + type + ", which is neither #stream nor #dgram");
        };
    }

    private static SyslogAddress internet(Transport transport, String rest) {
        int colon = rest.lastIndexOf(':');
        boolean port = colon > rest.lastIndexOf(']');
        String host = port ? rest.substring(0, colon) : rest;
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0 || host.indexOf('/') >= 0) {
            throw new IllegalArgumentException("has no host and port; an IPv6 address stands in brackets");
        }
        return new SyslogAddress(
                transport, host.isEmpty() ? "localhost" : host, port ? port(rest.substring(colon + 1)) : PORT);
    }

    private static int port(String digits) {
        int port = digits.matches("[0-9]{1,5}") ? Integer.parseInt(digits) : 0;
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("has the port \"" + digits + "\", which is not one from 1 to 65535");
        }
        return port;
    }

    /** Whether each message goes in a datagram of its own; otherwise a line end separates them (RFC 6587 §3.4.2). */
    boolean datagrams() {
        return transport == Transport.UDP || transport == Transport.UNIX_DATAGRAM;
    }

    /** Returns what {@link #parse} reads. */
    @Override
    public String toString() {
        return switch (transport) {
            case UNIX_STREAM -> "unix://" + host + "#stream";
            case UNIX_DATAGRAM -> "unix://" + host + "#dgram";
            default -> transport.scheme + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
        };
    }
}
