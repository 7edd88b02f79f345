package io.jcorn.master.metrics;

import io.jcorn.wire.Scoreboard;
import io.jcorn.wire.Scoreboard.Cell;
import java.util.EnumSet;
import java.util.Set;

/** What one worker, or several together, wrote into the scoreboard; a copy that no longer changes. */
final class Counts {

    /** Cells that only grow: all from the first of them on, so that a new one at the end is counted too. */
    static final Set<Cell> TOTALS = EnumSet.range(Cell.ACCEPTED, Cell.values()[Cell.values().length - 1]);

    /** Cells that describe the moment and can be added up over workers. */
    private static final Set<Cell> LEVELS = EnumSet.of(Cell.CONNECTIONS, Cell.IN_FLIGHT, Cell.QUEUED);

    private static final Set<Cell> COUNTED = counted();

    private static Set<Cell> counted() {
        Set<Cell> counted = EnumSet.copyOf(TOTALS);
        counted.addAll(LEVELS);
        return counted;
    }

    /** More than anything is counted to, and little enough for a sum over all rows. */
    private static final long MOST = 1L << 50;

    private final long[] cells = new long[Cell.values().length];
    private final long[] latency = new long[Scoreboard.BUCKETS];

    /** Everything zero. */
    Counts() {}

    /**
     * Returns what a row says now. A worker's native code may have written anything there: what cannot be a count is none, since a
     * page with one impossible number would have no numbers at all.
     */
    static Counts of(Scoreboard.Row row) {
        Counts counts = new Counts();
        for (Cell cell : Cell.values()) {
            long value = row.get(cell);
            counts.cells[cell.ordinal()] = COUNTED.contains(cell) ? count(value) : value;
        }
        for (int bucket = 0; bucket < counts.latency.length; bucket++) {
            counts.latency[bucket] = count(row.latencyBucket(bucket));
        }
        return counts;
    }

    private static long count(long value) {
        return value >= 0 && value <= MOST ? value : 0;
    }

    /** Adds what a worker that is gone has counted: the totals, not what it was doing in its last moment. */
    void addTotals(Counts departed) {
        add(departed, TOTALS);
    }

    /** Adds what a worker has counted and what it is doing. */
    void addAll(Counts worker) {
        add(worker, TOTALS);
        add(worker, LEVELS);
    }

    private void add(Counts other, Set<Cell> which) {
        for (Cell cell : which) {
            cells[cell.ordinal()] += other.cells[cell.ordinal()];
        }
        if (which == TOTALS) {
            for (int bucket = 0; bucket < latency.length; bucket++) {
                latency[bucket] += other.latency[bucket];
            }
        }
    }

    /** Returns the value of a cell. In a sum over workers only {@link #TOTALS}, connections and requests in flight and waiting have one. */
    long get(Cell cell) {
        return cells[cell.ordinal()];
    }

    /** Returns how many requests fell into a bucket of {@link Scoreboard#BUCKETS the latency histogram}. */
    long latencyBucket(int bucket) {
        return latency[bucket];
    }

    /** Returns how many requests were answered, whatever the status. */
    long requests() {
        long requests = 0;
        for (Cell cell : EnumSet.range(Cell.RESPONSES_1XX, Cell.RESPONSES_5XX)) {
            requests += get(cell);
        }
        return requests;
    }
}
