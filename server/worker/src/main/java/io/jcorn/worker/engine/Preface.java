package io.jcorn.worker.engine;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;

/**
 * Looks at the first bytes of a connection, which is prepared for HTTP/1: if they are the preface of HTTP/2 (RFC 9113 §3.4), it
 * gets another peer. Then, or as soon as they cannot become the preface, this is gone: mostly with the first byte of the first
 * request.
 */
final class Preface extends ChannelInboundHandlerAdapter {

    /** No method of HTTP/1 begins like this: RFC 9113 §11.6 keeps it free. What follows is judged by whoever speaks HTTP/2. */
    private static final byte[] START = "PRI * HTTP/2".getBytes(StandardCharsets.US_ASCII);

    private final Engine engine;
    private final Arrival arrival;
    private final Inlet inlet;
    private ByteBuf read = Unpooled.EMPTY_BUFFER;

    Preface(Engine engine, Arrival arrival, Inlet inlet) {
        this.engine = engine;
        this.arrival = arrival;
        this.inlet = inlet;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        read = read.isReadable() ? Unpooled.wrappedBuffer(read, (ByteBuf) message) : (ByteBuf) message;
        int count = Math.min(START.length, read.readableBytes());
        for (int i = 0; i < count; i++) {
            if (read.getByte(read.readerIndex() + i) != START[i]) {
                ctx.pipeline().remove(this);
                return;
            }
        }
        if (count == START.length) {
            ctx.pipeline().remove(inlet);
            engine.succeed(arrival, () -> Http2Peer.on(engine, arrival));
            ctx.pipeline().remove(this);
        }
    }

    /** Whoever comes next gets what was read. */
    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        ByteBuf bytes = read;
        read = Unpooled.EMPTY_BUFFER;
        if (bytes.isReadable()) {
            ctx.fireChannelRead(bytes);
        }
    }
}
