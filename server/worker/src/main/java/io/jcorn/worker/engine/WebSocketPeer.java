package io.jcorn.worker.engine;

import io.jcorn.wire.Log;
import io.jcorn.wire.Scoreboard.Cell;
import io.jcorn.worker.app.Traces;
import io.jcorn.worker.exchange.Exchange.Conversation;
import io.jcorn.worker.websocket.Surroundings;
import io.jcorn.worker.websocket.Talk;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;

/**
 * A connection that has become a WebSocket: it counts as a connection, no longer as a request in flight. As the first handler
 * of the conversation it counts what passes.
 */
@SuppressWarnings("FutureReturnValueIgnored") // What fails fails the promise.
final class WebSocketPeer extends ChannelDuplexHandler implements Peer, Surroundings {

    private final Engine engine;
    private final Channel channel;
    private final Talk talk;

    /** Puts the conversation behind what is in the pipeline. */
    WebSocketPeer(Engine engine, Channel channel, Conversation conversation) {
        this.engine = engine;
        this.channel = channel;
        channel.pipeline().addLast(this);
        this.talk = Talk.begin(
                channel.pipeline(),
                conversation.opening(),
                engine.settings().webSocket(),
                this,
                conversation.listener());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        engine.row().add(Cell.BYTES_READ, ((ByteBuf) message).readableBytes());
        ctx.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf bytes) {
            engine.row().add(Cell.BYTES_WRITTEN, bytes.readableBytes());
        }
        ctx.write(message, promise);
    }

    @Override
    public void sweep(long now) {
        talk.sweep(now);
    }

    @Override
    public long bytesOnTheWay() {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.totalPendingWriteBytes();
    }

    @Override
    public void lost() {
        talk.lost();
    }

    @Override
    public void execute(Runnable task) {
        engine.execute(task);
    }

    @Override
    public void dispatch(Runnable task) {
        if (engine.onEventLoop()) {
            engine.runner().submit(task);
        } else {
            engine.execute(() -> engine.runner().submit(task));
        }
    }

    @Override
    public long now() {
        return engine.now();
    }

    @Override
    public boolean draining() {
        return engine.draining();
    }

    @Override
    public Log log() {
        return engine.log();
    }

    @Override
    public void failed(Throwable thrown) {
        engine.row().addShared(Cell.APPLICATION_ERRORS, 1);
        engine.log().error("Error in the listener of a WebSocket\n" + Traces.ofApplication(thrown));
    }

    @Override
    public void reset() {
        Medium.reset(channel);
    }
}
