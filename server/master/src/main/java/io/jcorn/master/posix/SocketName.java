package io.jcorn.master.posix;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** What a socket is bound to: a {@code struct sockaddr}, see ip(7), ipv6(7) and unix(7). */
public sealed interface SocketName {
    /** Longest path of a Unix socket in bytes: sun_path has 108, one of which ends it. */
    int MAX_PATH = 107;

    /**
     * An Internet address. Its text is {@code 127.0.0.1:80} or {@code [::1]:80}.
     *
     * @param port 0..65535
     */
    record Inet(InetAddress address, int port) implements SocketName {
        /** Whether this is IPv6. */
        public boolean v6() {
            return address instanceof Inet6Address;
        }

        /**
         * Whether two listeners cannot have these addresses at once. {@code [::]} takes IPv4 in, for it is opened
         * dual-stack.
         */
        public boolean overlaps(Inet other) {
            if (port != other.port || port == 0) {
                return false;
            }
            if (v6() == other.v6()) {
                return address.equals(other.address)
                        || address.isAnyLocalAddress()
                        || other.address.isAnyLocalAddress();
            }
            return (v6() ? this : other).address.isAnyLocalAddress();
        }

        @Override
        public String toString() {
            return (address instanceof Inet6Address v6 ? "[" + InetText.of(v6) + "]" : address.getHostAddress()) + ":"
                    + port;
        }
    }

    /** A Unix socket in the file system. */
    record Local(String path) implements SocketName {
        @Override
        public String toString() {
            return "unix:" + path;
        }
    }

    /**
     * A Unix socket in the abstract namespace of Linux.
     *
     * @param name without the NUL before it
     */
    record Abstract(String name) implements SocketName {
        @Override
        public String toString() {
            return "unix:@" + name;
        }
    }

    /** A socket without a name, or of a family that jcorn does not serve. */
    record Unnamed(int family) implements SocketName {}

    /** The protocol family, AF_…. */
    default int family() {
        if (this instanceof Inet inet) {
            return inet.v6() ? Sockets.AF_INET6 : Sockets.AF_INET;
        }
        return this instanceof Unnamed unnamed ? unnamed.family : Sockets.AF_UNIX;
    }

    /** Returns how many bytes a path takes in the kernel, to be held against {@link #MAX_PATH}. */
    static int lengthInBytes(String path) {
        return NativeText.bytes(path).length;
    }

    /** Returns the structure as the kernel wants it. */
    default byte[] encode() {
        if (this instanceof Inet inet) {
            return encode(inet);
        }
        byte[] path;
        if (this instanceof Local local) {
            path = NativeText.terminated(local.path);
        } else if (this instanceof Abstract hidden) {
            path = NativeText.bytes("\0" + hidden.name);
        } else {
            throw new IllegalStateException("a socket without a name has no address");
        }
        byte[] structure = new byte[2 + path.length];
        fill(structure, Sockets.AF_UNIX).put(path);
        return structure;
    }

    private static byte[] encode(Inet inet) {
        byte[] port = {(byte) (inet.port >> 8), (byte) inet.port};
        byte[] address = inet.address.getAddress();
        byte[] structure = new byte[inet.v6() ? 28 : 16];
        ByteBuffer fields = fill(structure, inet.family()).put(port);
        if (inet.address instanceof Inet6Address v6) {
            fields.putInt(0).put(address).putInt(v6.getScopeId());
        } else {
            fields.put(address);
        }
        return structure;
    }

    private static ByteBuffer fill(byte[] structure, int family) {
        return ByteBuffer.wrap(structure).order(ByteOrder.nativeOrder()).putShort((short) family);
    }

    /** Reads what getsockname gave. An IPv4 address that sits on an IPv6 socket is the IPv4 address that it means. */
    static SocketName decode(byte[] bytes, int length) {
        ByteBuffer structure = ByteBuffer.wrap(bytes, 0, length).order(ByteOrder.nativeOrder());
        int family = structure.getShort();
        if (family == Sockets.AF_UNIX && length > 3) {
            return bytes[2] == 0
                    ? new Abstract(NativeText.string(bytes, 3, length - 3))
                    : new Local(NativeText.string(bytes, 2, pathLength(bytes, length)));
        }
        if (family != Sockets.AF_INET && family != Sockets.AF_INET6) {
            return new Unnamed(family);
        }
        int port = (structure.get() & 0xff) << 8 | (structure.get() & 0xff);
        byte[] address = new byte[family == Sockets.AF_INET ? 4 : 16];
        try {
            if (family == Sockets.AF_INET) {
                structure.get(address);
                return new Inet(InetAddress.getByAddress(address), port);
            }
            structure.position(8).get(address);
            int scope = structure.getInt();
            InetAddress plain = InetAddress.getByAddress(address);
            boolean scoped = scope != 0 && !(plain instanceof Inet4Address);
            return new Inet(scoped ? Inet6Address.getByAddress(null, address, scope) : plain, port);
        } catch (IOException e) {
            throw new IllegalStateException("4 and 16 bytes are addresses", e);
        }
    }

    private static int pathLength(byte[] bytes, int length) {
        int end = 2;
        while (end < length && bytes[end] != 0) {
            end++;
        }
        return end - 2;
    }
}
