package io.jcorn.worker.http2;

import java.util.concurrent.TimeUnit;

/**
 * How a client behaves: a debt that frames add to which cost us something and bring nothing, and that honest work and time
 * reduce. Whoever is deep in debt is told to calm down, and disconnected (RFC 9113 §10.5).
 *
 * <p>One balance rather than a limit per kind of frame: attacks are mixed at will, and clients that only look alike to one of
 * them (a download with many window updates, a page whose images are cancelled) pay as they go. Nothing here is allocated, and
 * nothing is timed: the sweep forgives.
 */
final class Conduct {

    /** The debt at which patience ends. */
    static final int LIMIT = 2000;

    /** What is forgiven in a second. */
    static final int FORGIVEN_PER_SECOND = 200;

    /** A stream that the client began and took back, or that we had to reset: each may have cost a whole request. */
    static final int RESET = 10;

    /** Settings and pings: each is answered. */
    static final int ANSWERED = 5;

    /** What is looked at and thrown away: priorities, unknown frames, acknowledgements of nothing. */
    static final int IDLE_TALK = 2;

    /** A window that is opened: honest when it follows data, and data pays for it. */
    static final int WINDOW = 1;

    /** DATA without a byte that is not the end either. */
    static final int EMPTY_DATA = 10;

    /** DATA so small that its frame and what it costs here outweigh it. */
    static final int SMALL_DATA = 1;

    /** Bytes of a DATA frame below which it is small. */
    static final int SMALL = 64;

    /** An exchange that came to its end. */
    static final int EXCHANGE = 10;

    /** Bytes that went out, each so many of which pay for a window update of stream and connection. */
    static final int BYTES_PER_WINDOW = 4096;

    private static final long NANOS_PER_FORGIVEN = TimeUnit.SECONDS.toNanos(1) / FORGIVEN_PER_SECOND;

    private long debt;
    private long forgivenAt;

    Conduct(long now) {
        forgivenAt = now;
    }

    /** Adds to the debt, and returns whether it is still bearable. */
    boolean owes(int cost) {
        debt += cost;
        return debt <= LIMIT;
    }

    /** Honest work. */
    void earns(long credit) {
        debt = Math.max(0, debt - credit);
    }

    /** Bytes of a response have left. */
    void sent(int bytes) {
        earns(2L * (bytes / BYTES_PER_WINDOW));
    }

    /** Time passes. */
    void forgive(long now) {
        long forgiven = (now - forgivenAt) / NANOS_PER_FORGIVEN;
        forgivenAt += forgiven * NANOS_PER_FORGIVEN;
        earns(forgiven);
    }
}
