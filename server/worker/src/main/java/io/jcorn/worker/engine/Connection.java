package io.jcorn.worker.engine;

import io.jcorn.wire.Scoreboard.Cell;
import io.jcorn.worker.exchange.BodyFailure;
import io.jcorn.worker.exchange.ConnectionLost;
import io.jcorn.worker.exchange.Exchange;
import io.jcorn.worker.exchange.PipedBody;
import io.jcorn.worker.exchange.RequestBody;
import io.jcorn.worker.exchange.SpooledBody;
import io.jcorn.worker.http.Refused;
import io.jcorn.worker.http.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
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
 * <p>Confined to the event loop. The application's threads come by way of the {@link Line}.
 */
@SuppressWarnings("FutureReturnValueIgnored") // What fails here fails the channel, which says so itself.
final class Connection extends ChannelInboundHandlerAdapter implements Peer {

    private enum State {
        HEAD,
        COLLECTING,
        HANDLING,
        DISCARDING,
        LINGERING,
        CLOSED
    }

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
    private final Line line;
    private final Intake intake;
    private final Outflow outflow;
    private State state = State.HEAD;
    private @Nullable Exchange exchange;
    private long lingered;

    /** When the current state, or the first byte of a head, began; or when the exchange last moved. */
    private long since;

    private boolean served;
    private boolean broken;
    private boolean answering;
    private boolean advancing;
    private boolean inRead;
    private boolean inputEnded;

    Connection(Engine engine, Arrival arrival) {
        this.engine = engine;
        this.channel = arrival.channel();
        this.line = new Line(engine, arrival, this);
        this.intake = new Intake(engine.settings().limits());
        this.outflow = new Outflow(engine, arrival);
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
            lingered += count;
            if (lingered > LINGER) {
                channel.close();
            }
            return;
        }
        if (state != State.HANDLING && (state != State.HEAD || !intake.midway())) {
            since = engine.now();
        }
        intake.add(piece);
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
                if (intake.isEmpty()) {
                    leave(false);
                }
            }
            case HANDLING -> intake.breakOff(new BodyFailure(400, BROKE_OFF));
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
        intake.close();
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
            channel.config().setAutoRead(intake.hasRoom());
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
        RequestHead head = intake.head();
        if (head == null) {
            return false;
        }
        begin(head);
        return true;
    }

    private void begin(RequestHead head) throws Refused {
        served = true;
        since = engine.now();
        answering = false;
        intake.expectBody(head);
        line.begin(head);
        boolean onLoop = engine.runner().onEventLoop();
        RequestBody body = null;
        if (intake.bodyOutstanding()) {
            body = onLoop
                    ? new SpooledBody()
                    : new PipedBody(line, engine.settings().headTimeoutNanos());
            intake.deliverTo(body);
        }
        exchange = new Exchange(engine.host(), line, head, body, since);
        engine.began();
        state = State.COLLECTING;
        if (body == null || (line.continuePending() && !onLoop)) {
            handle();
        } else if (line.continuePending()) {
            line.askForBody();
        }
    }

    private void handle() {
        state = State.HANDLING;
        if (!intake.bodyOutstanding() && !intake.isEmpty()) {
            line.pipelined();
        }
        Exchange exchange = this.exchange;
        if (exchange != null) {
            engine.runner().submit(exchange);
        }
    }

    private boolean stepBody() throws Refused {
        if (!intake.bodyOutstanding() || intake.bodyFull() || intake.isEmpty()) {
            return false;
        }
        line.bodyComes();
        intake.decodeBody();
        if (state == State.DISCARDING) {
            return discarded();
        }
        if (state == State.COLLECTING && (!intake.bodyOutstanding() || intake.bodyFull())) {
            handle();
            return true;
        }
        return false;
    }

    private boolean discarded() {
        if (!intake.bodyOutstanding()) {
            nextHead();
            return true;
        }
        if (intake.unwanted() > DISCARD) {
            leave(true);
        }
        return false;
    }

    private void nextHead() {
        state = State.HEAD;
        since = engine.now();
        if (inputEnded && intake.isEmpty()) {
            leave(false);
        }
    }

    // ---- responses

    void finished(Exchange exchange) {
        if (exchange != this.exchange) {
            return;
        }
        this.exchange = null;
        engine.ended();
        engine.answered(exchange.getResponseCode());
        engine.row().recordLatency(engine.now() - exchange.startNanos());
        outflow.last(exchange.takeRemainder());
        intake.disown();
        if (!exchange.keepAlive() || broken) {
            // A client that said itself that this is its last request sends nothing that could be reset.
            boolean silent = !line.persistent() && !broken && !intake.bodyOutstanding() && intake.isEmpty();
            leave(!silent);
        } else if (!intake.bodyOutstanding()) {
            nextHead();
        } else if (intake.unwanted() > DISCARD) {
            leave(true);
        } else {
            state = State.DISCARDING;
            since = engine.now();
        }
        advance();
    }

    /** Sends a part of a response that is not its last. */
    void send(ByteBuf bytes, Runnable sent) {
        if (state != State.HANDLING) {
            bytes.release();
            sent.run();
            return;
        }
        since = engine.now();
        answering = true;
        outflow.part(bytes, sent);
    }

    void aborted(Exchange exchange) {
        if (exchange == this.exchange) {
            dropExchange(new ConnectionLost("stream closed"));
            outflow.cutOff(!exchange.head().http11());
        }
    }

    /** Tells the client to send the body, unless a part of its response is out already: a 100 cannot follow that. */
    void goOn() {
        if (exchange != null && !answering) {
            outflow.part(Refusals.goOn(channel.alloc()), () -> {});
        }
    }

    void bodyWelcome() {
        intake.bodyWelcome();
        advance();
    }

    private void flushUnlessBusy() {
        if (state == State.HANDLING && outflow.unflushed()) {
            engine.flushSoon(this);
        } else {
            outflow.flush();
        }
    }

    @Override
    public long bytesOnTheWay() {
        return outflow.bytesOnTheWay();
    }

    void flushNow() {
        outflow.flush();
    }

    private void refuse(Refused refusal) {
        engine.row().add(Cell.REFUSED, 1);
        engine.log()
                .info("Refused a request of " + line.remoteAddress() + " with " + refusal.status() + ": "
                        + refusal.reason());
        broken = true;
        line.condemn();
        intake.breakOff(new BodyFailure(refusal.status(), refusal.reason()));
        intake.close();
        if (state == State.HANDLING) {
            // The application is at work on it: it learns by its next read, and answers, or the exchange does.
            return;
        }
        if (exchange != null) {
            dropExchange(new ConnectionLost("refused"));
        }
        engine.answered(refusal.status());
        outflow.last(Refusals.response(channel.alloc(), refusal));
        leave(true);
    }

    /** Closes the connection once everything is sent. */
    private void leave(boolean linger) {
        state = State.LINGERING;
        intake.close();
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
            intake.disown();
        }
    }

    // ---- time

    @Override
    public void sweep(long now) {
        if (outflow.stalled(now, engine.settings().headTimeoutNanos())) {
            dropExchange(new ConnectionLost("the client took nothing of the response for too long"));
            outflow.cutOff(false);
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
        if (intake.midway()) {
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
}
