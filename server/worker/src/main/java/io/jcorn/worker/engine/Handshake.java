package io.jcorn.worker.engine;

import io.jcorn.wire.Scoreboard.Cell;
import io.jcorn.worker.access.Visit;
import io.jcorn.worker.http.Refused;
import io.jcorn.worker.tls.Protocols;
import io.jcorn.worker.tls.Tls;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ByteProcessor;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeUnit;

/**
 * A connection that is to become a TLS connection.
 *
 * <pre>
 *   accept ─► WAITING ─first byte of TLS─► SHAKING ─agreed─► a peer of the agreed protocol
 *                │  │                         └─failed, or out of time─► CLOSED
 *                │  └─a letter: plain HTTP─► REFUSED (400, lingering) ─► CLOSED
 *                └─anything else, or out of time─► CLOSED
 * </pre>
 *
 * <p>Nothing of TLS is set up before the first byte: who only looks whether the port is open costs a connection and no more.
 */
@SuppressWarnings("FutureReturnValueIgnored") // What fails here fails the channel, which says so itself.
final class Handshake extends ChannelInboundHandlerAdapter implements Peer {

    private enum State {
        WAITING,
        SHAKING,
        REFUSED,
        DONE
    }

    /** The content type of a record that holds a ClientHello (RFC 8446 §5.1). */
    private static final int HANDSHAKE_RECORD = 22;

    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Engine engine;
    private final Tls tls;
    private final Arrival arrival;
    private final Channel channel;
    private State state = State.WAITING;
    private long since;

    Handshake(Engine engine, Tls tls, Arrival arrival) {
        this.engine = engine;
        this.tls = tls;
        this.arrival = arrival;
        this.channel = arrival.channel();
        this.since = engine.now();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (state == State.WAITING) {
            begin(ctx, (ByteBuf) message);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    private void begin(ChannelHandlerContext ctx, ByteBuf bytes) {
        int first = bytes.getUnsignedByte(bytes.readerIndex());
        if (first == HANDSHAKE_RECORD) {
            state = State.SHAKING;
            ctx.pipeline().addFirst(tls.handler(channel.alloc()));
            ctx.pipeline().fireChannelRead(bytes);
            return;
        }
        if (first >= 'A' && first <= 'Z') {
            refusePlainHttp(requestLine(bytes));
        } else {
            failed("the client does not speak TLS");
            channel.close();
        }
        bytes.release();
    }

    /** Returns what has come of the request line, which need not be one. */
    private static byte[] requestLine(ByteBuf bytes) {
        int most = Math.min(bytes.readableBytes(), Intake.REQUEST_LINE);
        int end = bytes.forEachByte(bytes.readerIndex(), most, ByteProcessor.FIND_CRLF);
        byte[] line = new byte[end < 0 ? most : end - bytes.readerIndex()];
        bytes.getBytes(bytes.readerIndex(), line);
        return line;
    }

    /** A person has typed http:// and shall know. */
    private void refusePlainHttp(byte[] line) {
        state = State.REFUSED;
        since = engine.now();
        engine.row().add(Cell.REFUSED, 1);
        engine.answered(400);
        Refused refusal = new Refused(400, "this port speaks HTTPS");
        InetSocketAddress client = arrival.remoteAddress();
        engine.refusals().add(arrival.named(client), refusal);
        new Visit(engine.accessLog())
                .refused(400, client, line, Refusals.bodyLength(refusal), refusal.reason(), engine.now());
        channel.writeAndFlush(Refusals.response(channel.alloc(), refusal, false))
                .addListener(sent -> {
                    if (sent.isSuccess()) {
                        ((DuplexChannel) channel).shutdownOutput();
                    } else {
                        channel.close();
                    }
                });
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent completion) {
            if (completion.isSuccess() && state == State.SHAKING) {
                agreed(ctx);
            } else if (state == State.SHAKING) {
                failed(reason(completion.cause()));
            }
        } else if (event instanceof ChannelInputShutdownEvent) {
            if (state == State.SHAKING) {
                failed("the client closed the connection");
            }
            channel.close();
        }
    }

    private void agreed(ChannelHandlerContext ctx) {
        state = State.DONE;
        engine.row().add(Cell.TLS_HANDSHAKES, 1);
        SslHandler handler = ctx.pipeline().get(SslHandler.class);
        arrival.secured(handler.engine().getSession(), SecureMedium.INSTANCE);
        String protocol = handler.applicationProtocol();
        ctx.pipeline().replace(this, null, new Farewell());
        String spoken = protocol == null ? Protocols.HTTP_1_1 : protocol;
        engine.succeed(arrival, () -> engine.reception().admit(arrival, spoken));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // What TLS does not like it has told by its own event, and a reset is everyday life; what is left is a defect.
        if (!(cause instanceof IOException) && !(cause.getCause() instanceof IOException)) {
            engine.log().error("A TLS handshake with " + arrival.remoteAddress() + " met a defect: " + cause);
        }
        channel.close();
    }

    @Override
    public void lost() {
        if (state == State.SHAKING) {
            failed("the client closed the connection");
        }
        state = State.DONE;
    }

    /** Counts and tells a failure once: whatever closes the connection then makes the handshake fail again, for another reason. */
    private void failed(String reason) {
        if (state == State.DONE) {
            return;
        }
        state = State.DONE;
        engine.row().add(Cell.TLS_FAILURES, 1);
        tls.failed(arrival.remoteAddress(), reason, engine.now());
    }

    /** The provider's words, without the names of classes that stand before them. */
    private static String reason(Throwable thrown) {
        if (thrown instanceof ClosedChannelException) {
            return "the client closed the connection";
        }
        Throwable cause = thrown.getCause() == null ? thrown : thrown.getCause();
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    @Override
    public void sweep(long now) {
        long age = now - since;
        switch (state) {
            case WAITING, SHAKING -> {
                if (age > patience()) {
                    if (state == State.SHAKING) {
                        failed("it took too long");
                    }
                    state = State.DONE;
                    channel.close();
                }
            }
            case REFUSED -> {
                if (age > LINGER_NANOS) {
                    channel.close();
                }
            }
            case DONE -> {}
        }
    }

    private long patience() {
        long limit = engine.settings().tlsHandshakeNanos();
        if (state == State.SHAKING) {
            return limit;
        }
        if (engine.abandoned()) {
            return -1;
        }
        return engine.draining() ? Math.min(limit, Engine.DRAIN_IDLE_NANOS) : limit;
    }

    @Override
    public long bytesOnTheWay() {
        return 0;
    }

    /** The end of what the client sends is told in the same way whether TLS or the kernel says it first. */
    private static final class Farewell extends ChannelInboundHandlerAdapter {
        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            boolean said = event instanceof SslCloseCompletionEvent close && close.isSuccess();
            ctx.fireUserEventTriggered(said ? ChannelInputShutdownEvent.INSTANCE : event);
        }
    }
}
