package io.jcorn.agent.adopt;

import io.jcorn.agent.Balance;
import io.jcorn.wire.Scoreboard.Cell;
import io.jcorn.wire.Scoreboard.Row;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Whether this process takes the next connection. It stands in front of every accept of an adopted socket; an application whose
 * accept finds it closed sees what it would see if another worker had been faster.
 *
 * <pre>
 *   CLOSED ── open (ready) ──► OPEN ── close (drain, death of the master) ──► SHUT
 * </pre>
 */
final class AcceptGate {

    private enum State {
        /** The application has not shown yet that it can answer. */
        CLOSED,
        OPEN,
        /** This process accepts nothing more. */
        SHUT
    }

    /**
     * Whoever waits for connections is told by the kernel at once that there are some, also while we do not take them: so it waits
     * here instead, or it would spin.
     */
    private static final long PAUSE_NANOS = 1_000_000;

    /** How many pauses a worker that has more connections than the others grants them at the most. */
    private static final int LONGEST_YIELD = 10;

    private final Row row;
    private final Balance balance;
    private final ClientConnections connections;
    private final int limit;
    private final AtomicInteger yields = new AtomicInteger();
    private volatile State state = State.CLOSED;

    /**
     * A gate that is still closed.
     *
     * @param limit the most connections at once
     */
    AcceptGate(Row row, Balance balance, ClientConnections connections, int limit) {
        this.row = row;
        this.balance = balance;
        this.connections = connections;
        this.limit = limit;
    }

    synchronized void open() {
        if (state == State.CLOSED) {
            state = State.OPEN;
        }
    }

    synchronized void shut() {
        state = State.SHUT;
    }

    /** Whether the application may accept now. If it may not, this takes a moment to say so. */
    boolean mayAccept() {
        if (state == State.OPEN && connections.open() < limit && !standsBack()) {
            return true;
        }
        LockSupport.parkNanos(this, PAUSE_NANOS);
        return false;
    }

    /** Leaves the next connection to other workers until they have caught up, but for a moment only: they may be unable to. */
    private boolean standsBack() {
        boolean ahead;
        // Written for one event loop; an application may accept from several threads.
        synchronized (balance) {
            ahead = balance.shouldYield(connections.open(), System.nanoTime());
        }
        if (!ahead) {
            yields.setPlain(0);
            return false;
        }
        if (yields.incrementAndGet() > LONGEST_YIELD) {
            yields.setPlain(0);
            return false;
        }
        row.addShared(Cell.ACCEPT_PAUSES, 1);
        return true;
    }
}
