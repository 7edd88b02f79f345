package io.jcorn.agent.adopt;

import io.jcorn.agent.adopt.ClientConnections.Sockets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The moment in which a process may be told to shut down without a client losing an answer: nothing is owed on any connection.
 *
 * <pre>
 *   an answer is owed ── it is written ──► idle ── nothing moves for a while ──► ended: half closed, the application closes it
 * </pre>
 *
 * <p>It does not come by itself where clients keep their connections busy, so it is made. How long nothing has to move depends on the
 * time that has passed: at first long enough for the next piece of an answer, or for the client to be the one who pauses; in the
 * end any moment between two requests will do.
 *
 * <p>On a connection of HTTP/2 and on a WebSocket nobody outside knows what is owed. They get a moment and are left to the
 * application's own shutdown.
 */
final class Quiet {

    private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(4);

    /** How long what is not understood is waited for. */
    private static final long OPAQUE_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** How long the application may take to close what was half closed. */
    private static final long CLOSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final long[][] STILL_AFTER = {
        {TimeUnit.SECONDS.toNanos(4), 0},
        {TimeUnit.SECONDS.toNanos(2), TimeUnit.MILLISECONDS.toNanos(8)},
        {0, TimeUnit.MILLISECONDS.toNanos(100)},
    };

    private Quiet() {}

    /**
     * Makes it.
     *
     * @param millis how long it may take at the most
     * @return whether it came
     */
    static boolean make(ClientConnections connections, Sockets sockets, long millis) {
        long began = System.nanoTime();
        long patience = TimeUnit.MILLISECONDS.toNanos(millis);
        connections.beginToEnd(sockets);
        for (long passed = 0; passed < patience; passed = System.nanoTime() - began) {
            if (connections.endIdle(began + passed, stillNanos(passed), passed < OPAQUE_NANOS) == 0) {
                awaitClosed(connections, Math.min(CLOSE_NANOS, patience - passed));
                return true;
            }
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
        }
        return connections.endIdle(System.nanoTime(), 0, false) == 0;
    }

    /** Most servers close at once what was half closed. Who does not reads nothing more from it either. */
    private static void awaitClosed(ClientConnections connections, long nanos) {
        long end = System.nanoTime() + nanos;
        while (connections.ended() > 0 && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
        }
    }

    static long stillNanos(long passed) {
        for (long[] step : STILL_AFTER) {
            if (passed >= step[0]) {
                return step[1];
            }
        }
        throw new IllegalArgumentException("time does not go back: " + passed);
    }
}
