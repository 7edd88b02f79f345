package io.jcorn.master.arbiter;

import io.jcorn.master.arbiter.Target.Phase;
import io.jcorn.wire.Message;

/**
 * The first part of a graceful stop: nobody comes in any more, and whoever already waits in an accept queue is served.
 *
 * <pre>
 *   begin: doors shut, workers drain but keep accepting ──► queue empty for a moment ──► gates and listeners closed
 * </pre>
 */
final class Stopping {

    /** How often the queues are looked at, in milliseconds. */
    static final long LOOK_EVERY = 5;

    /** How long the queues must have been empty: a handshake that was under way may still complete. In milliseconds. */
    static final long SETTLED = 20;

    /** The longest that is waited for the queues, in milliseconds; the grace of the drain if that is shorter. */
    static final long LONGEST = 5_000;

    private final WorkerTable table;
    private final Crew crew;
    private final Doors doors;
    private final Journal journal;
    private long began;
    private long emptySince;
    private int looks;
    private long noLaterThan;

    Stopping(WorkerTable table, Crew crew, Doors doors, Journal journal) {
        this.table = table;
        this.crew = crew;
        this.doors = doors;
        this.journal = journal;
    }

    /** A graceful stop begins. Returns the phase that follows. */
    Phase begin(Policy policy, long now) {
        began = now;
        emptySince = now;
        looks = 0;
        noLaterThan = now + Math.min(LONGEST, policy.graceMillis());
        doors.shut();
        return Phase.EMPTYING;
    }

    /** A quick stop begins, or a graceful one becomes quick. Returns the phase that follows. */
    Phase quick(Phase before, long now) {
        if (before == Phase.SERVING) {
            began = now;
        }
        if (before != Phase.STOPPING) {
            closeAll(now);
        }
        return Phase.QUITTING;
    }

    /** Looks at the queues, and closes everything when they are empty or nobody is left to empty them. */
    Target whenEmptied(Target target, long now) {
        if (doors.empty()) {
            looks++;
        } else {
            emptySince = now;
            looks = 0;
        }
        // Where this process waits for a processor, so does the kernel's thread that completes handshakes: time
        // alone, with no look in between, proves nothing.
        boolean settled = now - emptySince >= SETTLED && looks >= SETTLED / LOOK_EVERY;
        boolean somebodyAccepts = table.count(WorkerState.READY) + table.count(WorkerState.DRAINING) > 0;
        if (somebodyAccepts && !settled && now < noLaterThan) {
            return target;
        }
        closeAll(now);
        return target.phase(Phase.STOPPING);
    }

    /** There is nobody to serve whoever waits. */
    void giveUp() {
        doors.close();
    }

    private void closeAll(long now) {
        for (WorkerHandle worker : table.all()) {
            if (worker.state() == WorkerState.READY || worker.state() == WorkerState.DRAINING) {
                crew.tell(worker, new Message.CloseGate());
            }
        }
        doors.close();
        journal.listenersClosed(now - began);
    }
}
