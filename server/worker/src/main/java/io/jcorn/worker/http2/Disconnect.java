package io.jcorn.worker.http2;

import java.io.IOException;

/** The end of a connection that nobody announced: a reset, a broken pipe, a TLS record cut off. Everyday life. */
final class Disconnect {

    /** How far down the causes are looked at: they may go round in circles. */
    private static final int DEPTH = 8;

    private Disconnect() {}

    /** Whether a failure comes of that, and of no defect. */
    static boolean is(Throwable failure) {
        Throwable at = failure;
        for (int depth = 0; at != null && depth < DEPTH; depth++) {
            if (at instanceof IOException) {
                return true;
            }
            at = at.getCause();
        }
        return false;
    }
}
