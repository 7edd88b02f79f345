package io.jcorn.worker.exchange;

/**
 * How much of the responses of a worker its temporary files hold together. It bounds what is kept for clients that could be waited
 * for instead; what must not wait is kept beyond it. Confined to the event loop.
 */
public final class SpoolBudget {

    /** Bytes that may be kept of one response. */
    public static final long RESPONSE = 16 << 20;

    /** Bytes that may be kept of all responses of a worker. */
    private static final long WORKER = 256 << 20;

    private long used;

    /** Takes note of bytes that were kept. */
    public void add(long bytes) {
        used += bytes;
    }

    /** Takes note of bytes that are not kept any more. */
    public void remove(long bytes) {
        used -= bytes;
    }

    /** Whether everything is used up. */
    public boolean exhausted() {
        return used >= WORKER;
    }

    /** Returns how many bytes are kept. */
    public long used() {
        return used;
    }
}
