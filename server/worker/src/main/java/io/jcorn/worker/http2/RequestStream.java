package io.jcorn.worker.http2;

import com.sun.net.httpserver.Headers;
import io.jcorn.wire.Scoreboard.Cell;
import io.jcorn.worker.access.Visit;
import io.jcorn.worker.exchange.Carrier;
import io.jcorn.worker.exchange.ConnectionLost;
import io.jcorn.worker.exchange.Exchange;
import io.jcorn.worker.http.Bytes;
import io.jcorn.worker.http.Refused;
import io.jcorn.worker.http.RequestHead;
import io.jcorn.worker.http.ResponseHead.Framing;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response, from the request's head to the end of the stream.
 *
 * <pre>
 *   head ─► COLLECTING ─► HANDLING ─► response whole ─► ANSWERED ─► OVER
 *              │             │                             │ the client still sends: read a little, then reset
 *              └─────────────┴─ reset, by either side ─────┴──────► OVER
 * </pre>
 *
 * <p>COLLECTING waits for the body, or a part of it, before an application thread is given to it. What comes of the body is in
 * {@link Content}, what leaves of the response in {@link Outlet}. Confined to the event loop, but for what {@link Carrier} promises
 * to the threads of the application.
 */
final class RequestStream extends StreamCarrier {

    private enum State {
        COLLECTING,
        HANDLING,
        ANSWERED,
        OVER
    }

    /** How long an unwanted body may take: a reset disturbs some clients. */
    private static final long DISCARD_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final String TOO_LARGE = "the request's body is larger than ";
    private static final String BROKE_OFF = "the client closed before the request's body was complete";

    private final Http2Stream stream;
    private final Exchange exchange;

    /** Null: the request ended with its head. */
    private final @Nullable Content content;

    private final Outlet outlet;
    private final StreamTimeouts timeouts;
    private final Visit visit;

    private State state = State.COLLECTING;
    private boolean dismissed;
    private boolean brokeOff;

    /** When it last moved. */
    private long since;

    /** Nobody waits for the response any more: a handler that has not begun need not. */
    private volatile boolean futile;

    RequestStream(
            Multiplex multiplex,
            Http2Stream stream,
            RequestHead head,
            long declared,
            boolean bodyFollows,
            boolean expects) {
        super(multiplex);
        this.stream = stream;
        this.since = home.now();
        this.content = bodyFollows ? new Content(this, home, declared, expects, multiplex.windows().stream()) : null;
        this.timeouts = new StreamTimeouts(home.timeouts());
        this.outlet =
                new Outlet(multiplex, this, stream, timeouts, !home.runner().onEventLoop());
        this.exchange = new Exchange(home.host(), this, head, content == null ? null : content.body(), since);
        this.visit = home.visit();
        visit.begin(head, exchange.client(), since);
    }

    int id() {
        return stream.id();
    }

    /** Returns who has sent it. */
    InetSocketAddress client() {
        return exchange.client();
    }

    // ---- the request

    void begin() {
        home.began();
        if (content == null || !content.collects()) {
            handle();
        } else if (content.continuePending()) {
            askForBody();
        }
    }

    private void handle() {
        state = State.HANDLING;
        multiplex.handlerStarts();
        home.submit(exchange);
    }

    @Override
    public boolean futile() {
        return futile;
    }

    @Override
    public void handlerReturned() {
        multiplex.handlerReturned();
    }

    /**
     * Takes a piece of the body.
     *
     * @return how many of its bytes the client may send again at once
     */
    int data(ByteBuf data, int padding, boolean end) {
        int count = data.readableBytes();
        Content content = this.content;
        if (content == null) {
            return count + padding;
        }
        if (state != State.ANSWERED) {
            since = home.now();
        }
        if (!content.count(count, end)) {
            malformed("DATA and Content-Length differ");
            return count + padding;
        }
        if (content.largerThan(home.limits().body())) {
            breakOff(content, new Refused(413, TOO_LARGE + home.limits().body() + " bytes"));
            return count + padding;
        }
        boolean unwanted = state == State.ANSWERED || state == State.OVER;
        int returned = padding + (unwanted ? count : content.take(data));
        if (end) {
            bodyEnded(Map.of());
        } else if (state == State.COLLECTING) {
            if (content.collected()) {
                handle();
            } else {
                multiplex.shareWindow();
            }
        } else if (state == State.ANSWERED && content.discarded(count)) {
            dismiss();
        }
        return returned;
    }

    /** What is collected takes room that other bodies of the connection need: the application gets what there is. */
    void collectNoMore() {
        if (state == State.COLLECTING && !home.runner().onEventLoop()) {
            handle();
        }
    }

    /** The client sends no more, but may still read: an answer under way is completed. */
    void inputEnded() {
        if (content == null || content.ended()) {
            return;
        }
        brokeOff = true;
        if (state == State.COLLECTING || state == State.HANDLING) {
            home.row().add(Cell.CLIENT_DISCONNECTS, 1);
        }
        switch (state) {
            case COLLECTING -> refuse(new Refused(400, BROKE_OFF));
            case HANDLING -> content.fail(400, BROKE_OFF);
            case ANSWERED -> dismiss();
            case OVER -> {}
        }
    }

    /** The client need not send the rest of the body: RFC 9113 §8.1 says so by a reset after the end of the response. */
    private void dismiss() {
        dismissed = true;
        answered();
    }

    /** The response may have been sent to its end. */
    void answered() {
        if (dismissed && stream.state() == Http2Stream.State.HALF_CLOSED_LOCAL) {
            multiplex.errors().reset(this, Http2Error.NO_ERROR);
        }
    }

    /** The request is complete, and these fields came after its body. */
    void bodyEnded(Map<String, List<String>> trailers) {
        since = home.now();
        if (content != null && !content.end()) {
            malformed("DATA and Content-Length differ");
            return;
        }
        if (content != null && state != State.OVER) {
            content.complete(trailers);
        }
        if (state == State.COLLECTING) {
            handle();
        }
    }

    /** The rest of the body is not taken. */
    private void breakOff(Content content, Refused why) {
        if (state == State.COLLECTING || state == State.HANDLING) {
            home.refused(exchange.client(), Integer.toString(why.status()), why.reason());
        }
        if (state == State.COLLECTING) {
            refuse(why);
        } else if (state == State.HANDLING) {
            // The application is at work on it: it learns by its next read, and answers, or the exchange does.
            content.fail(why.status(), why.reason());
        }
    }

    /** Answers in the place of the application, which has not begun. */
    private void refuse(Refused refusal) {
        boolean isHead = exchange.getRequestMethod().equals("HEAD");
        int length = isHead ? 0 : StreamErrors.answer(refusal).length;
        visit.refused(refusal.status(), exchange.client(), new byte[0], length, refusal.reason(), home.now());
        drop("refused");
        multiplex.errors().refuse(stream, refusal, isHead);
    }

    void malformed(String reason) {
        if (content != null) {
            content.fail(400, reason);
        }
        multiplex.errors().malformed(this, reason);
    }

    // ---- the response; from any thread

    @Override
    public void head(Bytes out, int status, Headers headers, Framing framing, long length, boolean keepAlive) {
        if (status < 200) {
            throw new IllegalArgumentException("status " + status + " is not the end of an exchange in HTTP/2");
        }
        outlet.head(ResponseFields.of(status, headers, framing, length));
    }

    @Override
    public void send(ByteBuf bytes, Runnable sent) {
        onLoop(() -> part(bytes, sent));
    }

    @Override
    public void interim(Exchange exchange, int status, Headers headers) {
        Http2Headers interim = ResponseFields.interim(status, headers);
        onLoop(() -> {
            if (state == State.HANDLING) {
                outlet.interim(interim);
            }
        });
    }

    @Override
    public void finish(Exchange exchange) {
        onLoop(this::finished);
    }

    @Override
    public void abort(Exchange exchange) {
        exchange.connectionLost(new ConnectionLost("stream closed"));
        home.execute(() -> {
            if (state == State.HANDLING || state == State.COLLECTING) {
                multiplex.errors().reset(this, Http2Error.INTERNAL_ERROR);
            }
        });
    }

    @Override
    public void askForBody() {
        if (content != null && content.takeExpectation()) {
            home.execute(this::goOn);
        }
    }

    @Override
    public void resumeBody() {
        home.execute(this::bodyConsumed);
    }

    // ---- the response; on the event loop

    private void part(ByteBuf bytes, Runnable sent) {
        if (state != State.HANDLING) {
            bytes.release();
            sent.run();
            return;
        }
        since = home.now();
        outlet.part(bytes, sent);
        multiplex.flushSoon();
    }

    private void finished() {
        if (state != State.HANDLING) {
            return;
        }
        state = State.ANSWERED;
        since = home.now();
        home.row().recordLatency(since - exchange.startNanos());
        ByteBuf remainder = exchange.takeRemainder();
        visit.complete(exchange.getResponseCode(), exchange.sentBytes(), exchange.getResponseHeaders(), since);
        // In this order: who sees the request gone finds it counted, and its line written.
        home.answered(exchange.getResponseCode());
        home.ended(exchange);
        multiplex.earned(Conduct.EXCHANGE);
        outlet.end(remainder, since);
        if (content != null) {
            content.release();
            bodyConsumed();
            if (content.farFromEnd()) {
                dismiss();
            }
        }
        multiplex.flushSoon();
    }

    private void goOn() {
        boolean open = state == State.HANDLING || state == State.COLLECTING;
        if (open && content != null && content.awaited()) {
            outlet.interim(ResponseFields.interim(100, new Headers()));
        }
    }

    private void bodyConsumed() {
        if (content != null && state != State.OVER) {
            multiplex.consumed(stream, content.takeConsumed());
        }
    }

    Outlet outlet() {
        return outlet;
    }

    // ---- the end

    /** The client has given the request up, or is not there any more. */
    void lost(String why) {
        if (!brokeOff && (state == State.COLLECTING || state == State.HANDLING)) {
            home.row().add(Cell.CLIENT_DISCONNECTS, 1);
        }
        over(why);
    }

    /**
     * The stream is closed, whoever closed it.
     *
     * @param why what the application is told if it is not done. No exception: every stream ends here, and most end well
     */
    void over(String why) {
        if (state == State.OVER) {
            return;
        }
        drop(why);
        state = State.OVER;
        outlet.close();
    }

    private void drop(String why) {
        if (state == State.COLLECTING || state == State.HANDLING) {
            state = State.ANSWERED;
            futile = true;
            home.ended(exchange);
            int status = outlet.headSent() ? exchange.getResponseCode() : Visit.CLIENT_GONE;
            visit.broken(status, exchange.sentBytes(), why, home.now());
            exchange.connectionLost(new ConnectionLost(why));
            if (content != null) {
                content.release();
            }
        }
    }

    // ---- time

    void sweep(long now) {
        if (state == State.OVER || outlet.sweep(now)) {
            return;
        }
        if (state != State.ANSWERED) {
            sweepRequest(now);
        } else if (stream.state() == Http2Stream.State.HALF_CLOSED_LOCAL && now - since > DISCARD_NANOS) {
            dismiss();
        }
    }

    private void sweepRequest(long now) {
        if (content != null && !content.ended() && bodyLate(content, now)) {
            home.row().add(Cell.TIMEOUTS_BODY, 1);
            breakOff(content, new Refused(408, "the request's body took too long"));
        }
        if (state == State.HANDLING) {
            home.watch(exchange, since, outlet.pending(), now);
        }
    }

    private boolean bodyLate(Content content, long now) {
        boolean excused = content.failed()
                || content.continuePending()
                || multiplex.windows().clientWaits(stream);
        return timeouts.bodyLate(excused, exchange.startNanos(), content.received() + multiplex.partOfFrame(), now);
    }
}
