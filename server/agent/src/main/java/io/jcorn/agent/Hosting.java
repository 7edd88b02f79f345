package io.jcorn.agent;

import io.jcorn.wire.Message.BootFailed.Cause;
import org.jspecify.annotations.Nullable;

/**
 * How a server of jcorn's own that runs in a hosted worker takes part in what the agent does. An application's server has none of
 * this: it gets its SIGTERM.
 */
public final class Hosting {

    private static volatile @Nullable Host host;

    private Hosting() {}

    /** Finishes what is in flight. */
    @FunctionalInterface
    public interface Departing {
        /**
         * Called on a thread of its own after the accept gate was closed: nothing new is accepted by this process from then on. The
         * process ends when this returns.
         *
         * @param graceMillis how long it may take, in milliseconds
         * @return how many requests were given up
         */
        int drain(long graceMillis);
    }

    /** What the agent does for us. */
    public interface Host {
        /** See {@link Hosting#onDrain}. */
        void onDrain(Departing departing);

        /** See {@link Hosting#onReopenLogs}. */
        void onReopenLogs(Runnable reopening);

        /** See {@link Hosting#fail}. */
        void fail(Cause cause, String reason);
    }

    /** Says who the agent is, as the first thing in the process. */
    public static void host(Host present) {
        host = present;
    }

    /** Whether this process has an agent: false where a test starts the server alone. */
    public static boolean present() {
        return host != null;
    }

    /** Says who finishes what is in flight when the master wants it, instead of the application's own handling of SIGTERM. */
    public static void onDrain(Departing departing) {
        Host present = host;
        if (present != null) {
            present.onDrain(departing);
        }
    }

    /** Says what is run when log files are to be opened again by name, on the thread of the duties; it must not wait long. */
    public static void onReopenLogs(Runnable reopening) {
        Host present = host;
        if (present != null) {
            present.onReopenLogs(reopening);
        }
    }

    /**
     * The application cannot be served: the master is told, once, and this process ends. Does not return where there is an agent.
     *
     * @param cause {@link Cause#LOAD} when it cannot be found or loaded, {@link Cause#BOOT} when it threw while it started
     * @param reason complete, for the user
     * @throws IllegalStateException with the reason, where there is no agent
     */
    public static void fail(Cause cause, String reason) {
        Host present = host;
        if (present == null) {
            throw new IllegalStateException(reason);
        }
        present.fail(cause, reason);
    }
}
