package io.jcorn.worker.engine;

import io.jcorn.wire.Scoreboard.Cell;
import io.jcorn.worker.proxy.HeaderReader;
import io.jcorn.worker.proxy.Introduction;
import io.jcorn.worker.proxy.Malformed;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.util.concurrent.TimeUnit;

/**
 * A connection on which a proxy has yet to say for whom it has connected: the PROXY protocol.
 *
 * <pre>
 *   accept ─► WAITING ── header whole ──► what {@link Reception} puts in its place
 *                │ not allowed, no header, too late, closed by the client
 *                └─► closed, without a word: whoever is there speaks another protocol
 * </pre>
 *
 * <p>Where the header is expected it is required: to take connections with and without it would let every client that can
 * connect choose its own address (section 2 of the specification). Confined to the event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // What fails here fails the channel, which says so itself.
final class Preamble extends ChannelInboundHandlerAdapter implements Peer {

    /** The specification wants at least three seconds, to cover a retransmission. */
    static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Engine engine;
    private final Reception reception;
    private final Arrival arrival;
    private final HeaderReader reader;
    private final long since;

    Preamble(Engine engine, Reception reception, Arrival arrival) {
        this.engine = engine;
        this.reception = reception;
        this.arrival = arrival;
        this.reader = new HeaderReader(engine.settings().proxies().protocol());
        this.since = engine.now();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (!engine.settings().proxies().allowed().trusts(arrival.peer())) {
            turnAway("it is not in proxy-allow-from");
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (!arrival.channel().isActive()) {
            bytes.release();
            return;
        }
        byte[] piece = new byte[bytes.readableBytes()];
        bytes.getBytes(bytes.readerIndex(), piece);
        int taken;
        try {
            taken = reader.read(piece, 0, piece.length);
        } catch (Malformed malformed) {
            bytes.release();
            turnAway(malformed.reason());
            return;
        }
        engine.row().add(Cell.BYTES_READ, taken);
        bytes.skipBytes(taken);
        Introduction introduction = reader.introduction();
        if (introduction == null) {
            bytes.release();
        } else {
            arrival.introduce(introduction);
            handOn(ctx, bytes);
        }
    }

    private void handOn(ChannelHandlerContext ctx, ByteBuf rest) {
        engine.succeed(arrival, () -> reception.introduced(arrival));
        ctx.pipeline().remove(this);
        if (rest.isReadable()) {
            ctx.fireChannelRead(rest);
        } else {
            rest.release();
        }
    }

    private void turnAway(String reason) {
        engine.row().add(Cell.REFUSED, 1);
        engine.refusals().turnedAway(arrival.named(arrival.remoteAddress()), reason);
        arrival.channel().close();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            arrival.channel().close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        engine.log().debug("Connection of " + arrival.remoteAddress() + ": " + cause);
        arrival.channel().close();
    }

    @Override
    public void sweep(long now) {
        long patience = engine.draining() ? Engine.DRAIN_IDLE_NANOS : PATIENCE_NANOS;
        if (engine.abandoned() || now - since > patience) {
            engine.log().debug("Connection of " + arrival.remoteAddress() + ": no PROXY header has come");
            arrival.channel().close();
        }
    }

    @Override
    public long bytesOnTheWay() {
        return 0;
    }

    /** Nothing is in flight before a header has come. */
    @Override
    public void lost() {}
}
