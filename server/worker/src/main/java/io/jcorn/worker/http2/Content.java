package io.jcorn.worker.http2;

import io.jcorn.worker.exchange.BodyFailure;
import io.jcorn.worker.exchange.PipedBody;
import io.jcorn.worker.exchange.RequestBody;
import io.jcorn.worker.exchange.SpooledBody;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The content of one request on its way from DATA frames to the application: RFC 9113 §8.1. A request that ended with its head has
 * none. Confined to the event loop, unless said otherwise.
 */
final class Content {

    /** What is read of a body that the application did not want: a reset disturbs some clients. */
    private static final long DISCARD = 256 << 10;

    /** Consumed bytes of a body that are told to the event loop at once. */
    private static final int REPORT = 16 << 10;

    private final RequestBody body;
    private final @Nullable PipedBody piped;

    /**
     * How much of a body is collected before the application gets to see it: no more than half of the window, since a client whose
     * window is used up waits for somebody to read.
     */
    private final int collect;

    /** What the request's head said of the body's length; -1: nothing. */
    private final long declared;

    private long received;
    private long unwanted;
    private boolean ended;
    private boolean failed;
    private volatile boolean continuePending;

    /**
     * A content of which nothing has come yet.
     *
     * @param declared its length; -1: unknown
     * @param expects whether the client waits for a 100
     * @param window how much the client may send before anybody reads
     */
    Content(RequestStream stream, Home home, long declared, boolean expects, int window) {
        this.declared = declared;
        this.continuePending = expects;
        this.collect = Math.min(home.bodyBuffer(), window / 2);
        this.piped = home.runner().onEventLoop()
                ? null
                : new PipedBody(stream, home.timeouts().body(), collect, REPORT);
        this.body = piped == null ? new SpooledBody() : piped;
    }

    /** Returns what the application reads. */
    RequestBody body() {
        return body;
    }

    /**
     * Whether some of it is read before the application gets the request. A client that asks whether its body is wanted is told so
     * at once only when that body is small: what a refusal would save is less than a thread that waits for it.
     */
    boolean collects() {
        boolean small = declared >= 0 && declared <= collect;
        return piped == null || small || (collect > 0 && !continuePending);
    }

    /** Counts a piece, and returns whether the content may still be as long as its head said. */
    boolean count(int bytes, boolean end) {
        continuePending = false;
        received += bytes;
        return declared < 0 || !(received > declared || (end && received < declared));
    }

    /** Returns how many bytes have come. */
    long received() {
        return received;
    }

    boolean largerThan(long limit) {
        return received > limit;
    }

    /** Gives a piece to the application, and returns how many bytes the client may send again. */
    int take(ByteBuf data) {
        int count = data.readableBytes();
        if (count > 0) {
            body.take(ByteBufUtil.getBytes(data, data.readerIndex(), count, true), 0, count);
        }
        return piped == null ? count : (int) piped.takeConsumed();
    }

    /** Whether so much is here that the application should begin to read. */
    boolean collected() {
        return piped != null && received >= collect;
    }

    /** Throws a piece away, and returns whether it is time to tell the client that nobody wants the rest. */
    boolean discarded(int bytes) {
        unwanted += bytes;
        return unwanted > DISCARD;
    }

    /** Whether too much is still to come for a content that nobody wants. */
    boolean farFromEnd() {
        return !ended && declared - received > DISCARD;
    }

    /** All has come; returns whether it is as long as its head said. */
    boolean end() {
        ended = true;
        return declared < 0 || received >= declared;
    }

    boolean ended() {
        return ended;
    }

    /** The application may read up to the end. */
    void complete(Map<String, List<String>> trailers) {
        body.end(trailers);
    }

    void fail(int status, String reason) {
        failed = true;
        body.fail(new BodyFailure(status, reason));
    }

    /** Whether the application was told that no more will come. */
    boolean failed() {
        return failed;
    }

    void release() {
        body.release();
    }

    /** Returns how many bytes the application has consumed that the client does not know of. */
    int takeConsumed() {
        return piped == null ? 0 : (int) piped.takeConsumed();
    }

    /** Whether the client waits for a 100. From any thread. */
    boolean continuePending() {
        return continuePending;
    }

    /** Whether the client is to be told to go on, which it is once. From any thread. */
    boolean takeExpectation() {
        boolean pending = continuePending;
        continuePending = false;
        return pending;
    }

    /** Whether nothing has come: a 100 is still of use. */
    boolean awaited() {
        return !ended && received == 0;
    }
}
