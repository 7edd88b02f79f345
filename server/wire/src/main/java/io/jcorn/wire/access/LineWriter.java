package io.jcorn.wire.access;

import io.jcorn.wire.Log;
import io.jcorn.wire.Scoreboard;
import io.jcorn.wire.Scoreboard.Cell;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;

/**
 * Writes lines on a thread of its own: a disk or a reader that is slow costs lines, never the time of who serves requests.
 *
 * <pre>
 *   whoever serves ─► filling (up to {@value #MOST} bytes, then lines are lost) ═swap═► writing ─► file
 * </pre>
 *
 * <p>The first line after a pause is written at once. Those that follow are written together, {@value #PAUSE_MILLIS} ms after
 * the last write or when there are {@value #ENOUGH} bytes, so that neither side is woken for each.
 */
public final class LineWriter {

    /** The most bytes that wait. */
    static final int MOST = 1 << 20;

    private static final int CAPACITY = 64 << 10;
    private static final int ENOUGH = 32 << 10;
    private static final int PAUSE_MILLIS = 10;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS);

    private final LongConsumer written;
    private final Losses losses;
    private final Log log;
    private final Thread thread;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Guarded by the lock.
    private LineBuffer filling = new LineBuffer(CAPACITY);
    private long lines;
    private long refused;
    private boolean idle;
    private boolean reopen;
    private boolean closing;
    private boolean hurried;
    private long closeBy;

    // The writer's own.
    private LineBuffer writing = new LineBuffer(CAPACITY);
    private final LineFile file;
    private long lastWrite;

    /**
     * A writer to a file, which is its own from now on.
     *
     * @param written told, on the writer's thread, up to which line everything is in the log or lost for good
     * @param row where lines that were lost are counted
     * @param log where it is told that lines are lost
     */
    public LineWriter(LineFile file, LongConsumer written, Scoreboard.Row row, Log log) {
        this.file = file;
        this.written = written;
        this.losses = new Losses(file, log, lost -> row.addShared(Cell.ACCESS_LINES_LOST, lost));
        this.log = log;
        this.thread = new Thread(this::run, "jcorn-access-log");
        thread.setDaemon(true);
        this.lastWrite = System.nanoTime() - PAUSE_NANOS;
    }

    /** Begins to write. */
    public void start() {
        thread.start();
    }

    /**
     * Takes a line. From any thread: formatters that are used here only are used by one thread at a time.
     *
     * @return its number, from 1; 0 if there is no room for it
     */
    public long append(AccessFormatter formatter, AccessSource source) {
        lock.lock();
        try {
            if (filling.length() >= MOST || closing) {
                refused++;
                return 0;
            }
            formatter.append(filling, source);
            if (idle || (filling.length() >= ENOUGH && !hurried)) {
                hurried = true;
                changed.signal();
            }
            return ++lines;
        } finally {
            lock.unlock();
        }
    }

    /** Opens the file again by its name. From any thread; it is done soon. */
    public void reopen() {
        lock.lock();
        try {
            reopen = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Writes what there is and takes nothing more. From any thread.
     *
     * @param nanos how long that may take: a pipe that nobody reads must not keep the worker
     */
    public void close(long nanos) {
        lock.lock();
        try {
            closing = true;
            closeBy = System.nanoTime() + nanos;
            changed.signal();
        } finally {
            lock.unlock();
        }
        try {
            TimeUnit.NANOSECONDS.timedJoin(thread, nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            log.warning("The access log (" + file + ") does not take its last lines; they are lost");
        }
    }

    private void run() {
        try {
            while (survives()) {
                // Each turn writes what there was when it began.
            }
            file.close();
        } catch (IOException e) {
            log.error("The access log (" + file + ") cannot be closed: " + e.getMessage());
        } catch (InterruptedException e) {
            log.error("The access log (" + file + ") ends, for its writer was interrupted");
        }
    }

    /** A turn that fails with what nobody has thought of costs its lines, and not the lines of the rest of this process's life. */
    private boolean survives() throws InterruptedException {
        try {
            return turn();
        } catch (RuntimeException | Error e) {
            log.error("A defect in jcorn: lines of the access log (" + file + ") are lost: " + e);
            writing.clear(CAPACITY);
            lastWrite = System.nanoTime();
            return !closing;
        }
    }

    /** Waits, then writes. Returns false when nothing follows. */
    private boolean turn() throws InterruptedException {
        boolean again;
        boolean last;
        long upTo;
        long lost;
        lock.lock();
        try {
            awaitPause();
            awaitLines();
            again = reopen;
            reopen = false;
            hurried = false;
            last = closing;
            upTo = lines;
            lost = refused;
            refused = 0;
            LineBuffer full = filling;
            filling = writing;
            writing = full;
        } finally {
            lock.unlock();
        }
        if (again) {
            openAgain();
        }
        write();
        losses.noRoom(lost);
        written.accept(upTo);
        writing.clear(CAPACITY);
        lastWrite = System.nanoTime();
        return !last;
    }

    private void awaitPause() throws InterruptedException {
        long left = lastWrite + PAUSE_NANOS - System.nanoTime();
        while (left > 0 && !closing && !reopen && filling.length() < ENOUGH) {
            left = changed.awaitNanos(left);
        }
    }

    private void awaitLines() throws InterruptedException {
        while (filling.length() == 0 && !closing && !reopen) {
            idle = true;
            changed.await();
            idle = false;
        }
    }

    private void openAgain() {
        try {
            file.reopen();
        } catch (IOException e) {
            log.error("The access log cannot be opened again, going on with the old file: " + e.getMessage());
        }
    }

    private void write() throws InterruptedException {
        byte[] bytes = writing.array();
        int to = writing.length();
        int at = file.write(bytes, 0, to);
        while (at < to && file.failure() == null && awaitReader()) {
            at = file.write(bytes, at, to);
        }
        if (at < to) {
            losses.failed(bytes, at, to, file.failure());
        } else if (to > 0) {
            losses.worked();
        }
    }

    /** Somebody made standard output non-blocking, for all who share it: there is nothing to wait on but time. */
    private boolean awaitReader() throws InterruptedException {
        lock.lock();
        try {
            long until = System.nanoTime() + PAUSE_NANOS;
            long left = PAUSE_NANOS;
            while (left > 0) {
                if (closing && System.nanoTime() - closeBy >= 0) {
                    return false;
                }
                changed.awaitNanos(left);
                left = until - System.nanoTime();
            }
            return true;
        } finally {
            lock.unlock();
        }
    }
}
