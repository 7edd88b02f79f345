package io.jcorn.worker.exchange;

import com.sun.net.httpserver.Headers;
import io.jcorn.wire.forwarded.Origin;
import io.jcorn.worker.http.Bytes;
import io.jcorn.worker.http.RequestHead;
import io.jcorn.worker.http.ResponseHead.Framing;
import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * The connection below an {@link Exchange}, as the exchange needs it. Every method may be called from any thread; what is
 * handed over is sent in the order in which one thread hands it over.
 */
public interface Carrier {

    /**
     * Returns where a request on this connection comes from: what trusted proxies say of it, and where they say nothing the
     * connection's own ends. Client and scheme are never null.
     */
    Origin origin(RequestHead head);

    /** Returns the address that the client connected to; for a Unix socket the loopback address with port 0. */
    InetSocketAddress localAddress();

    /** Returns what the TLS handshake agreed upon; null: the connection is not encrypted. */
    @Nullable
    SSLSession session();

    /** Whether the server wants to keep the connection after a response whose head is written now. */
    boolean keepAlive();

    /** Whether the calling thread is the event loop, which must never wait. */
    boolean onEventLoop();

    /** Returns an empty run of bytes for a response to grow in, which nobody else has. */
    default Bytes room(int capacity) {
        return new Bytes(capacity);
    }

    /** Takes back what {@link #room} gave, or another in its place, for the next response. On the event loop. */
    default void returned(Bytes room) {}

    /** Returns a buffer that {@link #send} takes. */
    ByteBuf buffer(int capacity);

    /**
     * Encodes the head of the response. A carrier whose heads are bytes appends it, and gets it back at the front of what is
     * sent first; another keeps it until then. A second call replaces the head: the first was taken back, unsent.
     *
     * @param out what will be sent, empty
     * @param length the body's length for {@link Framing#LENGTH}
     * @param keepAlive whether the connection stays open
     * @throws IllegalArgumentException if a header's name or value cannot be sent; the message names the header
     */
    void head(Bytes out, int status, Headers headers, Framing framing, long length, boolean keepAlive);

    /**
     * Sends a part of the response that is not its last. Whoever writes waits for {@code sent}, however long that takes: it is
     * the carrier that gives up a client which takes nothing.
     *
     * @param sent run on the event loop when the bytes have left for the kernel or never will
     */
    void send(ByteBuf bytes, Runnable sent);

    /** Whether {@link #sendFile} is possible: nothing between here and the socket has to see the bytes. */
    boolean takesFiles();

    /**
     * Sends a part of a file as a part of the response, without copying it through this process.
     *
     * @param file closed when the bytes have left for the kernel or never will
     */
    void sendFile(FileChannel file, long position, long count);

    /**
     * Sends an interim response, which announces the one that follows.
     *
     * @param status 102..199
     * @throws IllegalArgumentException if a header cannot be sent
     */
    void interim(Exchange exchange, int status, Headers headers);

    /** The response is complete: takes {@link Exchange#takeRemainder}, then goes on to the next request. */
    void finish(Exchange exchange);

    /** The response cannot be completed: closes the connection so that the client sees that it is cut off. */
    void abort(Exchange exchange);

    /** The application wants the body: a client that waits for a 100 is told to send it. */
    void askForBody();

    /** Whether nobody waits for the response any more, so that a handler which has not begun need not. */
    default boolean futile() {
        return false;
    }

    /** The handler of the exchange has returned, or will never be called. */
    default void handlerReturned() {}

    /** The application has consumed so much of the body that more is welcome. */
    void resumeBody();
}
