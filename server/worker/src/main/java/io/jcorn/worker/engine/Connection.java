package io.jcorn.worker.engine;

import io.jcorn.wire.Scoreboard.Cell;
import io.jcorn.worker.access.Visit;
import io.jcorn.worker.exchange.BodyFailure;
import io.jcorn.worker.exchange.ConnectionLost;
import io.jcorn.worker.exchange.Exchange;
import io.jcorn.worker.exchange.RequestBody;
import io.jcorn.worker.http.Refused;
import io.jcorn.worker.http.RequestHead;
import io.jcorn.worker.http.Version;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.FileRegion;
import java.net.InetSocketAddress;
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
 * <p>COLLECTING reads a body, or the beginning of a long one, before an application thread is given to it: a slow client
 * costs none of the time of that thread. LINGERING has closed its sending side and throws away what still comes,
 * so that the kernel does not answer it with a reset that would destroy the response on its way (RFC 9112 §9.6).
 *
 * <p>Confined to the event loop. The application's threads come by way of the {@link Line}.
 */
@SuppressWarnings("FutureReturnValueIgnored") // What fails here fails the channel, which says so itself.
final class Connection implements Peer {

    /** What the connection is at. */
    enum State {
        HEAD,
        COLLECTING,
        HANDLING,
        DISCARDING,
        LINGERING,
        CLOSED
    }

    /**
     * What is read of a body that the application did not want, since the response has said that the connection is kept; and after
     * the last response of a connection.
     */
    private static final long LINGER = 64 << 20;

    private static final String HEAD_BROKE_OFF = "the client closed before the request's head was complete";
    private static final String BROKE_OFF = "the client closed before the request's body was complete";

    private final Engine engine;
    private final Arrival arrival;
    private final Channel channel;
    private final Line line;
    private final Intake intake;
    private final Outflow outflow;
    private final Timing timing;
    private final Visit visit;
    private State state = State.HEAD;
    private @Nullable Exchange exchange;
    private long lingered;

    private boolean broken;
    private boolean answering;
    private boolean advancing;
    private boolean inRead;
    private boolean inputEnded;

    Connection(Engine engine, Arrival arrival) {
        this.engine = engine;
        this.arrival = arrival;
        this.channel = arrival.channel();
        this.line = new Line(engine, arrival, this);
        this.intake = new Intake(engine);
        this.outflow = new Outflow(engine, arrival);
        this.timing = new Timing(engine, intake, outflow);
        this.visit = new Visit(engine.accessLog());
        if (arrival.trusted()) {
            intake.trustPeer();
        }
    }

    // ---- what the socket says

    void received(byte[] piece) {
        inRead = true;
        if (state == State.LINGERING || state == State.CLOSED) {
            lingered += piece.length;
            if (lingered > LINGER) {
                channel.close();
            }
            return;
        }
        if (state == State.DISCARDING || (state == State.HEAD && !intake.midway())) {
            timing.moved();
        }
        intake.add(piece);
        advance();
    }

    void allReceived() {
        inRead = false;
        outflow.flush();
    }

    /** The client sends no more, but may still read: an answer under way is completed. */
    void inputEnded() {
        inputEnded = true;
        switch (state) {
            case HEAD -> {
                if (intake.midway()) {
                    brokeOff(HEAD_BROKE_OFF);
                } else if (intake.isEmpty()) {
                    leave(false);
                }
            }
            case HANDLING -> {
                if (intake.bodyOutstanding()) {
                    engine.row().add(Cell.CLIENT_DISCONNECTS, 1);
                    broken = true;
                    line.condemn();
                    intake.breakOff(new BodyFailure(400, BROKE_OFF));
                }
            }
            case COLLECTING -> brokeOff(BROKE_OFF);
            case DISCARDING, LINGERING -> leave(false);
            case CLOSED -> {}
        }
    }

    @Override
    public void lost() {
        if (exchange != null && !broken) {
            engine.row().add(Cell.CLIENT_DISCONNECTS, 1);
        }
        state = State.CLOSED;
        outflow.discard();
        intake.close();
        dropExchange(new ConnectionLost("the client closed the connection"), Visit.CLIENT_GONE);
    }

    // ---- requests

    /** Goes as far as the bytes that are here allow. */
    void advance() {
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
            case HEAD -> outflow.hasRoom() && stepHead();
            case COLLECTING, HANDLING, DISCARDING -> stepBody();
            case LINGERING, CLOSED -> false;
        };
    }

    private boolean stepHead() throws Refused {
        RequestHead head = intake.head();
        if (head == null) {
            if (inputEnded) {
                headEnded();
            }
            return false;
        }
        begin(head);
        return true;
    }

    private void begin(RequestHead head) throws Refused {
        long since = timing.begin();
        answering = false;
        visit.begin(head, line.client(head), since);
        intake.expectBody(head);
        line.begin(head);
        RequestBody body = intake.body(line);
        exchange = new Exchange(engine.host(), line, head, body, since);
        engine.began(arrival);
        state = State.COLLECTING;
        if (body == null || !intake.collects(head)) {
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
            engine.submit(exchange, timing.since());
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
        if (state == State.COLLECTING && intake.collected()) {
            timing.moved();
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
        if (intake.unwanted() > LINGER) {
            leave(true);
        }
        return false;
    }

    private void nextHead() {
        state = State.HEAD;
        timing.moved();
        if (inputEnded && intake.isEmpty()) {
            leave(false);
        }
    }

    /** The client sends no more, and what is here is not enough for another request. */
    private void headEnded() {
        if (intake.midway()) {
            brokeOff(HEAD_BROKE_OFF);
        } else {
            leave(false);
        }
    }

    // ---- responses

    void finished(Exchange exchange) {
        if (exchange != this.exchange) {
            return;
        }
        this.exchange = null;
        long now = engine.now();
        engine.row().recordLatency(now - exchange.startNanos());
        outflow.last(exchange.takeRemainder());
        visit.complete(exchange.getResponseCode(), exchange.sentBytes(), exchange.getResponseHeaders(), now);
        // In this order: who sees the request gone finds it counted, and its line written.
        engine.answered(exchange.getResponseCode());
        engine.ended(arrival, exchange);
        intake.disown();
        Exchange.Conversation conversation = exchange.conversation();
        if (conversation != null && !broken && !intake.bodyOutstanding()) {
            converse(conversation);
            return;
        }
        if (!exchange.keepAlive() || broken) {
            // A client that said itself that this is its last request sends nothing that could be reset.
            boolean silent = !line.persistent() && !broken && !intake.bodyOutstanding() && intake.isEmpty();
            leave(!silent);
        } else if (!intake.bodyOutstanding()) {
            nextHead();
        } else if (intake.unwanted() > LINGER) {
            leave(true);
        } else {
            state = State.DISCARDING;
            timing.moved();
        }
        advance();
    }

    /** This connection is no HTTP connection any more. */
    private void converse(Exchange.Conversation conversation) {
        outflow.flush();
        state = State.CLOSED;
        byte[] rest = intake.rest();
        intake.close();
        ChannelHandlerContext here = channel.pipeline().context(Inlet.class);
        engine.succeed(arrival, () -> new WebSocketPeer(engine, arrival, conversation));
        if (rest.length > 0) {
            here.fireChannelRead(Unpooled.wrappedBuffer(rest));
        }
        channel.pipeline().remove(Inlet.class);
    }

    /** Sends a part of a response that is not its last. */
    void send(ByteBuf bytes, Runnable sent) {
        if (state != State.HANDLING) {
            bytes.release();
            sent.run();
            return;
        }
        timing.moved();
        if (!answering && line.endsByClose()) {
            outflow.endsByClose();
        }
        answering = true;
        outflow.part(bytes, sent);
    }

    /** Whether nothing stands between this and the socket, so that files can go past this process. From any thread. */
    boolean bare() {
        return channel.pipeline().first() instanceof Inlet;
    }

    /** Sends a file as a part of a response. */
    void sendFile(FileRegion region) {
        if (state != State.HANDLING) {
            region.release();
            return;
        }
        timing.moved();
        answering = true;
        outflow.file(region, this::fileSent);
    }

    private void fileSent() {
        if (state == State.HEAD && !intake.midway()) {
            timing.moved();
        }
        advance();
    }

    void aborted(Exchange exchange) {
        if (exchange == this.exchange) {
            dropExchange(new ConnectionLost("cut off by the application"), Visit.NO_ANSWER);
            if (exchange.head().version() == Version.HTTP_1_1) {
                // What is there is of use to the client, and that it is not all its framing tells.
                state = State.LINGERING;
                intake.close();
                timing.moved();
                outflow.thenBreakOff();
            } else {
                outflow.reset();
            }
        }
    }

    /** Sends an interim response, as long as the final one has not begun. */
    void interim(Exchange exchange, ByteBuf bytes) {
        if (exchange == this.exchange && state == State.HANDLING && !answering) {
            timing.moved();
            outflow.part(bytes, () -> {});
        } else {
            bytes.release();
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

    /** Clients go away all the time. One that only sends no more is told that it was too early. */
    private void brokeOff(String reason) {
        engine.row().add(Cell.CLIENT_DISCONNECTS, 1);
        engine.log().debug("Connection of " + line.remoteAddress() + ": " + reason);
        refuseUncounted(new Refused(400, reason), visit.client(line.remoteAddress()));
    }

    private void refuse(Refused refusal) {
        engine.row().add(Cell.REFUSED, 1);
        InetSocketAddress client = visit.client(line.remoteAddress());
        engine.refusals().add(line.named(client), refusal);
        refuseUncounted(refusal, client);
    }

    private void refuseUncounted(Refused refusal, InetSocketAddress client) {
        byte[] requestLine = intake.requestLineSoFar();
        boolean toHead = intake.readsHead();
        broken = true;
        line.condemn();
        intake.breakOff(new BodyFailure(refusal.status(), refusal.reason()));
        intake.close();
        if (state == State.HANDLING) {
            // The application is at work on it: it learns by its next read, and answers, or the exchange does.
            return;
        }
        if (exchange != null) {
            engine.ended(arrival, exchange);
            exchange.connectionLost(new ConnectionLost("refused"));
            exchange = null;
            intake.disown();
        }
        engine.answered(refusal.status());
        outflow.last(Refusals.response(channel.alloc(), refusal, toHead));
        visit.refused(
                refusal.status(),
                client,
                requestLine,
                toHead ? 0 : Refusals.bodyLength(refusal),
                refusal.reason(),
                engine.now());
        leave(true);
    }

    /** Closes the connection once everything is sent. */
    private void leave(boolean linger) {
        state = State.LINGERING;
        intake.close();
        timing.moved();
        if (linger && !inputEnded) {
            outflow.thenShutdown();
        } else {
            outflow.thenClose();
        }
    }

    private void dropExchange(ConnectionLost why, int unanswered) {
        Exchange exchange = this.exchange;
        this.exchange = null;
        if (exchange != null) {
            engine.ended(arrival, exchange);
            exchange.connectionLost(why);
            intake.disown();
            int status = answering ? exchange.getResponseCode() : unanswered;
            visit.broken(status, exchange.sentBytes(), String.valueOf(why.getMessage()), engine.now());
        }
    }

    // ---- time

    @Override
    public void sweep(long now) {
        if (state == State.HEAD) {
            line.idle();
        }
        switch (timing.look(state, line.continuePending(), now)) {
            case WAIT -> watchExchange(now);
            case HEAD_LATE -> late(Cell.TIMEOUTS_HEAD, "the request's head took too long");
            case BODY_LATE -> late(Cell.TIMEOUTS_BODY, "the request's body took too long");
            case SEND_LATE -> cutOff();
            case IDLE -> leave(false);
            case UNWANTED -> leave(true);
            case LINGERED -> channel.close();
        }
    }

    private void watchExchange(long now) {
        Exchange exchange = this.exchange;
        if (exchange != null && state == State.HANDLING) {
            engine.watch().look(exchange, timing.since(), outflow.pending(), now);
        }
    }

    private void late(Cell cell, String reason) {
        engine.row().add(cell, 1);
        refuse(new Refused(408, reason));
    }

    private void cutOff() {
        String reason = "it took too little of a response for too long";
        engine.row().add(Cell.TIMEOUTS_SEND, 1);
        engine.refusals().cutOff(line.named(line.remoteAddress()), reason);
        dropExchange(new ConnectionLost("the client is gone: " + reason), Visit.CLIENT_GONE);
        outflow.reset();
    }
}
