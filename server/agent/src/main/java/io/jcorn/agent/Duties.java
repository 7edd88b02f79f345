package io.jcorn.agent;

/**
 * What the server in a worker does when it is told to. Called on a thread of their own, one at a time, except
 * {@link #masterDied}, which waits for none of the others. Nothing here may block on the event loop or on the application,
 * since either may be stuck.
 */
public interface Duties {

    /**
     * Finish what is in flight and leave.
     *
     * @param graceMillis how long that may take, in milliseconds
     * @param keepAccepting whether new connections are accepted until {@link #closeGate}
     */
    void drain(long graceMillis, boolean keepAccepting);

    /** Accept nothing more: deregister the listeners, then close them. */
    void closeGate();

    /** A standby begins to accept. */
    void activate();

    /** Leave now, giving up what is in flight. */
    void quit();

    /** Open log files again by name. */
    void reopenLogs();

    /**
     * The master is dead. When this is called the inherited listeners are closed already, whatever the event loop is
     * doing: only what is in flight is left to finish, within the short time that the worker grants itself.
     */
    void masterDied();
}
