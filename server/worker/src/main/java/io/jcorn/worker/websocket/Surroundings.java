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

    /** The server itself let something escape, for which neither client nor application is to blame. Event loop only. */
    void defect(String doing, Throwable thrown);

    /** Closes the sending side once everything is sent, so that the client can read to the end. Event loop only. */
    void endOutput();

    /** Closes the connection when the client has taken everything; until then the sweep asks. Event loop only. */
    void close();

    /** Whether the client has taken everything, or as good as. Event loop only. */
    boolean allSent();

    /** Closes the connection at once; what the client has not taken is thrown away. Event loop only. */
    void cut();
}
