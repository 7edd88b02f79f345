package io.jcorn.it;

import java.io.IOException;

/** A request that failed, and how. */
public final class LossException extends IOException {

    private static final long serialVersionUID = 1L;

    private final Loss loss;

    LossException(Loss loss, String message) {
        super(loss + ": " + message);
        this.loss = loss;
    }

    public Loss loss() {
        return loss;
    }
}
