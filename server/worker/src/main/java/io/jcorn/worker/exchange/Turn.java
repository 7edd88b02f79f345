package io.jcorn.worker.exchange;

import com.sun.net.httpserver.HttpExchange;
import io.jcorn.worker.app.Traces;
import org.jspecify.annotations.Nullable;

/**
 * The time that the application has for an exchange.
 *
 * <pre>
 *   queued ─► handled ─► returned
 *                │           └─ complete, or left to another thread
 *                └─ interrupt: its time is over
 * </pre>
 *
 * <p>A base class and not a part, since each request would pay for the object.
 */
abstract class Turn extends HttpExchange implements Runnable {

    private final Host host;
    private long queuedNanos;
    private long handledNanos;
    private volatile @Nullable Thread handler;
    private volatile boolean overdue;
    private volatile boolean returned;

    Turn(Host host) {
        this.host = host;
    }

    /** Calls the handler; lets nothing escape. */
    abstract void handle();

    /** Whether the handler gave this up without an answer. Called once it has returned, under the lock of this. */
    abstract boolean givenUp();

    /** The handler has returned. */
    abstract void left();

    /** Closes the connection so that the client sees that the response is cut off. From any thread. */
    public abstract void cutOff();

    /** Lets the application handle this. Whatever it throws ends here. */
    @Override
    public final void run() {
        if (host.watched()) {
            handledNanos = host.clock().getAsLong();
            handler = Thread.currentThread();
        }
        try {
            handle();
        } finally {
            boolean givenUp;
            synchronized (this) {
                returned = true;
                givenUp = givenUp();
            }
            if (givenUp) {
                cutOff();
            }
            left();
        }
    }

    /** Notes when this began to wait for a thread. For the event loop. */
    public final void queued(long now) {
        queuedNanos = now;
    }

    /** Returns when this began to wait for a thread. For the event loop. */
    public final long queuedNanos() {
        return queuedNanos;
    }

    /** Whether the handler was called, or is about to be; known only if the {@link Host} watches. */
    public final boolean handled() {
        return handler != null;
    }

    /** Returns when the handler was called, if it {@link #handled was}. */
    public final long handledNanos() {
        return handledNanos;
    }

    /** Whether the handler has returned: if the response is not complete, another thread is expected to complete it. */
    public final boolean returned() {
        return returned;
    }

    /** Whether the time of this was over before it was complete. */
    public final boolean overdue() {
        return overdue;
    }

    /**
     * The time is over: interrupts the handler's thread, if that is still inside. Nobody else's work is ever hit, since the thread
     * cannot leave the handler meanwhile.
     *
     * @return the thread's name and what it is doing, several lines; null if nobody is inside
     */
    public final @Nullable String interrupt() {
        overdue = true;
        synchronized (this) {
            Thread thread = handler;
            if (thread == null || returned) {
                return null;
            }
            String doing = thread.getName() + "\n" + Traces.ofApplication(thread);
            thread.interrupt();
            return doing;
        }
    }
}
