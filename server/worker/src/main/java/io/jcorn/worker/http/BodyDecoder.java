package io.jcorn.worker.http;

import java.util.List;
import java.util.Map;

/**
 * Finds where a request's body ends, and hands its bytes on as they come. Stateful: one per request, owned by the event
 * loop.
 */
public abstract class BodyDecoder {

    /** Takes the bytes of a body. */
    public interface Sink {
        /**
         * Takes some bytes. The array is never written to again, so it may be kept.
         *
         * @return whether more is welcome now
         */
        boolean take(byte[] array, int offset, int length);
    }

    BodyDecoder() {}

    /**
     * A decoder for the body that a head announces.
     *
     * @throws Refused if the head announces more than the limit: 413
     */
    public static BodyDecoder of(RequestHead head, Limits limits, RequestRules rules) throws Refused {
        if (head.bodyLength() < 0) {
            return new ChunkedDecoder(limits, rules);
        }
        if (head.bodyLength() > limits.body()) {
            throw tooLarge(limits);
        }
        return new FixedLengthDecoder(head.bodyLength());
    }

    /**
     * Consumes what belongs to the body, until the inbox is empty, the body complete or the sink full.
     *
     * @throws Refused if the body is malformed (400) or larger than the limit (413)
     */
    public abstract void decode(Inbox in, Sink sink) throws Refused;

    /** Whether the whole body has been consumed. */
    public abstract boolean complete();

    /** Returns how many bytes of the body are still to come at least, as far as is known. */
    public abstract long expected();

    /**
     * Returns the trailer fields once the body is complete, apart from those that must not come as such: unmodifiable, names
     * found in whatever case.
     */
    public Map<String, List<String>> trailers() {
        return Map.of();
    }

    static Refused tooLarge(Limits limits) {
        return new Refused(413, "the request's body is larger than " + limits.body() + " bytes");
    }

    private static final class FixedLengthDecoder extends BodyDecoder {
        private long remaining;

        FixedLengthDecoder(long length) {
            remaining = length;
        }

        @Override
        public void decode(Inbox in, Sink sink) {
            boolean welcome = true;
            while (welcome && remaining > 0 && !in.isEmpty()) {
                int count = (int) Math.min(remaining, in.remaining());
                byte[] array = in.array();
                int from = in.position();
                in.consume(count);
                remaining -= count;
                welcome = sink.take(array, from, count);
            }
        }

        @Override
        public boolean complete() {
            return remaining == 0;
        }

        @Override
        public long expected() {
            return remaining;
        }
    }
}
