package io.jcorn.agent.adopt;

import io.jcorn.wire.Scoreboard.Cell;
import io.jcorn.wire.Scoreboard.Row;
import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;

/**
 * Which descriptors of this process are connections of clients, and on which of them an answer is owed: the last that happened was
 * that something was read. An application that knows no graceful end is given the time until nothing is owed.
 *
 * <p>A number belongs to one open file at a time, so what is kept by number says all there is to say. A descriptor that is closed
 * behind our back keeps its bit until accept returns that number again; nothing is counted twice.
 */
final class ClientConnections {

    /** A trace's lowest bit: something was read since the last write. The others count, so that two looks tell whether anything happened. */
    private static final int OWED = 1;

    private static final int STEP = 2;

    private final Row row;
    private final BitSet numbers = new BitSet(1024);
    private final BitSet unseen = new BitSet();
    private final BitSet halfClosed = new BitSet();

    /**
     * One byte for each descriptor, written without a lock by whoever reads and writes on it. A write that is lost to another thread
     * or to a growing array is made good by the next.
     */
    private volatile byte[] traces = new byte[1024];

    private volatile int open;

    ClientConnections(Row row) {
        this.row = row;
    }

    /** A client was accepted. */
    synchronized void accepted(int number) {
        row.addShared(Cell.ACCEPTED, 1);
        if (number >= traces.length) {
            traces = Arrays.copyOf(traces, Math.max(number + 1, 2 * traces.length));
        }
        traces[number] = 0;
        unseen.clear(number);
        halfClosed.clear(number);
        if (!numbers.get(number)) {
            numbers.set(number);
            changed(open + 1);
        }
    }

    /** A client was accepted by a library whose reads and writes are not seen. */
    synchronized void acceptedUnseen(int number) {
        accepted(number);
        unseen.set(number);
    }

    /** Something was read from a descriptor, a client's or another's. */
    void read(int number) {
        byte[] traces = this.traces;
        if (number >= 0 && number < traces.length) {
            traces[number] = (byte) ((traces[number] + STEP) | OWED);
        }
    }

    /** Something was written to a descriptor, a client's or another's. */
    void wrote(int number) {
        byte[] traces = this.traces;
        if (number >= 0 && number < traces.length) {
            traces[number] = (byte) ((traces[number] + STEP) & ~OWED);
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
    }

    /** Returns how many are open. */
    int open() {
        return open;
    }

    /** Returns on how many an answer is owed, as far as that is seen. */
    synchronized int owed() {
        byte[] traces = this.traces;
        int owed = 0;
        for (int number = numbers.nextSetBit(0); number >= 0; number = numbers.nextSetBit(number + 1)) {
            owed += traces[number] & OWED;
        }
        return owed;
    }

    /**
     * Half closes the connections on which nothing is owed. No number can be given to another file meanwhile: who closes one asks us
     * first.
     *
     * @return on how many an answer is owed, or something waits to be read
     */
    synchronized int halfCloseIdle(Quiet.Sockets sockets) {
        byte[] traces = this.traces;
        int busy = 0;
        for (int number = numbers.nextSetBit(0); number >= 0; number = numbers.nextSetBit(number + 1)) {
            if (unseen.get(number)) {
                continue;
            }
            if ((traces[number] & OWED) != 0 || sockets.unread(number)) {
                busy++;
            } else if (!halfClosed.get(number)) {
                halfClosed.set(number);
                sockets.halfClose(number);
            }
        }
        return busy;
    }

    /** What has happened on all connections until a moment. */
    synchronized Look look() {
        BitSet clients = (BitSet) numbers.clone();
        byte[] copy = Arrays.copyOf(traces, clients.length());
        boolean quiet = !clients.intersects(unseen);
        for (int number = 0; number < copy.length; number++) {
            if (!clients.get(number)) {
                copy[number] = 0;
            }
            quiet &= (copy[number] & OWED) == 0;
        }
        return new Look(clients, copy, quiet);
    }

    /** What was seen at one moment. */
    static final class Look {
        private final BitSet clients;
        private final byte[] traces;
        private final boolean quiet;

        private Look(BitSet clients, byte[] traces, boolean quiet) {
            this.clients = clients;
            this.traces = traces;
            this.quiet = quiet;
        }

        /** Returns the descriptors of all connections. */
        IntStream clients() {
            return clients.stream();
        }

        /** Whether no answer is owed to anybody. */
        boolean quiet() {
            return quiet;
        }

        /** Whether nothing at all has happened since an earlier look. */
        boolean sameAs(Look earlier) {
            return Arrays.equals(traces, earlier.traces);
        }
    }
}
