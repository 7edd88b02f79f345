package io.jcorn.worker.engine;

import io.jcorn.wire.Handover.InheritedListener;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import java.io.IOException;

/** Makes channels of inherited listening sockets. */
public final class Listeners {

    private static final int SOL_SOCKET = 1;

    /** socket(7): whether listen(2) was called. */
    private static final IntegerUnixChannelOption ACCEPTS =
            new IntegerUnixChannelOption("SO_ACCEPTCONN", SOL_SOCKET, 30);

    private Listeners() {}

    /**
     * Adopts a listening socket.
     *
     * @throws IOException if the descriptor is not a listening socket: accepting from it would fail for ever
     */
    public static ServerChannel adopt(InheritedListener inherited) throws IOException {
        if (!Epoll.isAvailable()) {
            throw new IOException("Netty's native epoll transport does not load here: "
                    + reason(Epoll.unavailabilityCause())
                    + ". It is in jcorn's folder, below lib/worker/native: that must be complete and not mounted noexec, and"
                    + " the system a Linux on x86_64 with the GNU C library");
        }
        try {
            ServerChannel listener = channel(inherited);
            Integer accepts = listener.config().getOption(ACCEPTS);
            if (accepts == null || accepts != 1) {
                throw new IOException("it does not listen");
            }
            return listener;
        } catch (IOException | RuntimeException e) {
            throw new IOException(
                    "descriptor " + inherited.descriptor() + " (" + inherited.address()
                            + ") is not a listening socket: " + e.getMessage(),
                    e);
        }
    }

    /** Netty tries several places, and keeps what each of them said as suppressed exceptions. */
    private static String reason(Throwable cause) {
        StringBuilder reason = new StringBuilder(String.valueOf(cause.getMessage()));
        for (Throwable one : cause.getSuppressed()) {
            reason.append("; ").append(one.getMessage());
        }
        return reason.toString();
    }

    private static ServerChannel channel(InheritedListener inherited) {
        if (!inherited.unix()) {
            return new EpollServerSocketChannel(inherited.descriptor());
        }
        // Without the second argument the channel is never active and accepts nothing.
        return new EpollServerDomainSocketChannel(inherited.descriptor(), true);
    }
}
