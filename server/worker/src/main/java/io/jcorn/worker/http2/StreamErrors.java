package io.jcorn.worker.http2;

import com.sun.net.httpserver.Headers;
import io.jcorn.worker.http.HeadBuilder;
import io.jcorn.worker.http.Refused;
import io.jcorn.worker.http.ResponseHead.Framing;
import io.jcorn.worker.http.Status;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What is answered to streams that get no response of the application: a refusal, or a reset (RFC 9113 §5.4.2, §8.1.1). Each is
 * charged to the client's {@link Conduct}. Confined to the event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // What fails here fails the channel, which says so itself.
final class StreamErrors {

    /** What the access log gets of the request line of a request that was refused, in bytes. */
    private static final int LONGEST_LINE = 1024;

    private final Multiplex multiplex;
    private final Home home;
    private final HeadBuilder heads;
    private final Conduct conduct;
    private final RecentResets resets = new RecentResets();

    StreamErrors(Multiplex multiplex, Home home, Codec codec) {
        this.multiplex = multiplex;
        this.home = home;
        this.heads = codec.heads();
        this.conduct = codec.conduct();
    }

    // ---- requests that are not taken

    /** Answers a request whose head was read last. */
    void refuseHead(Http2Stream stream, InetSocketAddress client, Refused refusal) {
        byte[] line = heads.requestLineSoFar(LONGEST_LINE);
        int length = heads.isHead() ? 0 : answer(refusal).length;
        home.visit().refused(refusal.status(), client, line, length, refusal.reason(), home.now());
        home.refused(client, Integer.toString(refusal.status()), refusal.reason());
        refuse(stream, refusal, heads.isHead());
    }

    /** Returns the body of what {@link #refuse} answers. */
    static byte[] answer(Refused refusal) {
        String text = Status.reason(refusal.status()) + ": " + refusal.reason() + "\n";
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Answers in the place of the application. */
    void refuse(Http2Stream stream, Refused refusal, boolean isHead) {
        home.answered(refusal.status());
        charge(Conduct.RESET);
        byte[] answer = answer(refusal);
        // No deadline watches a stream without an exchange: what the client's window does not take at once is left out.
        boolean whole = !isHead && multiplex.windows().fit(stream, answer.length);
        Headers headers = new Headers();
        headers.set("Content-Type", "text/plain; charset=utf-8");
        multiplex.headers(
                stream.id(),
                ResponseFields.of(refusal.status(), headers, Framing.LENGTH, isHead || whole ? answer.length : 0),
                !whole);
        if (whole) {
            multiplex.data(stream.id(), Unpooled.wrappedBuffer(answer), true, multiplex.promise());
        }
        multiplex.flushSoon();
    }

    /** The block is decompressed, so the connection is sound, but the stream does not exist yet. */
    private void tooManyFields(int id) {
        try {
            Http2Stream stream = multiplex.connection().remote().createStream(id, true);
            Refused refusal = new Refused(431, "the header fields are larger than http2-max-header-list-size");
            home.refused(home.remoteAddress(), "431", refusal.reason());
            refuse(stream, refusal, false);
        } catch (Http2Exception e) {
            charge(Conduct.RESET);
            writeReset(id, Http2Error.REFUSED_STREAM);
        }
    }

    // ---- resets

    /** A stream whose request is none. */
    void malformed(RequestStream request, String reason) {
        Http2Stream stream = multiplex.connection().stream(request.id());
        request.over(reason);
        if (stream != null) {
            malformed(stream, request.client(), reason);
        }
    }

    /** A stream whose request is none, and was never begun. */
    void malformed(Http2Stream stream, InetSocketAddress client, String reason) {
        home.refused(client, Http2Error.PROTOCOL_ERROR.name(), reason);
        charge(Conduct.RESET);
        reset(stream, Http2Error.PROTOCOL_ERROR);
    }

    /** Resets a stream; its exchange, if it is not over, learns that it is lost. */
    void reset(RequestStream request, Http2Error error) {
        Http2Stream stream = multiplex.connection().stream(request.id());
        request.over("the stream was reset");
        if (stream != null) {
            reset(stream, error);
        }
    }

    /** Resets a stream without an exchange. */
    void reset(Http2Stream stream, Http2Error error) {
        resets.add(stream.id());
        writeReset(stream.id(), error);
        multiplex.flushSoon();
    }

    private void writeReset(int id, Http2Error error) {
        multiplex.encoder().writeRstStream(multiplex.ctx(), id, error.code(), multiplex.promise());
    }

    /** Adds to the client's debt; the connection ends if it cannot be borne any more. */
    void charge(int cost) {
        if (!conduct.owes(cost)) {
            multiplex.onError(
                    multiplex.ctx(),
                    false,
                    Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, "too much for nothing"));
        }
    }

    /** The codec has found an error of the client's that is this stream's alone. */
    void found(Http2Exception.StreamException error, @Nullable RequestStream request) {
        int id = error.streamId();
        boolean known = multiplex.connection().stream(id) != null;
        if (!known && error.error() == Http2Error.STREAM_CLOSED && resets.contains(id)) {
            // On its way while we reset the stream: RFC 9113 §5.1 wants it ignored.
            charge(Conduct.SMALL_DATA);
            return;
        }
        if (!known && multiplex.shutdown().disowns(id)) {
            // On its way while we said so: the client knows that it may send it again.
            charge(Conduct.IDLE_TALK);
            return;
        }
        if (error instanceof Http2Exception.HeaderListSizeException && !known) {
            tooManyFields(id);
            return;
        }
        home.refused(
                request == null ? home.remoteAddress() : request.client(),
                error.error().name(),
                String.valueOf(error.getMessage()));
        charge(Conduct.RESET);
        if (request != null) {
            request.over("the client broke the protocol");
        }
        if (known || error.error() == Http2Error.REFUSED_STREAM) {
            resets.add(id);
        }
        writeReset(id, error.error());
        multiplex.flushSoon();
    }
}
