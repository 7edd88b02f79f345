package io.jcorn.worker.proxy;

/** What was received is no PROXY header, or not one that is taken. */
public final class Malformed extends Exception {

    private static final long serialVersionUID = 1;

    Malformed(String reason) {
        // Without a stack trace: this is a value that travels as an exception, and attackers must not make it costly.
        super(reason, null, false, false);
    }

    /** Returns why, in one sentence that never quotes what was received. */
    public String reason() {
        String reason = getMessage();
        return reason == null ? "" : reason;
    }
}
