package io.jcorn.worker;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * When a worker leaves: as soon as nothing is left to do once it was told to, at the latest at the earliest of the deadlines
 * that it was given. Later orders shorten, never lengthen.
 */
final class Departure {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean ordered;
    private boolean done;
    private long deadline;

    /** Orders to leave within so many nanoseconds from now. */
    void within(long nanos) {
        lock.lock();
        try {
            long wanted = System.nanoTime() + nanos;
            if (!ordered || wanted - deadline < 0) {
                deadline = wanted;
            }
            ordered = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Nothing is left to do. */
    void done() {
        lock.lock();
        try {
            done = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether the order was given. */
    boolean ordered() {
        lock.lock();
        try {
            return ordered;
        } finally {
            lock.unlock();
        }
    }

    /** Returns how long is left until the deadline, in milliseconds, at least 0. */
    long remainingMillis() {
        lock.lock();
        try {
            return Math.max(0, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for the order and then until nothing is left to do.
     *
     * @return false if the deadline came first
     */
    boolean await() {
        lock.lock();
        try {
            while (!ordered) {
                changed.awaitUninterruptibly();
            }
            while (!done) {
                long left = deadline - System.nanoTime();
                if (left <= 0 || (changed.awaitNanos(left) <= 0 && !done)) {
                    return false;
                }
            }
            return true;
        } catch (InterruptedException e) {
            // Whoever interrupts the main thread of a worker wants it to end, and it is about to.
            return false;
        } finally {
            lock.unlock();
        }
    }
}
