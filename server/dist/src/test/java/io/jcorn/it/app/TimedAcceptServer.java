package io.jcorn.it.app;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.channels.ServerSocketChannel;

/** The socket of a channel, with a time limit: the JDK switches such a channel to and fro between its modes with each accept. */
public final class TimedAcceptServer {

    private static final int LIMIT_MILLIS = 20;

    private TimedAcceptServer() {}

    /** Serves until the process ends. */
    public static void main(String[] arguments) throws IOException {
        try (ServerSocketChannel channel = ServerSocketChannel.open()) {
            channel.bind(new InetSocketAddress(Integer.parseInt(System.getenv("PORT"))));
            channel.socket().setSoTimeout(LIMIT_MILLIS);
            while (channel.isOpen()) {
                serveNext(channel.socket());
            }
        }
    }

    private static void serveNext(ServerSocket listening) throws IOException {
        try {
            Http.serve(listening.accept(), Http.pid());
        } catch (SocketTimeoutException e) {
            // Nobody came. It would do something else now.
        }
    }
}
