package io.jcorn.agent;

import io.jcorn.wire.Message.BootFailed.Cause;

/**
 * How a server of ours that runs in a hosted worker takes part in what the agent does. A server that is not ours has none of it: it
 * gets its SIGTERM.
 */
public final class Hosting {

    private Hosting() {}

    /** Whether this process has a jcorn agent: false in a test that starts the server alone. */
    public static boolean present() {
        return false;
    }

    /**
     * Says who finishes what is in flight and ends the process when the master says so, instead of the application's own SIGTERM
     * handling.
     */
    public static void onDrain(Departing departing) {
        // Nobody commands a process that has no agent.
    }

    /**
     * The application cannot be served: the master is told, once, and this process ends. Does not return when an agent is present.
     *
     * @param cause {@link Cause#LOAD} when it cannot be found or loaded, {@link Cause#BOOT} when it threw while it started
     * @param reason the application's own error, complete, possibly many lines
     * @throws IllegalStateException with the reason, when no agent is present
     */
    public static void fail(Cause cause, String reason) {
        throw new IllegalStateException(reason);
    }

    /** Called on a thread of its own after the accept gate is closed: nothing new is accepted by this process from then on. */
    public interface Departing {

        /**
         * Finish what is in flight within so many milliseconds, then return; the agent then ends the process.
         *
         * @return how many requests were given up
         */
        int drain(long graceMillis);
    }
}
