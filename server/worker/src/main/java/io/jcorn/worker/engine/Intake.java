package io.jcorn.worker.engine;

import io.jcorn.worker.exchange.BodyFailure;
import io.jcorn.worker.exchange.PipedBody;
import io.jcorn.worker.exchange.RequestBody;
import io.jcorn.worker.exchange.SpooledBody;
import io.jcorn.worker.http.BodyDecoder;
import io.jcorn.worker.http.HeadParser;
import io.jcorn.worker.http.Inbox;
import io.jcorn.worker.http.Refused;
import io.jcorn.worker.http.RequestHead;
import org.jspecify.annotations.Nullable;

/** What comes in on a connection: heads, bodies, and bytes whose turn has not come. Confined to the event loop. */
final class Intake {

    /** Bytes that may wait before reading from the client stops. */
    private static final long STASH = 64 << 10;

    /** Bytes of a request line that was refused that are worth a log's room. */
    static final int REQUEST_LINE = 1024;

    private final EngineSettings settings;
    private final boolean onLoop;
    private final Engine engine;

    /** Here only while a head arrives: thousands of connections that are idle need none. */
    private @Nullable HeadParser parser;

    private boolean trusted;
    private boolean lastIsHead;
    private final Inbox inbox = new Inbox();
    private @Nullable BodyDecoder decoder;
    private @Nullable RequestBody body;
    private boolean bodyFull;
    private long delivered;
    private long discarded;

    Intake(Engine engine) {
        this.settings = engine.settings();
        this.onLoop = engine.runner().onEventLoop();
        this.engine = engine;
    }

    /** The peer is one whose forwarder headers are believed. */
    void trustPeer() {
        trusted = true;
    }

    /** Whether the request that is read now, or was read last, is a HEAD: no response to it has a body. */
    boolean readsHead() {
        HeadParser parser = this.parser;
        return parser == null ? lastIsHead : parser.method().equals("HEAD");
    }

    void add(byte[] piece) {
        inbox.add(piece);
    }

    /** Whether nothing waits. */
    boolean isEmpty() {
        return inbox.isEmpty();
    }

    /** Whether the client may send more. */
    boolean hasRoom() {
        return inbox.size() < STASH;
    }

    /** Whether a part of a head has arrived. */
    boolean midway() {
        HeadParser parser = this.parser;
        return parser != null && parser.midway();
    }

    /** Returns what there is of the request line of a head that will not be complete. */
    byte[] requestLineSoFar() {
        HeadParser parser = this.parser;
        return parser == null ? new byte[0] : parser.requestLineSoFar(REQUEST_LINE);
    }

    @Nullable
    RequestHead head() throws Refused {
        if (inbox.isEmpty()) {
            return null;
        }
        HeadParser parser = this.parser;
        if (parser == null) {
            parser = engine.takeParser();
            parser.trustPeer(trusted);
            this.parser = parser;
        }
        RequestHead head = parser.parse(inbox);
        if (head != null) {
            lastIsHead = head.method().equals("HEAD");
        }
        if (parser.idle()) {
            this.parser = null;
            engine.returnParser(parser);
        }
        return head;
    }

    /** Finds out where the body of this request ends; there is none if {@link #bodyOutstanding} says no. */
    void expectBody(RequestHead head) throws Refused {
        decoder = head.bodyLength() == 0 ? null : BodyDecoder.of(head, settings.limits(), settings.rules());
        body = null;
        bodyFull = false;
        delivered = 0;
        discarded = 0;
    }

    /** Returns where the body goes, or null if there is none. */
    @Nullable
    RequestBody body(Line line) {
        if (decoder != null) {
            body = onLoop
                    ? new SpooledBody()
                    : new PipedBody(line, settings.clients().body(), settings.bodyBuffer(), Long.MAX_VALUE);
        }
        return body;
    }

    /**
     * Whether some of the body is read before a thread is taken. A client that asks whether its body is wanted is told so at
     * once only when that body is small: what a refusal would save is less than a thread that waits for it.
     */
    boolean collects(RequestHead head) {
        boolean small = head.bodyLength() >= 0 && head.bodyLength() <= settings.bodyBuffer();
        return onLoop || small || (settings.bodyBuffer() > 0 && !head.expectContinue());
    }

    /** Whether as much of the body has come as is collected. */
    boolean collected() {
        return decoder == null || bodyFull || (!onLoop && received() >= settings.bodyBuffer());
    }

    /** Whether a part of the body is still to come from the client, or to be decoded. */
    boolean bodyOutstanding() {
        return decoder != null;
    }

    /** Whether the body takes nothing at the moment. */
    boolean bodyFull() {
        return bodyFull;
    }

    /** The body takes more again. */
    void bodyWelcome() {
        bodyFull = false;
    }

    /** Decodes what is there of the body, and hands it on, or throws it away once it is {@link #disown disowned}. */
    void decodeBody() throws Refused {
        BodyDecoder decoder = this.decoder;
        if (decoder == null || bodyFull || inbox.isEmpty()) {
            return;
        }
        RequestBody body = this.body;
        decoder.decode(
                inbox,
                body == null
                        ? this::discard
                        : (array, offset, length) -> {
                            delivered += length;
                            bodyFull = !body.take(array, offset, length);
                            return !bodyFull;
                        });
        if (decoder.complete()) {
            this.decoder = null;
            if (body != null) {
                body.end(decoder.trailers());
            }
        }
    }

    private boolean discard(byte[] array, int offset, int length) {
        discarded += length;
        return true;
    }

    /** Returns how many bytes of the body have come. */
    long received() {
        return delivered + discarded;
    }

    /** Returns how much of a body that nobody wants has come and is known to come. */
    long unwanted() {
        return discarded + (decoder == null ? 0 : decoder.expected());
    }

    /** Nobody wants the rest of the body. */
    void disown() {
        RequestBody body = this.body;
        this.body = null;
        bodyFull = false;
        if (body != null) {
            body.release();
        }
    }

    /** The rest of the body will not come; whoever reads it learns why. */
    void breakOff(BodyFailure why) {
        if (body != null && decoder != null) {
            body.fail(why);
        }
    }

    /** Takes the bytes that came behind the request: they are no request of this protocol. */
    byte[] rest() {
        return inbox.takeAll();
    }

    /** Nothing that has come or will come is of any use. */
    void close() {
        inbox.clear();
        parser = null;
        decoder = null;
    }
}
