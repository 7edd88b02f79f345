package io.jcorn.master.arbiter;

import io.jcorn.master.arbiter.WorkerState.Trigger;
import io.jcorn.master.posix.WaitStatus;

/** Worker handles and exits for the tests of other rooms, which cannot make them. */
public final class Handles {

    private Handles() {}

    /** A worker that was just spawned. */
    public static WorkerHandle spawned() {
        return new WorkerHandle(1, 0, 1, 0, 4711, 0, 1_000);
    }

    /** A worker that became ready. */
    public static WorkerHandle ready() {
        WorkerHandle worker = spawned();
        worker.apply(Trigger.READY, 10);
        return worker;
    }

    /** A worker that was told to leave. */
    public static WorkerHandle draining() {
        WorkerHandle worker = ready();
        worker.apply(Trigger.DRAIN_SENT, 20);
        return worker;
    }

    /** An end of this kind. */
    public static Exit exit(Exit.Kind kind) {
        return new Exit(kind, WaitStatus.ofExit(0));
    }
}
