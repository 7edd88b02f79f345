package io.jcorn.master;

import io.jcorn.master.posix.Signal;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The terminal that the master was started from, if any, and what that means for two signals.
 *
 * <ul>
 *   <li>HUP means reload when somebody sends it, but the kernel sends it as well when the terminal goes away. Reloading then would
 *       leave a server that nobody sees, on a port that nobody can free: it is a stop. Only {@code nohup} asks for the opposite.
 *   <li>WINCH means "workers down" to a daemon; in a terminal it is somebody resizing a window.
 * </ul>
 */
final class Terminal {

    private final BooleanSupplier reachable;
    private final boolean attached;
    private volatile boolean outlived;

    /**
     * A terminal.
     *
     * @param reachable whether the process has a controlling terminal that is still there, asked now and at each HUP
     */
    Terminal(BooleanSupplier reachable) {
        this.reachable = reachable;
        this.attached = reachable.getAsBoolean();
    }

    /** The terminal as it is now. */
    static Terminal now() {
        return new Terminal(Terminal::reachable);
    }

    /** The server was started with nohup: it goes on when the terminal goes away. */
    void outlive() {
        outlived = true;
    }

    /** Returns what a signal asks for; empty: nothing. */
    Optional<Signal> interpret(Signal signal) {
        if (signal == Signal.WINCH && attached) {
            return Optional.empty();
        }
        if (signal == Signal.HUP && attached && !reachable.getAsBoolean()) {
            return outlived ? Optional.empty() : Optional.of(Signal.TERM);
        }
        return Optional.of(signal);
    }

    /** /dev/tty opens only for a process with a controlling terminal that is still there: ENXIO or EIO otherwise, tty(4). */
    private static boolean reachable() {
        try (FileInputStream terminal = new FileInputStream("/dev/tty")) {
            return terminal.getFD().valid();
        } catch (IOException e) {
            return false;
        }
    }
}
