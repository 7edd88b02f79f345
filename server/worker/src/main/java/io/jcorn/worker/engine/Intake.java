package io.jcorn.worker.engine;

import io.jcorn.worker.exchange.BodyFailure;
import io.jcorn.worker.exchange.RequestBody;
import io.jcorn.worker.http.BodyDecoder;
import io.jcorn.worker.http.HeadParser;
import io.jcorn.worker.http.Inbox;
import io.jcorn.worker.http.Limits;
import io.jcorn.worker.http.Refused;
import io.jcorn.worker.http.RequestHead;
import io.jcorn.worker.http.RequestRules;
import org.jspecify.annotations.Nullable;

/** What comes in on a connection: heads, bodies, and bytes whose turn has not come. Confined to the event loop. */
final class Intake {

    /** Bytes that may wait before reading from the client stops. */
    private static final long STASH = 64 << 10;

    /** Bytes of a request line that was refused that are worth a log's room. */
    private static final int REQUEST_LINE = 1024;

    private final Limits limits;
    private final RequestRules rules;
    private final HeadParser parser;
    private final Inbox inbox = new Inbox();
    private @Nullable BodyDecoder decoder;
    private @Nullable RequestBody body;
    private boolean bodyFull;
    private long discarded;

    Intake(Limits limits, RequestRules rules) {
        this.limits = limits;
        this.rules = rules;
        this.parser = new HeadParser(limits, rules);
    }

    /** The peer is one whose forwarder headers are believed. */
    void trustPeer() {
        parser.trustPeer();
    }

    /** Whether the request that is read now, or was read last, is a HEAD: no response to it has a body. */
    boolean readsHead() {
        return parser.method().equals("HEAD");
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
        return parser.midway();
    }

    /** Returns what there is of the request line of a head that will not be complete. */
    byte[] requestLineSoFar() {
        return parser.requestLineSoFar(REQUEST_LINE);
    }

    @Nullable
    RequestHead head() throws Refused {
        return parser.parse(inbox);
    }

    /** Finds out where the body of this request ends; there is none if {@link #bodyOutstanding} says no. */
    void expectBody(RequestHead head) throws Refused {
        decoder = head.bodyLength() == 0 ? null : BodyDecoder.of(head, limits, rules);
        body = null;
        bodyFull = false;
        discarded = 0;
    }

    /** Says where the body goes. */
    void deliverTo(RequestBody body) {
        this.body = body;
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
        decoder = null;
    }
}
