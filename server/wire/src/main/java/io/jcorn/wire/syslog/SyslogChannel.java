package io.jcorn.wire.syslog;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;

/** A connection to a syslog daemon. Used by one thread. */
public interface SyslogChannel extends Closeable {

    /** How long a TCP connection may take to come about, in milliseconds. */
    int CONNECT_MILLIS = 2_000;

    /**
     * Opens datagram sockets of the Unix domain, which the JDK does not have: each process has another library that does.
     */
    interface UnixDatagrams {
        /**
         * Connects to a path.
         *
         * @throws IOException if nobody listens there
         */
        SyslogChannel connect(String path) throws IOException;
    }

    /** Sends all of a message. */
    void send(ByteBuffer message) throws IOException;

    /**
     * Connects.
     *
     * @throws IOException if nobody is there; for UDP only if the name has no address
     */
    static SyslogChannel connect(SyslogAddress address, UnixDatagrams unixDatagrams) throws IOException {
        return switch (address.transport()) {
            case UDP -> udp(address);
            case TCP -> tcp(address);
            case UNIX_STREAM -> unix(address);
            case UNIX_DATAGRAM -> unixDatagrams.connect(address.host());
        };
    }

    private static InetSocketAddress resolved(SyslogAddress address) throws IOException {
        InetSocketAddress resolved = new InetSocketAddress(address.host(), address.port());
        if (resolved.isUnresolved()) {
            throw new IOException("the host " + address.host() + " has no address");
        }
        return resolved;
    }

    private static SyslogChannel udp(SyslogAddress address) throws IOException {
        InetSocketAddress daemon = resolved(address);
        DatagramChannel channel = DatagramChannel.open(
                daemon.getAddress() instanceof java.net.Inet6Address
                        ? StandardProtocolFamily.INET6
                        : StandardProtocolFamily.INET);
        channel.connect(daemon);
        channel.configureBlocking(false);
        return new SyslogChannel() {
            @Override
            public void send(ByteBuffer message) throws IOException {
                try {
                    channel.write(message);
                } catch (PortUnreachableException e) {
                    // Of a message before this one: UDP promises nothing, and the daemon may be there by now.
                    return;
                }
            }

            @Override
            public void close() throws IOException {
                channel.close();
            }
        };
    }

    private static SyslogChannel tcp(SyslogAddress address) throws IOException {
        InetSocketAddress daemon = resolved(address);
        SocketChannel channel = SocketChannel.open();
        try {
            channel.socket().connect(daemon, CONNECT_MILLIS);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        return stream(channel);
    }

    private static SyslogChannel unix(SyslogAddress address) throws IOException {
        return stream(SocketChannel.open(UnixDomainSocketAddress.of(address.host())));
    }

    private static SyslogChannel stream(SocketChannel channel) {
        return new SyslogChannel() {
            @Override
            public void send(ByteBuffer message) throws IOException {
                while (message.hasRemaining()) {
                    channel.write(message);
                }
            }

            @Override
            public void close() throws IOException {
                channel.close();
            }
        };
    }
}
