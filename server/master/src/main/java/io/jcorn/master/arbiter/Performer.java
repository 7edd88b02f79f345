package io.jcorn.master.arbiter;

import io.jcorn.master.arbiter.WorkerState.Trigger;
import io.jcorn.wire.Message;
import io.jcorn.wire.Message.Gate;
import java.io.IOException;

/** Does what the reconciler decided, and writes into the table what was done and how long it may take. */
final class Performer {

    /** What the master adds to the grace that a worker keeps by itself, in milliseconds: the worker should come first. */
    static final long DRAIN_MARGIN = 1_000;

    /** How long a worker that has to leave at once may take, in milliseconds. */
    static final long QUIT_PATIENCE = 2_000;

    /** How long a worker that is late may take to write down its threads, in milliseconds. */
    static final long DUMP_PATIENCE = 3_000;

    private final WorkerTable table;
    private final Crew crew;
    private final Generations generations;
    private final Journal journal;
    private boolean done;
    private boolean gaveUp;

    Performer(WorkerTable table, Crew crew, Generations generations, Journal journal) {
        this.table = table;
        this.crew = crew;
        this.generations = generations;
        this.journal = journal;
    }

    static long drainPatience(Policy policy) {
        return policy.graceMillis() + DRAIN_MARGIN;
    }

    boolean done() {
        return done;
    }

    boolean gaveUp() {
        return gaveUp;
    }

    void giveUp() {
        gaveUp = true;
        done = true;
    }

    /**
     * Starts a worker.
     *
     * @throws IOException as {@link Crew#spawn} does; nothing is taken then
     */
    void spawn(Action.Spawn spawn, Policy policy, long now) throws IOException {
        long id = table.nextId();
        int row = table.takeRow();
        table.crashLoop().spawned(spawn.slot(), now);
        try {
            int pid = crew.spawn(id, spawn.slot(), spawn.generation(), row);
            WorkerHandle worker =
                    new WorkerHandle(id, spawn.slot(), spawn.generation(), row, pid, now, now + policy.bootMillis());
            table.add(worker);
            journal.spawned(worker);
        } catch (IOException e) {
            table.releaseRow(row);
            throw e;
        }
    }

    void perform(Action action, Policy policy, long now) {
        if (action instanceof Action.Drain drain) {
            drain(drain, policy, now);
        } else if (action instanceof Action.Quit quit) {
            quit(quit, now);
        } else if (action instanceof Action.Dump dump) {
            dump(dump.worker(), policy, now);
        } else if (action instanceof Action.Kill kill) {
            kill(kill.worker(), now);
        } else if (action instanceof Action.Trust trust) {
            if (table.crashLoop().lasted(trust.worker().slot())) {
                journal.breakerClosed();
            }
        } else if (action instanceof Action.Forget forget) {
            table.forget(forget.generation());
            generations.forget(forget.generation());
        } else if (action instanceof Action.Halt) {
            done = true;
        } else {
            throw new IllegalArgumentException("nobody performs " + action);
        }
    }

    private void drain(Action.Drain drain, Policy policy, long now) {
        WorkerHandle worker = drain.worker();
        boolean booting = worker.state() == WorkerState.SPAWNED;
        worker.markAsked();
        worker.because(drain.because());
        worker.apply(Trigger.DRAIN_SENT, now);
        worker.deadline(now + (booting ? Arbiter.EXIT_PATIENCE : drainPatience(policy)));
        Gate gate = booting ? Gate.CLOSE : drain.gate();
        crew.tell(worker, new Message.Drain(booting ? 0 : policy.graceMillis(), gate));
        journal.draining(worker);
    }

    private void quit(Action.Quit quit, long now) {
        WorkerHandle worker = quit.worker();
        worker.markQuitSent();
        worker.because(quit.because());
        worker.apply(Trigger.DRAIN_SENT, now);
        worker.deadline(now + QUIT_PATIENCE);
        crew.tell(worker, new Message.Quit());
    }

    private void dump(WorkerHandle worker, Policy policy, long now) {
        String what = lateness(worker, policy);
        journal.late(worker, what);
        worker.because(what);
        worker.apply(Trigger.OVERDUE, now);
        worker.deadline(now + DUMP_PATIENCE);
        crew.tell(worker, new Message.DumpRequest());
    }

    private static String lateness(WorkerHandle worker, Policy policy) {
        return switch (worker.state()) {
            case SPAWNED -> "not ready after " + policy.bootMillis() + " ms (boot-timeout)";
            case READY -> "its event loop has been silent for " + policy.livenessMillis() + " ms (timeout)";
            default ->
                worker.wasReady()
                        ? "did not leave in time (graceful-timeout)"
                        : "was told to leave while it was starting, and did not";
        };
    }

    /** A process that KILL does not end sits in the kernel; asking again later is all that can be done. */
    private void kill(WorkerHandle worker, long now) {
        journal.killing(worker);
        crew.kill(worker);
        worker.apply(Trigger.KILL_SENT, now);
        worker.deadline(now + Arbiter.EXIT_PATIENCE);
    }
}
