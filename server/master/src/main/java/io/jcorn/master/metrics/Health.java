package io.jcorn.master.metrics;

import io.jcorn.master.arbiter.Status;
import io.jcorn.master.arbiter.Target;
import io.jcorn.master.arbiter.WorkerState;

/** What probes ask. */
final class Health {

    /**
     * How long after its wake-up was due the arbiter's loop may fail to come round, in milliseconds. Nothing in a turn waits
     * for anything, so this is far more than a busy machine needs.
     */
    static final long STUCK_AFTER = 10_000;

    private Health() {}

    /**
     * {@code /livez}: whether a restart of the master would help. Workers that hang are no reason: the master is what
     * replaces them.
     *
     * @param now in milliseconds of the arbiter's clock
     */
    static Page live(Status status, long now) {
        long overdue = now - status.wakeAt();
        return overdue <= STUCK_AFTER
                ? Page.text(200, "ok")
                : Page.text(503, "the master's loop has been stuck for " + overdue + " ms");
    }

    /** {@code /readyz}: whether clients should be sent here. */
    static Page ready(Status status) {
        if (status.target().phase() != Target.Phase.SERVING) {
            return Page.text(503, "the server is stopping");
        }
        int ready = status.count(WorkerState.READY);
        if (ready > 0) {
            return Page.text(200, "ok");
        }
        return Page.text(
                503,
                status.breakerOpen()
                        ? "no worker is ready: they crash as soon as they start"
                        : "no worker is ready: " + status.count(WorkerState.SPAWNED) + " of "
                                + status.target().workers() + " are starting");
    }
}
