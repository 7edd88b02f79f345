package io.jcorn.wire;

/**
 * One record of the control channel between the master and one worker.
 *
 * <p>The channel's end of file is a message too, the most important one: it is the death notice, in both directions.
 * Everything else is one of these records, framed by {@link MessageCodec}.
 */
public sealed interface Message {

    /** What a worker tells its master. */
    sealed interface FromWorker extends Message {}

    /** What the master tells a worker. */
    sealed interface ToWorker extends Message {}

    /**
     * The worker accepts connections and the application is loaded.
     *
     * @param application what the worker serves, for the log, for example {@code io.jcorn.examples.hello.Hello}
     */
    record Ready(String application) implements FromWorker {}

    /**
     * The worker cannot serve and is about to exit.
     *
     * @param cause what failed; decides between the exit codes 3 and 4 of the master
     * @param reason the application's own error, complete, possibly many lines
     */
    record BootFailed(Cause cause, String reason) implements FromWorker {
        /** What failed while a worker booted. */
        public enum Cause {
            /** The application was found but threw while it started: exit code 3. */
            BOOT,
            /** The application could not be found or loaded: exit code 4. */
            LOAD
        }
    }

    /**
     * The worker leaves on its own account: somebody sent the signal directly to it. The master replaces it at once and
     * treats it as draining.
     *
     * @param reason for the log, for example {@code "signal TERM"}
     */
    record Leaving(String reason) implements FromWorker {}

    /**
     * The worker accepts nothing any more: no connection that completes from now on is its own. What it has accepted before is
     * being finished. The answer to {@link CloseGate} and to a {@link Drain} with {@link Gate#CLOSE}; also said by a worker that leaves on
     * its own account.
     *
     * @param connections how many client connections are open
     */
    record GateClosed(int connections) implements FromWorker {}

    /**
     * Nothing is in flight any more, the listeners are closed, the application is closed: the worker exits now.
     *
     * @param unfinished requests that were given up because the deadline of the drain had passed
     */
    record Drained(int unfinished) implements FromWorker {}

    /**
     * The answer to {@link DumpRequest}: all threads with their stacks, deadlocks, heap.
     *
     * @param text many lines
     */
    record Dump(String text) implements FromWorker {}

    /** A standby joins the ready workers and begins to accept. */
    record Activate() implements ToWorker {}

    /**
     * Finish what is in flight and leave.
     *
     * @param graceMillis how long requests in flight may take, in milliseconds from receipt, at least 0
     * @param gate whether the worker stops accepting at once ({@link Gate#CLOSE}: others serve the same listeners) or keeps accepting
     *     until {@link CloseGate} arrives ({@link Gate#KEEP_OPEN}: the whole server stops and the accept queue must be
     *     served first)
     */
    record Drain(long graceMillis, Gate gate) implements ToWorker {}

    /** The accept queue is empty or others serve it: deregister and close the inherited listeners. */
    record CloseGate() implements ToWorker {}

    /** Leave now: requests in flight are given up. Bounded by the master with a KILL. */
    record Quit() implements ToWorker {}

    /** Reopen log files by name. */
    record ReopenLogs() implements ToWorker {}

    /** Send a {@link Dump}, whatever the state of event loop and application. */
    record DumpRequest() implements ToWorker {}

    /** What happens to the inherited listeners of a worker that begins to drain. */
    enum Gate {
        CLOSE,
        KEEP_OPEN
    }
}
