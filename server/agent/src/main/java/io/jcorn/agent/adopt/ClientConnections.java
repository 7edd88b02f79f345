package io.jcorn.agent.adopt;

import io.jcorn.wire.Scoreboard.Cell;
import io.jcorn.wire.Scoreboard.Row;
import java.util.BitSet;

/**
 * Which descriptors of this process are connections of clients: one bit each, set by accept, cleared by close. A number belongs
 * to one open file at a time, so a bit says all there is to say.
 *
 * <p>A descriptor that is closed behind our back keeps its bit until accept returns that number again; nothing is counted
 * twice.
 */
final class ClientConnections {

    private final Row row;
    private final BitSet numbers = new BitSet(1024);
    private volatile int open;

    ClientConnections(Row row) {
        this.row = row;
    }

    /** A client was accepted. */
    synchronized void accepted(int number) {
        row.addShared(Cell.ACCEPTED, 1);
        if (!numbers.get(number)) {
            numbers.set(number);
            changed(open + 1);
        }
    }

    /** A descriptor of whatever kind is about to be closed. */
    void closing(int number) {
        // Files and outgoing connections are closed too; most of them are told apart without the lock.
        if (open == 0 || number < 0) {
            return;
        }
        synchronized (this) {
            if (numbers.get(number)) {
                numbers.clear(number);
                changed(open - 1);
            }
        }
    }

    private void changed(int count) {
        open = count;
        row.set(Cell.CONNECTIONS, count);
        if (count == 0) {
            notifyAll();
        }
    }

    /** Returns how many are open. */
    int open() {
        return open;
    }

    /** Waits until none is open, for so many milliseconds at the most. */
    synchronized void awaitNone(long millis) throws InterruptedException {
        long deadline = System.nanoTime() + millis * 1_000_000;
        while (open > 0) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return;
            }
            wait(left);
        }
    }
}
