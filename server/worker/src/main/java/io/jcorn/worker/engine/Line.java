package io.jcorn.worker.engine;

import com.sun.net.httpserver.Headers;
import io.jcorn.wire.forwarded.Origin;
import io.jcorn.worker.exchange.Carrier;
import io.jcorn.worker.exchange.ConnectionLost;
import io.jcorn.worker.exchange.Exchange;
import io.jcorn.worker.http.Bytes;
import io.jcorn.worker.http.Refused;
import io.jcorn.worker.http.RequestHead;
import io.jcorn.worker.http.ResponseHead;
import io.jcorn.worker.http.ResponseHead.Framing;
import io.jcorn.worker.http.Version;
import io.netty.buffer.ByteBuf;
import io.netty.channel.DefaultFileRegion;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * The way from the threads of the application to a {@link Connection} on the event loop. What a thread must know at once is
 * volatile here; everything else is a task of the event loop.
 */
final class Line implements Carrier {

    /** The largest room that is kept from one response to the next, in bytes. */
    private static final int SPARE = 2048;

    private final Engine engine;
    private final Arrival arrival;
    private final Connection connection;

    /**
     * What the last response was made in. Handed back on the event loop when that exchange is over and taken by the thread of the
     * next, which the runner's queue lies between.
     */
    private @Nullable Bytes spare;

    private boolean endsByClose;
    private volatile boolean http11;
    private int requests;
    private volatile boolean persistent;
    private volatile boolean continuePending;
    private volatile boolean pipelined;

    Line(Engine engine, Arrival arrival, Connection connection) {
        this.engine = engine;
        this.arrival = arrival;
        this.connection = connection;
    }

    // ---- for the connection

    void begin(RequestHead head) throws Refused {
        arrival.refuseContradictory(head);
        requests++;
        // To write what is volatile costs more than to look whether that is needed.
        if (http11 != (head.version() == Version.HTTP_1_1)) {
            http11 = !http11;
        }
        if (persistent != head.persistent()) {
            persistent = !persistent;
        }
        if (continuePending != head.expectContinue()) {
            continuePending = !continuePending;
        }
        if (pipelined) {
            pipelined = false;
        }
    }

    /** No request is being served: thousands of connections need not keep room for a response. */
    void idle() {
        spare = null;
    }

    /** The next request is here already: it is answered even when the worker drains. */
    void pipelined() {
        pipelined = true;
    }

    InetSocketAddress remoteAddress() {
        return arrival.remoteAddress();
    }

    /** Returns the client of a request, behind a trusted proxy that of the proxy. */
    InetSocketAddress client(RequestHead head) {
        return arrival.client(head);
    }

    /** Returns a client as the log of refusals names it. */
    String named(InetSocketAddress client) {
        return arrival.named(client);
    }

    /** Whether the client said that it will send another request. */
    boolean persistent() {
        return persistent;
    }

    /** Whether only the end of the connection ends the response whose head was written last. */
    boolean endsByClose() {
        return endsByClose;
    }

    /** Nothing can follow on this connection. */
    void condemn() {
        persistent = false;
    }

    /** Whether the client waits to be told to send the body. */
    boolean continuePending() {
        return continuePending;
    }

    /** The body comes, asked for or not. */
    void bodyComes() {
        continuePending = false;
    }

    // ---- for the exchange, from any thread

    @Override
    public Origin origin(RequestHead head) {
        return arrival.origin(head);
    }

    @Override
    public InetSocketAddress localAddress() {
        return arrival.localAddress();
    }

    @Override
    public @Nullable SSLSession session() {
        return arrival.session();
    }

    @Override
    public boolean keepAlive() {
        // In this order: what is volatile makes the number of requests known to this thread.
        return persistent && !continuePending && welcome();
    }

    private boolean welcome() {
        EngineSettings settings = engine.settings();
        boolean last = settings.connectionRequests() > 0 && requests >= settings.connectionRequests();
        return settings.clients().keepAlive() > 0 && !last && (!engine.draining() || pipelined);
    }

    @Override
    public boolean onEventLoop() {
        return engine.onEventLoop();
    }

    @Override
    public Bytes room(int capacity) {
        Bytes room = spare;
        spare = null;
        return room == null ? new Bytes(capacity) : room;
    }

    @Override
    public void returned(Bytes room) {
        if (room.capacity() <= SPARE) {
            room.clear();
            spare = room;
        }
    }

    @Override
    public ByteBuf buffer(int capacity) {
        return arrival.channel().alloc().directBuffer(capacity);
    }

    @Override
    public void head(Bytes out, int status, Headers headers, Framing framing, long length, boolean keepAlive) {
        endsByClose = framing == Framing.CLOSE;
        ResponseHead.append(out, status, headers, framing, length, keepAlive, http11);
    }

    @Override
    public void send(ByteBuf bytes, Runnable sent) {
        if (onEventLoop()) {
            connection.send(bytes, sent);
        } else {
            engine.execute(() -> connection.send(bytes, sent));
        }
    }

    @Override
    public boolean takesFiles() {
        return engine.settings().sendfile() && connection.bare();
    }

    @Override
    public void sendFile(FileChannel file, long position, long count) {
        DefaultFileRegion region = new DefaultFileRegion(file, position, count);
        if (onEventLoop()) {
            connection.sendFile(region);
        } else {
            engine.execute(() -> connection.sendFile(region));
        }
    }

    @Override
    public void interim(Exchange exchange, int status, Headers headers) {
        Bytes head = new Bytes(256);
        ResponseHead.appendInterim(head, status, headers);
        ByteBuf bytes = buffer(head.length()).writeBytes(head.array(), 0, head.length());
        if (onEventLoop()) {
            connection.interim(exchange, bytes);
        } else {
            engine.execute(() -> connection.interim(exchange, bytes));
        }
    }

    @Override
    public void finish(Exchange exchange) {
        if (onEventLoop()) {
            connection.finished(exchange);
        } else {
            engine.execute(() -> connection.finished(exchange));
        }
    }

    @Override
    public void abort(Exchange exchange) {
        exchange.connectionLost(new ConnectionLost("stream closed"));
        engine.execute(() -> connection.aborted(exchange));
    }

    @Override
    public void askForBody() {
        if (continuePending) {
            continuePending = false;
            engine.execute(connection::goOn);
        }
    }

    @Override
    public void resumeBody() {
        engine.execute(connection::bodyWelcome);
    }
}
