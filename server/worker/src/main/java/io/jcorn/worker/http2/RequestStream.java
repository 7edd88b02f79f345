package io.jcorn.worker.http2;

import com.sun.net.httpserver.Headers;
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

    private final Http2Stream stream;
    private final Exchange exchange;

    /** Null: the request ended with its head. */
    private final @Nullable Content content;

    private final Outlet outlet;
    private final Visit visit;

    private State state = State.COLLECTING;
    private boolean dismissed;

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
        this.content = bodyFollows ? new Content(this, home, declared, expects) : null;
        this.outlet = new Outlet(multiplex, this, !home.runner().onEventLoop());
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
        if (content == null || (content.continuePending() && !home.runner().onEventLoop())) {
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
            tooLarge();
            return count + padding;
        }
        boolean unwanted = state == State.ANSWERED || state == State.OVER;
        int returned = padding + (unwanted ? count : content.take(data));
        if (end) {
            bodyEnded(Map.of());
        } else if (state == State.COLLECTING && content.collected()) {
            handle();
        } else if (state == State.ANSWERED && content.discarded(count)) {
            dismiss();
        }
        return returned;
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

    private void tooLarge() {
        Refused refusal = new Refused(
                413, "the request's body is larger than " + home.limits().body() + " bytes");
        if (state == State.COLLECTING) {
            refuse(refusal);
        } else if (state == State.HANDLING && content != null) {
            // The application is at work on it: it learns by its next read, and answers, or the exchange does.
            home.refused(exchange.client(), Integer.toString(refusal.status()), refusal.reason());
            content.fail(refusal.status(), refusal.reason());
        }
    }

    /** Answers in the place of the application, which has not begun. */
    private void refuse(Refused refusal) {
        boolean isHead = exchange.getRequestMethod().equals("HEAD");
        int length = isHead ? 0 : StreamErrors.answer(refusal).length;
        visit.refused(refusal.status(), exchange.client(), new byte[0], length, refusal.reason(), home.now());
        drop("refused");
        multiplex.errors().refuse(stream, exchange.client(), refusal, isHead, content == null || content.ended());
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
        if (onEventLoop()) {
            part(bytes, sent);
        } else {
            home.execute(() -> part(bytes, sent));
        }
    }

    @Override
    public void interim(Exchange exchange, int status, Headers headers) {
        Http2Headers interim = ResponseFields.interim(status, headers);
        if (onEventLoop()) {
            announce(interim);
        } else {
            home.execute(() -> announce(interim));
        }
    }

    @Override
    public void finish(Exchange exchange) {
        if (onEventLoop()) {
            finished();
        } else {
            home.execute(this::finished);
        }
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
        outlet.end(remainder);
        if (content != null) {
            content.release();
            bodyConsumed();
            if (content.farFromEnd()) {
                dismiss();
            }
        }
        multiplex.flushSoon();
    }

    private void announce(Http2Headers interim) {
        if (state == State.HANDLING) {
            outlet.interim(interim);
        }
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

    /** Bytes of the response have left. */
    void moved(int bytes) {
        since = home.now();
        multiplex.sent(bytes);
    }

    /** The client opened its window. */
    void windowOpened() {
        since = home.now();
    }

    /** The response cannot go on, for a reason of ours. */
    void cutOff(String reason) {
        home.log().error("A response is cut off: " + reason);
        multiplex.errors().reset(this, Http2Error.INTERNAL_ERROR);
    }

    // ---- the end

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

    void sweep(long now) {
        long age = now - since;
        switch (state) {
            case COLLECTING -> sweepCollecting(age);
            case HANDLING -> home.watch(exchange, since, now);
            case ANSWERED -> sweepAnswered(age);
            case OVER -> {}
        }
    }

    private void sweepAnswered(long age) {
        if (stream.state() == Http2Stream.State.HALF_CLOSED_LOCAL) {
            if (age > DISCARD_NANOS) {
                dismiss();
            }
        } else if (age > home.patienceNanos()) {
            home.refused(
                    exchange.client(),
                    Http2Error.CANCEL.name(),
                    "the client took nothing of the response for too long");
            multiplex.errors().reset(this, Http2Error.CANCEL);
        }
    }

    private void sweepCollecting(long age) {
        if (age > home.patienceNanos()) {
            refuse(new Refused(408, "the request's body took too long"));
        }
    }
}
