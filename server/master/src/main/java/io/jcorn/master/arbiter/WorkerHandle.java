package io.jcorn.master.arbiter;

import io.jcorn.master.arbiter.WorkerState.Trigger;
import io.jcorn.wire.Message;
import org.jspecify.annotations.Nullable;

/**
 * A worker as the master sees it. It is not the worker: nothing in it is set by the child, and it knows no process, no
 * channel and no log.
 *
 * <p>Times are milliseconds of the arbiter's monotonic clock.
 */
public final class WorkerHandle {

    /** A deadline that never comes. */
    static final long NEVER = Long.MAX_VALUE;

    private final long id;
    private final int slot;
    private final int generation;
    private final int row;
    private final int pid;
    private final long spawnedAt;

    private WorkerState state = WorkerState.SPAWNED;
    private long since;
    private long readyAt = NEVER;
    private long deadline;
    private String because = "";
    private boolean asked;
    private boolean announced;
    private boolean quitSent;
    private boolean gateClosed;
    private Message.@Nullable BootFailed bootFailure;

    WorkerHandle(long id, int slot, int generation, int row, int pid, long spawnedAt, long deadline) {
        this.id = id;
        this.slot = slot;
        this.generation = generation;
        this.row = row;
        this.pid = pid;
        this.spawnedAt = spawnedAt;
        this.since = spawnedAt;
        this.deadline = deadline;
    }

    /** Returns the birth number, unique in the life of the master; a pid may return, this does not. */
    public long id() {
        return id;
    }

    /** Returns the slot, 0..N-1. */
    public int slot() {
        return slot;
    }

    /** Returns the generation, from 1. */
    public int generation() {
        return generation;
    }

    /** Returns the scoreboard row. */
    public int row() {
        return row;
    }

    /** Returns the process id. */
    public int pid() {
        return pid;
    }

    /** Returns where it is in its life. */
    public WorkerState state() {
        return state;
    }

    /** Returns when it came into this state. */
    public long since() {
        return since;
    }

    /** Returns when it was spawned. */
    public long spawnedAt() {
        return spawnedAt;
    }

    /** Whether it was ever ready. */
    public boolean wasReady() {
        return readyAt != NEVER;
    }

    /** Returns when it became ready, {@link #NEVER} if it did not. */
    public long readyAt() {
        return readyAt;
    }

    /** Returns when the patience with its present state ends. */
    public long deadline() {
        return deadline;
    }

    /** Returns why it is leaving or late, for the log; empty while it is live. */
    public String because() {
        return because;
    }

    /** Whether the master wanted it to end: its end is then no failure. */
    public boolean asked() {
        return asked;
    }

    /** Whether it said itself that it leaves. One that only hangs up may have been ended by its application. */
    boolean announced() {
        return announced;
    }

    /** Returns what it said when it could not boot. */
    public Message.@Nullable BootFailed bootFailure() {
        return bootFailure;
    }

    void apply(Trigger trigger, long now) {
        WorkerState before = state;
        announced |= trigger == Trigger.LEAVING || trigger == Trigger.DRAINED;
        state = state.after(trigger);
        since = state == before ? since : now;
        if (state == WorkerState.READY && before == WorkerState.SPAWNED) {
            readyAt = now;
        }
    }

    void deadline(long deadline) {
        this.deadline = deadline;
    }

    void because(String because) {
        this.because = because;
    }

    void markAsked() {
        this.asked = true;
    }

    /** Whether it was told to leave at once. */
    boolean quitSent() {
        return quitSent;
    }

    void markQuitSent() {
        this.asked = true;
        this.quitSent = true;
    }

    void markGateClosed() {
        this.gateClosed = true;
    }

    /**
     * Whether the next connection may still be its own. One that was told to leave accepts until it says that its gate is
     * closed, and one that hangs may come round until it is killed.
     */
    boolean mayAccept() {
        return !gateClosed && state != WorkerState.KILLED && state != WorkerState.GONE;
    }

    void bootFailure(Message.BootFailed failure) {
        this.bootFailure = failure;
    }

    /** As every log line about a worker says it. */
    @Override
    public String toString() {
        return "pid: " + pid + ", slot=" + slot + " gen=" + generation;
    }
}
