package io.jcorn.master.arbiter;

import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.master.arbiter.Exit.Kind;
import io.jcorn.master.arbiter.WorkerState.Trigger;
import io.jcorn.master.posix.Signal;
import io.jcorn.master.posix.WaitStatus;
import io.jcorn.wire.Message.BootFailed;
import org.junit.jupiter.api.Test;

/** Why a worker ended, from what the kernel says and what the master knows. */
class ExitTest {

    private final WorkerHandle worker = new WorkerHandle(1, 0, 1, 0, 100, 0, 1_000);

    private Kind exited(int code) {
        return Exit.classify(worker, WaitStatus.ofExit(code), false).kind();
    }

    private Kind signalled(Signal signal) {
        return Exit.classify(worker, WaitStatus.ofSignal(signal), false).kind();
    }

    private void ready() {
        worker.apply(Trigger.READY, 10);
    }

    private void asked() {
        worker.markAsked();
        worker.apply(Trigger.DRAIN_SENT, 20);
    }

    @Test
    void whoWasAskedToLeaveLeavesCleanly() {
        ready();
        asked();
        assertThat(exited(0)).isEqualTo(Kind.CLEAN);
        assertThat(exited(143)).as("the JVM's own answer to TERM").isEqualTo(Kind.CLEAN);
        assertThat(signalled(Signal.TERM))
                .as("TERM before the JVM had handlers")
                .isEqualTo(Kind.CLEAN);
        assertThat(exited(1)).isEqualTo(Kind.EXITED);
    }

    @Test
    void whoLeavesByItselfAfterSayingSoLeavesCleanly() {
        ready();
        worker.apply(Trigger.LEAVING, 20);
        assertThat(exited(0)).isEqualTo(Kind.CLEAN);
    }

    @Test
    void whoExitsWithoutAWordIsAtFaultEvenWithZero() {
        ready();
        assertThat(exited(0)).isEqualTo(Kind.EXITED);
        assertThat(exited(7)).isEqualTo(Kind.EXITED);
    }

    /** The end of file often comes before the exit status is there. */
    @Test
    void whoOnlyHangsUpHasSaidNothing() {
        worker.apply(Trigger.CHANNEL_CLOSED, 5);
        assertThat(exited(0)).isEqualTo(Kind.BOOT_FAILURE);
        assertThat(exited(1)).isEqualTo(Kind.BOOT_FAILURE);
    }

    @Test
    void whoHangsUpAfterItWasReadyWasEndedByItsApplication() {
        ready();
        worker.apply(Trigger.CHANNEL_CLOSED, 20);
        assertThat(exited(0)).isEqualTo(Kind.EXITED);
        assertThat(exited(143)).isEqualTo(Kind.SIGNALLED);
    }

    @Test
    void whoWasNeverReadyFailedToBoot() {
        assertThat(exited(1)).isEqualTo(Kind.BOOT_FAILURE);
        assertThat(exited(0)).isEqualTo(Kind.BOOT_FAILURE);
    }

    @Test
    void itsOwnWordForTheFailureCounts() {
        worker.bootFailure(new BootFailed(BootFailed.Cause.LOAD, "no such class"));
        assertThat(exited(4)).isEqualTo(Kind.LOAD_FAILURE);
        worker.bootFailure(new BootFailed(BootFailed.Cause.BOOT, "threw"));
        assertThat(exited(3)).isEqualTo(Kind.BOOT_FAILURE);
    }

    @Test
    void exitCodeThreeWithoutAWordIsAFullHeap() {
        assertThat(exited(3)).isEqualTo(Kind.JVM_OUT_OF_MEMORY);
        ready();
        assertThat(exited(3)).isEqualTo(Kind.JVM_OUT_OF_MEMORY);
    }

    @Test
    void killIsTheMastersTheKernelsOrSomebodyElses() {
        ready();
        assertThat(signalled(Signal.KILL)).isEqualTo(Kind.SIGNALLED);
        assertThat(Exit.classify(worker, WaitStatus.ofSignal(Signal.KILL), true).kind())
                .isEqualTo(Kind.KERNEL_OUT_OF_MEMORY);
        worker.apply(Trigger.KILL_SENT, 30);
        assertThat(signalled(Signal.KILL)).isEqualTo(Kind.KILLED_BY_MASTER);
    }

    @Test
    void crashesAreTheWorkersFaultSignalsFromOutsideAreNot() {
        ready();
        for (Signal crash : new Signal[] {Signal.SEGV, Signal.ABRT, Signal.BUS, Signal.ILL, Signal.FPE}) {
            assertThat(signalled(crash)).isEqualTo(Kind.CRASHED);
        }
        assertThat(Exit.classify(worker, WaitStatus.ofSignal(Signal.SEGV), false)
                        .ownFault())
                .isTrue();
        for (Signal outside : new Signal[] {Signal.TERM, Signal.INT, Signal.HUP, Signal.USR1}) {
            assertThat(signalled(outside)).isEqualTo(Kind.SIGNALLED);
        }
        assertThat(Exit.classify(worker, WaitStatus.ofSignal(Signal.TERM), false)
                        .ownFault())
                .isFalse();
        assertThat(exited(143)).isEqualTo(Kind.SIGNALLED);
        assertThat(exited(129)).isEqualTo(Kind.SIGNALLED);
    }
}
