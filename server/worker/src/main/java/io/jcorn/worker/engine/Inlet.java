package io.jcorn.worker.engine;

import io.jcorn.wire.Scoreboard.Cell;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;

/** What a socket says, in the words of a {@link Connection}. */
@SuppressWarnings("FutureReturnValueIgnored") // What fails here fails the channel, which says so itself.
final class Inlet extends ChannelInboundHandlerAdapter {

    private final Engine engine;
    private final Connection connection;

    Inlet(Engine engine, Connection connection) {
        this.engine = engine;
        this.connection = connection;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        byte[] piece = new byte[bytes.readableBytes()];
        bytes.readBytes(piece);
        bytes.release();
        engine.row().add(Cell.BYTES_READ, piece.length);
        connection.received(piece);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        connection.allReceived();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (ctx.channel().isWritable()) {
            connection.advance();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            connection.inputEnded();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // A reset by the client, mostly: everyday life.
        engine.log().debug("Connection of " + ctx.channel().remoteAddress() + ": " + cause);
        ctx.channel().close();
    }
}
