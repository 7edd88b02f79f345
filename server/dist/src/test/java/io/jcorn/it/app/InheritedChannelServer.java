package io.jcorn.it.app;

import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.ServerSocketChannel;

/** Takes its socket from whoever starts it, as inetd does: System.inheritedChannel. */
public final class InheritedChannelServer {

    private InheritedChannelServer() {}

    /** Serves until the process ends. */
    public static void main(String[] arguments) throws IOException {
        Channel inherited = System.inheritedChannel();
        if (!(inherited instanceof ServerSocketChannel listening)) {
            throw new IOException("inherited is not a listening socket: " + inherited);
        }
        while (listening.isOpen()) {
            Http.serve(listening.accept().socket(), Http.pid());
        }
    }
}
