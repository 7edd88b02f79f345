package io.jcorn.worker.http2;

import io.jcorn.worker.exchange.Pace;
import org.jspecify.annotations.Nullable;

/**
 * Whether the client of one stream sends its body and takes its response quickly enough. Decides only; confined to the event loop.
 *
 * <p>The sweep looks, and what is quick is never seen by it.
 */
final class StreamTimeouts {

    private final Timeouts timeouts;
    private @Nullable Pace body;
    private @Nullable Pace response;

    StreamTimeouts(Timeouts timeouts) {
        this.timeouts = timeouts;
    }

    /**
     * Looks at a body that is not complete.
     *
     * @param excused whether it is not the client that is waited for
     * @param begun when the head of the request was complete
     */
    boolean bodyLate(boolean excused, long begun, long received, long now) {
        Pace pace = body;
        if (pace == null) {
            pace = new Pace(0, begun, 0);
            body = pace;
        }
        if (excused) {
            pace.excuse(now, received);
            return false;
        }
        return pace.tooSlow(now, received, timeouts.body(), timeouts.bodyRate());
    }

    /**
     * Looks at a response.
     *
     * @param pending whether there is something that has not left
     * @param excused whether it is not the client that is waited for
     * @param movedAt when some of it left last, or it began to wait
     */
    boolean responseLate(boolean pending, boolean excused, long left, long movedAt, long now) {
        if (!pending) {
            response = null;
            return false;
        }
        Pace pace = response;
        if (pace == null) {
            pace = new Pace(0, movedAt, left);
            response = pace;
        }
        if (excused) {
            pace.excuse(now, left);
            return false;
        }
        return pace.tooSlow(now, left, timeouts.send(), timeouts.sendRate());
    }
}
