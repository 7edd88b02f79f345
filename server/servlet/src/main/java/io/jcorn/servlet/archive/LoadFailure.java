package io.jcorn.servlet.archive;

import io.jcorn.wire.Message.BootFailed.Cause;
import org.jspecify.annotations.Nullable;

/** Why an application cannot be served. */
public final class LoadFailure extends Exception {

    private final Cause kind;
    private final String reason;

    /**
     * A failure that is the user's mistake, or the archive's: it cannot be loaded.
     *
     * @param reason a sentence that says what is wrong and what to do
     */
    public LoadFailure(String reason) {
        this(Cause.LOAD, reason, null);
    }

    /**
     * A failure.
     *
     * @param kind whether the application could not be loaded at all or failed while it started
     * @param reason for the user: a sentence where it is his mistake, the application's own stack trace where it threw
     * @param cause what was thrown, if something was
     */
    public LoadFailure(Cause kind, String reason, @Nullable Throwable cause) {
        super(reason, cause);
        this.kind = kind;
        this.reason = reason;
    }

    /** Returns what failed. */
    public Cause kind() {
        return kind;
    }

    /** Returns what to tell the user. */
    public String reason() {
        return reason;
    }
}
