package io.jcorn.agent.adopt;

import java.util.concurrent.TimeUnit;

/**
 * One connection of a client: whether an answer is owed on it.
 *
 * <p>An answer is owed from a read until the next write begins. The count of reads is written by who reads, the others by who writes, so
 * neither needs a lock; and since a write is noted before its bytes leave, the read of the next request can never be taken for one
 * that was answered. An answer that is written in pieces is not owed after its first piece: {@link Quiet} waits until nothing has
 * moved for a while.
 */
final class ClientConnection {

    /** What a client sends first over HTTP/2 without TLS (RFC 9113, 3.4), as the memory of this machine has it: "PRI ". */
    static final int PREFACE = 0x20495250;

    /** "HTTP". */
    static final int STATUS_LINE = 0x50545448;

    /** " 101", eight bytes after that. */
    static final int SWITCHING = 0x31303120;

    /** How long a client may take until something of its first request is read. */
    private static final long FIRST_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** How long it may still be in a handshake, and after how many reads it no longer is. */
    private static final long HANDSHAKE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final int HANDSHAKE_READS = 2;

    /** How long an answer that was held up by its client is not believed to be over. */
    private static final long FILLING_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final int number;
    private final boolean seen;
    private final long accepted = System.nanoTime();
    private int reads;
    private int writes;
    private int answered;
    private boolean multiplexed;
    private boolean ended;
    private boolean crossed;
    private int movedAtLook = -1;
    private long stillSince;
    private long fullAt;
    private boolean wasFull;

    /**
     * A connection from now on.
     *
     * @param seen whether what is read and written on it is seen
     */
    ClientConnection(int number, boolean seen) {
        this.number = number;
        this.seen = seen;
    }

    int number() {
        return number;
    }

    /** Something was read; {@code start} is how it begins. */
    void read(int start) {
        if (reads == 0 && start == PREFACE) {
            multiplexed = true;
        }
        reads++;
    }

    /** Something is about to be written; {@code start} and {@code status} are its first four bytes and the third four. */
    void writing(int start, int status) {
        answered = reads;
        writes++;
        if (start == STATUS_LINE && status == SWITCHING) {
            multiplexed = true;
        }
    }

    /** Whether an answer is owed, as far as that can be told. */
    boolean owed() {
        return !multiplexed && unanswered();
    }

    /** Whether the last that happened was a read. */
    boolean unanswered() {
        return reads != answered;
    }

    /** Whether what is read and written on it is seen. */
    boolean seen() {
        return seen;
    }

    /** Whether requests and answers do not alternate on it as far as is seen: HTTP/2, a WebSocket, or a transport that is not patched. */
    boolean opaque() {
        return multiplexed || !seen;
    }

    /** Whether its client may still be at the beginning: a handshake, the first request. */
    boolean young(long now) {
        long age = now - accepted;
        return reads == 0 ? age < FIRST_NANOS : reads <= HANDSHAKE_READS && age < HANDSHAKE_NANOS;
    }

    /** Returns for how long nothing has been read or written, in nanoseconds, as far as earlier calls can tell. */
    long stillNanos(long now) {
        int moved = reads + writes;
        if (moved != movedAtLook) {
            movedAtLook = moved;
            stillSince = now;
        }
        return now - stillSince;
    }

    /** The kernel took no more of an answer: it goes on, also where its bytes are not seen, as with sendfile(2). */
    void full(long now) {
        fullAt = now;
        wasFull = true;
    }

    /** Whether that was just so. */
    boolean filling(long now) {
        return wasFull && now - fullAt < FILLING_NANOS;
    }

    /** The application reads an end of file from now on, and nothing else. */
    void end() {
        ended = true;
    }

    boolean ended() {
        return ended;
    }

    /** A request came after the end. Returns whether it is the first of which that is known. */
    boolean cross() {
        boolean first = !crossed;
        crossed = true;
        return first;
    }
}
