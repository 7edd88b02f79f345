package io.jcorn.master.arbiter;

import java.util.List;

/**
 * What the server is doing and who does it, as it was at the end of a turn. Immutable, so any thread may read it while the
 * arbiter goes on.
 *
 * <p>Times are milliseconds of the arbiter's monotonic clock.
 *
 * @param target what the workers should look like
 * @param preparing whether a generation is being prepared for a reload
 * @param breakerOpen whether a crash loop keeps failing slots empty
 * @param recentFailures how many workers failed within the last minute
 * @param workers every process that has not been reaped, in order of birth
 * @param turnedAt when the turn began
 * @param wakeAt when the next turn is due, even if nothing happens
 */
public record Status(
        Target target,
        boolean preparing,
        boolean breakerOpen,
        int recentFailures,
        List<Worker> workers,
        long turnedAt,
        long wakeAt) {

    public Status {
        workers = List.copyOf(workers);
    }

    /**
     * One worker, with the meanings of {@link WorkerHandle}.
     *
     * @param id the birth number
     * @param since when it came into its state
     * @param because why it is leaving or late; empty while it is live
     */
    public record Worker(
            long id,
            int slot,
            int generation,
            int pid,
            WorkerState state,
            long since,
            long spawnedAt,
            String because) {}

    static Status of(WorkerTable table, Target target, boolean preparing, long turnedAt, long wakeAt) {
        CrashLoop crashLoop = table.crashLoop();
        return new Status(
                target,
                preparing,
                crashLoop.open(),
                crashLoop.recentFailures(),
                table.all().stream().map(Status::worker).toList(),
                turnedAt,
                wakeAt);
    }

    private static Worker worker(WorkerHandle handle) {
        return new Worker(
                handle.id(),
                handle.slot(),
                handle.generation(),
                handle.pid(),
                handle.state(),
                handle.since(),
                handle.spawnedAt(),
                handle.because());
    }

    /** Returns how many workers are in one state. */
    public int count(WorkerState state) {
        return (int) workers.stream().filter(worker -> worker.state() == state).count();
    }
}
