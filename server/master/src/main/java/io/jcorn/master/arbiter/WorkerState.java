package io.jcorn.master.arbiter;

import java.util.EnumMap;
import java.util.Map;

/**
 * Where a worker is in its life, as the master knows it.
 *
 * <pre>
 *                 READY            DRAIN_SENT, LEAVING, …
 *   SPAWNED ───────────► READY ─────────────────────────► DRAINING
 *      │                   │                                 │
 *      │ OVERDUE           │ OVERDUE                         │ OVERDUE
 *      └───────────────────┴──────────► LATE ◄───────────────┘
 *                                        │ KILL_SENT (its dump arrived, or did not in time)
 *                                        ▼
 *   any ── KILL_SENT ─────────────────► KILLED
 *   any ── EXITED ────────────────────► GONE
 * </pre>
 */
public enum WorkerState {
    /** The process exists; the application is loading. */
    SPAWNED,
    /** The worker accepts connections. */
    READY,
    /** It was told to leave, or said that it leaves: it finishes what is in flight. */
    DRAINING,
    /** It missed its deadline; its threads are being written down before it is killed. */
    LATE,
    /** KILL was sent. */
    KILLED,
    /** Reaped. The handle is about to be forgotten. */
    GONE;

    /** What can happen to a worker. */
    public enum Trigger {
        /** It said that it is ready. */
        READY,
        /** It said that it cannot boot. */
        BOOT_FAILED,
        /** It said that it leaves by itself. */
        LEAVING,
        /** It said that nothing is in flight any more. */
        DRAINED,
        /** It closed its end of the control channel: it is about to be gone, or broken. */
        CHANNEL_CLOSED,
        /** The master told it to leave. */
        DRAIN_SENT,
        /** Its deadline passed. */
        OVERDUE,
        /** Its thread dump arrived. */
        DUMPED,
        /** The master sent KILL. */
        KILL_SENT,
        /** It was reaped. */
        EXITED
    }

    private static final Map<WorkerState, Map<Trigger, WorkerState>> TABLE = table();

    /** Returns the state after something happened. Every pair is decided. */
    public WorkerState after(Trigger trigger) {
        Map<Trigger, WorkerState> row = TABLE.get(this);
        WorkerState next = row == null ? null : row.get(trigger);
        if (next == null) {
            throw new IllegalStateException("undecided: " + this + " × " + trigger);
        }
        return next;
    }

    /** Whether the worker serves or will: it fills its slot. */
    public boolean live() {
        return this == SPAWNED || this == READY;
    }

    private static Map<WorkerState, Map<Trigger, WorkerState>> table() {
        Map<WorkerState, Map<Trigger, WorkerState>> table = new EnumMap<>(WorkerState.class);
        // One row per state, in the order of Trigger:
        //                     READY     BOOT_FAILED LEAVING   DRAINED   CHANNEL_CLOSED DRAIN_SENT OVERDUE DUMPED   KILL
        //    EXITED
        row(table, SPAWNED, READY, DRAINING, DRAINING, DRAINING, DRAINING, DRAINING, LATE, SPAWNED, KILLED, GONE);
        row(table, READY, READY, DRAINING, DRAINING, DRAINING, DRAINING, DRAINING, LATE, READY, KILLED, GONE);
        // Ready and drain may cross on the channel: who was told to leave does not come back.
        row(table, DRAINING, DRAINING, DRAINING, DRAINING, DRAINING, DRAINING, DRAINING, LATE, DRAINING, KILLED, GONE);
        // Who is late stays late, even when it comes round: its threads were asked for, its replacement is under way.
        row(table, LATE, LATE, LATE, LATE, LATE, LATE, LATE, LATE, LATE, KILLED, GONE);
        row(table, KILLED, KILLED, KILLED, KILLED, KILLED, KILLED, KILLED, KILLED, KILLED, KILLED, GONE);
        row(table, GONE, GONE, GONE, GONE, GONE, GONE, GONE, GONE, GONE, GONE, GONE);
        return table;
    }

    private static void row(Map<WorkerState, Map<Trigger, WorkerState>> table, WorkerState from, WorkerState... to) {
        Map<Trigger, WorkerState> row = new EnumMap<>(Trigger.class);
        for (Trigger trigger : Trigger.values()) {
            row.put(trigger, to[trigger.ordinal()]);
        }
        table.put(from, row);
    }
}
