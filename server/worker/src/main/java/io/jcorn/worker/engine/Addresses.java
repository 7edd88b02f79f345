package io.jcorn.worker.engine;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** Addresses as the contract wants them: always of the Internet kind. */
final class Addresses {

    /** What stands for the ends of a Unix socket: they are on this machine, and have no port. */
    private static final InetSocketAddress HERE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private Addresses() {}

    static InetSocketAddress internet(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress internet ? internet : HERE;
    }
}
