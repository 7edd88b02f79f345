package io.jcorn.worker.http;

/**
 * A request that the engine answers itself, since the application must not see it: malformed, ambiguous, too large. The
 * connection is closed afterwards, for nobody knows where the next request would begin.
 */
public final class Refused extends Exception {

    private final int status;

    /**
     * A refusal.
     *
     * @param status the status to answer with, 400..599
     * @param reason why, for the client and the log; never quotes what the client sent
     */
    public Refused(int status, String reason) {
        // Without a stack trace: this is a value that travels as an exception, and attackers must not make it costly.
        super(reason, null, false, false);
        this.status = status;
    }

    /** Returns the status to answer with. */
    public int status() {
        return status;
    }

    /** Returns why, in one sentence. */
    public String reason() {
        String reason = getMessage();
        return reason == null ? "" : reason;
    }
}
