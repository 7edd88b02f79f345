package io.jcorn.worker.http2;

import io.netty.handler.codec.http2.DecoratingHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Settings;

/**
 * Takes less than it is offered: a client may allow a compression table of any size, but it is we who would hold it, one per
 * connection.
 */
final class ModestEncoder extends DecoratingHttp2ConnectionEncoder {

    /** The size that every client knows from the start: RFC 9113 §6.5.2. */
    private static final long TABLE = 4096;

    ModestEncoder(Http2ConnectionEncoder delegate) {
        super(delegate);
    }

    @Override
    public void remoteSettings(Http2Settings settings) throws Http2Exception {
        Long table = settings.headerTableSize();
        if (table != null && table > TABLE) {
            settings.headerTableSize(TABLE);
        }
        super.remoteSettings(settings);
    }
}
