package io.jcorn.worker.exchange;

import java.util.concurrent.TimeUnit;

/**
 * How fast one direction of a connection moves, as the sweep sees it: bytes that pass between two looks cost nothing. Made
 * when a look finds a transfer under way, and forgotten when one finds none.
 */
public final class Pace {

    private static final double SECOND = TimeUnit.SECONDS.toNanos(1);

    private final long request;
    private long began;
    private long from;
    private long looked;
    private long total;
    private long movedAt;

    /**
     * A transfer that is under way.
     *
     * @param request which of the connection's requests it belongs to
     * @param total bytes of the connection so far
     */
    public Pace(long request, long now, long total) {
        this.request = request;
        this.began = now;
        this.from = total;
        this.looked = now;
        this.total = total;
        this.movedAt = now;
    }

    /** Whether this is about another request than the given one. */
    public boolean isOf(long otherRequest) {
        return request == otherRequest;
    }

    /** Time since the last look in which the client was not waited for. */
    public void excuse(long now, long totalNow) {
        began += now - looked;
        movedAt = now;
        looked = now;
        total = totalNow;
    }

    /**
     * Looks.
     *
     * @param totalNow bytes of the connection so far
     * @param patience how long nothing may move, and from which age on the average counts, in nanoseconds
     * @param rate the least average in bytes per second; 0: none
     * @return whether it is too slow
     */
    public boolean tooSlow(long now, long totalNow, long patience, int rate) {
        looked = now;
        if (totalNow != total) {
            total = totalNow;
            movedAt = now;
        }
        long age = now - began;
        return now - movedAt > patience || (age > patience && (total - from) * SECOND / age < rate);
    }
}
