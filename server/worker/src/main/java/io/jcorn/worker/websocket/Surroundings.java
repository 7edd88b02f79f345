package io.jcorn.worker.websocket;

import io.jcorn.wire.Log;

/** What a conversation needs of the engine around it. */
public interface Surroundings {

    /** Runs something on the event loop soon. From any thread. */
    void execute(Runnable task);

    /** Runs the application's code on a thread of its own. From any thread. */
    void dispatch(Runnable task);

    /** Returns the engine's clock in nanoseconds. */
    long now();

    /** Whether the worker leaves: the client is told to go elsewhere. */
    boolean draining();

    /** Returns the worker's log. */
    Log log();

    /** The application let something escape. */
    void failed(Throwable thrown);

    /** Ends the connection by a reset: the kernel keeps nothing for a client that was given up. Event loop only. */
    void reset();
}
