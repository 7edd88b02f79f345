package io.jcorn.worker.exchange;

import io.jcorn.worker.http.BodyDecoder;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;

/** A request's body between the event loop, which fills it, and the application, which reads it. */
public abstract class RequestBody extends InputStream implements BodyDecoder.Sink {

    private volatile Map<String, List<String>> trailers = Map.of();

    RequestBody() {}

    /** The last byte has been taken. Called on the event loop. */
    public abstract void end();

    /** The last byte has been taken, and these fields came after it. Called on the event loop. */
    public final void end(Map<String, List<String>> trailers) {
        this.trailers = trailers;
        end();
    }

    /** Returns the fields that came after the body: none as long as the body is not complete. */
    final Map<String, List<String>> trailers() {
        return trailers;
    }

    /**
     * Returns how many bytes are yet to come; 0 if that is not known, or none. From any thread.
     *
     * @param declared how many it has, as far as the client said; -1: unknown
     */
    long outstanding(long declared) {
        return 0;
    }

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
