package io.jcorn.master.metrics;

import io.jcorn.wire.Scoreboard;
import java.util.HashMap;
import java.util.Map;

/**
 * Sums over all workers, those that are gone included, so that no total ever goes back.
 *
 * <p>A worker is in exactly one of two places: among the present, whose rows are read when somebody asks, or in the sum of
 * the departed. It moves from one to the other under the lock under which both are read. So a scrape that meets a death
 * counts the dead worker once: neither twice nor, for a moment, not at all. Without the lock either order of the two steps
 * shows one of these to somebody.
 */
public final class Tally {

    private final Map<Long, Scoreboard.Row> present = new HashMap<>();
    private final Counts departed = new Counts();

    /**
     * What all workers together have counted, and each of those present.
     *
     * @param total totals of all workers that ever were; connections and requests in flight of those present
     * @param workers by birth number
     */
    record Reading(Counts total, Map<Long, Counts> workers) {}

    /**
     * A worker was spawned.
     *
     * @param worker its birth number
     * @param row its row, all zero when it was spawned
     */
    public synchronized void joined(long worker, Scoreboard.Row row) {
        present.put(worker, row);
    }

    /** A worker was reaped: takes over what its row says. The row may be cleared and given away afterwards. */
    public synchronized void departed(long worker) {
        Scoreboard.Row row = present.remove(worker);
        if (row != null) {
            departed.addTotals(Counts.of(row));
        }
    }

    synchronized Reading read() {
        Counts total = new Counts();
        total.addTotals(departed);
        Map<Long, Counts> workers = new HashMap<>();
        present.forEach((worker, row) -> {
            Counts counts = Counts.of(row);
            workers.put(worker, counts);
            total.addAll(counts);
        });
        return new Reading(total, workers);
    }
}
