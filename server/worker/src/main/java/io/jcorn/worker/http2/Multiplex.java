package io.jcorn.worker.http2;

import com.sun.net.httpserver.Headers;
import io.jcorn.wire.Http2Options;
import io.jcorn.worker.exchange.ConnectionLost;
import io.jcorn.worker.http.HeadBuilder;
import io.jcorn.worker.http.Malformed;
import io.jcorn.worker.http.Refused;
import io.jcorn.worker.http.RequestHead;
import io.jcorn.worker.http.ResponseHead.Framing;
import io.jcorn.worker.http.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2EventAdapter;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One client connection that speaks HTTP/2.
 *
 * <pre>
 *   SERVING ──drain──► WARNED ──ping answered, or 2 s──► LEAVING ──no stream left──► LINGERING ──► CLOSED
 *      │   GOAWAY 2^31-1, PING        GOAWAY last           ▲                            ▲
 *      ├─ idle for too long, or the client's GOAWAY ────────┘                            │
 *      └─ connection error: GOAWAY with its code ────────────────────────────────────────┘
 * </pre>
 *
 * <p>Frames, compression, windows and the states of streams are Netty's; they are driven as a plain handler with one listener.
 * Netty's frame objects and its channel per stream would cost several allocations and pipeline hops for each request and hide the
 * windows, which must follow what the application reads and writes. What must never be trusted to defaults is ours: who may
 * open how many streams, what a head is, what abuse is ({@link Conduct}), and how a connection ends.
 *
 * <p>LINGERING has closed its sending side and throws away what still comes, so that the kernel does not answer it with a reset
 * that would destroy the GOAWAY and the responses on their way. Confined to the event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // What fails here fails the channel, which says so itself.
public final class Multiplex extends Http2ConnectionHandler {

    private enum State {
        SERVING,
        WARNED,
        LEAVING,
        LINGERING,
        CLOSED
    }

    /** How long a client that was told of the end may still begin streams, and how long an idle one waits while draining. */
    private static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final long LINGER = 64 << 20;

    /** How many handlers may run per stream that may be open: one that was reset, or has answered, may still be at work. */
    private static final int HANDLERS_PER_STREAM = 2;

    /** What the access log gets of the request line of a request that was refused, in bytes. */
    private static final int LONGEST_LINE = 1024;

    /** Kept here, for the logging of the JDK forgets what nobody holds. The codec tells of every frame that it ignores. */
    private static final Logger CODEC_LOG = Logger.getLogger("io.netty.handler.codec.http2");

    static {
        CODEC_LOG.setLevel(Level.WARNING);
    }

    private final Home home;
    private final Codec codec;
    private final Conduct conduct;
    private final HeadBuilder heads;
    private final Http2Connection.PropertyKey key;
    private final RecentResets resets = new RecentResets();
    private final int maxHandlers;
    private final AtomicInteger handlers = new AtomicInteger();
    private final Runnable flush = this::flushNow;
    private State state = State.SERVING;

    @SuppressWarnings("NullAway.Init") // Set when this joins its pipeline, before anything can happen.
    private ChannelHandlerContext ctx;

    private long since;
    private long lingered;
    private boolean served;
    private boolean inRead;
    private boolean flushing;

    private Multiplex(Home home, Codec codec) {
        // The connection is closed by us, after a GOAWAY of ours: never by whoever closes the channel.
        super(codec.decoder(), codec.encoder(), codec.settings(), true);
        this.home = home;
        this.codec = codec;
        this.conduct = codec.conduct();
        this.heads = codec.heads();
        this.maxHandlers = HANDLERS_PER_STREAM * codec.options().maxConcurrentStreams();
        this.key = connection().newKey();
        this.since = home.now();
        decoder().frameListener(new Frames());
        connection().addListener(new Streams());
    }

    /** Lets HTTP/2 be spoken on a channel from its client's preface on; returns who speaks it. */
    public static Multiplex on(ChannelPipeline pipeline, Home home, Http2Options options) {
        Multiplex multiplex = new Multiplex(home, Codec.of(options, home));
        pipeline.addLast(new Meter(home.row()), multiplex);
        return multiplex;
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
        if (state == State.LINGERING || state == State.CLOSED) {
            lingered += ((ByteBuf) message).readableBytes();
            ReferenceCountUtil.release(message);
            if (lingered > LINGER) {
                ctx.close();
            }
            return;
        }
        inRead = true;
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
            // No window can be opened any more: what is on its way may arrive, if it fits.
            leave();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        state = State.CLOSED;
        super.channelInactive(ctx);
        home.gone();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // A reset by the client, mostly: everyday life.
        home.log().debug("Connection of " + home.remoteAddress() + ": " + cause);
        ctx.close();
    }

    // ---- requests

    /** What the codec understood. */
    private final class Frames extends Http2EventAdapter {

        @Override
        public void onHeadersRead(
                ChannelHandlerContext ctx,
                int streamId,
                Http2Headers headers,
                int streamDependency,
                short weight,
                boolean exclusive,
                int padding,
                boolean endOfStream) {
            Http2Stream stream = connection().stream(streamId);
            RequestStream request = request(stream);
            if (request != null) {
                trailers(request);
            } else if (!heads.areTrailers()) {
                begin(stream, endOfStream);
            }
        }

        @Override
        public int onDataRead(ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean endOfStream) {
            RequestStream request = request(connection().stream(streamId));
            return request == null ? data.readableBytes() + padding : request.data(data, padding, endOfStream);
        }

        @Override
        public void onWindowUpdateRead(ChannelHandlerContext ctx, int streamId, int windowSizeIncrement) {
            RequestStream request = request(connection().stream(streamId));
            if (request != null) {
                request.windowOpened();
            }
        }

        @Override
        public void onPingAckRead(ChannelHandlerContext ctx, long data) {
            if (state == State.WARNED) {
                leave();
            }
        }

        @Override
        public void onGoAwayRead(ChannelHandlerContext ctx, int lastStreamId, long errorCode, ByteBuf debugData) {
            leave();
        }
    }

    private @Nullable RequestStream request(@Nullable Http2Stream stream) {
        return stream == null ? null : stream.getProperty(key);
    }

    private void begin(Http2Stream stream, boolean ended) {
        served = true;
        since = home.now();
        if (handlers.get() >= maxHandlers) {
            // Streams that were reset: their handlers go on, and the client must not be able to pile them up.
            charge(Conduct.RESET);
            home.refused(
                    home.remoteAddress(),
                    Http2Error.REFUSED_STREAM.name(),
                    "the handlers of reset streams are still at work");
            reset(stream, Http2Error.REFUSED_STREAM);
            return;
        }
        RequestHead head;
        try {
            head = heads.finish();
        } catch (Malformed malformed) {
            malformed(stream, home.remoteAddress(), malformed.reason());
            return;
        } catch (Refused refused) {
            refuseHead(stream, home.remoteAddress(), refused, ended);
            return;
        }
        try {
            home.refuseContradictory(head);
        } catch (Refused refused) {
            refuseHead(stream, client(head), refused, ended);
            return;
        }
        long declared = heads.tellsLength() ? head.bodyLength() : -1;
        if (ended && declared > 0) {
            malformed(stream, client(head), "DATA and Content-Length differ");
        } else if (declared > home.limits().body()) {
            Refused refused = new Refused(
                    413, "the request's body is larger than " + home.limits().body() + " bytes");
            refuseHead(stream, client(head), refused, ended);
        } else {
            RequestStream request = new RequestStream(this, stream, head, declared, !ended, heads.tellsExpectation());
            stream.setProperty(key, request);
            request.begin();
        }
    }

    private InetSocketAddress client(RequestHead head) {
        return Objects.requireNonNull(home.origin(head).client());
    }

    private void trailers(RequestStream request) {
        try {
            request.bodyEnded(heads.finishTrailers());
        } catch (Malformed malformed) {
            request.malformed(malformed.reason());
        } catch (Refused refused) {
            request.malformed(refused.reason());
        }
    }

    /** What becomes of the streams. */
    private final class Streams extends Http2ConnectionAdapter {

        @Override
        public void onStreamHalfClosed(Http2Stream stream) {
            RequestStream request = request(stream);
            if (request != null) {
                request.answered();
            }
        }

        @Override
        public void onStreamClosed(Http2Stream stream) {
            since = home.now();
            RequestStream request = request(stream);
            if (request != null) {
                request.over(new ConnectionLost("the client gave the request up"));
            }
            endIfIdle();
        }
    }

    /** An exchange is given to the application. */
    void handlerStarts() {
        handlers.incrementAndGet();
    }

    /** The application is done with an exchange. From any thread. */
    void handlerReturned() {
        handlers.decrementAndGet();
    }

    // ---- refusals

    private void refuseHead(Http2Stream stream, InetSocketAddress client, Refused refusal, boolean ended) {
        byte[] line = heads.requestLineSoFar(LONGEST_LINE);
        int length = heads.isHead() ? 0 : answer(refusal).length;
        home.visit().refused(refusal.status(), client, line, length, refusal.reason(), home.now());
        refuse(stream, client, refusal, heads.isHead(), ended);
    }

    static byte[] answer(Refused refusal) {
        String text = Status.reason(refusal.status()) + ": " + refusal.reason() + "\n";
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Answers in the place of the application. */
    void refuse(Http2Stream stream, InetSocketAddress client, Refused refusal, boolean isHead, boolean ended) {
        home.refused(client, Integer.toString(refusal.status()), refusal.reason());
        home.answered(refusal.status());
        charge(Conduct.RESET);
        ByteBuf body = Unpooled.wrappedBuffer(answer(refusal));
        Headers headers = new Headers();
        headers.set("Content-Type", "text/plain; charset=utf-8");
        headers(
                stream.id(),
                ResponseFields.of(refusal.status(), headers, Framing.LENGTH, body.readableBytes()),
                isHead);
        if (isHead) {
            body.release();
        } else {
            data(stream.id(), body, true, promise());
        }
        flushSoon();
        if (!ended && stream.state() == Http2Stream.State.HALF_CLOSED_LOCAL) {
            reset(stream, Http2Error.NO_ERROR);
        }
    }

    /** A stream whose request is none. */
    void malformed(RequestStream request, String reason) {
        Http2Stream stream = connection().stream(request.id());
        request.over(new ConnectionLost(reason));
        if (stream != null) {
            malformed(stream, request.client(), reason);
        }
    }

    private void malformed(Http2Stream stream, InetSocketAddress client, String reason) {
        home.refused(client, Http2Error.PROTOCOL_ERROR.name(), reason);
        charge(Conduct.RESET);
        reset(stream, Http2Error.PROTOCOL_ERROR);
    }

    /** Resets a stream; its exchange, if it is not over, learns that it is lost. */
    void reset(RequestStream request, Http2Error error) {
        Http2Stream stream = connection().stream(request.id());
        request.over(new ConnectionLost("the stream was reset"));
        if (stream != null) {
            reset(stream, error);
        }
    }

    private void reset(Http2Stream stream, Http2Error error) {
        resets.add(stream.id());
        encoder().writeRstStream(ctx, stream.id(), error.code(), promise());
        flushSoon();
    }

    private void charge(int cost) {
        if (!conduct.owes(cost)) {
            onError(ctx, false, Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, "too much for nothing"));
        }
    }

    @Override
    protected void onStreamError(
            ChannelHandlerContext ctx, boolean outbound, Throwable cause, Http2Exception.StreamException error) {
        int id = error.streamId();
        if (outbound || state == State.LINGERING || state == State.CLOSED) {
            super.onStreamError(ctx, outbound, cause, error);
            return;
        }
        Http2Stream stream = connection().stream(id);
        if (stream == null && error.error() == Http2Error.STREAM_CLOSED && resets.contains(id)) {
            // On its way while we reset the stream: RFC 9113 §5.1 wants it ignored.
            charge(Conduct.SMALL_DATA);
            return;
        }
        if (error instanceof Http2Exception.HeaderListSizeException && stream == null) {
            tooManyFields(id);
            return;
        }
        RequestStream request = request(stream);
        home.refused(
                request == null ? home.remoteAddress() : request.client(),
                error.error().name(),
                String.valueOf(error.getMessage()));
        charge(Conduct.RESET);
        if (request != null) {
            request.over(new ConnectionLost("the client broke the protocol"));
        }
        encoder().writeRstStream(ctx, id, error.error().code(), promise());
        flushSoon();
    }

    /** The block is decompressed, so the connection is sound, but the stream does not exist yet. */
    private void tooManyFields(int id) {
        try {
            Http2Stream stream = connection().remote().createStream(id, true);
            refuse(
                    stream,
                    home.remoteAddress(),
                    new Refused(431, "the header fields are larger than http2-max-header-list-size"),
                    false,
                    true);
        } catch (Http2Exception e) {
            charge(Conduct.RESET);
            encoder().writeRstStream(ctx, id, Http2Error.REFUSED_STREAM.code(), promise());
        }
    }

    // ---- responses

    Home home() {
        return home;
    }

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
        if (state != State.CLOSED) {
            flush(ctx);
        }
    }

    // ---- the end

    private void leave() {
        if (state == State.SERVING || state == State.WARNED) {
            state = State.LEAVING;
            goAway(connection().remote().lastStreamCreated(), Http2Error.NO_ERROR, "");
            endIfIdle();
        }
    }

    private void endIfIdle() {
        if (state == State.LEAVING && connection().numActiveStreams() == 0) {
            linger();
        }
    }

    private void warn() {
        state = State.WARNED;
        since = home.now();
        goAway(Integer.MAX_VALUE, Http2Error.NO_ERROR, "");
        encoder().writePing(ctx, false, since, promise());
        flushSoon();
    }

    private void goAway(int last, Http2Error error, String reason) {
        // Not by way of the handler's own method: that would close the connection, and lose what is on its way.
        ByteBuf debug = Unpooled.copiedBuffer(reason, StandardCharsets.US_ASCII);
        try {
            connection().goAwaySent(last, error.code(), debug);
        } catch (Http2Exception e) {
            home.log().debug("A second GOAWAY that allows more than the first: " + e);
        }
        encoder().frameWriter().writeGoAway(ctx, last, error.code(), debug, promise());
        flushSoon();
    }

    private void linger() {
        state = State.LINGERING;
        since = home.now();
        flush(ctx);
        home.endOutput();
    }

    @Override
    protected void onConnectionError(
            ChannelHandlerContext ctx, boolean outbound, Throwable cause, @Nullable Http2Exception error) {
        if (state == State.LINGERING || state == State.CLOSED) {
            return;
        }
        Http2Error code = error == null ? Http2Error.INTERNAL_ERROR : error.error();
        if (outbound || code == Http2Error.INTERNAL_ERROR) {
            home.log().warning("Connection of " + home.remoteAddress() + " failed: " + cause);
        }
        home.refused(home.remoteAddress(), code.name(), String.valueOf(cause.getMessage()));
        int last = connection().remote().lastStreamCreated();
        state = State.LINGERING;
        goAway(last, code, "");
        for (RequestStream request : requests()) {
            request.over(new ConnectionLost("the client broke the protocol"));
        }
        connection().close(promise());
        linger();
    }

    // ---- time

    /** Looks at the deadlines, at the engine's clock. */
    public void sweep(long now) {
        conduct.forgive(now);
        if (home.stalled(now)) {
            ctx.close();
            return;
        }
        switch (state) {
            case SERVING -> sweepServing(now);
            case WARNED -> {
                sweepStreams(now);
                if (home.abandoned() || now - since > DRAIN_NANOS) {
                    leave();
                }
            }
            case LEAVING -> sweepStreams(now);
            case LINGERING -> {
                if (now - since > LINGER_NANOS) {
                    ctx.close();
                }
            }
            case CLOSED -> {}
        }
    }

    private void sweepServing(long now) {
        sweepStreams(now);
        boolean idle = connection().numActiveStreams() == 0;
        if (home.abandoned() || (idle && now - since > idleLimit())) {
            leave();
        } else if (home.draining() && served) {
            warn();
        }
    }

    private long idleLimit() {
        long limit = served ? home.keepAliveNanos() : home.patienceNanos();
        return home.draining() ? Math.min(limit, DRAIN_NANOS) : limit;
    }

    private void sweepStreams(long now) {
        if (connection().numActiveStreams() > 0) {
            for (RequestStream request : requests()) {
                request.sweep(now);
            }
        }
    }

    private List<RequestStream> requests() {
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
}
