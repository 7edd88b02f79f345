package io.jcorn.worker.exchange;

import io.jcorn.worker.websocket.OpeningFailure;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Whose fault it is that something escaped from a handler: the client's, if a cause says so, or what an {@code IOException} has
 * suppressed; else the application's.
 *
 * @param status what the client is told
 * @param reason why, for the client; empty if that is not its business
 * @param lost whether there is nobody left to tell
 */
record Blame(int status, String reason, boolean lost) {

    /** How far down the causes are looked at: they may go round in circles. */
    private static final int DEPTH = 16;

    static Blame of(Throwable thrown) {
        boolean lost = cause(thrown, ConnectionLost.class) != null;
        BodyFailure body = cause(thrown, BodyFailure.class);
        if (body != null) {
            return new Blame(body.status(), body.status() == 500 ? "" : String.valueOf(body.getMessage()), lost);
        }
        OpeningFailure opening = cause(thrown, OpeningFailure.class);
        if (opening != null) {
            return new Blame(opening.status(), String.valueOf(opening.getMessage()), lost);
        }
        return new Blame(500, "", lost);
    }

    /** Whether the application is to blame. */
    boolean applications() {
        return status == 500 && !lost;
    }

    private static <T extends Throwable> @Nullable T cause(Throwable thrown, Class<T> type) {
        Throwable at = thrown;
        for (int depth = 0; at != null && depth < DEPTH; depth++) {
            if (type.isInstance(at)) {
                return type.cast(at);
            }
            T suppressed = at instanceof IOException ? suppressed(at, type) : null;
            if (suppressed != null) {
                return suppressed;
            }
            at = at.getCause();
        }
        return null;
    }

    /** A stream around ours fails in its own way once ours has failed, and its close then fails in ours. */
    private static <T extends Throwable> @Nullable T suppressed(Throwable thrown, Class<T> type) {
        for (Throwable suppressed : thrown.getSuppressed()) {
            Throwable at = suppressed;
            for (int depth = 0; at != null && depth < DEPTH; depth++) {
                if (type.isInstance(at)) {
                    return type.cast(at);
                }
                at = at.getCause();
            }
        }
        return null;
    }
}
