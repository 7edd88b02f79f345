package io.jcorn.worker.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketServerExtension;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
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
 *     ├──Close of ours (application, drain, error)──► CLOSING ──Close, end, or late───┤
 *     └──abort, connection lost───────────────────────────────────────────────────────┘
 * </pre>
 *
 * <p>The server is the one that closes the TCP connection (RFC 6455 §7.1.1).
 */
@SuppressWarnings("FutureReturnValueIgnored") // What fails here fails the channel, which says so itself.
public final class Talk extends ChannelInboundHandlerAdapter {

    private enum State {
        OPEN,
        TOLD,
        CLOSING,
        LEFT
    }

    /** How long the closing handshake may take before the connection is closed without it. */
    private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final int NO_STATUS = 1005;
    private static final int LOST = 1006;
    private static final int GOING_AWAY = 1001;
    private static final int PROTOCOL = 1002;
    private static final int INTERNAL = 1011;

    private final WebSocketSettings settings;
    private final Surroundings surroundings;
    private final Mouth mouth;
    private final Ear ear;
    private final Incoming incoming;
    private @Nullable ChannelHandlerContext context;
    private State state = State.OPEN;
    private int closeStatus = NO_STATUS;
    private long heardAt;
    private long askedAt;
    private boolean asked;
    private long closingSince;

    private Talk(
            WebSocketSettings settings, Surroundings surroundings, String subprotocol, WebSocket.Listener listener) {
        this.settings = settings;
        this.surroundings = surroundings;
        this.mouth = new Mouth(this, surroundings, subprotocol);
        this.ear = new Ear(mouth, listener, surroundings, this);
        this.incoming = new Incoming(settings.maxMessage());
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
        Talk talk = new Talk(settings, surroundings, opening.subprotocol(), listener);
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
        WebSocketServerExtension deflate = opening.deflate();
        if (deflate != null) {
            pipeline.addLast(deflate.newExtensionDecoder(), deflate.newExtensionEncoder());
        }
        pipeline.addLast(talk);
        talk.ear.take(new Delivery.Open());
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

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        heardAt = surroundings.now();
        asked = false;
        try {
            if (message instanceof WebSocketFrame frame && (state == State.OPEN || state == State.CLOSING)) {
                hear(frame);
            }
        } catch (CorruptedWebSocketFrameException e) {
            violated(e);
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void hear(WebSocketFrame frame) {
        if (frame.rsv() != 0) {
            throw Incoming.corrupted(PROTOCOL, "a frame has a reserved bit that nothing was agreed on");
        }
        if (frame instanceof CloseWebSocketFrame close) {
            closeHeard(close.statusCode(), close.reasonText());
        } else if (frame instanceof PingWebSocketFrame) {
            answerPing(frame.content());
            tell(new Delivery.Ping(copy(frame.content())));
        } else if (frame instanceof PongWebSocketFrame) {
            tell(new Delivery.Pong(copy(frame.content())));
        } else {
            tell(incoming.part(frame));
        }
    }

    private void answerPing(ByteBuf payload) {
        if (state == State.OPEN) {
            context().writeAndFlush(new PongWebSocketFrame(payload.retain()));
        }
    }

    private static ByteBuffer copy(ByteBuf content) {
        ByteBuffer copy = ByteBuffer.allocate(content.readableBytes());
        content.getBytes(content.readerIndex(), copy);
        return copy.flip();
    }

    private void tell(Delivery delivery) {
        if (!ear.take(delivery)) {
            context().channel().config().setAutoRead(false);
        }
    }

    void earHasRoom() {
        context().channel().config().setAutoRead(context().channel().isWritable());
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        // Who reads nothing gets no pongs, and is not asked for more pings.
        ctx.channel().config().setAutoRead(ctx.channel().isWritable());
    }

    private void closeHeard(int status, @Nullable String reason) {
        closeStatus = status < 0 ? NO_STATUS : status;
        incoming.release();
        state = State.TOLD;
        closingSince = surroundings.now();
        mouth.closeInput();
        ear.take(new Delivery.Close(closeStatus, reason == null ? "" : reason));
    }

    /** The listener has been told of the client's Close: it is answered, and the connection is over. */
    void listenerKnows() {
        if (state != State.TOLD) {
            return;
        }
        state = State.LEFT;
        if (mouth.closeOutput()) {
            context().write(closeStatus == NO_STATUS ? new CloseWebSocketFrame() : closeFrame(closeStatus, ""));
        }
        context().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
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
        state = State.LEFT;
        incoming.release();
        mouth.closeOutput();
        mouth.closeInput();
        ear.take(new Delivery.Close(LOST, ""));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof CorruptedWebSocketFrameException corrupted) {
            violated(corrupted);
        } else if (cause instanceof DecoderException) {
            // Mostly what does not unpack, or to too much.
            violated(Incoming.corrupted(PROTOCOL, String.valueOf(cause.getMessage())));
        } else {
            surroundings.log().debug("WebSocket of " + ctx.channel().remoteAddress() + ": " + cause);
            ctx.close();
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

    private void fail(int status, String reason, Throwable cause) {
        if (state == State.LEFT) {
            return;
        }
        state = State.LEFT;
        incoming.release();
        mouth.closeInput();
        ear.take(new Delivery.Failure(new IOException(String.valueOf(cause.getMessage()), cause)));
        if (mouth.closeOutput()) {
            context().write(closeFrame(status, reason));
        }
        context().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    // ---- what is said to the client

    void say(WebSocketFrame frame, Consumer<@Nullable Throwable> sent) {
        if (state == State.LEFT || !context().channel().isActive()) {
            frame.release();
            sent.accept(new IOException("the connection is closed"));
            return;
        }
        context().writeAndFlush(frame).addListener(left -> sent.accept(left.cause()));
    }

    /** Sends a Close; the {@link Mouth} has closed its output already. */
    void sayClose(int status, String reason, Consumer<@Nullable Throwable> sent) {
        if (state == State.OPEN) {
            state = State.CLOSING;
            closingSince = surroundings.now();
        }
        say(closeFrame(status, reason), sent);
    }

    void abort() {
        state = State.LEFT;
        ear.close();
        context().close();
    }

    // ---- time

    /** Looks at the deadlines, and tells the client to leave when the worker does. */
    public void sweep(long now) {
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
            case TOLD, CLOSING -> {
                if (now - closingSince > CLOSE_NANOS) {
                    context().close();
                }
            }
            case LEFT -> {}
        }
    }

    private void sweepSilence(long now) {
        if (asked) {
            if (settings.pongNanos() > 0 && now - askedAt > settings.pongNanos()) {
                surroundings.log().debug("WebSocket of " + context().channel().remoteAddress() + " answers no ping");
                context().close();
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

    private static CloseWebSocketFrame closeFrame(int status, String reason) {
        String shortened = reason.length() > 100 ? reason.substring(0, 100) : reason;
        return new CloseWebSocketFrame(status, shortened);
    }

    /** Whether an endpoint may put this status into a Close: RFC 6455 §7.4. */
    static boolean sendable(int status) {
        boolean registered =
                status >= 1000 && status <= 1014 && status != 1004 && status != NO_STATUS && status != LOST;
        return registered || (status >= 3000 && status <= 4999);
    }
}
