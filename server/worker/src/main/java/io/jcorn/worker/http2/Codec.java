package io.jcorn.worker.http2;

import io.jcorn.wire.Http2Options;
import io.jcorn.worker.http.HeadBuilder;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionDecoder;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2LocalFlowController;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2PromisedRequestVerifier;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;

/**
 * The parts of Netty's codec, put together for one connection.
 *
 * @param key by which streams know their {@link RequestStream}
 * @param heads what the header blocks are fed to
 * @param conduct what the client owes
 */
record Codec(
        Http2ConnectionDecoder decoder,
        Http2ConnectionEncoder encoder,
        Http2Settings settings,
        Http2Connection.PropertyKey key,
        HeadBuilder heads,
        Conduct conduct,
        Http2Options options) {

    /** The window of every connection and stream before anybody has said anything: RFC 9113 §6.9.2. */
    static final int FIRST_WINDOW = 65535;

    /** CONTINUATION frames of less than 8 kB in one header block; the block's size has a limit of its own. */
    private static final int SMALL_CONTINUATIONS = 16;

    /** How many streams may be held up with full windows until the connection is. */
    private static final int FULL_STREAMS = 4;

    /** RFC 9218 §2.1: we do not look at the priorities of RFC 7540, so nobody need send them. */
    private static final char NO_PRIORITIES = 9;

    static Codec of(Http2Options options, Home home) {
        Http2Connection connection = new DefaultHttp2Connection(true, 0);
        Http2Connection.PropertyKey key = connection.newKey();
        // Streams share the connection equally. Trees of priorities are deprecated, and a way to attack.
        connection
                .remote()
                .flowController(
                        new DefaultHttp2RemoteFlowController(connection, new UniformStreamByteDistributor(connection)));
        connection.local().flowController(new DefaultHttp2LocalFlowController(connection));
        // Holds from the first frame on: a client that never acknowledges our settings is bound by them all the same.
        connection.remote().maxActiveStreams(options.maxConcurrentStreams());
        Conduct conduct = new Conduct(home.now());
        HeadBuilder heads = new HeadBuilder(home.limits(), home.rules(), home.trusted());
        Http2ConnectionEncoder encoder =
                new ModestEncoder(new DefaultHttp2ConnectionEncoder(connection, new Writer(connection, key)));
        Blocks blocks = new Blocks(connection, heads, options.maxHeaderListSize());
        WatchedReader reader =
                new WatchedReader(new DefaultHttp2FrameReader(blocks, SMALL_CONTINUATIONS), connection, conduct);
        Http2ConnectionDecoder decoder = new DefaultHttp2ConnectionDecoder(
                connection, encoder, reader, Http2PromisedRequestVerifier.ALWAYS_VERIFY, true, true, false);
        return new Codec(decoder, encoder, settings(options), key, heads, conduct, options);
    }

    private static Http2Settings settings(Http2Options options) {
        Http2Settings settings = new Http2Settings()
                .maxConcurrentStreams(options.maxConcurrentStreams())
                .initialWindowSize(options.initialWindowSize())
                .maxFrameSize(options.maxFrameSize())
                .maxHeaderListSize(options.maxHeaderListSize());
        settings.put(NO_PRIORITIES, Long.valueOf(1));
        return settings;
    }

    /** Returns the window of the whole connection, which bounds what is held of all its bodies together. */
    int connectionWindow() {
        return (int)
                Math.min(Integer.MAX_VALUE, Math.max(FIRST_WINDOW, (long) FULL_STREAMS * options.initialWindowSize()));
    }

    /** Says how much of each response has gone into frames. */
    private static final class Writer extends DefaultHttp2FrameWriter {

        private final Http2Connection connection;
        private final Http2Connection.PropertyKey key;

        Writer(Http2Connection connection, Http2Connection.PropertyKey key) {
            this.connection = connection;
            this.key = key;
        }

        @Override
        public ChannelFuture writeData(
                ChannelHandlerContext ctx,
                int streamId,
                ByteBuf data,
                int padding,
                boolean endOfStream,
                ChannelPromise promise) {
            Http2Stream stream = connection.stream(streamId);
            RequestStream request = stream == null ? null : stream.getProperty(key);
            if (request != null) {
                request.outlet().framed(data.readableBytes());
            }
            return super.writeData(ctx, streamId, data, padding, endOfStream, promise);
        }
    }

    /** Decompresses header blocks into the builder of heads. */
    private static final class Blocks extends DefaultHttp2HeadersDecoder {

        private final Http2Connection connection;
        private final HeadBuilder heads;
        private final Fields fields;

        Blocks(Http2Connection connection, HeadBuilder heads, int maxHeaderListSize) {
            super(false, false, maxHeaderListSize);
            this.connection = connection;
            this.heads = heads;
            this.fields = new Fields(heads);
        }

        @Override
        public Http2Headers decodeHeaders(int streamId, ByteBuf headerBlock) throws Http2Exception {
            Http2Stream stream = connection.stream(streamId);
            heads.begin(stream != null && stream.isHeadersReceived());
            return super.decodeHeaders(streamId, headerBlock);
        }

        /** Called for every block: the fields of the last one have been taken by then. */
        @Override
        protected Http2Headers newHeaders() {
            return fields;
        }
    }
}
