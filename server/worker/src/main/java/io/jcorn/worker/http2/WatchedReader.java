package io.jcorn.worker.http2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2FrameReader;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;

/**
 * Sees every frame before anybody acts on it, and sends away who is deep in debt. The codec's listener comes too late: it
 * never hears of frames for streams that are closed.
 */
final class WatchedReader implements Http2FrameReader {

    private final Http2FrameReader reader;
    private final Http2Connection connection;
    private final Conduct conduct;
    private final StreamIdentifiers identifiers = new StreamIdentifiers();
    private Http2FrameListener watched = new Watch(Silence.INSTANCE);
    private Http2FrameListener watchedFor = Silence.INSTANCE;

    WatchedReader(Http2FrameReader reader, Http2Connection connection, Conduct conduct) {
        this.reader = reader;
        this.connection = connection;
        this.conduct = conduct;
    }

    @Override
    public void readFrame(ChannelHandlerContext ctx, ByteBuf input, Http2FrameListener listener) throws Http2Exception {
        if (listener != watchedFor) {
            // The decoder has one listener for the first frame and another afterwards.
            watchedFor = listener;
            watched = new Watch(listener);
        }
        reader.readFrame(ctx, input, watched);
    }

    @Override
    public Configuration configuration() {
        return reader.configuration();
    }

    @Override
    public void close() {
        reader.close();
    }

    private void charge(int cost) throws Http2Exception {
        if (!conduct.owes(cost)) {
            throw Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, "too much for nothing");
        }
    }

    /** Checks what the codec takes for something else: RFC 9113 §5.1 and §5.1.1. */
    private void checkStream(int streamId) throws Http2Exception {
        Http2Stream stream = connection.stream(streamId);
        if (stream != null && stream.state() == Http2Stream.State.HALF_CLOSED_REMOTE && !stream.isResetSent()) {
            throw Http2Exception.streamError(
                    streamId, Http2Error.STREAM_CLOSED, "HEADERS on stream %d, which the client has ended", streamId);
        }
        if (!identifiers.use(streamId, connection.remote().lastStreamCreated()) && stream == null) {
            throw Http2Exception.connectionError(
                    Http2Error.PROTOCOL_ERROR, "Stream %d is opened after one with a higher identifier", streamId);
        }
    }

    /** Charges for frames. */
    private final class Watch extends Http2FrameListenerDecorator {

        Watch(Http2FrameListener listener) {
            super(listener);
        }

        @Override
        public int onDataRead(ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean endOfStream)
                throws Http2Exception {
            int size = data.readableBytes();
            if (!endOfStream && size < Conduct.SMALL) {
                charge(size == 0 ? Conduct.EMPTY_DATA : Conduct.SMALL_DATA);
            }
            return super.onDataRead(ctx, streamId, data, padding, endOfStream);
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext ctx, int streamId, Http2Headers headers, int padding, boolean endOfStream)
                throws Http2Exception {
            checkStream(streamId);
            super.onHeadersRead(ctx, streamId, headers, padding, endOfStream);
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
                boolean endOfStream)
                throws Http2Exception {
            checkStream(streamId);
            super.onHeadersRead(ctx, streamId, headers, streamDependency, weight, exclusive, padding, endOfStream);
        }

        @Override
        public void onPriorityRead(
                ChannelHandlerContext ctx, int streamId, int streamDependency, short weight, boolean exclusive)
                throws Http2Exception {
            charge(Conduct.IDLE_TALK);
            super.onPriorityRead(ctx, streamId, streamDependency, weight, exclusive);
        }

        @Override
        public void onRstStreamRead(ChannelHandlerContext ctx, int streamId, long errorCode) throws Http2Exception {
            charge(Conduct.RESET);
            super.onRstStreamRead(ctx, streamId, errorCode);
        }

        @Override
        public void onSettingsAckRead(ChannelHandlerContext ctx) throws Http2Exception {
            charge(Conduct.IDLE_TALK);
            super.onSettingsAckRead(ctx);
        }

        @Override
        public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) throws Http2Exception {
            charge(Conduct.ANSWERED);
            super.onSettingsRead(ctx, settings);
        }

        @Override
        public void onPingRead(ChannelHandlerContext ctx, long data) throws Http2Exception {
            charge(Conduct.ANSWERED);
            super.onPingRead(ctx, data);
        }

        @Override
        public void onPingAckRead(ChannelHandlerContext ctx, long data) throws Http2Exception {
            charge(Conduct.IDLE_TALK);
            super.onPingAckRead(ctx, data);
        }

        @Override
        public void onGoAwayRead(ChannelHandlerContext ctx, int lastStreamId, long errorCode, ByteBuf debugData)
                throws Http2Exception {
            charge(Conduct.ANSWERED);
            super.onGoAwayRead(ctx, lastStreamId, errorCode, debugData);
        }

        @Override
        public void onWindowUpdateRead(ChannelHandlerContext ctx, int streamId, int windowSizeIncrement)
                throws Http2Exception {
            charge(Conduct.WINDOW);
            super.onWindowUpdateRead(ctx, streamId, windowSizeIncrement);
        }

        @Override
        public void onUnknownFrame(
                ChannelHandlerContext ctx, byte frameType, int streamId, Http2Flags flags, ByteBuf payload)
                throws Http2Exception {
            charge(Conduct.IDLE_TALK);
            super.onUnknownFrame(ctx, frameType, streamId, flags, payload);
        }
    }
}
