package io.jcorn.master.listen;

import org.jspecify.annotations.Nullable;

/**
 * An address that cannot be listened on. The message is complete, of several lines and meant for the user: what failed, why,
 * who is in the way, and what helps. Trying again does not: where it would, that has been done.
 */
public final class BindException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean passing;

    BindException(String message) {
        super(message);
        this.passing = false;
    }

    /**
     * @param message in complete sentences
     * @param cause what the kernel or the JDK said
     */
    public BindException(String message, Throwable cause) {
        this(message, cause, false);
    }

    BindException(String message, @Nullable Throwable cause, boolean passing) {
        super(message, cause);
        this.passing = passing;
    }

    /** Whether what is in the way is leaving by itself: workers whose master was killed close their sockets at once. */
    boolean passing() {
        return passing;
    }
}
