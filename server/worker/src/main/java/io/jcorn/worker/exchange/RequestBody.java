package io.jcorn.worker.exchange;

import io.jcorn.worker.http.BodyDecoder;
import java.io.IOException;
import java.io.InputStream;

/** A request's body between the event loop, which fills it, and the application, which reads it. */
public abstract class RequestBody extends InputStream implements BodyDecoder.Sink {

    RequestBody() {}

    /** The last byte has been taken. Called on the event loop. */
    public abstract void end();

    /** No more will come. Called on the event loop; the application's next read throws this. */
    public abstract void fail(IOException why);

    /** The exchange is over: whatever is unread may be forgotten. */
    public abstract void release();

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public abstract int read(byte[] target, int offset, int length) throws IOException;
}
