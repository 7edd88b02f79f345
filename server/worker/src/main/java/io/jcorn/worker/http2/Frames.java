package io.jcorn.worker.http2;

import io.jcorn.worker.http.HeadBuilder;
import io.jcorn.worker.http.Malformed;
import io.jcorn.worker.http.Refused;
import io.jcorn.worker.http.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2EventAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import java.net.InetSocketAddress;
import java.util.Objects;

/** Makes requests of the frames that the codec understood. Confined to the event loop. */
final class Frames extends Http2EventAdapter {

    private final Multiplex multiplex;
    private final Home home;
    private final HeadBuilder heads;

    Frames(Multiplex multiplex, Home home, HeadBuilder heads) {
        this.multiplex = multiplex;
        this.home = home;
        this.heads = heads;
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext ctx,
            int streamId,
            Http2Headers headers,
            int streamDependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean endOfStream) {
        Http2Stream stream = multiplex.connection().stream(streamId);
        RequestStream request = multiplex.request(stream);
        if (request != null) {
            trailers(request);
        } else if (!heads.areTrailers()) {
            begin(stream, endOfStream);
        }
    }

    @Override
    public int onDataRead(ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean endOfStream) {
        RequestStream request = multiplex.request(multiplex.connection().stream(streamId));
        return request == null ? data.readableBytes() + padding : request.data(data, padding, endOfStream);
    }

    @Override
    public void onPingAckRead(ChannelHandlerContext ctx, long data) {
        multiplex.shutdown().pingAnswered();
    }

    @Override
    public void onGoAwayRead(ChannelHandlerContext ctx, int lastStreamId, long errorCode, ByteBuf debugData) {
        multiplex.shutdown().leave();
    }

    private void begin(Http2Stream stream, boolean ended) {
        multiplex.deadlines().moved();
        multiplex.shutdown().begin();
        if (multiplex.tooManyHandlers()) {
            // Streams that were reset: their handlers go on, and the client must not be able to pile them up.
            multiplex.errors().charge(Conduct.RESET);
            home.refused(
                    home.remoteAddress(),
                    Http2Error.REFUSED_STREAM.name(),
                    "the handlers of reset streams are still at work");
            multiplex.errors().reset(stream, Http2Error.REFUSED_STREAM);
            return;
        }
        RequestHead head;
        try {
            head = heads.finish();
        } catch (Malformed malformed) {
            multiplex.errors().malformed(stream, home.remoteAddress(), malformed.reason());
            return;
        } catch (Refused refused) {
            multiplex.errors().refuseHead(stream, home.remoteAddress(), refused);
            return;
        }
        try {
            home.refuseContradictory(head);
            begin(stream, head, ended);
        } catch (Refused refused) {
            multiplex.errors().refuseHead(stream, client(head), refused);
        }
    }

    private void begin(Http2Stream stream, RequestHead head, boolean ended) throws Refused {
        long declared = heads.tellsLength() ? head.bodyLength() : -1;
        if (ended && declared > 0) {
            multiplex.errors().malformed(stream, client(head), "DATA and Content-Length differ");
        } else if (declared > home.limits().body()) {
            throw new Refused(
                    413, "the request's body is larger than " + home.limits().body() + " bytes");
        } else {
            multiplex.begin(
                    stream, new RequestStream(multiplex, stream, head, declared, !ended, heads.tellsExpectation()));
        }
    }

    private InetSocketAddress client(RequestHead head) {
        return Objects.requireNonNull(home.origin(head).client());
    }

    private void trailers(RequestStream request) {
        try {
            request.bodyEnded(heads.finishTrailers());
        } catch (Malformed malformed) {
            request.malformed(malformed.reason());
        } catch (Refused refused) {
            request.malformed(refused.reason());
        }
    }
}
