package io.jcorn.worker;

import io.jcorn.wire.Log;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;

/**
 * Signals that are sent directly to a worker. The master uses none: its commands travel over the control channel.
 *
 * <p>TERM drains this worker, INT ends it quickly. HUP, USR1 and USR2 would kill a JVM by default, and mean something to the
 * master only. QUIT stays the JVM's thread dump.
 */
final class WorkerSignals {

    private volatile @Nullable Worker worker;
    private volatile @Nullable Log log;

    /** Takes over the signals, as the first thing that a worker does. */
    static WorkerSignals install() {
        WorkerSignals signals = new WorkerSignals();
        signals.on("TERM", signals::terminate);
        signals.on("INT", signals::interrupt);
        for (String name : new String[] {"HUP", "USR1", "USR2"}) {
            signals.on(name, () -> signals.ignored(name));
        }
        return signals;
    }

    /** Says who there is to obey from now on. */
    void assign(Worker worker, Log log) {
        this.log = log;
        this.worker = worker;
    }

    private void on(String name, Runnable action) {
        Signal.handle(new Signal(name), signal -> action.run());
    }

    private void terminate() {
        Worker worker = this.worker;
        if (worker == null) {
            // Still booting: nothing is in flight. With the code that a JVM without handlers would have ended with.
            Runtime.getRuntime().halt(128 + 15);
            return;
        }
        worker.leave("signal TERM");
    }

    private void interrupt() {
        Worker worker = this.worker;
        if (worker == null) {
            Runtime.getRuntime().halt(128 + 2);
            return;
        }
        worker.quit();
    }

    private void ignored(String name) {
        Log log = this.log;
        if (log != null) {
            log.debug("Signal " + name + " means nothing to a worker; send it to the master");
        }
    }
}
