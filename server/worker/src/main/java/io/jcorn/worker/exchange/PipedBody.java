package io.jcorn.worker.exchange;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A body that is read while it arrives, by a thread that may wait. About {@link #HIGH} bytes wait here at the most; then the event
 * loop stops reading from the client, until the application has read most of them.
 */
public final class PipedBody extends RequestBody {

    /** Bytes from which on the client must wait, unless more was to be collected. */
    static final int HIGH = 128 << 10;

    /** Bytes below which the client may go on. */
    static final int LOW = 32 << 10;

    /** What a piece costs besides its bytes: chunks of one byte must not fill the memory with objects. */
    private static final int PIECE = 64;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final ArrayDeque<ByteBuffer> pieces = new ArrayDeque<>(4);
    private final Carrier carrier;
    private final long patienceNanos;
    private final long report;
    private final int high;
    private @Nullable ByteBuffer current;
    private int cost;

    private long came;

    /** What was taken and is gone again, and was not reported. */
    private long consumed;

    private boolean full;
    private boolean asked;
    private boolean ended;
    private boolean closed;
    private @Nullable IOException failure;

    /**
     * A body that has not begun to arrive.
     *
     * @param patienceNanos how long a read waits for the client
     */
    public PipedBody(Carrier carrier, long patienceNanos) {
        this(carrier, patienceNanos, 0, Long.MAX_VALUE);
    }

    /**
     * A body of which a part is collected before anybody reads it, for a carrier that may count how much the client may send: it
     * is told to resume whenever it may be given more.
     *
     * @param collected how many bytes are collected
     * @param report how many bytes at the most are consumed until the carrier is told; {@link Long#MAX_VALUE}: it does not count
     */
    public PipedBody(Carrier carrier, long patienceNanos, int collected, long report) {
        this.carrier = carrier;
        this.patienceNanos = patienceNanos;
        this.high = Math.max(HIGH, 2 * collected);
        this.report = report;
    }

    /** Returns how many bytes were consumed since this was called last. */
    public long takeConsumed() {
        lock.lock();
        try {
            long count = consumed;
            consumed = 0;
            return count;
        } finally {
            lock.unlock();
        }
    }

    @Override
    long outstanding(long declared) {
        lock.lock();
        try {
            return ended || declared < 0 ? 0 : declared - came;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean take(byte[] array, int offset, int length) {
        lock.lock();
        try {
            came += length;
            if (closed) {
                consumed += length;
                return true;
            }
            pieces.add(ByteBuffer.wrap(array, offset, length));
            cost += length + PIECE;
            full = cost >= high;
            arrived.signal();
            return !full;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void end() {
        lock.lock();
        try {
            ended = true;
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void fail(IOException why) {
        lock.lock();
        try {
            // Kept even when the body is whole: it says why, to whoever reads after the release.
            if (failure == null) {
                failure = why;
                arrived.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void release() {
        close();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        boolean resume = false;
        int count;
        lock.lock();
        try {
            ByteBuffer piece = await();
            if (piece == null) {
                return -1;
            }
            count = Math.min(length, piece.remaining());
            piece.get(target, offset, count);
            cost -= count;
            consumed += count;
            resume = consumed >= report;
            if (!piece.hasRemaining()) {
                current = null;
                cost -= PIECE;
            }
            if (full && cost <= LOW) {
                full = false;
                resume = true;
            }
        } finally {
            lock.unlock();
        }
        if (resume) {
            carrier.resumeBody();
        }
        return count;
    }

    private @Nullable ByteBuffer await() throws IOException {
        long patience = patienceNanos;
        while (true) {
            if (closed) {
                throw failure == null ? new IOException("stream closed") : KeptFailure.again(failure);
            }
            ByteBuffer piece = current;
            if (piece == null) {
                piece = pieces.poll();
                current = piece;
            }
            if (piece != null) {
                return piece;
            }
            if (ended) {
                return null;
            }
            IOException failure = this.failure;
            if (failure != null) {
                throw KeptFailure.again(failure);
            }
            if (!asked) {
                asked = true;
                carrier.askForBody();
            }
            if (carrier.onEventLoop()) {
                throw new IOException("the request's body cannot be awaited on the event loop");
            }
            if (report < Long.MAX_VALUE && consumed > 0) {
                // Others may be unable to send because of what is consumed here and not told.
                carrier.resumeBody();
            }
            patience = awaitArrival(patience);
        }
    }

    @SuppressWarnings("WaitNotInLoop") // The caller loops.
    private long awaitArrival(long patience) throws IOException {
        if (patience <= 0) {
            IOException late = new BodyFailure(
                    408,
                    "the client sent nothing of the body for " + TimeUnit.NANOSECONDS.toMillis(patienceNanos) + " ms");
            failure = late;
            throw KeptFailure.again(late);
        }
        try {
            return arrived.awaitNanos(patience);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException("interrupted while waiting for the body");
            interrupted.initCause(e);
            throw interrupted;
        }
    }

    @Override
    public int available() throws IOException {
        lock.lock();
        try {
            if (closed) {
                throw new IOException("stream closed");
            }
            ByteBuffer piece = current == null ? pieces.peek() : current;
            return piece == null ? 0 : piece.remaining();
        } finally {
            lock.unlock();
        }
    }

    private int unread() {
        int count = current == null ? 0 : current.remaining();
        for (ByteBuffer piece : pieces) {
            count += piece.remaining();
        }
        return count;
    }

    @Override
    public void close() {
        boolean resume;
        lock.lock();
        try {
            closed = true;
            consumed += unread();
            pieces.clear();
            current = null;
            cost = 0;
            resume = full || consumed >= report;
            full = false;
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
        if (resume) {
            carrier.resumeBody();
        }
    }
}
