package io.jcorn.master.arbiter;

import io.jcorn.master.posix.Signal;
import io.jcorn.master.posix.WaitStatus;
import io.jcorn.wire.Message.BootFailed;

/**
 * Why a worker's process ended.
 *
 * @param kind what it was
 * @param status what the kernel said
 */
public record Exit(Kind kind, WaitStatus status) {

    /** The ways to end, and whose fault each is. */
    public enum Kind {
        /** It was told to leave, or a signal told it, and it left. */
        CLEAN(Fault.NOBODY, "drained"),
        /** The master killed it: it was late, or did not leave in time. */
        KILLED_BY_MASTER(Fault.WORKER, "killed by the master"),
        /** The application could not be found or loaded. */
        LOAD_FAILURE(Fault.WORKER, "the application could not be loaded"),
        /** The application threw while it started, or the JVM did not come up. */
        BOOT_FAILURE(Fault.WORKER, "failed to boot"),
        /** The JVM ended itself because its heap or metaspace was full. */
        JVM_OUT_OF_MEMORY(Fault.WORKER, "out of Java memory"),
        /** The kernel killed it because the machine or the cgroup was out of memory. */
        KERNEL_OUT_OF_MEMORY(Fault.WORKER, "killed by the kernel: out of memory"),
        /** The JVM or native code crashed. */
        CRASHED(Fault.WORKER, "crashed"),
        /** Somebody else sent it a signal. */
        SIGNALLED(Fault.SOMEBODY_ELSE, "killed from outside"),
        /** The application ended the JVM. */
        EXITED(Fault.WORKER, "the application ended the process");

        private final Fault fault;
        private final String text;

        Kind(Fault fault, String text) {
            this.fault = fault;
            this.text = text;
        }
    }

    private enum Fault {
        NOBODY,
        WORKER,
        SOMEBODY_ELSE
    }

    /** Exit code of a JVM started with ExitOnOutOfMemoryError; also our own for a failed boot, which announces itself. */
    private static final int OUT_OF_MEMORY = 3;

    /**
     * Decides why a worker ended.
     *
     * @param outOfMemoryKill whether the kernel's count of kills for want of memory went up meanwhile
     */
    static Exit classify(WorkerHandle worker, WaitStatus status, boolean outOfMemoryKill) {
        return new Exit(kind(worker, status, outOfMemoryKill), status);
    }

    private static Kind kind(WorkerHandle worker, WaitStatus status, boolean outOfMemoryKill) {
        BootFailed failure = worker.bootFailure();
        if (failure != null) {
            return kind(failure);
        }
        if (status.signalled()) {
            return signalled(worker, status, outOfMemoryKill);
        }
        int code = status.exitCode();
        boolean leaving = worker.asked() || worker.announced();
        if (leaving && (code == 0 || byRequest(code))) {
            return Kind.CLEAN;
        }
        if (code == OUT_OF_MEMORY) {
            return Kind.JVM_OUT_OF_MEMORY;
        }
        // A JVM that gets TERM, INT or HUP before its own handlers stand exits with 128 + the signal.
        if (byRequest(code)) {
            return Kind.SIGNALLED;
        }
        return worker.wasReady() ? Kind.EXITED : Kind.BOOT_FAILURE;
    }

    /** What a worker's own word for its failure means. */
    static Kind kind(BootFailed failure) {
        return failure.cause() == BootFailed.Cause.LOAD ? Kind.LOAD_FAILURE : Kind.BOOT_FAILURE;
    }

    private static Kind signalled(WorkerHandle worker, WaitStatus status, boolean outOfMemoryKill) {
        if (status.killedBy(Signal.KILL)) {
            if (worker.state() == WorkerState.KILLED) {
                return Kind.KILLED_BY_MASTER;
            }
            return outOfMemoryKill ? Kind.KERNEL_OUT_OF_MEMORY : Kind.SIGNALLED;
        }
        boolean polite = status.killedBy(Signal.TERM) || status.killedBy(Signal.INT) || status.killedBy(Signal.HUP);
        if (polite) {
            return worker.asked() ? Kind.CLEAN : Kind.SIGNALLED;
        }
        return crash(status) ? Kind.CRASHED : Kind.SIGNALLED;
    }

    private static boolean crash(WaitStatus status) {
        return status.coreDumped()
                || status.killedBy(Signal.SEGV)
                || status.killedBy(Signal.ABRT)
                || status.killedBy(Signal.BUS)
                || status.killedBy(Signal.ILL)
                || status.killedBy(Signal.FPE)
                || status.killedBy(Signal.TRAP)
                || status.killedBy(Signal.SYS);
    }

    private static boolean byRequest(int code) {
        return code == 128 + Signal.TERM.number()
                || code == 128 + Signal.INT.number()
                || code == 128 + Signal.HUP.number();
    }

    /** Whether it ended as it should. */
    public boolean clean() {
        return kind.fault == Fault.NOBODY;
    }

    /** Whether the worker or its application is to blame, rather than whoever sent a signal. */
    boolean ownFault() {
        return kind.fault == Fault.WORKER;
    }

    /** What it was, in words. */
    public String text() {
        return kind.text;
    }
}
