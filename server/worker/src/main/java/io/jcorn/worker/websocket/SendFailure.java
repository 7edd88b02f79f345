package io.jcorn.worker.websocket;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What the application sent does not arrive, and not because of the application: the client has left, the server closes, or it
 * has failed itself, which it has logged.
 */
final class SendFailure extends IOException {

    /** How far down the causes are looked at: they may go round in circles. */
    private static final int DEPTH = 16;

    SendFailure(String reason, @Nullable Throwable cause) {
        super(reason, cause);
    }

    /** Whether something that a listener threw, or its stage completed with, comes from this. */
    static boolean isBehind(Throwable thrown) {
        Throwable at = thrown;
        for (int depth = 0; at != null && depth < DEPTH; depth++) {
            if (at instanceof SendFailure) {
                return true;
            }
            at = at.getCause();
        }
        return false;
    }
}
