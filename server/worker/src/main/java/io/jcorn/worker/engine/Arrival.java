package io.jcorn.worker.engine;

import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a connection before its first request. Written on the event loop before that request is handed out, read
 * from any thread afterwards.
 */
final class Arrival {

    /** What stands for the ends of a Unix socket: they are on this machine, and have no port. */
    private static final InetSocketAddress HERE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final Channel channel;
    private Medium medium = PlainMedium.INSTANCE;
    private @Nullable SSLSession session;

    Arrival(Channel channel) {
        this.channel = channel;
    }

    Channel channel() {
        return channel;
    }

    /** Returns the client's address; for a Unix socket the loopback address with port 0. */
    InetSocketAddress remoteAddress() {
        return internet(channel.remoteAddress());
    }

    /** Returns the address that the client connected to; for a Unix socket the loopback address with port 0. */
    InetSocketAddress localAddress() {
        return internet(channel.localAddress());
    }

    /** The TLS handshake is complete. */
    void secured(SSLSession session, Medium medium) {
        this.session = session;
        this.medium = medium;
    }

    /** Whether nobody on the way can read or change what is sent. */
    boolean secure() {
        return session != null;
    }

    /** Returns what the TLS handshake agreed upon, with the client's certificates; null: there was none. */
    @Nullable
    SSLSession session() {
        return session;
    }

    Medium medium() {
        return medium;
    }

    private static InetSocketAddress internet(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress internet ? internet : HERE;
    }
}
