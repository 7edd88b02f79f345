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
import io.netty.channel.ChannelPromise;

/**
 * A connection that has become a WebSocket: it counts as a connection, no longer as a request in flight. As the first handler
 * of the conversation it counts what passes.
 */
@SuppressWarnings("FutureReturnValueIgnored") // What fails fails the promise.
final class WebSocketPeer extends ChannelDuplexHandler implements Peer, Surroundings {

    private final Engine engine;
    private final Arrival arrival;
    private final Channel channel;
    private final Outflow outflow;
    private final Talk talk;

    /** Puts the conversation behind what is in the pipeline. */
    WebSocketPeer(Engine engine, Arrival arrival, Conversation conversation) {
        this.engine = engine;
        this.arrival = arrival;
        this.channel = arrival.channel();
        this.outflow = new Outflow(engine, arrival);
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
        talk.heard();
        ctx.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf bytes) {
            engine.row().add(Cell.BYTES_WRITTEN, bytes.readableBytes());
            outflow.passed(bytes.readableBytes());
        }
        ctx.write(message, promise);
    }

    @Override
    public void sweep(long now) {
        if (outflow.tooSlow(now, engine.settings().clients())) {
            engine.row().add(Cell.TIMEOUTS_SEND, 1);
            engine.log().debug("Cut off the WebSocket of " + arrival.remoteAddress() + ": it takes too little");
            cut();
        } else {
            talk.sweep(now);
        }
    }

    @Override
    public long bytesOnTheWay() {
        return outflow.bytesOnTheWay();
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
    public void defect(String doing, Throwable thrown) {
        engine.refusals().defect(doing, arrival.named(arrival.remoteAddress()), thrown);
    }

    @Override
    public void endOutput() {
        outflow.thenShutdown();
    }

    @Override
    public void close() {
        outflow.thenClose();
    }

    @Override
    public boolean allSent() {
        return outflow.taken();
    }

    @Override
    public void cut() {
        if (outflow.taken()) {
            channel.close();
        } else {
            outflow.reset();
        }
    }
}
