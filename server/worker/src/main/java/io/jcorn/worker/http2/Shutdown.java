package io.jcorn.worker.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.util.ReferenceCountUtil;

/**
 * How far a connection is on its way to its end: RFC 9113 §6.8 and §9.1.
 *
 * <pre>
 *   SERVING ──drain, or requests enough──► WARNED ──ping answered, or 2 s──► LEAVING ──no stream left──► LINGERING ──► CLOSED
 *      │            GOAWAY 2^31-1, PING               GOAWAY last            ▲                            ▲
 *      ├─ idle for too long, or the client's GOAWAY ─────────────────────────┘                            │
 *      └─ connection error: GOAWAY with its code ─────────────────────────────────────────────────────────┘
 * </pre>
 *
 * <p>LINGERING has closed its sending side and throws away what still comes, so that the kernel does not answer it with a reset
 * that would destroy the GOAWAY and the responses on their way. Confined to the event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // What fails here fails the channel, which says so itself.
final class Shutdown {

    enum State {
        SERVING,
        WARNED,
        LEAVING,
        LINGERING,
        CLOSED
    }

    /** What is read and thrown away of a client that goes on sending. */
    private static final long LINGER = 64 << 20;

    private final Multiplex multiplex;
    private final Home home;
    private State state = State.SERVING;

    /** When it got into this state. */
    private long since;

    private boolean failed;
    private long requests;
    private long lingered;

    Shutdown(Multiplex multiplex, Home home) {
        this.multiplex = multiplex;
        this.home = home;
    }

    State state() {
        return state;
    }

    private void enter(State next) {
        state = next;
        since = home.now();
    }

    /** Returns for how long it has been in its state, in nanoseconds. */
    long age(long now) {
        return now - since;
    }

    /** Whether nothing is taken of the client any more. */
    boolean over() {
        return state == State.LINGERING || state == State.CLOSED;
    }

    /** A request begins. It is the last that is wanted of this connection, if the connection may have no more. */
    void begin() {
        if (++requests == home.connectionRequests()) {
            warn();
        }
    }

    /** Whether a request has begun, ever. */
    boolean served() {
        return requests > 0;
    }

    /**
     * Announces the end: who sends a request before it can know of it is served.
     *
     * <p>At once, though there are clients that give up what is in flight when they hear of it, against RFC 9113 §6.8. To tell them
     * behind a response is no help: the client of Java 17 may then wait for ever for the answer to a request that it begins meanwhile.
     */
    void warn() {
        if (state != State.SERVING) {
            return;
        }
        enter(State.WARNED);
        goAway(Integer.MAX_VALUE, Http2Error.NO_ERROR);
        multiplex.encoder().writePing(multiplex.ctx(), false, since, multiplex.promise());
        multiplex.flushSoon();
    }

    /** The client has had the time to learn of the end. */
    void pingAnswered() {
        if (state == State.WARNED) {
            leave();
        }
    }

    /** Takes no more streams; those that there are end in good order. */
    void leave() {
        if (state == State.SERVING || state == State.WARNED) {
            enter(State.LEAVING);
            goAway(multiplex.connection().remote().lastStreamCreated(), Http2Error.NO_ERROR);
            endIfIdle();
        }
    }

    void endIfIdle() {
        if (state == State.LEAVING && multiplex.connection().numActiveStreams() == 0) {
            linger();
        }
    }

    /** Whether the client was told that a stream is not taken: RFC 9113 §6.8. */
    boolean disowns(int stream) {
        return multiplex.connection().goAwaySent()
                && stream > multiplex.connection().remote().lastStreamKnownByPeer();
    }

    /** A connection error: nothing on it can be relied upon any more. */
    void fail(Http2Error error) {
        failed = true;
        enter(State.LINGERING);
        goAway(multiplex.connection().remote().lastStreamCreated(), error);
        multiplex.loseAll();
        linger();
    }

    /** Whether the connection ends because of an error. */
    boolean failed() {
        return failed;
    }

    private void goAway(int last, Http2Error error) {
        // Not by way of the handler's own method: that would close the connection, and lose what is on its way.
        ByteBuf debug = Unpooled.EMPTY_BUFFER;
        try {
            multiplex.connection().goAwaySent(last, error.code(), debug);
        } catch (Http2Exception e) {
            home.log().debug("A second GOAWAY that allows more than the first: " + e);
        }
        multiplex.encoder().frameWriter().writeGoAway(multiplex.ctx(), last, error.code(), debug, multiplex.promise());
        multiplex.flushSoon();
    }

    private void linger() {
        enter(State.LINGERING);
        multiplex.flush(multiplex.ctx());
        if (multiplex.inputEnded()) {
            // Nothing is left to be thrown away.
            home.endConnection();
        } else {
            home.endOutput();
        }
    }

    /** Throws away what comes when all is over. */
    void discard(ChannelHandlerContext ctx, ByteBuf bytes) {
        lingered += bytes.readableBytes();
        ReferenceCountUtil.release(bytes);
        if (lingered > LINGER) {
            ctx.close();
        }
    }

    void closed() {
        state = State.CLOSED;
    }
}
