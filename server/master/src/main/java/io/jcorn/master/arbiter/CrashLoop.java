package io.jcorn.master.arbiter;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * How soon a slot may be filled again after its worker failed.
 *
 * <p>The first failure costs nothing: the slot is filled at once. Each further one in a row doubles the wait, from
 * {@value #FIRST_DELAY} ms to {@value #LONGEST_DELAY} ms. When too many workers fail within a minute and none lasts, the
 * breaker opens: all slots together may then start one trial every {@value #TRIAL_EVERY} ms, until one lasts.
 *
 * <p>Times are milliseconds of the arbiter's monotonic clock.
 */
final class CrashLoop {

    /** Delay after the second failure in a row, in milliseconds. */
    static final long FIRST_DELAY = 500;

    /** The longest delay, in milliseconds. */
    static final long LONGEST_DELAY = 30_000;

    /** How long a worker must have been ready for its end to be no part of a crash loop, in milliseconds. */
    static final long LASTS = 10_000;

    /** The window in which the breaker counts failures, in milliseconds. */
    static final long WINDOW = 60_000;

    /** Time between two trials while the breaker is open, in milliseconds. */
    static final long TRIAL_EVERY = 30_000;

    private final Map<Integer, Integer> failuresInARow = new HashMap<>();
    private final Map<Integer, Long> notBefore = new HashMap<>();
    private final Map<Integer, Long> lastFailure = new HashMap<>();
    private final Deque<Long> recent = new ArrayDeque<>();
    private long nextTrial = Long.MIN_VALUE;
    private boolean open;

    /**
     * A worker of this slot ended by its own fault.
     *
     * @param workers how many workers there should be; more workers make more failures before it is a storm
     * @return whether this one opened the breaker
     */
    boolean failed(int slot, int workers, long now) {
        int row = failuresInARow.merge(slot, 1, Integer::sum);
        notBefore.put(slot, row == 1 ? now : now + delay(row));
        lastFailure.put(slot, now);
        recent.addLast(now);
        while (recent.getFirst() < now - WINDOW) {
            recent.removeFirst();
        }
        if (open) {
            nextTrial = Math.max(nextTrial, now + TRIAL_EVERY);
            return false;
        }
        open = recent.size() >= Math.max(6, 3 * workers);
        if (open) {
            nextTrial = now + TRIAL_EVERY;
        }
        return open;
    }

    /** A worker of this slot has been ready for {@link #LASTS}. Returns whether that closed the breaker. */
    boolean lasted(int slot) {
        failuresInARow.remove(slot);
        notBefore.remove(slot);
        boolean closed = open;
        open = false;
        recent.clear();
        return closed;
    }

    /** New code or a new configuration: everybody gets a fresh chance. */
    void reset() {
        failuresInARow.clear();
        notBefore.clear();
        recent.clear();
        open = false;
    }

    /** Returns when this slot may be filled, in milliseconds; a time that has passed means now. */
    long earliest(int slot) {
        long own = notBefore.getOrDefault(slot, Long.MIN_VALUE);
        return onTrial(slot) ? Math.max(own, nextTrial) : own;
    }

    /** Whether this slot may only be filled as a trial. A slot that never failed does not suffer for those that do. */
    boolean onTrial(int slot) {
        return open && failuresInARow(slot) > 0;
    }

    /** A worker was spawned into this slot: while the breaker is open that was the trial of this period. */
    void spawned(int slot, long now) {
        if (onTrial(slot)) {
            nextTrial = now + TRIAL_EVERY;
        }
    }

    /** Whether the breaker is open. */
    boolean open() {
        return open;
    }

    /** Returns how often this slot has failed in a row. */
    int failuresInARow(int slot) {
        return failuresInARow.getOrDefault(slot, 0);
    }

    /** Returns when this slot last failed. */
    long lastFailure(int slot) {
        return lastFailure.getOrDefault(slot, Long.MIN_VALUE);
    }

    /** Returns how many failures the last minute saw. */
    int recentFailures() {
        return recent.size();
    }

    private static long delay(int failuresInARow) {
        int doublings = Math.min(failuresInARow - 2, 10);
        return Math.min(LONGEST_DELAY, FIRST_DELAY << doublings);
    }
}
