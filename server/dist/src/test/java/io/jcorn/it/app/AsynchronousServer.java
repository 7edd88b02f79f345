package io.jcorn.it.app;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.Channels;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.CountDownLatch;

/** Accepts by completion handlers. */
public final class AsynchronousServer implements CompletionHandler<AsynchronousSocketChannel, Void> {

    private final AsynchronousServerSocketChannel listening;

    private AsynchronousServer(AsynchronousServerSocketChannel listening) {
        this.listening = listening;
    }

    /** Serves until the process ends. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        try (AsynchronousServerSocketChannel listening = AsynchronousServerSocketChannel.open()) {
            listening.bind(new InetSocketAddress(Integer.parseInt(System.getenv("PORT"))));
            listening.accept(null, new AsynchronousServer(listening));
            new CountDownLatch(1).await();
        }
    }

    @Override
    public void completed(AsynchronousSocketChannel client, Void nothing) {
        listening.accept(null, this);
        try (client) {
            if (!Http.head(Channels.newInputStream(client)).isEmpty()) {
                Channels.newOutputStream(client).write(Http.lastAnswer(Http.pid()));
            }
        } catch (IOException e) {
            System.out.println("Lost a connection: " + e);
        }
    }

    @Override
    public void failed(Throwable failure, Void nothing) {
        System.out.println("Accept failed: " + failure);
    }
}
