package io.jcorn.it;

import io.jcorn.wire.Scoreboard;
import io.jcorn.wire.Scoreboard.Cell;
import io.jcorn.wire.Scoreboard.Row;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What workers hold for clients: nothing, once no client is connected. They count no connection and no request, and have no
 * more sockets than when they became ready. Both are seen from outside: the scoreboard is memory of the
 * master, descriptors are the kernel's.
 */
final class WorkersAtRest {

    private final long master;
    private final Map<Long, Long> socketsWhenReady = new TreeMap<>();

    WorkersAtRest(long master) {
        this.master = master;
    }

    /** These workers are ready and have not had a client yet. */
    void ready(Set<Long> workers) {
        workers.forEach(worker -> socketsWhenReady.put(worker, sockets(worker)));
    }

    /** Returns what a worker still holds though no client is connected; empty when it holds nothing. */
    Optional<String> held(Set<Long> workers) {
        try {
            Scoreboard scoreboard = scoreboard();
            for (int number = 0; number < Scoreboard.ROWS; number++) {
                Row row = scoreboard.row(number);
                long connections = row.get(Cell.CONNECTIONS);
                long requests = row.get(Cell.IN_FLIGHT);
                if (workers.contains(row.get(Cell.PID)) && (connections != 0 || requests != 0)) {
                    return Optional.of("worker " + row.get(Cell.PID) + " counts " + connections + " connections and "
                            + requests + " requests in flight");
                }
            }
        } catch (IOException e) {
            return Optional.of("the scoreboard cannot be read: " + e);
        }
        return workers.stream().flatMap(worker -> tooMany(worker).stream()).findFirst();
    }

    private Optional<String> tooMany(long worker) {
        long before = socketsWhenReady.getOrDefault(worker, Long.MAX_VALUE);
        long now = sockets(worker);
        return now <= before
                ? Optional.empty()
                : Optional.of("worker " + worker + " had " + before + " sockets, and has " + now + ": "
                        + Proc.descriptors(worker));
    }

    /** No other descriptors: files stay open from when they are first read, selectors may come with the first client. */
    private static long sockets(long worker) {
        return Proc.descriptors(worker).values().stream()
                .filter(what -> what.startsWith("socket:"))
                .count();
    }

    private Scoreboard scoreboard() throws IOException {
        int descriptor = Proc.descriptors(master).entrySet().stream()
                .filter(entry -> entry.getValue().startsWith("/memfd:jcorn-scoreboard"))
                .findFirst()
                .orElseThrow(() -> new IOException("the master has none: " + Proc.descriptors(master)))
                .getKey();
        Path memory = Path.of("/proc/" + master + "/fd/" + descriptor);
        try (FileChannel file = FileChannel.open(memory, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return Scoreboard.over(file.map(FileChannel.MapMode.READ_WRITE, 0, Scoreboard.BYTES));
        }
    }
}
