package io.jcorn.wire;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Memory that master and workers share: one row per worker process, written by the worker without a system call, read
 * by the master and by the other workers, and surviving the worker's death.
 *
 * <pre>
 *   row 0 | row 1 | row 2 | …        each {@value #ROW_BYTES} bytes, so no two processes write to one cache line
 *   row   := cell * {@link Cell#values() cells}, then {@value #BUCKETS} latency buckets; each an int64 in native order
 * </pre>
 *
 * <p>Each cell has one writer: the worker of the row, from the moment it was spawned until it was reaped; after that the
 * master, which clears the row and gives it to another process. Reads are of single cells and may be torn between cells,
 * never inside one.
 */
public final class Scoreboard {

    /** Rows of every scoreboard: the most worker processes that exist at once, those draining included. */
    public static final int ROWS = 1024;

    /** Bytes per row. */
    public static final int ROW_BYTES = 1024;

    /** Bytes of a whole scoreboard. The memory is sparse: pages of rows never used cost nothing. */
    public static final int BYTES = ROWS * ROW_BYTES;

    /**
     * Buckets of the latency histogram. Bucket {@code i} counts requests that took less than 2^i microseconds and not
     * less than 2^(i-1); the last bucket has no upper bound.
     */
    public static final int BUCKETS = 32;

    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    /** What a row says, in the order of memory. */
    public enum Cell {
        /** {@link WorkerPhase} of the process, by ordinal; 0 when the row is free. */
        PHASE,
        /** Process id. */
        PID,
        /** Slot, 0..N-1. */
        SLOT,
        /** Generation, from 1. */
        GENERATION,
        /**
         * When the thread that matters last came round, in nanoseconds of CLOCK_MONOTONIC ({@link System#nanoTime} on
         * Linux, the same clock in every process); 0 before the first time.
         */
        BEAT,
        /** Open client connections now. */
        CONNECTIONS,
        /** Requests now between their head and the last byte of their response. */
        IN_FLIGHT,
        /** Requests that wait for a thread of the application now. */
        QUEUED,
        /** Connections accepted, ever. */
        ACCEPTED,
        /** Times that accepting paused because this worker had more connections than the others. */
        ACCEPT_PAUSES,
        /** Requests whose response was completed, ever, by class of status. */
        RESPONSES_1XX,
        RESPONSES_2XX,
        RESPONSES_3XX,
        RESPONSES_4XX,
        RESPONSES_5XX,
        /** Requests refused by the engine before the application saw them. Counted by status as well. */
        REFUSED,
        /** Exceptions that the application let escape. */
        APPLICATION_ERRORS,
        /** Requests that met a full queue. Counted by status as well, as all that follow. */
        QUEUE_REJECTED,
        /** Requests that waited too long for a thread. */
        QUEUE_EXPIRED,
        /** Sum of the times that requests waited for a thread, in microseconds. */
        QUEUE_WAIT,
        /** Requests that the application took too long for. */
        REQUEST_TIMEOUTS,
        /** Clients that were too slow with a request's head. */
        TIMEOUTS_HEAD,
        /** Clients that were too slow with a request's body. */
        TIMEOUTS_BODY,
        /** Clients that were too slow to take a response; it was cut off. */
        TIMEOUTS_SEND,
        /** Bytes read from clients, heads included. */
        BYTES_READ,
        /** Bytes written to clients, heads included. */
        BYTES_WRITTEN,
        /** TLS handshakes that led to a connection. */
        TLS_HANDSHAKES,
        /** TLS handshakes that failed, and connections to a TLS port that spoke something else. */
        TLS_FAILURES,
        /** Sum of the durations of the requests that {@link #BUCKETS the histogram} counts, in microseconds. */
        LATENCY_SUM,
        /** Lines of requests that could not be written to the access log. */
        ACCESS_LINES_LOST,
        /** Requests whose client went away before it had sent all of it, or before its response was complete. */
        CLIENT_DISCONNECTS;

        private final int offset = ordinal() * Long.BYTES;
    }

    /** What a worker process is doing, as it says itself. The master's own view is its worker table. */
    public enum WorkerPhase {
        /** The row belongs to no process. */
        FREE,
        /** Started, not yet accepting. */
        BOOTING,
        /** Accepting connections. */
        SERVING,
        /** Finishing what is in flight. */
        DRAINING
    }

    private static final int HISTOGRAM = 512;

    private final ByteBuffer memory;

    private Scoreboard(ByteBuffer memory) {
        this.memory = memory;
    }

    /** A scoreboard over memory of at least {@link #BYTES} bytes, direct and aligned to 8. */
    public static Scoreboard over(ByteBuffer memory) {
        if (!memory.isDirect() || memory.capacity() < BYTES) {
            throw new IllegalArgumentException("a scoreboard needs " + BYTES + " bytes of direct memory");
        }
        return new Scoreboard(memory.duplicate().clear());
    }

    /**
     * Maps the scoreboard behind an inherited or own descriptor of shared memory.
     *
     * @param descriptor an open descriptor of a file of at least {@link #BYTES} bytes
     * @throws IOException if {@code /proc} is not mounted or the mapping is refused
     */
    public static Scoreboard map(int descriptor) throws IOException {
        // Opening through /proc makes a new description of the same memory, and needs no access to private classes.
        Path path = Path.of("/proc/self/fd/" + descriptor);
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return over(file.map(FileChannel.MapMode.READ_WRITE, 0, BYTES));
        }
    }

    /** Returns the view of one row, 0..{@link #ROWS}-1. */
    public Row row(int index) {
        if (index < 0 || index >= ROWS) {
            throw new IndexOutOfBoundsException("row " + index);
        }
        return new Row(memory, index);
    }

    /** One process's part of the scoreboard. */
    public static final class Row {
        private static final WorkerPhase[] PHASES = WorkerPhase.values();

        private final ByteBuffer memory;
        private final int index;
        private final int base;

        private Row(ByteBuffer memory, int index) {
            this.memory = memory;
            this.index = index;
            this.base = index * ROW_BYTES;
        }

        /** Returns this row's number. */
        public int index() {
            return index;
        }

        /** Returns the value of a cell as last published. */
        public long get(Cell cell) {
            return (long) LONG.getAcquire(memory, base + cell.offset);
        }

        /** Publishes a value. Only the row's one writer may call this. */
        public void set(Cell cell, long value) {
            LONG.setRelease(memory, base + cell.offset, value);
        }

        /** Adds to a cell. Only the row's one writer may call this, always from the same thread. */
        public void add(Cell cell, long delta) {
            int at = base + cell.offset;
            LONG.setOpaque(memory, at, (long) LONG.getOpaque(memory, at) + delta);
        }

        /** Adds to a cell from whatever thread; for rare events only, since it locks the cache line. */
        public void addShared(Cell cell, long delta) {
            LONG.getAndAdd(memory, base + cell.offset, delta);
        }

        /** Returns what the process says it is doing. */
        public WorkerPhase phase() {
            long phase = get(Cell.PHASE);
            return phase >= 0 && phase < PHASES.length ? PHASES[(int) phase] : WorkerPhase.FREE;
        }

        /** Publishes what the process is doing. */
        public void phase(WorkerPhase phase) {
            set(Cell.PHASE, phase.ordinal());
        }

        /** Counts one finished request by its duration in nanoseconds. Only the row's one writer may call this. */
        public void recordLatency(long nanos) {
            long micros = Math.max(0, nanos / 1000);
            int bucket = Math.min(BUCKETS - 1, Long.SIZE - Long.numberOfLeadingZeros(micros));
            int at = base + HISTOGRAM + bucket * Long.BYTES;
            LONG.setOpaque(memory, at, (long) LONG.getOpaque(memory, at) + 1);
            add(Cell.LATENCY_SUM, micros);
        }

        /** Returns how many requests fell into a latency bucket, 0..{@link #BUCKETS}-1. */
        public long latencyBucket(int bucket) {
            if (bucket < 0 || bucket >= BUCKETS) {
                throw new IndexOutOfBoundsException("bucket " + bucket);
            }
            return (long) LONG.getAcquire(memory, base + HISTOGRAM + bucket * Long.BYTES);
        }

        /** Sets everything to zero. The master calls this when no process owns the row. */
        public void clear() {
            for (int at = base; at < base + ROW_BYTES; at += Long.BYTES) {
                LONG.setRelease(memory, at, 0L);
            }
        }
    }
}
