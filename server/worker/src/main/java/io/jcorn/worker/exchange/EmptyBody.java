package io.jcorn.worker.exchange;

import java.io.InputStream;

/** The body of a request without one. Stateless, so that all requests share it: closing it closes nothing. */
final class EmptyBody extends InputStream {

    static final EmptyBody INSTANCE = new EmptyBody();

    private EmptyBody() {}

    @Override
    public int read() {
        return -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        return length == 0 ? 0 : -1;
    }
}
