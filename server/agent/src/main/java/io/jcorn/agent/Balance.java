package io.jcorn.agent;

import io.jcorn.wire.Scoreboard;
import io.jcorn.wire.Scoreboard.Cell;
import io.jcorn.wire.Scoreboard.WorkerPhase;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * Decides whether this worker has its share of the connections. All workers wait on one listener, and the kernel wakes them
 * as it likes; a worker above the average lets the others have the next connection by not accepting for a moment.
 *
 * <p>Not all can be above the average, so somebody always accepts. Rows of processes that are gone, drain, or have not beaten
 * lately do not count: nobody waits for them.
 */
public final class Balance {

    /** How far above the average a worker may be. */
    private static final int SLACK = 1;

    private static final long REFRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long STALE_NANOS = TimeUnit.SECONDS.toNanos(3);

    private final Scoreboard scoreboard;
    private final Scoreboard.Row own;
    private final long staleNanos;
    private Scoreboard.Row[] others = {};
    private long refreshed;
    private boolean fresh;

    /**
     * The balance of one process.
     *
     * @param beatNanos how often processes publish their heartbeat: who has missed three does not count
     */
    public Balance(Scoreboard scoreboard, Scoreboard.Row own, long beatNanos) {
        this.scoreboard = scoreboard;
        this.own = own;
        this.staleNanos = Math.max(STALE_NANOS, 3 * beatNanos);
    }

    /** Whether this worker, with so many connections, should leave the next to others. */
    public boolean shouldYield(int connections, long now) {
        if (own.phase() != WorkerPhase.SERVING) {
            return false;
        }
        refreshInTime(now);
        long sum = connections;
        int serving = 1;
        for (Scoreboard.Row row : others) {
            if (serves(row, now)) {
                sum += row.get(Cell.CONNECTIONS);
                serving++;
            }
        }
        return serving > 1 && (long) connections * serving > sum + (long) SLACK * serving;
    }

    /** Whether there is another worker that accepts. */
    public boolean othersServe(long now) {
        refreshInTime(now);
        for (Scoreboard.Row row : others) {
            if (serves(row, now)) {
                return true;
            }
        }
        return false;
    }

    /** Whether there is another worker in which no request waits for the application. */
    public boolean othersHaveRoom(long now) {
        refreshInTime(now);
        for (Scoreboard.Row row : others) {
            if (serves(row, now) && row.get(Cell.QUEUED) == 0) {
                return true;
            }
        }
        return false;
    }

    private boolean serves(Scoreboard.Row row, long now) {
        return row.phase() == WorkerPhase.SERVING && now - row.get(Cell.BEAT) < staleNanos;
    }

    private void refreshInTime(long now) {
        if (!fresh || now - refreshed > REFRESH_NANOS) {
            refresh(now);
        }
    }

    /** Finds the rows in use; there are a thousand, of which few are. */
    private void refresh(long now) {
        Scoreboard.Row[] found = new Scoreboard.Row[Scoreboard.ROWS];
        int count = 0;
        for (int i = 0; i < Scoreboard.ROWS; i++) {
            Scoreboard.Row row = scoreboard.row(i);
            if (i != own.index() && row.phase() != WorkerPhase.FREE) {
                found[count++] = row;
            }
        }
        others = Arrays.copyOf(found, count);
        refreshed = now;
        fresh = true;
    }
}
