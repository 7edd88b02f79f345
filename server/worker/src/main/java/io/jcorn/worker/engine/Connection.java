package io.jcorn.worker.engine;

import io.jcorn.wire.Scoreboard.Cell;
import io.jcorn.worker.exchange.BodyFailure;
import io.jcorn.worker.exchange.Carrier;
import io.jcorn.worker.exchange.ConnectionLost;
import io.jcorn.worker.exchange.Exchange;
import io.jcorn.worker.exchange.PipedBody;
import io.jcorn.worker.exchange.RequestBody;
import io.jcorn.worker.exchange.SpooledBody;
import io.jcorn.worker.http.BodyDecoder;
import io.jcorn.worker.http.HeadParser;
import io.jcorn.worker.http.Inbox;
import io.jcorn.worker.http.Refused;
import io.jcorn.worker.http.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One client connection.
 *
 * <pre>
 *             ┌────────────────── keep-alive ──────────────────┐
 *             ▼                                                │
 *   accept ─► HEAD ─► COLLECTING ─► HANDLING ─► response whole ┼─► DISCARDING (unread body) ─► HEAD
 *              │          │            │                       │
 *              │          │            └─ abort ──────┐        └─► LINGERING ─► CLOSED
 *              └──────────┴─ refusal ─► LINGERING     └─► CLOSED
 * </pre>
 *
 * <p>COLLECTING waits a moment for the body of a request before an application thread is given to it, so that most
 * uploads cost none of the time of that thread. LINGERING has closed its sending side and throws away what still comes,
 * so that the kernel does not answer it with a reset that would destroy the response on its way (RFC 9112 §9.6).
 *
 * <p>Confined to the event loop, but for the methods of {@link Carrier}.
 */
@SuppressWarnings("FutureReturnValueIgnored") // What fails here fails the channel, which says so itself.
final class Connection extends ChannelInboundHandlerAdapter implements Carrier {

    private enum State {
        HEAD,
        COLLECTING,
        HANDLING,
        DISCARDING,
        LINGERING,
        CLOSED
    }

    /** Bytes that wait unparsed while a request is handled; then reading stops. */
    private static final long STASH = 64 << 10;

    /** What is read of a body that the application did not want, to keep the connection. */
    private static final long DISCARD = 256 << 10;

    /** What is read, and for how long, after the last response of a connection. */
    private static final long LINGER = 64 << 20;

    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final long COLLECT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** How long an exchange may stand still that the handler has left to another thread. */
    private static final long LATE_NANOS = TimeUnit.MINUTES.toNanos(5);

    private static final String BROKE_OFF = "the client closed before the request's body was complete";

    private final Engine engine;
    private final Channel channel;
    private final HeadParser parser;
    private final Outflow outflow;
    private final Inbox inbox = new Inbox();
    private State state = State.HEAD;
    private @Nullable Exchange exchange;
    private @Nullable RequestBody body;
    private @Nullable BodyDecoder decoder;
    private boolean bodyFull;
    private long discarded;

    /** When the current state, or the first byte of a head, began; or when the exchange last moved. */
    private long since;

    private boolean served;
    private boolean broken;
    private boolean advancing;
    private boolean inRead;
    private boolean inputEnded;
    private volatile boolean persistent;
    private volatile boolean continuePending;
    private volatile boolean pipelined;

    Connection(Engine engine, Channel channel) {
        this.engine = engine;
        this.channel = channel;
        this.parser = new HeadParser(engine.settings().limits());
        this.outflow = new Outflow(engine, channel);
        this.since = engine.now();
    }

    // ---- what the socket says

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        inRead = true;
        ByteBuf bytes = (ByteBuf) message;
        int count = bytes.readableBytes();
        byte[] piece = new byte[count];
        bytes.readBytes(piece);
        bytes.release();
        engine.row().add(Cell.BYTES_READ, count);
        if (state == State.LINGERING || state == State.CLOSED) {
            discarded += count;
            if (discarded > LINGER) {
                channel.close();
            }
            return;
        }
        if (state != State.HANDLING && (state != State.HEAD || !parser.midway())) {
            since = engine.now();
        }
        inbox.add(piece);
        advance();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        inRead = false;
        outflow.flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (channel.isWritable()) {
            advance();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            inputEnded = true;
            inputEnded();
        }
    }

    /** The client sends no more, but may still read: an answer under way is completed. */
    private void inputEnded() {
        switch (state) {
            case HEAD -> {
                if (inbox.isEmpty()) {
                    leave(false);
                }
            }
            case HANDLING -> {
                if (body != null && decoder != null) {
                    body.fail(new BodyFailure(400, BROKE_OFF));
                }
            }
            case COLLECTING -> {
                dropExchange(new ConnectionLost(BROKE_OFF));
                leave(false);
            }
            case DISCARDING, LINGERING -> leave(false);
            case CLOSED -> {}
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        state = State.CLOSED;
        outflow.discard();
        inbox.clear();
        dropExchange(new ConnectionLost("the client closed the connection"));
        engine.gone(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // A reset by the client, mostly: everyday life.
        engine.log().debug("Connection of " + channel.remoteAddress() + ": " + cause);
        channel.close();
    }

    // ---- requests

    /** Goes as far as the bytes that are here allow. */
    private void advance() {
        if (advancing) {
            return;
        }
        advancing = true;
        try {
            while (step()) {
                // Each step consumes input or changes the state.
            }
        } catch (Refused refusal) {
            refuse(refusal);
        } finally {
            advancing = false;
        }
        if (state != State.CLOSED) {
            channel.config().setAutoRead(inbox.size() < STASH);
        }
        if (!inRead) {
            flushUnlessBusy();
        }
    }

    private boolean step() throws Refused {
        return switch (state) {
            // A client that sends requests and reads no responses is made to wait: they would pile up here.
            case HEAD -> channel.isWritable() && stepHead();
            case COLLECTING, HANDLING, DISCARDING -> stepBody();
            case LINGERING, CLOSED -> false;
        };
    }

    private boolean stepHead() throws Refused {
        RequestHead head = parser.parse(inbox);
        if (head == null) {
            return false;
        }
        begin(head);
        return true;
    }

    private void begin(RequestHead head) throws Refused {
        served = true;
        since = engine.now();
        decoder = head.bodyLength() == 0
                ? null
                : BodyDecoder.of(head, engine.settings().limits());
        bodyFull = false;
        persistent = head.persistent();
        continuePending = head.expectContinue();
        boolean onLoop = engine.runner().onEventLoop();
        if (decoder == null) {
            body = null;
        } else {
            body = onLoop
                    ? new SpooledBody()
                    : new PipedBody(this, engine.settings().headTimeoutNanos());
        }
        exchange = new Exchange(engine.host(), this, head, body, since);
        engine.began();
        state = State.COLLECTING;
        if (decoder == null || (continuePending && !onLoop)) {
            handle();
        } else if (continuePending) {
            askForBody();
        }
    }

    private void handle() {
        state = State.HANDLING;
        pipelined = decoder == null && !inbox.isEmpty();
        Exchange exchange = this.exchange;
        if (exchange != null) {
            engine.runner().submit(exchange);
        }
    }

    private boolean stepBody() throws Refused {
        BodyDecoder decoder = this.decoder;
        if (decoder == null || bodyFull || inbox.isEmpty()) {
            return false;
        }
        State before = state;
        RequestBody body = this.body;
        continuePending = false;
        if (body == null || before == State.DISCARDING) {
            decoder.decode(inbox, this::discard);
        } else {
            decoder.decode(inbox, (array, offset, length) -> {
                bodyFull = !body.take(array, offset, length);
                return !bodyFull;
            });
        }
        if (before == State.DISCARDING && discarded > DISCARD) {
            leave(true);
            return false;
        }
        if (decoder.complete()) {
            this.decoder = null;
            if (body != null) {
                body.end();
            }
            if (before == State.DISCARDING) {
                nextHead();
                return true;
            }
        }
        if (before == State.COLLECTING && (decoder.complete() || bodyFull)) {
            handle();
            return true;
        }
        return false;
    }

    private boolean discard(byte[] array, int offset, int length) {
        discarded += length;
        return true;
    }

    private void nextHead() {
        state = State.HEAD;
        since = engine.now();
        if (inputEnded && inbox.isEmpty()) {
            leave(false);
        }
    }

    // ---- responses

    private void finished(Exchange exchange) {
        if (exchange != this.exchange) {
            return;
        }
        this.exchange = null;
        RequestBody body = this.body;
        this.body = null;
        engine.ended();
        count(exchange.getResponseCode());
        engine.row().recordLatency(engine.now() - exchange.startNanos());
        outflow.last(exchange.takeRemainder());
        if (body != null) {
            body.release();
            bodyFull = false;
        }
        if (!exchange.keepAlive() || broken) {
            // A client that said itself that this is its last request sends nothing that could be reset.
            boolean silent = decoder == null && !persistent && !broken && inbox.isEmpty();
            leave(!silent);
        } else if (decoder == null) {
            nextHead();
        } else if (decoder.expected() > DISCARD) {
            leave(true);
        } else {
            discarded = 0;
            state = State.DISCARDING;
            since = engine.now();
        }
        advance();
    }

    private void flushUnlessBusy() {
        if (state == State.HANDLING && outflow.unflushed()) {
            engine.flushSoon(this);
        } else {
            outflow.flush();
        }
    }

    long bytesOnTheWay() {
        return outflow.bytesOnTheWay();
    }

    void flushNow() {
        outflow.flush();
    }

    private void count(int status) {
        engine.row()
                .add(
                        switch (status / 100) {
                            case 1 -> Cell.RESPONSES_1XX;
                            case 2 -> Cell.RESPONSES_2XX;
                            case 3 -> Cell.RESPONSES_3XX;
                            case 4 -> Cell.RESPONSES_4XX;
                            default -> Cell.RESPONSES_5XX;
                        },
                        1);
    }

    private void refuse(Refused refusal) {
        engine.row().add(Cell.REFUSED, 1);
        engine.log()
                .info("Refused a request of " + remoteAddress() + " with " + refusal.status() + ": "
                        + refusal.reason());
        inbox.clear();
        decoder = null;
        persistent = false;
        broken = true;
        if (state == State.HANDLING) {
            // The application is at work on it: it learns by its next read, and answers, or the exchange does.
            if (body != null) {
                body.fail(new BodyFailure(refusal.status(), refusal.reason()));
            }
            return;
        }
        if (exchange != null) {
            dropExchange(new ConnectionLost("refused"));
        }
        count(refusal.status());
        outflow.last(Refusals.response(channel.alloc(), refusal));
        leave(true);
    }

    /** Closes the connection once everything is sent. */
    private void leave(boolean linger) {
        state = State.LINGERING;
        inbox.clear();
        decoder = null;
        discarded = 0;
        since = engine.now();
        if (linger && !inputEnded) {
            outflow.thenShutdown();
        } else {
            outflow.thenClose();
        }
    }

    private void dropExchange(ConnectionLost why) {
        Exchange exchange = this.exchange;
        this.exchange = null;
        if (exchange != null) {
            engine.ended();
            exchange.connectionLost(why);
            if (body != null) {
                body.release();
            }
            body = null;
        }
    }

    // ---- time

    void sweep(long now) {
        if (outflow.stalled(now, engine.settings().headTimeoutNanos())) {
            dropExchange(new ConnectionLost("the client took nothing of the response for too long"));
            channel.close();
            return;
        }
        long age = now - since;
        switch (state) {
            case HEAD -> sweepHead(age);
            case COLLECTING -> sweepCollecting(age);
            case HANDLING -> sweepHandling(age);
            case DISCARDING -> {
                if (age > LINGER_NANOS) {
                    leave(true);
                }
            }
            case LINGERING -> {
                if (age > LINGER_NANOS && !outflow.pending()) {
                    channel.close();
                }
            }
            case CLOSED -> {}
        }
    }

    private void sweepHead(long age) {
        if (parser.midway()) {
            if (age > engine.settings().headTimeoutNanos()) {
                refuse(new Refused(408, "the request's head took too long"));
            }
            return;
        }
        if (age > idleLimit()) {
            leave(false);
        }
    }

    private long idleLimit() {
        EngineSettings settings = engine.settings();
        if (engine.abandoned()) {
            return -1;
        }
        long limit = served ? settings.keepAliveNanos() : settings.headTimeoutNanos();
        return engine.draining() ? Math.min(limit, Engine.DRAIN_IDLE_NANOS) : limit;
    }

    private void sweepCollecting(long age) {
        if (!engine.runner().onEventLoop()) {
            if (exchange != null && engine.now() - exchange.startNanos() > COLLECT_NANOS) {
                handle();
            }
        } else if (age > engine.settings().headTimeoutNanos()) {
            refuse(new Refused(408, "the request's body took too long"));
        }
    }

    private void sweepHandling(long age) {
        Exchange exchange = this.exchange;
        if (exchange != null && exchange.returned() && age > LATE_NANOS && !outflow.pending()) {
            engine.log()
                    .warning("Request " + exchange.head().method() + " "
                            + exchange.head().target() + " was left unfinished by its handler and nobody has finished"
                            + " it for five minutes; its connection is closed");
            dropExchange(new ConnectionLost("the exchange was left unfinished for too long"));
            channel.close();
        }
    }

    // ---- Carrier: from any thread

    @Override
    public InetSocketAddress remoteAddress() {
        return Addresses.internet(channel.remoteAddress());
    }

    @Override
    public InetSocketAddress localAddress() {
        return Addresses.internet(channel.localAddress());
    }

    @Override
    public boolean keepAlive() {
        boolean wanted = engine.settings().keepAliveNanos() > 0 && (!engine.draining() || pipelined);
        return wanted && persistent && !continuePending;
    }

    @Override
    public boolean onEventLoop() {
        return engine.onEventLoop();
    }

    @Override
    public ByteBuf buffer(int capacity) {
        return channel.alloc().directBuffer(capacity);
    }

    @Override
    public void send(ByteBuf bytes, Runnable sent) {
        if (!onEventLoop()) {
            engine.execute(() -> send(bytes, sent));
            return;
        }
        if (state != State.HANDLING) {
            bytes.release();
            sent.run();
            return;
        }
        since = engine.now();
        outflow.part(bytes, sent);
    }

    @Override
    public void finish(Exchange exchange) {
        if (onEventLoop()) {
            finished(exchange);
        } else {
            engine.execute(() -> finished(exchange));
        }
    }

    @Override
    public void abort(Exchange exchange) {
        exchange.connectionLost(new ConnectionLost("stream closed"));
        engine.execute(() -> {
            if (exchange == this.exchange) {
                dropExchange(new ConnectionLost("stream closed"));
                outflow.cutOff(!exchange.head().http11());
            }
        });
    }

    @Override
    public void askForBody() {
        if (!continuePending) {
            return;
        }
        continuePending = false;
        engine.execute(() -> {
            Exchange exchange = this.exchange;
            if (exchange != null && exchange.getResponseCode() < 0) {
                outflow.part(Refusals.goOn(channel.alloc()), () -> {});
            }
        });
    }

    @Override
    public void resumeBody() {
        engine.execute(() -> {
            bodyFull = false;
            advance();
        });
    }
}
