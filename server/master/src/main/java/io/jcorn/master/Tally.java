package io.jcorn.master;

import io.jcorn.wire.Scoreboard;
import io.jcorn.wire.Scoreboard.Cell;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** What workers that are gone have counted, so that sums over all workers never go back. */
final class Tally {

    /** Cells that only grow; the others describe a moment. */
    static final Set<Cell> TOTALS = EnumSet.range(Cell.ACCEPTED, Cell.LATENCY_SUM);

    private final Map<Cell, Long> totals = new EnumMap<>(Cell.class);
    private final long[] latency = new long[Scoreboard.BUCKETS];

    /** A worker was reaped: takes over what its row says. */
    synchronized void departed(Scoreboard.Row row) {
        for (Cell cell : TOTALS) {
            totals.merge(cell, row.get(cell), Long::sum);
        }
        for (int bucket = 0; bucket < latency.length; bucket++) {
            latency[bucket] += row.latencyBucket(bucket);
        }
    }

    /** Returns what the departed have counted in one cell. */
    synchronized long total(Cell cell) {
        return totals.getOrDefault(cell, 0L);
    }

    /** Returns what the departed have counted in one bucket of the latency histogram. */
    synchronized long latencyBucket(int bucket) {
        return latency[bucket];
    }
}
