package io.jcorn.master.metrics;

import io.jcorn.master.arbiter.Status;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * All that the pages tell, of one moment.
 *
 * @param version of jcorn
 * @param pid of the master
 * @param started when the master was started
 * @param startedAt the same moment in milliseconds of the arbiter's clock
 * @param now the wall clock
 * @param clock the moment of {@code now} in milliseconds of the arbiter's clock
 * @param status what the arbiter's last turn left behind, so up to a turn older than the rest
 * @param counts from the scoreboard
 * @param acceptQueues one per listener
 * @param lastReload how the last reload ended
 */
record ServerView(
        String version,
        int pid,
        Instant started,
        long startedAt,
        Instant now,
        long clock,
        Status status,
        Tally.Reading counts,
        List<AcceptQueue> acceptQueues,
        LastReload.Outcome lastReload) {

    private static final Counts NOTHING = new Counts();

    /** Returns what a worker's row says; all zero when the worker was reaped after the status was taken. */
    Counts countsOf(Status.Worker worker) {
        return counts.workers().getOrDefault(worker.id(), NOTHING);
    }

    /** Returns how long the master has run, in milliseconds, whatever was done to the wall clock meanwhile. */
    long uptimeMillis() {
        return clock - startedAt;
    }

    /** Returns the wall clock's time of a moment of the arbiter's clock, to the millisecond that both have. */
    Instant at(long moment) {
        return now.minus(Duration.ofMillis(clock - moment)).truncatedTo(ChronoUnit.MILLIS);
    }
}
