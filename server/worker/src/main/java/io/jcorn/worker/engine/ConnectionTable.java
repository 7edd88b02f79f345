package io.jcorn.worker.engine;

import io.jcorn.wire.Log;
import io.jcorn.wire.Scoreboard;
import io.jcorn.wire.Scoreboard.Cell;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * All accepted connections of a worker and the requests in flight on them. Confined to the event loop.
 *
 * <p>A connection is counted from its accept to the close future of its channel, once, whatever serves it meanwhile. Handlers in
 * the pipeline are not asked: an exception in one of them, ours or Netty's, ends the event {@code channelInactive} before it has
 * reached those behind it, and a connection that is never given back occupies its place among {@code worker-connections} and
 * delays every stop and reload for ever.
 */
final class ConnectionTable {

    private final Scoreboard.Row row;
    private final Log log;
    private final Set<Arrival> connections = new LinkedHashSet<>();
    private int inFlight;

    ConnectionTable(Scoreboard.Row row, Log log) {
        this.row = row;
        this.log = log;
    }

    void add(Arrival arrival) {
        connections.add(arrival);
        row.add(Cell.ACCEPTED, 1);
        row.set(Cell.CONNECTIONS, connections.size());
    }

    /** The connection is closed: what serves it ends what is in flight on it, and is no longer counted. */
    void remove(Arrival arrival) {
        try {
            arrival.server().lost();
        } catch (Throwable thrown) {
            log.error("The end of the connection of " + arrival.remoteAddress() + " met a defect: " + thrown);
        } finally {
            int left = arrival.disownRequests();
            if (left > 0) {
                inFlight -= left;
                row.set(Cell.IN_FLIGHT, inFlight);
                log.error("The connection of " + arrival.remoteAddress() + " is closed and left " + left
                        + " requests in flight: this is a defect");
            }
            connections.remove(arrival);
            row.set(Cell.CONNECTIONS, connections.size());
        }
    }

    /** A request begins on a connection. */
    void began(Arrival arrival) {
        arrival.requestBegan();
        row.set(Cell.IN_FLIGHT, ++inFlight);
    }

    /** A request on a connection is over. */
    void ended(Arrival arrival) {
        if (arrival.requestEnded()) {
            row.set(Cell.IN_FLIGHT, --inFlight);
        }
    }

    int size() {
        return connections.size();
    }

    boolean isEmpty() {
        return connections.isEmpty();
    }

    /** Returns the connections, as they come and go. */
    Collection<Arrival> all() {
        return Collections.unmodifiableSet(connections);
    }

    /** Returns how many bytes of responses the kernel has not taken yet, over all connections. */
    long bytesOnTheWay() {
        return connections.stream()
                .mapToLong(connection -> connection.server().bytesOnTheWay())
                .sum();
    }
}
