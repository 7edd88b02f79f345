package io.jcorn.worker.http2;

import io.netty.handler.codec.http2.Http2EventAdapter;

/** Hears nothing: stands where a listener is missing. */
final class Silence extends Http2EventAdapter {

    static final Silence INSTANCE = new Silence();

    private Silence() {}
}
