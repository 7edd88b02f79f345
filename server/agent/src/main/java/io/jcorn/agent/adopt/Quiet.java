package io.jcorn.agent.adopt;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntPredicate;

/**
 * The moment in which a process may be told to shut down without a client losing an answer: nothing is owed on any connection,
 * nothing has arrived that was not read yet, and nothing has happened on any of them for a while, since an answer may be written in pieces.
 */
final class Quiet {

    private static final long LOOK_EVERY_MILLIS = 25;

    /** How many looks in a row have to see the same. */
    private static final int LOOKS = 3;

    private Quiet() {}

    /**
     * Waits for it.
     *
     * @param unread whether something has arrived on a descriptor that the application has not read yet
     * @param millis how long at the most
     * @return whether it came
     */
    static boolean await(ClientConnections connections, IntPredicate unread, long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        ClientConnections.Look before = connections.look();
        int same = 0;
        while (connections.open() > 0 && same < LOOKS) {
            if (System.nanoTime() - end >= 0) {
                return false;
            }
            LockSupport.parkNanos(connections, TimeUnit.MILLISECONDS.toNanos(LOOK_EVERY_MILLIS));
            ClientConnections.Look now = connections.look();
            same = now.quiet() && now.sameAs(before) && now.clients().noneMatch(unread) ? same + 1 : 0;
            before = now;
        }
        return true;
    }
}
