package io.jcorn.master.arbiter;

import io.jcorn.master.posix.WaitStatus;

/**
 * Tells a kill by the kernel for want of memory from one by an operator: both are KILL. The kernel counts its own, and
 * counts before the process dies; so of the deaths of one turn as many are its work as its count went up.
 */
final class KernelKills {

    private final Crew crew;
    private long explained;

    KernelKills(Crew crew) {
        this.crew = crew;
        this.explained = crew.outOfMemoryKills();
    }

    /** Decides why a worker ended. */
    Exit classify(WorkerHandle worker, WaitStatus status) {
        Exit exit = Exit.classify(worker, status, crew.outOfMemoryKills() > explained);
        if (exit.kind() == Exit.Kind.KERNEL_OUT_OF_MEMORY) {
            explained++;
        }
        return exit;
    }

    /** All deaths of this turn are told. A kill that is left over hit somebody else, and explains no later death. */
    void settle() {
        explained = crew.outOfMemoryKills();
    }
}
