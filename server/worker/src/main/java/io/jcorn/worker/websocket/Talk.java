package io.jcorn.worker.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.http.WebSocket;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One conversation on the event loop: frames come in, are checked and handed to the {@link Ear}; frames of the {@link Mouth}
 * go out.
 *
 * <pre>
 *   OPEN ──Close from the client──► TOLD ──the listener knows──► Close is echoed ──► LEFT
 *     │                                                                               ▲
 *     ├──Close of ours (application, drain)──► CLOSING ──Close, end, or late──────────┤
 *     ├──violation, failure──► Close ──► LINGERING ──end, or late─────────────────────┤
 *     └──abort, connection lost───────────────────────────────────────────────────────┘
 * </pre>
 *
 * <p>The server is the one that closes the TCP connection (RFC 6455 §7.1.1). A client that is in the middle of sending when it is
 * told to stop is LINGERING: nothing that it sends is of use any more, but closing at once would be answered by a reset, which
 * destroys the Close on its way.
 *
 * <p>Reading has one owner, {@link #pump}: it goes on when the listener has room, nothing waits to be unpacked, and the client
 * takes what is sent to it.
 */
@SuppressWarnings("FutureReturnValueIgnored") // What fails here fails the channel, which says so itself.
public final class Talk extends ChannelInboundHandlerAdapter {

    private enum State {
        OPEN,
        TOLD,
        CLOSING,
        LINGERING,
        LEFT
    }

    /** How long the closing handshake, or sending what comes before its end, may take before the connection is cut. */
    private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** How long a client that has broken off may still read and send. */
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final String READING = "reading from a WebSocket";
    private static final String SENDING = "sending to a WebSocket";

    private static final int NO_STATUS = 1005;
    private static final int LOST = 1006;
    private static final int GOING_AWAY = 1001;
    private static final int INTERNAL = 1011;

    private final WebSocketSettings settings;
    private final Surroundings surroundings;
    private final Mouth mouth;
    private final Ear ear;
    private final InboundFrames frames;
    private final OutboundFrames outbound;
    private @Nullable ChannelHandlerContext context;
    private State state = State.OPEN;
    private int closeStatus = NO_STATUS;
    private boolean pumping;
    private long heardAt;
    private long askedAt;
    private boolean asked;
    private long closingSince;

    private Talk(
            Channel channel,
            Opening opening,
            WebSocketSettings settings,
            Surroundings surroundings,
            WebSocket.Listener listener) {
        PerMessageDeflate deflate = opening.deflate();
        this.settings = settings;
        this.surroundings = surroundings;
        this.mouth = new Mouth(this, surroundings, opening.subprotocol());
        this.ear = new Ear(mouth, listener, surroundings, this);
        this.frames = new InboundFrames(settings.maxMessage(), deflate != null, channel.alloc());
        this.outbound = new OutboundFrames(deflate, surroundings, thrown -> failed(SENDING, thrown));
        this.heardAt = surroundings.now();
    }

    /**
     * Begins a conversation: puts its handlers at the end of a pipeline through which the 101 has gone out. What the client
     * has sent behind its request is the first thing to fire through them.
     */
    public static Talk begin(
            ChannelPipeline pipeline,
            Opening opening,
            WebSocketSettings settings,
            Surroundings surroundings,
            WebSocket.Listener listener) {
        Talk talk = new Talk(pipeline.channel(), opening, settings, surroundings, listener);
        int longest = settings.maxMessage() == 0 ? Integer.MAX_VALUE : settings.maxMessage();
        pipeline.addLast(new WebSocket13FrameDecoder(WebSocketDecoderConfig.newBuilder()
                .maxFramePayloadLength(longest)
                .expectMaskedFrames(true)
                .allowMaskMismatch(false)
                .allowExtensions(opening.deflate() != null)
                .closeOnProtocolViolation(false)
                .withUTF8Validator(false)
                .build()));
        pipeline.addLast(new WebSocket13FrameEncoder(false));
        pipeline.addLast(talk);
        talk.ear.take(new Delivery.Open());
        talk.pump();
        return talk;
    }

    Ear ear() {
        return ear;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    // ---- what the client says

    /** Something has come, be it a part of a frame: the client is alive. */
    public void heard() {
        heardAt = surroundings.now();
        asked = false;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (listening() && message instanceof WebSocketFrame frame) {
                if (frame instanceof PingWebSocketFrame && frame.rsv() == 0) {
                    answerPing(frame.content());
                }
                frames.add(frame);
                pump();
                frames.keep();
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private boolean listening() {
        return state == State.OPEN || state == State.CLOSING;
    }

    private void answerPing(ByteBuf payload) {
        if (state == State.OPEN) {
            context().writeAndFlush(new PongWebSocketFrame(payload.retainedDuplicate()));
        }
    }

    /** Delivers what is here as far as the listener has room, and goes on reading or does not. */
    void pump() {
        if (pumping) {
            return;
        }
        pumping = true;
        try {
            while (listening() && ear.hasRoom()) {
                Delivery next = frames.next();
                if (next == null) {
                    break;
                }
                tell(next);
            }
        } catch (CorruptedWebSocketFrameException e) {
            violated(e);
        } catch (RuntimeException | Error e) {
            failed(READING, e);
        } finally {
            pumping = false;
        }
        Channel channel = context().channel();
        if (channel.isActive()) {
            boolean wanted = !listening() || (ear.hasRoom() && frames.isEmpty());
            channel.config().setAutoRead(wanted && channel.isWritable());
        } else if (listening() && frames.isEmpty()) {
            tellLost();
        }
    }

    private void tell(Delivery delivery) {
        if (delivery instanceof Delivery.Close close) {
            closeHeard(close);
        } else {
            ear.take(delivery);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        // Who reads nothing gets no pongs, and is not asked for more pings.
        pump();
    }

    private void closeHeard(Delivery.Close close) {
        closeStatus = close.status();
        endReading(State.TOLD);
        ear.take(close);
    }

    /** Nothing that comes from now on is of interest. */
    private void endReading(State next) {
        state = next;
        closingSince = surroundings.now();
        frames.release();
        mouth.closeInput();
    }

    /** The listener has been told of the client's Close: it is answered, and the connection is over. */
    void listenerKnows() {
        if (state != State.TOLD) {
            return;
        }
        endReading(State.LEFT);
        if (mouth.closeOutput()) {
            sendClose(closeStatus == NO_STATUS ? new CloseWebSocketFrame() : new CloseWebSocketFrame(closeStatus, ""));
        }
        surroundings.close();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            // Half a conversation is none: RFC 6455 knows no half-closed state.
            ctx.close();
        }
    }

    /** The connection is closed. Told by the engine: {@code channelInactive} ends where a handler before this one throws. */
    public void lost() {
        mouth.closeOutput();
        outbound.release();
        if (listening()) {
            // What has come before the end is still told.
            pump();
        } else {
            tellLost();
        }
    }

    private void tellLost() {
        endReading(State.LEFT);
        ear.take(new Delivery.Close(LOST, ""));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof CorruptedWebSocketFrameException corrupted) {
            violated(corrupted);
        } else if (cause instanceof IOException || cause.getCause() instanceof IOException) {
            // A reset by the client, mostly: everyday life.
            surroundings.log().debug("WebSocket of " + ctx.channel().remoteAddress() + ": " + cause);
            ctx.close();
        } else {
            failed(READING, cause);
        }
    }

    private void violated(CorruptedWebSocketFrameException violation) {
        surroundings
                .log()
                .debug("WebSocket of " + context().channel().remoteAddress() + " is closed: " + violation.getMessage());
        fail(violation.closeStatus().code(), String.valueOf(violation.getMessage()), violation);
    }

    /** The listener failed; it has been logged. */
    void applicationFailed(Throwable thrown) {
        fail(INTERNAL, "", thrown);
    }

    /** The server itself failed. That the Close which says so cannot be sent either is not worth another line. */
    private void failed(String doing, Throwable thrown) {
        if (state != State.LEFT && state != State.LINGERING) {
            surroundings.defect(doing, thrown);
            fail(INTERNAL, "", thrown);
        }
    }

    private void fail(int status, String reason, Throwable cause) {
        if (state == State.LEFT || state == State.LINGERING) {
            return;
        }
        endReading(State.LINGERING);
        ear.take(new Delivery.Failure(new IOException(String.valueOf(cause.getMessage()), cause)));
        if (mouth.closeOutput()) {
            sendClose(closeFrame(status, reason));
        }
        surroundings.endOutput();
        pump();
    }

    // ---- what is said to the client

    void say(WebSocketFrame frame, Consumer<@Nullable Throwable> sent) {
        outbound.send(context(), frame, sent);
    }

    /** Sends a Close; the {@link Mouth} has closed its output already. */
    void sayClose(int status, String reason, Consumer<@Nullable Throwable> sent) {
        if (state == State.OPEN) {
            state = State.CLOSING;
            closingSince = surroundings.now();
        }
        outbound.close(context(), new CloseWebSocketFrame(status, reason), sent);
    }

    private void sendClose(CloseWebSocketFrame close) {
        outbound.close(context(), close, thrown -> {});
    }

    void abort() {
        endReading(State.LEFT);
        ear.close();
        context().close();
    }

    // ---- time

    /** Looks at the deadlines, and tells the client to leave when the worker does. */
    public void sweep(long now) {
        long closing = now - closingSince;
        switch (state) {
            case OPEN -> {
                if (surroundings.draining()) {
                    if (mouth.closeOutput()) {
                        sayClose(GOING_AWAY, "the server is going away", thrown -> {});
                    }
                } else {
                    sweepSilence(now);
                }
            }
            case TOLD, CLOSING -> cutIf(closing > CLOSE_NANOS);
            case LINGERING -> cutIf(closing > CLOSE_NANOS || (closing > LINGER_NANOS && surroundings.allSent()));
            case LEFT -> cutIf(closing > CLOSE_NANOS || surroundings.allSent());
        }
    }

    private void cutIf(boolean late) {
        if (late) {
            surroundings.cut();
        }
    }

    private void sweepSilence(long now) {
        outbound.sweep(now);
        if (!ear.hasRoom()) {
            // Nothing is read, so the silence is not the client's.
            heardAt = now;
            asked = false;
        } else if (asked) {
            if (settings.pongNanos() > 0 && now - askedAt > settings.pongNanos()) {
                surroundings.log().debug("WebSocket of " + context().channel().remoteAddress() + " answers no ping");
                surroundings.cut();
            }
        } else if (settings.pingNanos() > 0 && now - heardAt > settings.pingNanos()) {
            asked = true;
            askedAt = now;
            context().writeAndFlush(new PingWebSocketFrame());
        }
    }

    private ChannelHandlerContext context() {
        ChannelHandlerContext context = this.context;
        if (context == null) {
            throw new IllegalStateException("the conversation has not begun");
        }
        return context;
    }

    /** A Close for a reason of the server's own, in ASCII, of which a control frame has room for 123 octets. */
    private static CloseWebSocketFrame closeFrame(int status, String reason) {
        return new CloseWebSocketFrame(status, reason.length() > 100 ? reason.substring(0, 100) : reason);
    }

    /** Whether an endpoint may put this status into a Close: RFC 6455 §7.4. */
    static boolean sendable(int status) {
        boolean registered =
                status >= 1000 && status <= 1014 && status != 1004 && status != NO_STATUS && status != LOST;
        return registered || (status >= 3000 && status <= 4999);
    }
}
