package io.jcorn.worker.exchange;

import java.io.IOException;

/**
 * Failures that are kept, and thrown by every use of a stream from then on. Each throw needs an exception of its own: a
 * try-with-resources whose body and close throw the same one fails with an {@code IllegalArgumentException} (self-suppression not
 * permitted), and the traces of two threads are not one.
 */
final class KeptFailure {

    private KeptFailure() {}

    /** Returns a fresh exception of the same meaning, whose cause is the kept one. */
    static IOException again(IOException kept) {
        if (kept instanceof ConnectionLost lost) {
            return new ConnectionLost(lost);
        }
        if (kept instanceof BodyFailure body) {
            return new BodyFailure(body);
        }
        return new IOException(kept.getMessage(), kept);
    }
}
