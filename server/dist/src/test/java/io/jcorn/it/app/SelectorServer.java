package io.jcorn.it.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * One thread for everything, on a channel that is made non-blocking before it is bound: it must never wait in accept. With the argument
 * {@code early} the selector knows the channel before that is bound.
 */
public final class SelectorServer {

    private final Selector selector;
    private final ServerSocketChannel listening;

    private SelectorServer(Selector selector, ServerSocketChannel listening) {
        this.selector = selector;
        this.listening = listening;
    }

    /** Serves until the process ends. */
    public static void main(String[] arguments) throws IOException {
        try (Selector selector = Selector.open();
                ServerSocketChannel listening = ServerSocketChannel.open()) {
            listening.configureBlocking(false);
            if (arguments.length > 0) {
                listening.register(selector, SelectionKey.OP_ACCEPT);
                // Only a selection tells the kernel.
                selector.selectNow();
            }
            listening.bind(new InetSocketAddress(Integer.parseInt(System.getenv("PORT"))));
            listening.register(selector, SelectionKey.OP_ACCEPT);
            new SelectorServer(selector, listening).serve();
        }
    }

    private void serve() throws IOException {
        while (selector.isOpen()) {
            selector.select(this::ready);
        }
    }

    private void ready(SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                accept();
            } else {
                read(key);
            }
        } catch (IOException e) {
            key.cancel();
        }
    }

    private void accept() throws IOException {
        SocketChannel client = listening.accept();
        if (client != null) {
            client.configureBlocking(false);
            client.register(selector, SelectionKey.OP_READ, "");
        }
    }

    private static void read(SelectionKey key) throws IOException {
        SocketChannel client = (SocketChannel) key.channel();
        ByteBuffer bytes = ByteBuffer.allocate(1024);
        if (client.read(bytes) < 0) {
            client.close();
            return;
        }
        String head = key.attachment() + ISO_8859_1.decode(bytes.flip()).toString();
        key.attach(Http.complete(head) ? "" : head);
        if (Http.complete(head)) {
            client.write(ByteBuffer.wrap(Http.answer(Http.pid())));
        }
    }
}
