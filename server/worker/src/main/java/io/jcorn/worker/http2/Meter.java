package io.jcorn.worker.http2;

import io.jcorn.wire.Scoreboard;
import io.jcorn.wire.Scoreboard.Cell;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;

/** Counts the bytes of a connection, frames and all. */
@SuppressWarnings("FutureReturnValueIgnored") // The promise is the one that the writer has.
final class Meter extends ChannelDuplexHandler {

    private final Home home;
    private final Scoreboard.Row row;

    Meter(Home home) {
        this.home = home;
        this.row = home.row();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        row.add(Cell.BYTES_READ, ((ByteBuf) message).readableBytes());
        ctx.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        int count = ((ByteBuf) message).readableBytes();
        row.add(Cell.BYTES_WRITTEN, count);
        home.wrote(count);
        ctx.write(message, promise);
    }
}
