package io.jcorn.worker.http2;

import io.netty.handler.codec.http2.Http2LocalFlowController;
import io.netty.handler.codec.http2.Http2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Stream;

/** How much either side may send on a connection and its streams: RFC 9113 §5.2. Confined to the event loop. */
final class Windows {

    /** Bytes of a window that a client may be unwilling to fill. */
    private static final int LITTLE = Codec.FIRST_WINDOW / 4;

    private final Codec codec;
    private final Http2LocalFlowController local;
    private final Http2RemoteFlowController remote;
    private final Http2Stream connection;

    Windows(Codec codec) {
        this.codec = codec;
        this.local = codec.decoder().flowController();
        this.remote = codec.encoder().flowController();
        this.connection = codec.decoder().connection().connectionStream();
    }

    /** Returns how much a client may send on one stream before anybody reads. */
    int stream() {
        return codec.options().initialWindowSize();
    }

    /** Whether the bodies that nobody has read take half of what they may take together. */
    boolean halfUsed() {
        return local.windowSize(connection) < codec.connectionWindow() / 2;
    }

    /** Whether a client waits for us to read, so that it cannot be blamed for what does not come. */
    boolean clientWaits(Http2Stream stream) {
        int little = Math.min(LITTLE, stream());
        return local.windowSize(stream) < little || local.windowSize(connection) < little;
    }

    /** Whether the client takes nothing more of a stream at the moment. */
    boolean closed(Http2Stream stream) {
        return remote.windowSize(stream) <= 0;
    }

    /** Whether the client takes nothing more of any stream at the moment. */
    boolean closed() {
        return remote.windowSize(connection) <= 0;
    }

    /** Whether the client takes so many bytes of a stream at once. */
    boolean fit(Http2Stream stream, int bytes) {
        return remote.windowSize(stream) >= bytes && remote.windowSize(connection) >= bytes;
    }
}
