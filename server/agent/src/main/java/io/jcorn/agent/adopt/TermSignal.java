package io.jcorn.agent.adopt;

import io.jcorn.wire.Log;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * SIGTERM of a hosted worker. The JVM's own handling, which runs the application's shutdown hooks, stays; we only come first, so that
 * nothing more is accepted and the master knows. An application that installs a handler of its own replaces ours: what it does is then
 * its business, and the master's stop, which does not begin with a signal, is as gentle as before.
 */
final class TermSignal implements SignalHandler {

    private static final String[] MASTERS_OWN = {"HUP", "USR1", "USR2"};

    private final Signal signal = new Signal("TERM");
    private final Log log;
    private volatile @Nullable SignalHandler before;
    private volatile @Nullable Runnable action;
    private volatile boolean raised;

    private TermSignal(Log log) {
        this.log = log;
    }

    /** Comes first from now on; and signals that would end a JVM though they are the master's own are ignored. */
    static TermSignal install(Log log) {
        TermSignal term = new TermSignal(log);
        for (String name : MASTERS_OWN) {
            term.ignore(name);
        }
        return term;
    }

    private void ignore(String name) {
        try {
            Signal.handle(new Signal(name), this);
        } catch (IllegalArgumentException e) {
            // -Xrs, or the JVM has it for itself.
            log.debug("Signal " + name + " cannot be ignored: " + e.getMessage());
        }
    }

    /** Says what is done when somebody sends it to this process. */
    void onSignal(Runnable action) {
        this.action = action;
        try {
            before = Signal.handle(signal, this);
        } catch (IllegalArgumentException e) {
            log.debug("Signal TERM cannot be handled: " + e.getMessage());
        }
    }

    @Override
    public void handle(Signal came) {
        SignalHandler jvm = before;
        Runnable action = this.action;
        if (!came.equals(signal) || action == null) {
            log.debug("Signal " + came.getName() + " is for the master, not for a worker");
        } else if (raised && jvm != null) {
            jvm.handle(came);
        } else {
            action.run();
        }
    }

    /** Has the application shut down as if the signal had come from outside. */
    void raise() {
        raised = true;
        // With -Xrs nobody in this JVM handles it, and it ends by the kernel's default.
        Signal.raise(signal);
    }
}
