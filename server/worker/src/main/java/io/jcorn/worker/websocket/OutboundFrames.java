package io.jcorn.worker.websocket;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Frames on their way to the client: compressed if that was agreed on, and none behind a Close (RFC 6455 §5.5.1). Event loop only. */
final class OutboundFrames {

    /** After how long a silence of the server its compressor is given back. */
    private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final @Nullable MessageDeflater deflater;
    private final Surroundings surroundings;
    private final Consumer<Throwable> failed;
    private boolean closed;
    private long sentAt;

    /**
     * Nothing sent yet.
     *
     * @param deflate what was agreed on, or null
     * @param failed told of failures that are the server's own
     */
    OutboundFrames(@Nullable PerMessageDeflate deflate, Surroundings surroundings, Consumer<Throwable> failed) {
        this.deflater = deflate == null ? null : new MessageDeflater(deflate);
        this.surroundings = surroundings;
        this.failed = failed;
        this.sentAt = surroundings.now();
    }

    /**
     * Sends a frame of the application, and takes it over.
     *
     * @param sent told when it has left, or with the {@link SendFailure} that says why it has not
     */
    void send(ChannelHandlerContext ctx, WebSocketFrame frame, Consumer<@Nullable Throwable> sent) {
        if (closed || !ctx.channel().isActive()) {
            frame.release();
            sent.accept(new SendFailure("the connection is closed", null));
            return;
        }
        sentAt = surroundings.now();
        WebSocketFrame packed;
        try {
            packed = pack(ctx, frame);
        } catch (RuntimeException | Error e) {
            sent.accept(new SendFailure("the server failed to send it", e));
            failed.accept(e);
            return;
        }
        write(ctx, packed, sent);
    }

    /** Sends a Close, the last frame. */
    void close(ChannelHandlerContext ctx, CloseWebSocketFrame close, Consumer<@Nullable Throwable> sent) {
        if (closed || !ctx.channel().isActive()) {
            close.release();
            sent.accept(new SendFailure("the connection is closed", null));
            return;
        }
        closed = true;
        write(ctx, close, sent);
    }

    private WebSocketFrame pack(ChannelHandlerContext ctx, WebSocketFrame frame) {
        MessageDeflater deflater = this.deflater;
        if (deflater == null || frame instanceof PingWebSocketFrame || frame instanceof PongWebSocketFrame) {
            return frame;
        }
        try {
            return deflater.deflate(frame, ctx.alloc());
        } finally {
            frame.release();
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // Its listener looks at it.
    private void write(ChannelHandlerContext ctx, WebSocketFrame frame, Consumer<@Nullable Throwable> sent) {
        ctx.writeAndFlush(frame).addListener(left -> {
            Throwable cause = left.cause();
            if (cause == null) {
                sent.accept(null);
                return;
            }
            sent.accept(new SendFailure("the connection was lost", cause));
            if (!(cause instanceof IOException)) {
                failed.accept(cause);
            }
        });
    }

    /** Gives the compressor back if nothing was sent for long, by the engine's clock. */
    void sweep(long now) {
        if (deflater != null && now - sentAt > REST_NANOS) {
            deflater.rest();
        }
    }

    /** Nothing more is sent. */
    void release() {
        closed = true;
        if (deflater != null) {
            deflater.release();
        }
    }
}
