package io.jcorn.agent.adopt;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The moment in which a process may be told to shut down without a client losing an answer.
 *
 * <p>{@link #await} waits for it: nothing is owed on any connection, nothing has arrived that was not read yet, and nothing has
 * happened on any of them for a while, since an answer may be written in pieces. Where clients keep their connections busy that never
 * comes; {@link #make} makes it: connections on which nothing is owed are half closed, so that the application reads an end of file and
 * closes them, and the others when their answer was written.
 */
final class Quiet {

    private static final long LOOK_EVERY_MILLIS = 25;

    /** How many looks in a row have to see the same. */
    private static final int LOOKS = 3;

    private static final long HALF_CLOSE_EVERY_MILLIS = 2;

    /** What is asked of the kernel about a client's descriptor, or done to it. */
    interface Sockets {
        /** Whether something has arrived that the application has not read yet. */
        boolean unread(int number);

        /** Has the application read an end of file: shutdown(2) of the receiving side. */
        void halfClose(int number);
    }

    private Quiet() {}

    /**
     * Waits for it.
     *
     * @param millis how long at the most
     * @return whether it came
     */
    static boolean await(ClientConnections connections, Sockets sockets, long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        ClientConnections.Look before = connections.look();
        int same = 0;
        while (connections.open() > 0 && same < LOOKS) {
            if (System.nanoTime() - end >= 0) {
                return false;
            }
            pause(LOOK_EVERY_MILLIS);
            ClientConnections.Look now = connections.look();
            boolean still = now.quiet() && now.sameAs(before) && now.clients().noneMatch(sockets::unread);
            same = still ? same + 1 : 0;
            before = now;
        }
        return true;
    }

    /**
     * Makes it.
     *
     * @param millis how long it may take at the most
     * @return whether nothing is owed any more, as far as that is seen
     */
    static boolean make(ClientConnections connections, Sockets sockets, long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (connections.halfCloseIdle(sockets) > 0) {
            if (System.nanoTime() - end >= 0) {
                return false;
            }
            pause(HALF_CLOSE_EVERY_MILLIS);
        }
        return true;
    }

    private static void pause(long millis) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }
}
