package io.jcorn.worker.app;

import io.jcorn.wire.Message.BootFailed.Cause;

/** Why an application cannot be served. */
public final class LoadFailure extends Exception {

    private final Cause kind;

    /**
     * A failure.
     *
     * @param kind whether it could not be loaded at all or failed while it started
     * @param reason for the user: a sentence where it is his mistake, the application's own stack trace where it threw
     */
    public LoadFailure(Cause kind, String reason) {
        super(reason);
        this.kind = kind;
    }

    /** Returns what failed. */
    public Cause kind() {
        return kind;
    }

    /** Returns what to tell the user. */
    public String reason() {
        String reason = getMessage();
        return reason == null ? "" : reason;
    }
}
