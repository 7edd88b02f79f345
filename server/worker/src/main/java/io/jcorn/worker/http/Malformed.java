package io.jcorn.worker.http;

/**
 * A request that is none: RFC 9113 §8.1.1. Unlike a {@link Refused} one it is not answered; its stream is reset, since whoever sent
 * it is broken or has something in mind.
 */
public final class Malformed extends Exception {

    /**
     * A malformed request.
     *
     * @param reason why, for the log; never quotes what the client sent
     */
    public Malformed(String reason) {
        // Without a stack trace: this is a value that travels as an exception, and attackers must not make it costly.
        super(reason, null, false, false);
    }

    /** Returns why, in one sentence. */
    public String reason() {
        String reason = getMessage();
        return reason == null ? "" : reason;
    }
}
