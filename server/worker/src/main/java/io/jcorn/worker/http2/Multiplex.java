package io.jcorn.worker.http2;

import io.jcorn.wire.Http2Options;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One client connection that speaks HTTP/2: what its socket says, the streams on it, and what leaves.
 *
 * <pre>
 *   socket ─► codec ─► Frames ─► RequestStream ⇄ application
 *                        │            │
 *                        │            └─► headers, data ─► codec ─► socket
 *                        └─► StreamErrors: refusals, resets, what they cost the client
 *   Shutdown: the states of the connection up to its end        Deadlines: what takes too long
 * </pre>
 *
 * <p>Frames, compression, windows and the states of streams are Netty's; they are driven as a plain handler with one listener.
 * Netty's frame objects and its channel per stream would cost several allocations and pipeline hops for each request and hide the
 * windows, which must follow what the application reads and writes. What must never be trusted to defaults is ours: who may
 * open how many streams, what a head is, what abuse is ({@link Conduct}), and how a connection ends.
 *
 * <p>Confined to the event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // What fails here fails the channel, which says so itself.
public final class Multiplex extends Http2ConnectionHandler {

    /** How many handlers may run per stream that may be open: one that was reset, or has answered, may still be at work. */
    private static final int HANDLERS_PER_STREAM = 2;

    /** Kept here, for the logging of the JDK forgets what nobody holds. The codec tells of every frame that it ignores. */
    private static final Logger CODEC_LOG = Logger.getLogger("io.netty.handler.codec.http2");

    static {
        CODEC_LOG.setLevel(Level.WARNING);
    }

    private final Home home;
    private final Codec codec;
    private final Conduct conduct;
    private final Http2Connection.PropertyKey key;
    private final Shutdown shutdown;
    private final Deadlines deadlines;
    private final StreamErrors errors;
    private final int maxHandlers;
    private final AtomicInteger handlers = new AtomicInteger();
    private final Runnable flush = this::flushNow;

    @SuppressWarnings("NullAway.Init") // Set when this joins its pipeline, before anything can happen.
    private ChannelHandlerContext ctx;

    private final FrameProgress progress = new FrameProgress();
    private final Windows windows;
    private boolean inputEnded;
    private long framed;
    private boolean inRead;
    private boolean flushing;

    private Multiplex(Home home, Codec codec) {
        // The connection is closed by us, after a GOAWAY of ours: never by whoever closes the channel.
        super(codec.decoder(), codec.encoder(), codec.settings(), true);
        this.home = home;
        this.codec = codec;
        this.conduct = codec.conduct();
        this.maxHandlers = HANDLERS_PER_STREAM * codec.options().maxConcurrentStreams();
        this.key = codec.key();
        this.shutdown = new Shutdown(this, home);
        this.deadlines = new Deadlines(this, home);
        this.errors = new StreamErrors(this, home, codec);
        this.windows = new Windows(codec);
        decoder().frameListener(new Frames(this, home, codec.heads()));
        connection().addListener(new Streams());
    }

    /** Lets HTTP/2 be spoken on a channel from its client's preface on; returns who speaks it. */
    public static Multiplex on(ChannelPipeline pipeline, Home home, Http2Options options) {
        Multiplex multiplex = new Multiplex(home, Codec.of(options, home));
        pipeline.addLast(new Meter(home), multiplex);
        return multiplex;
    }

    /** Looks at the deadlines, at the engine's clock. */
    public void sweep(long now) {
        conduct.forgive(now);
        deadlines.sweep(now);
    }

    // ---- what the socket says

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
        this.ctx = ctx;
        super.handlerAdded(ctx);
        if (ctx.channel().isActive()) {
            widen();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) throws Exception {
        super.channelActive(ctx);
        widen();
    }

    /** The window of the whole connection has no setting: it is opened by hand, and what is held for it bounds our memory. */
    private void widen() throws Http2Exception {
        int more = codec.connectionWindow() - Codec.FIRST_WINDOW;
        if (more > 0) {
            decoder().flowController().incrementWindowSize(connection().connectionStream(), more);
        }
        flushSoon();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        if (shutdown.over()) {
            shutdown.discard(ctx, (ByteBuf) message);
            return;
        }
        inRead = true;
        progress.read((ByteBuf) message, home.now());
        super.channelRead(ctx, message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        inRead = false;
        discardSomeReadBytes();
        flush(ctx);
    }

    /** A client that sends and reads nothing is made to wait: what is answered without a window would pile up here. */
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) throws Exception {
        super.channelWritabilityChanged(ctx);
        ctx.channel().config().setAutoRead(ctx.channel().isWritable());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            inputEnded = true;
            if (shutdown.over()) {
                home.endConnection();
                return;
            }
            // No window can be opened any more: what is on its way may arrive, if it fits.
            shutdown.leave();
            requests().forEach(RequestStream::inputEnded);
        }
    }

    /** The connection is closed. Told by the engine, before the codec gives up what it keeps of the streams. */
    public void lost() {
        shutdown.closed();
        for (RequestStream request : requests()) {
            request.lost("the client closed the connection");
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (Disconnect.is(cause)) {
            home.log().debug("Connection of " + home.remoteAddress() + ": " + cause);
        } else {
            home.defect(cause);
        }
        ctx.close();
    }

    // ---- what the codec says

    @Override
    protected void onStreamError(
            ChannelHandlerContext ctx, boolean outbound, Throwable cause, Http2Exception.StreamException error) {
        if (outbound || shutdown.over()) {
            super.onStreamError(ctx, outbound, cause, error);
        } else {
            errors.found(error, request(connection().stream(error.streamId())));
        }
    }

    @Override
    protected void onConnectionError(
            ChannelHandlerContext ctx, boolean outbound, Throwable cause, @Nullable Http2Exception error) {
        if (shutdown.over()) {
            return;
        }
        if (Disconnect.is(cause)) {
            exceptionCaught(ctx, cause);
            return;
        }
        Http2Error code = error == null ? Http2Error.INTERNAL_ERROR : error.error();
        if (outbound || code == Http2Error.INTERNAL_ERROR) {
            home.defect(cause);
        } else {
            home.refused(home.remoteAddress(), code.name(), String.valueOf(cause.getMessage()));
        }
        shutdown.fail(code);
    }

    /** What becomes of the streams. */
    private final class Streams extends Http2ConnectionAdapter {

        @Override
        public void onStreamHalfClosed(Http2Stream stream) {
            RequestStream request = request(stream);
            if (request != null) {
                request.answered();
            } else if (stream.state() == Http2Stream.State.HALF_CLOSED_LOCAL) {
                // Refused, and the client need not send the rest of the body.
                errors.reset(stream, Http2Error.NO_ERROR);
            }
        }

        @Override
        public void onStreamClosed(Http2Stream stream) {
            deadlines.moved();
            RequestStream request = request(stream);
            if (request != null) {
                request.lost("the client gave the request up");
            }
            shutdown.endIfIdle();
        }
    }

    // ---- requests

    ChannelHandlerContext ctx() {
        return ctx;
    }

    Home home() {
        return home;
    }

    Shutdown shutdown() {
        return shutdown;
    }

    Deadlines deadlines() {
        return deadlines;
    }

    StreamErrors errors() {
        return errors;
    }

    @Nullable
    RequestStream request(@Nullable Http2Stream stream) {
        return stream == null ? null : stream.getProperty(key);
    }

    /** Returns the requests whose streams are open. */
    List<RequestStream> requests() {
        List<RequestStream> requests = new ArrayList<>();
        try {
            connection().forEachActiveStream(stream -> {
                RequestStream request = request(stream);
                if (request != null) {
                    requests.add(request);
                }
                return true;
            });
        } catch (Http2Exception e) {
            throw new IllegalStateException(e);
        }
        return requests;
    }

    void begin(Http2Stream stream, RequestStream request) {
        stream.setProperty(key, request);
        request.begin();
    }

    /** The end of all streams, because of a connection error. */
    void loseAll() {
        for (RequestStream request : requests()) {
            request.over("the client broke the protocol");
        }
        // The promise that the codec itself closes with at the end: to any other it would add a listener to this one.
        connection().close(ctx.voidPromise());
    }

    boolean tooManyHandlers() {
        return handlers.get() >= maxHandlers;
    }

    void handlerStarts() {
        handlers.incrementAndGet();
    }

    /** The application is done with an exchange. From any thread. */
    void handlerReturned() {
        handlers.decrementAndGet();
    }

    Windows windows() {
        return windows;
    }

    /**
     * A body is collected. All bodies of the connection share one window: were it used up by bodies that are not complete, and that
     * nobody reads therefore, nothing would ever go on.
     */
    void shareWindow() {
        if (windows.halfUsed()) {
            requests().forEach(RequestStream::collectNoMore);
        }
    }

    boolean inputEnded() {
        return inputEnded;
    }

    /** Returns how many bytes have come of a frame of DATA that is not complete. */
    int partOfFrame() {
        return progress.data();
    }

    /** Returns when the header block began that is not complete, or {@link FrameProgress#NONE}. */
    long headersSince() {
        return progress.blockSince();
    }

    // ---- responses

    ChannelPromise promise() {
        return ctx.newPromise();
    }

    /** From any thread. */
    ByteBuf buffer(int capacity) {
        return ctx.alloc().directBuffer(capacity);
    }

    void headers(int id, Http2Headers headers, boolean end) {
        encoder().writeHeaders(ctx, id, headers, 0, end, promise());
    }

    void data(int id, ByteBuf bytes, boolean end, ChannelPromise promise) {
        encoder().writeData(ctx, id, bytes, 0, end, promise);
    }

    /** The application has consumed bytes of a body: the client may send as many. */
    void consumed(Http2Stream stream, int bytes) {
        try {
            if (decoder().flowController().consumeBytes(stream, bytes)) {
                flushSoon();
            }
        } catch (Http2Exception e) {
            onError(ctx, false, e);
        }
    }

    /** Bytes of a response are in a frame. */
    void framed(int bytes) {
        framed += bytes;
    }

    long framed() {
        return framed;
    }

    void sent(int bytes) {
        conduct.sent(bytes);
    }

    void earned(int credit) {
        conduct.earns(credit);
    }

    /** One flush for all that the tasks of this turn of the event loop have to say. */
    void flushSoon() {
        if (!inRead && !flushing) {
            flushing = true;
            home.execute(flush);
        }
    }

    private void flushNow() {
        flushing = false;
        if (shutdown.state() != Shutdown.State.CLOSED) {
            flush(ctx);
        }
    }
}
