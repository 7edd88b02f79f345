package io.jcorn.worker.http2;

import com.sun.net.httpserver.Headers;
import io.jcorn.wire.forwarded.Origin;
import io.jcorn.worker.access.Visit;
import io.jcorn.worker.exchange.BodyFailure;
import io.jcorn.worker.exchange.Carrier;
import io.jcorn.worker.exchange.ConnectionLost;
import io.jcorn.worker.exchange.Exchange;
import io.jcorn.worker.exchange.PipedBody;
import io.jcorn.worker.exchange.RequestBody;
import io.jcorn.worker.exchange.SpooledBody;
import io.jcorn.worker.http.Bytes;
import io.jcorn.worker.http.Refused;
import io.jcorn.worker.http.RequestHead;
import io.jcorn.worker.http.ResponseHead.Framing;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSession;
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
 * <p>COLLECTING waits for the body, or a part of it, before an application thread is given to it. Confined to the event loop, but for what
 * {@link Carrier} promises to the threads of the application.
 */
final class RequestStream implements Carrier {

    private enum State {
        COLLECTING,
        HANDLING,
        ANSWERED,
        OVER
    }

    /** What is read of a body that the application did not want: a reset disturbs some clients. */
    private static final long DISCARD = 256 << 10;

    private static final long DISCARD_NANOS = TimeUnit.SECONDS.toNanos(2);

    /**
     * How much of a body is collected before the application gets to see it: less than the smallest window, 65,535 bytes, beyond
     * which a client waits for somebody to read.
     */
    private static final long COLLECT = 32 << 10;

    /** Consumed bytes of a body that are told to the event loop at once. */
    private static final int REPORT = 16 << 10;

    private final Multiplex connection;
    private final Home home;
    private final Http2Stream stream;
    private final Exchange exchange;
    private final @Nullable RequestBody body;
    private final @Nullable PipedBody piped;
    private final Outlet outlet;
    private final Visit visit;

    /** What the request's head said of the body's length; -1: nothing. */
    private final long declared;

    private State state = State.COLLECTING;
    private long received;
    private long unwanted;
    private boolean bodyEnded;
    private boolean headSent;
    private boolean dismissed;

    /** When it last moved. */
    private long since;

    private volatile @Nullable Http2Headers head;
    private volatile boolean continuePending;

    /** Nobody waits for the response any more: a handler that has not begun need not. */
    private volatile boolean futile;

    RequestStream(
            Multiplex connection,
            Http2Stream stream,
            RequestHead head,
            long declared,
            boolean bodyFollows,
            boolean expects) {
        this.connection = connection;
        this.home = connection.home();
        this.stream = stream;
        this.declared = declared;
        this.bodyEnded = !bodyFollows;
        this.continuePending = expects && bodyFollows;
        this.since = home.now();
        boolean onLoop = home.runner().onEventLoop();
        this.piped = bodyFollows && !onLoop ? new PipedBody(this, home.patienceNanos(), (int) COLLECT, REPORT) : null;
        this.body = bodyFollows && onLoop ? new SpooledBody() : piped;
        this.outlet = new Outlet(connection, this, !onLoop);
        this.exchange = new Exchange(home.host(), this, head, body, since);
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
        boolean onLoop = home.runner().onEventLoop();
        if (bodyEnded || (continuePending && !onLoop)) {
            handle();
        } else if (continuePending) {
            askForBody();
        }
    }

    private void handle() {
        state = State.HANDLING;
        connection.handlerStarts();
        home.submit(exchange);
    }

    @Override
    public boolean futile() {
        return futile;
    }

    @Override
    public void handlerReturned() {
        connection.handlerReturned();
    }

    /**
     * Takes a piece of the body.
     *
     * @return how many of its bytes the client may send again at once
     */
    int data(ByteBuf data, int padding, boolean end) {
        int count = data.readableBytes();
        if (state != State.ANSWERED) {
            since = home.now();
        }
        continuePending = false;
        received += count;
        if (declared >= 0 && (received > declared || (end && received < declared))) {
            malformed("DATA and Content-Length differ");
            return count + padding;
        }
        if (received > home.limits().body()) {
            tooLarge();
            return count + padding;
        }
        int returned = padding + take(data, count);
        if (end) {
            bodyEnded();
        } else if (state == State.COLLECTING && piped != null && received >= COLLECT) {
            handle();
        } else if (state == State.ANSWERED) {
            discarded(count);
        }
        return returned;
    }

    private int take(ByteBuf data, int count) {
        RequestBody body = this.body;
        if (body == null || state == State.ANSWERED || state == State.OVER) {
            return count;
        }
        if (count > 0) {
            body.take(ByteBufUtil.getBytes(data, data.readerIndex(), count, true), 0, count);
        }
        return piped == null ? count : (int) piped.takeConsumed();
    }

    private void discarded(int count) {
        unwanted += count;
        if (unwanted > DISCARD) {
            dismiss();
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
            connection.reset(this, Http2Error.NO_ERROR);
        }
    }

    /** The request is complete. */
    void bodyEnded() {
        bodyEnded(Map.of());
    }

    /** The request is complete, and these fields came after its body. */
    void bodyEnded(Map<String, List<String>> trailers) {
        bodyEnded = true;
        since = home.now();
        if (declared >= 0 && received < declared) {
            malformed("DATA and Content-Length differ");
            return;
        }
        if (body != null && state != State.OVER) {
            body.end(trailers);
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
        } else if (state == State.HANDLING && body != null) {
            // The application is at work on it: it learns by its next read, and answers, or the exchange does.
            home.refused(exchange.client(), Integer.toString(refusal.status()), refusal.reason());
            body.fail(new BodyFailure(refusal.status(), refusal.reason()));
        }
    }

    /** Answers in the place of the application, which has not begun. */
    private void refuse(Refused refusal) {
        boolean isHead = exchange.getRequestMethod().equals("HEAD");
        int length = isHead ? 0 : Multiplex.answer(refusal).length;
        visit.refused(refusal.status(), exchange.client(), new byte[0], length, refusal.reason(), home.now());
        drop(new ConnectionLost("refused"));
        connection.refuse(stream, exchange.client(), refusal, isHead, bodyEnded);
    }

    void malformed(String reason) {
        if (body != null) {
            body.fail(new BodyFailure(400, reason));
        }
        connection.malformed(this, reason);
    }

    // ---- the response; from any thread

    @Override
    public Origin origin(RequestHead head) {
        return home.origin(head);
    }

    @Override
    public InetSocketAddress localAddress() {
        return home.localAddress();
    }

    @Override
    public @Nullable SSLSession session() {
        return home.session();
    }

    /** A stream is not a connection: there is nothing that a response could keep or close. */
    @Override
    public boolean keepAlive() {
        return true;
    }

    @Override
    public boolean onEventLoop() {
        return home.onEventLoop();
    }

    @Override
    public ByteBuf buffer(int capacity) {
        return capacity == 0 ? Unpooled.EMPTY_BUFFER : connection.buffer(capacity);
    }

    @Override
    public void head(Bytes out, int status, Headers headers, Framing framing, long length, boolean keepAlive) {
        if (status < 200) {
            throw new IllegalArgumentException("status " + status + " is not the end of an exchange in HTTP/2");
        }
        head = ResponseFields.of(status, headers, framing, length);
    }

    @Override
    public void send(ByteBuf bytes, Runnable sent) {
        if (onEventLoop()) {
            part(bytes, sent);
        } else {
            home.execute(() -> part(bytes, sent));
        }
    }

    /** A file would have to be cut into frames, as windows allow: its bytes are needed here. */
    @Override
    public boolean takesFiles() {
        return false;
    }

    @Override
    public void sendFile(FileChannel file, long position, long count) {
        throw new UnsupportedOperationException("a stream takes no files");
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
                connection.reset(this, Http2Error.INTERNAL_ERROR);
            }
        });
    }

    @Override
    public void askForBody() {
        if (continuePending) {
            continuePending = false;
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
        sendHead(false);
        if (bytes.isReadable()) {
            outlet.part(bytes, sent);
        } else {
            bytes.release();
            sent.run();
        }
        connection.flushSoon();
    }

    private void finished() {
        if (state != State.HANDLING) {
            return;
        }
        state = State.ANSWERED;
        since = home.now();
        home.ended(exchange);
        home.answered(exchange.getResponseCode());
        home.row().recordLatency(since - exchange.startNanos());
        visit.complete(exchange.getResponseCode(), exchange.sentBytes(), exchange.getResponseHeaders(), since);
        connection.earned(Conduct.EXCHANGE);
        end(exchange.takeRemainder());
        if (body != null) {
            body.release();
            bodyConsumed();
        }
        if (!bodyEnded && declared - received > DISCARD) {
            dismiss();
        }
        connection.flushSoon();
    }

    private void end(@Nullable ByteBuf rest) {
        ByteBuf last = rest == null ? Unpooled.EMPTY_BUFFER : rest;
        if (!headSent && !last.isReadable()) {
            last.release();
            sendHead(true);
        } else {
            sendHead(false);
            outlet.last(last);
        }
    }

    private void sendHead(boolean end) {
        Http2Headers head = this.head;
        if (!headSent && head != null) {
            headSent = true;
            connection.headers(id(), head, end);
        }
    }

    private void announce(Http2Headers interim) {
        if (!headSent && state == State.HANDLING) {
            connection.headers(id(), interim, false);
            connection.flushSoon();
        }
    }

    private void goOn() {
        if (!headSent && !bodyEnded && received == 0 && (state == State.HANDLING || state == State.COLLECTING)) {
            connection.headers(id(), ResponseFields.interim(100, new Headers()), false);
            connection.flushSoon();
        }
    }

    private void bodyConsumed() {
        if (piped != null && state != State.OVER) {
            connection.consumed(stream, (int) piped.takeConsumed());
        }
    }

    /** Bytes of the response have left. */
    void moved(int bytes) {
        since = home.now();
        connection.sent(bytes);
    }

    /** The client opened its window. */
    void windowOpened() {
        since = home.now();
    }

    /** The response cannot go on, for a reason of ours. */
    void cutOff(String reason) {
        home.log().error("A response is cut off: " + reason);
        connection.reset(this, Http2Error.INTERNAL_ERROR);
    }

    // ---- the end

    /** The stream is closed, whoever closed it. */
    void over(ConnectionLost why) {
        if (state == State.OVER) {
            return;
        }
        drop(why);
        state = State.OVER;
        outlet.close();
    }

    private void drop(ConnectionLost why) {
        if (state == State.COLLECTING || state == State.HANDLING) {
            state = State.ANSWERED;
            futile = true;
            home.ended(exchange);
            int status = headSent ? exchange.getResponseCode() : Visit.CLIENT_GONE;
            visit.broken(status, exchange.sentBytes(), String.valueOf(why.getMessage()), home.now());
            exchange.connectionLost(why);
            if (body != null) {
                body.release();
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
            connection.reset(this, Http2Error.CANCEL);
        }
    }

    private void sweepCollecting(long age) {
        if (age > home.patienceNanos()) {
            refuse(new Refused(408, "the request's body took too long"));
        }
    }
}
