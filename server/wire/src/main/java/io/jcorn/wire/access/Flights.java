package io.jcorn.wire.access;

import io.jcorn.wire.Scoreboard;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The requests in flight of all workers, in the memory that master and workers share, behind the {@link Scoreboard}: written
 * by each worker's {@link FlightRecorder} without a system call, read by the master when a worker is late or dead.
 *
 * <pre>
 *   row   := header, {@value #ENTRIES} entries; each {@value #ENTRY_BYTES} bytes. Rows as in the scoreboard
 *   entry := FREE ─► FLYING ─► LANDED (its line is not in the log yet) ─► FLYING …
 *                       └────► FREE
 * </pre>
 *
 * <p>The state is a word that is cleared before an entry is written and published, with a number that is never the same
 * again, afterwards. Who reads an entry and finds the same word before and after has read it whole: one that its writer did
 * not finish, because it was killed in the middle, looks free.
 */
public final class Flights {

    /** Requests of one worker that are noted at once. Further ones are served all the same. */
    public static final int ENTRIES = 63;

    static final int ENTRY_BYTES = 512;

    /** Bytes per row. */
    static final int ROW_BYTES = (ENTRIES + 1) * ENTRY_BYTES;

    /** Where this begins in the shared memory. */
    static final long OFFSET = Scoreboard.BYTES;

    /** Bytes of the shared memory, scoreboard included. It is sparse: pages that were never written cost nothing. */
    public static final long MEMORY_BYTES = OFFSET + (long) Scoreboard.ROWS * ROW_BYTES;

    // In the header of a row: up to which of its lines a worker has written its log.
    static final int WRITTEN = 0;

    // In an entry.
    static final int STATE = 0;
    static final int START = 8;
    static final int END = 16;
    static final int BODY = 24;
    static final int LINE = 32;
    static final int STATUS = 40;
    static final int LENGTHS = 48;
    static final int TEXTS = 64;

    static final int FLYING = 1;
    static final int LANDED = 2;
    static final int STATES = 2;

    static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final ByteBuffer memory;

    private Flights(ByteBuffer memory) {
        this.memory = memory;
    }

    /**
     * Maps the part of the shared memory that is the master's to read.
     *
     * @param descriptor an open descriptor of a file of at least {@link #MEMORY_BYTES} bytes
     * @throws IOException if {@code /proc} is not mounted or the mapping is refused
     */
    public static Flights map(int descriptor) throws IOException {
        return over(map(descriptor, OFFSET, MEMORY_BYTES - OFFSET));
    }

    /** Flights in memory of this process only, for tests. */
    public static Flights inMemory(int rows) {
        return over(ByteBuffer.allocateDirect(rows * ROW_BYTES + 8).alignedSlice(8));
    }

    static Flights over(ByteBuffer memory) {
        return new Flights(memory);
    }

    static ByteBuffer map(int descriptor, long offset, long bytes) throws IOException {
        Path path = Path.of("/proc/self/fd/" + descriptor);
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return file.map(FileChannel.MapMode.READ_WRITE, offset, bytes);
        }
    }

    /** Returns the requests of a row that have not ended, the oldest first. Their worker may be at work meanwhile. */
    public List<Flight> inFlight(int row) {
        return read(row).stream().filter(flight -> !flight.landed()).toList();
    }

    /**
     * Returns the requests of a row whose lines are in no log: those in flight, and those that ended in the moment before
     * their worker died. The oldest first. Nobody may write to the row any more.
     */
    public List<Flight> unlogged(int row) {
        long written = (long) LONG.getAcquire(memory, row * ROW_BYTES + WRITTEN);
        return read(row).stream()
                .filter(flight -> !flight.landed() || flight.line() > written)
                .toList();
    }

    private List<Flight> read(int row) {
        List<Flight> flights = new ArrayList<>();
        for (int entry = 1; entry <= ENTRIES; entry++) {
            int base = row * ROW_BYTES + entry * ENTRY_BYTES;
            long before = (long) LONG.getAcquire(memory, base + STATE);
            if (before == 0) {
                continue;
            }
            byte[] copy = new byte[ENTRY_BYTES];
            memory.get(base, copy);
            VarHandle.loadLoadFence();
            if ((long) LONG.getOpaque(memory, base + STATE) == before) {
                flights.add(new Flight(copy));
            }
        }
        flights.sort(Comparator.comparingLong(Flight::startNanos));
        return flights;
    }

    /** Returns the writing end of a row, for tests. */
    public FlightRecorder recorder(int row) {
        return FlightRecorder.over(memory.slice(row * ROW_BYTES, ROW_BYTES));
    }

    /** Forgets a row. The master calls this when no process owns it. */
    public void clear(int row) {
        int base = row * ROW_BYTES;
        LONG.setRelease(memory, base + WRITTEN, 0L);
        for (int entry = 1; entry <= ENTRIES; entry++) {
            LONG.setRelease(memory, base + entry * ENTRY_BYTES + STATE, 0L);
        }
    }
}
