package io.jcorn.worker.pool;

import io.jcorn.wire.Scoreboard;
import io.jcorn.wire.Scoreboard.Cell;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * At most N threads that may block, without the wake-up per request that makes a classic pool cost half as much again as the
 * request itself.
 *
 * <pre>
 *   event loop:  submit* ─► (end of the iteration) dispatch: one queue, wake a thread only if none can run
 *   pool thread: take ─► run ─► take … ─► queue empty: idle (last in, first out)
 * </pre>
 *
 * <p>One runnable thread empties the queue, so exchanges of one iteration of the event loop share one wake-up. A thread that
 * has been in the same handler for two ticks counts as blocked, and another is woken in its place: at least one thread that
 * is not blocked works while there is work, two once anything blocks. The event loop looks at each dispatch and, while
 * the queue is not empty, every {@value #WATCH_MICROS} microseconds. Without this one sleeping handler would stall all
 * others; handlers that burn CPU count as blocked too, which gives them the other processors.
 *
 * <p>How many exchanges wait is known exactly and costs a request nothing: it is what the event loop has put in, less what
 * each thread has counted for itself that it took. How long they waited together is the sum of these lengths over time,
 * looked at every {@value #WATCH_MICROS} microseconds; no exchange needs a clock for that.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Tasks of the event loop that nobody waits for.
public final class BatchPool implements Runner {

    /** Bits of {@link System#nanoTime} below a tick: 65 microseconds. */
    private static final int TICK_BITS = 16;

    private static final int BLOCKED_TICKS = 2;
    private static final long WATCH_MICROS = 200;

    private final EventLoop loop;
    private final int limit;
    private final ClassLoader contextLoader;
    private final Scoreboard.Row row;
    private final Queue<Runnable> queue = new ConcurrentLinkedQueue<>();

    /** Guarded by itself; also guards each member's idle. */
    private final ArrayDeque<Member> idle = new ArrayDeque<>();

    /** Written by the event loop only. */
    private final List<Member> members = new ArrayList<>();

    private volatile long tick;
    private boolean dispatching;
    private boolean watching;
    private long watchedSince;

    /** What was put in and not taken back, ever. */
    private long submitted;

    /**
     * A pool without threads yet.
     *
     * @param limit the most threads, at least 1
     * @param row where the length of the queue is published
     */
    public BatchPool(EventLoop loop, int limit, ClassLoader contextLoader, Scoreboard.Row row) {
        this.loop = loop;
        this.limit = limit;
        this.contextLoader = contextLoader;
        this.row = row;
    }

    @Override
    public void submit(Runnable exchange) {
        queue.add(exchange);
        submitted++;
        if (!dispatching) {
            dispatching = true;
            // The loop runs its tasks after the sockets of this iteration: by then the whole batch is here.
            loop.execute(this::dispatch);
        }
    }

    @Override
    public int threads() {
        return limit;
    }

    @Override
    public int unfinished() {
        long returned = 0;
        for (int i = 0; i < members.size(); i++) {
            Member member = members.get(i);
            // In this order: who enters or leaves meanwhile is still counted.
            long taken = member.taken.getAcquire();
            returned += member.since == Member.BETWEEN ? taken : taken - 1;
        }
        return (int) (submitted - returned);
    }

    /** Returns how many exchanges wait for a thread now. */
    int waiting() {
        long taken = 0;
        for (int i = 0; i < members.size(); i++) {
            taken += members.get(i).taken.getAcquire();
        }
        return (int) (submitted - taken);
    }

    @Override
    public boolean full() {
        if (members.size() < limit || queue.isEmpty()) {
            return false;
        }
        synchronized (idle) {
            return idle.isEmpty();
        }
    }

    @Override
    public <T extends Runnable> @Nullable T oldest(Class<T> type) {
        for (Runnable waiting : queue) {
            if (type.isInstance(waiting)) {
                return type.cast(waiting);
            }
        }
        return null;
    }

    @Override
    public boolean withdraw(Runnable exchange) {
        // The queue settles it: whatever is removed here no thread has polled.
        boolean mine = queue.remove(exchange);
        submitted -= mine ? 1 : 0;
        return mine;
    }

    private void dispatch() {
        dispatching = false;
        reinforce();
    }

    /** Sees to it that enough threads that are not blocked are at work. */
    private void reinforce() {
        tick = System.nanoTime() >>> TICK_BITS;
        if (queue.isEmpty()) {
            return;
        }
        int working;
        synchronized (idle) {
            working = members.size() - idle.size();
        }
        int blocked = blocked();
        int wanted = blocked > 0 ? 2 : 1;
        for (int runnable = working - blocked; runnable < wanted && wakeOne(); runnable++) {
            // Each turn has woken one.
        }
        watch();
    }

    private int blocked() {
        long now = tick;
        int blocked = 0;
        for (int i = 0; i < members.size(); i++) {
            long since = members.get(i).since;
            if (since != Member.BETWEEN && now - since >= BLOCKED_TICKS) {
                blocked++;
            }
        }
        return blocked;
    }

    private boolean wakeOne() {
        Member member;
        synchronized (idle) {
            member = idle.pollLast();
            if (member != null) {
                member.isIdle = false;
            }
        }
        if (member != null) {
            LockSupport.unpark(member);
            return true;
        }
        if (members.size() == limit) {
            return false;
        }
        Member fresh = new Member(members.size());
        members.add(fresh);
        fresh.start();
        return true;
    }

    private void watch() {
        if (!watching && !queue.isEmpty()) {
            watching = true;
            watchedSince = System.nanoTime();
            loop.schedule(this::lookAgain, WATCH_MICROS, TimeUnit.MICROSECONDS);
        }
    }

    private void lookAgain() {
        watching = false;
        int waiting = waiting();
        row.set(Cell.QUEUED, waiting);
        if (waiting > 0) {
            row.add(Cell.QUEUE_WAIT, waiting * ((System.nanoTime() - watchedSince) / 1000));
        }
        reinforce();
        if (!watching) {
            row.set(Cell.QUEUED, 0);
        }
    }

    /** A thread of the pool. */
    private final class Member extends Thread {

        static final long BETWEEN = -1;

        /** The tick at which the current handler began; written by this thread, read by the event loop. */
        private volatile long since = BETWEEN;

        /** How many exchanges this thread has taken; only it writes. */
        private final AtomicLong taken = new AtomicLong();

        private boolean isIdle;

        Member(int number) {
            super("jcorn-app-" + number);
            setDaemon(true);
            setContextClassLoader(contextLoader);
        }

        @Override
        public void run() {
            while (true) {
                Runnable exchange = queue.poll();
                if (exchange == null) {
                    rest();
                } else {
                    work(exchange);
                }
            }
        }

        private void work(Runnable exchange) {
            since = tick;
            taken.setRelease(taken.getPlain() + 1);
            try {
                exchange.run();
            } catch (Throwable lastResort) {
                // The exchange has logged what it could; out of memory is what is left. The pool keeps its thread.
            } finally {
                since = BETWEEN;
                // An interrupt was meant for the handler that is over.
                Thread.interrupted();
            }
        }

        private void rest() {
            synchronized (idle) {
                // Looked at under the lock: an exchange queued later finds this thread among the idle ones.
                if (!queue.isEmpty()) {
                    return;
                }
                isIdle = true;
                idle.addLast(this);
            }
            while (true) {
                LockSupport.park(BatchPool.this);
                synchronized (idle) {
                    if (!isIdle) {
                        return;
                    }
                }
            }
        }
    }
}
