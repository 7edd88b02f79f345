package io.jcorn.master.posix;

/**
 * How a child ended, see wait(2).
 *
 * <p>A JVM that is told to stop by TERM runs its shutdown hooks and <em>exits</em> with 143; it counts as signalled only
 * when the signal came before its handlers stood.
 *
 * @param raw the status word of waitpid: exit code in bits 8..15, signal in bits 0..6, core flag in bit 7
 */
public record WaitStatus(int raw) {
    /** Returns the status of a child that called exit with this code, 0..255. */
    public static WaitStatus ofExit(int code) {
        return new WaitStatus((code & 0xff) << 8);
    }

    /** Returns the status of a child that this signal killed. */
    public static WaitStatus ofSignal(Signal signal) {
        return new WaitStatus(signal.number());
    }

    /** Whether the child ended by itself; then {@link #exitCode()} counts. */
    public boolean exited() {
        return (raw & 0x7f) == 0;
    }

    /** The exit code, 0..255; -1 when a signal killed the child. */
    public int exitCode() {
        return exited() ? (raw >> 8) & 0xff : -1;
    }

    /** Whether a signal killed the child; then {@link #signal()} counts. */
    public boolean signalled() {
        return !exited() && (raw & 0x7f) != 0x7f;
    }

    /** The number of the signal that killed the child; 0 when it exited. */
    public int signal() {
        return signalled() ? raw & 0x7f : 0;
    }

    /** Whether this signal killed the child. */
    public boolean killedBy(Signal signal) {
        return signal() == signal.number();
    }

    /** Whether the kernel wrote a core dump, or handed one to a collector. */
    public boolean coreDumped() {
        return signalled() && (raw & 0x80) != 0;
    }

    /** Returns {@code exit code 3}, {@code signal 9 (KILL)} or {@code signal 11 (SEGV), core dumped}. */
    public String describe() {
        if (exited()) {
            return "exit code " + exitCode();
        }
        return "signal " + Signal.describe(raw & 0x7f) + (coreDumped() ? ", core dumped" : "");
    }
}
