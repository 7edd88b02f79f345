package io.jcorn.agent.adopt;

import io.jcorn.wire.Scoreboard.Cell;
import io.jcorn.wire.Scoreboard.Row;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The connections of clients, by descriptor, and how they end without a request being lost.
 *
 * <p>A number belongs to one open file at a time, so what is kept by number says all there is to say. A descriptor that is closed
 * behind our back keeps its place until accept returns that number again; nothing is counted twice.
 *
 * <p>To end a connection is decided under the lock: either its next request was read before, then an answer is owed and it does not end;
 * or the application will never see that request, since its reads return the end of the file from then on.
 */
final class ClientConnections {

    /** What a read returns at the end of the file, in the JDK ({@code IOStatus.EOF}) and in Netty. */
    static final int END = -1;

    /** What is asked of the kernel about a client's descriptor, or done to it. */
    interface Sockets {
        /** Whether something has arrived that the application has not read yet. */
        boolean unread(int number);

        /** Whether the kernel takes no more of an answer until the client has taken some. */
        boolean full(int number);

        /** Has the application read an end of file: shutdown(2) of the receiving side. */
        void halfClose(int number);
    }

    private static final long OPAQUE_STILL_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final Row row;

    /** By descriptor; written under the lock. */
    private volatile @Nullable ClientConnection[] all = new ClientConnection[1024];

    private volatile int open;

    /** Set once the end has begun. */
    private volatile @Nullable Sockets ending;

    private int crossed;

    ClientConnections(Row row) {
        this.row = row;
    }

    /** A client was accepted. */
    void accepted(int number) {
        add(new ClientConnection(number, true));
    }

    /** A client was accepted by a library whose reads and writes are not seen. */
    void acceptedUnseen(int number) {
        add(new ClientConnection(number, false));
    }

    private synchronized void add(ClientConnection client) {
        row.addShared(Cell.ACCEPTED, 1);
        int number = client.number();
        if (number >= all.length) {
            all = Arrays.copyOf(all, Math.max(number + 1, 2 * all.length));
        }
        boolean again = all[number] != null;
        all[number] = client;
        if (!again) {
            changed(open + 1);
        }
    }

    /** Returns the client's connection that a descriptor is, null if it is none. Asked at every read and write of the process. */
    @Nullable
    ClientConnection of(int number) {
        @Nullable ClientConnection[] all = this.all;
        return number >= 0 && number < all.length ? all[number] : null;
    }

    /**
     * Something was read.
     *
     * @param bytes what the read returns, more than 0
     * @param start the first four bytes
     * @return what the application is to see: the same, or the end of the file
     */
    int read(ClientConnection client, int bytes, int start) {
        if (ending != null) {
            return readAtTheEnd(client, bytes, start);
        }
        client.read(start);
        return bytes;
    }

    private synchronized int readAtTheEnd(ClientConnection client, int bytes, int start) {
        if (client.ended()) {
            crossed += client.cross() ? 1 : 0;
            return END;
        }
        client.read(start);
        return bytes;
    }

    /** A descriptor of whatever kind is about to be closed. */
    void closing(int number) {
        // Files and outgoing connections are closed too; they are told apart without the lock.
        ClientConnection client = of(number);
        if (client == null) {
            return;
        }
        synchronized (this) {
            if (all[number] == client) {
                Sockets sockets = ending;
                if (sockets != null && client.ended() && sockets.unread(number)) {
                    crossed += client.cross() ? 1 : 0;
                }
                all[number] = null;
                changed(open - 1);
            }
        }
    }

    private void changed(int count) {
        open = count;
        row.set(Cell.CONNECTIONS, count);
    }

    /** Returns how many are open. */
    int open() {
        return open;
    }

    /** Returns on how many an answer is owed, as far as that is seen. */
    int owed() {
        int owed = 0;
        for (ClientConnection client : all) {
            owed += client != null && client.owed() ? 1 : 0;
        }
        return owed;
    }

    /** Returns how many requests came on a connection that had just been ended, as far as that is seen. */
    synchronized int crossed() {
        return crossed;
    }

    /** From now on connections can be ended. */
    void beginToEnd(Sockets sockets) {
        ending = sockets;
    }

    /**
     * Ends the connections on which nothing is owed and nothing moves. No number can be given to another file meanwhile: who closes one
     * asks us first.
     *
     * @param now what {@link System#nanoTime} says
     * @param stillNanos how long nothing has to have moved
     * @param opaqueToo whether those count that are never ended, see {@link ClientConnection#opaque}, while something moves on them
     * @return how many are to be waited for
     */
    synchronized int endIdle(long now, long stillNanos, boolean opaqueToo) {
        int awaited = 0;
        for (ClientConnection client : all) {
            if (client != null && !client.ended() && !endIfIdle(client, now, stillNanos)) {
                awaited += opaqueToo || !client.opaque() ? 1 : 0;
            }
        }
        return awaited;
    }

    /** Returns whether it need not be waited for. */
    private boolean endIfIdle(ClientConnection client, long now, long stillNanos) {
        long still = client.stillNanos(now);
        if (client.opaque()) {
            return client.seen() && !client.unanswered() && still >= OPAQUE_STILL_NANOS;
        }
        Sockets sockets = ending;
        int number = client.number();
        if (sockets == null || client.owed()) {
            return false;
        }
        if (sockets.full(number)) {
            client.full(now);
        }
        if (still < stillNanos || client.young(now) || client.filling(now) || sockets.unread(number)) {
            return false;
        }
        client.end();
        sockets.halfClose(number);
        return true;
    }

    /** Returns how many are open that were ended: the application has not closed them yet. */
    synchronized int ended() {
        int ended = 0;
        for (ClientConnection client : all) {
            ended += client != null && client.ended() ? 1 : 0;
        }
        return ended;
    }
}
