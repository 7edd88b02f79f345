package io.jcorn.master.arbiter;

import io.jcorn.master.posix.Reaped;
import io.jcorn.wire.Message;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The worker processes, as far as the arbiter can reach them. Nothing here blocks. */
public interface Crew {

    /**
     * Starts a worker process.
     *
     * @param id its birth number, by which its messages will be known
     * @param row the scoreboard row that it gets
     * @return its pid
     * @throws Generations.LostException if no worker of this generation can be started any more
     * @throws IOException if the process cannot be started; the message says why and what to do
     */
    int spawn(long id, int slot, int generation, int row) throws IOException;

    /** Sends a message; a worker that cannot take it will miss its deadline. */
    void tell(WorkerHandle worker, Message.ToWorker message);

    /** Sends KILL. */
    void kill(WorkerHandle worker);

    /** Takes one child that has ended, null when none has. */
    @Nullable
    Reaped reap();

    /** A worker was reaped: when this returns, all that it ever said is in the queue of events. */
    default void hearOut(WorkerHandle worker) {}

    /** Returns when the worker's event loop last came round, in milliseconds of the arbiter's clock; 0: never yet. */
    long lastBeat(WorkerHandle worker);

    /** A worker was reaped: its channel and its row are free. */
    void release(WorkerHandle worker);

    /** Returns how many processes of this cgroup the kernel has killed for want of memory so far; 0 if it does not say. */
    long outOfMemoryKills();
}
