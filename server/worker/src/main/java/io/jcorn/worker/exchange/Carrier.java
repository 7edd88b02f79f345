package io.jcorn.worker.exchange;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * The connection below an {@link Exchange}, as the exchange needs it. Every method may be called from any thread; what is
 * handed over is sent in the order in which one thread hands it over.
 */
public interface Carrier {

    /** Returns the client's address; for a Unix socket the loopback address with port 0. */
    InetSocketAddress remoteAddress();

    /** Returns the address that the client connected to; for a Unix socket the loopback address with port 0. */
    InetSocketAddress localAddress();

    /** Returns what the TLS handshake agreed upon; null: the connection is not encrypted. */
    @Nullable
    SSLSession session();

    /** Whether the server wants to keep the connection after a response whose head is written now. */
    boolean keepAlive();

    /** Whether the calling thread is the event loop, which must never wait. */
    boolean onEventLoop();

    /** Returns a buffer that {@link #send} takes. */
    ByteBuf buffer(int capacity);

    /**
     * Sends a part of the response that is not its last.
     *
     * @param sent run on the event loop when the bytes have left for the kernel or never will
     */
    void send(ByteBuf bytes, Runnable sent);

    /** The response is complete: takes {@link Exchange#takeRemainder}, then goes on to the next request. */
    void finish(Exchange exchange);

    /** The response cannot be completed: closes the connection so that the client sees that it is cut off. */
    void abort(Exchange exchange);

    /** The application wants the body: a client that waits for a 100 is told to send it. */
    void askForBody();

    /** The application has consumed so much of the body that more is welcome. */
    void resumeBody();
}
