package io.jcorn.worker.exchange;

import java.io.IOException;

/**
 * Why the rest of a request's body will never come, thrown to the application by its next read. When the application lets
 * it escape before it has answered, the engine answers with the status.
 */
public final class BodyFailure extends IOException {

    private final int status;

    /**
     * A failure that is the client's.
     *
     * @param status 408 when it was too slow, 413 when it sent too much, 400 when what it sent is malformed or broke off
     */
    public BodyFailure(int status, String message) {
        super(message);
        this.status = status;
    }

    /** The same failure, met again. */
    BodyFailure(BodyFailure first) {
        super(first.getMessage(), first);
        this.status = first.status;
    }

    /** Returns the status that says this to the client. */
    public int status() {
        return status;
    }
}
