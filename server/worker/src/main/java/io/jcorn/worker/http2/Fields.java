package io.jcorn.worker.http2;

import io.jcorn.worker.http.HeadBuilder;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;

/**
 * Takes the fields of a header block as they are decompressed, and hands them on to the builder of heads: they are never kept in a
 * table of their own. It looks empty to whoever asks.
 */
final class Fields extends DefaultHttp2Headers {

    private final HeadBuilder builder;

    Fields(HeadBuilder builder) {
        // Netty's own checks are off: they know less than ours and would check twice.
        super(false, false, 2);
        this.builder = builder;
    }

    @Override
    public Http2Headers add(CharSequence name, CharSequence value) {
        AsciiString from = AsciiString.of(name);
        AsciiString to = AsciiString.of(value);
        builder.field(from.array(), from.arrayOffset(), from.length(), to.array(), to.arrayOffset(), to.length());
        return this;
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
