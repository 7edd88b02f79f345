package io.jcorn.master.arbiter;

import io.jcorn.master.arbiter.Reconciler.Plan;
import io.jcorn.master.arbiter.Target.Phase;
import io.jcorn.master.arbiter.WorkerState.Trigger;
import io.jcorn.master.posix.Reaped;
import io.jcorn.master.posix.WaitStatus;
import io.jcorn.wire.Message;
import io.jcorn.wire.Scoreboard;
import java.io.IOException;
import java.util.Queue;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The master's loop, one turn at a time.
 *
 * <pre>
 *   take events ─► update the table and the target ─► reap ─► read heartbeats ─► plan ─► perform
 *        ▲                                                                                  │
 *        └──────────────────────── sleep until the plan's deadline or an event ◄────────────┘
 * </pre>
 *
 * <p>Everything here happens on one thread. Signal handlers, channel readers and the preparer of generations only put
 * {@link Event}s into the queue.
 */
public final class Arbiter {

    /** How long a worker that said its last word may take to be gone, in milliseconds. */
    static final long EXIT_PATIENCE = 5_000;

    /** The longest sleep: a slow poll for children whose SIGCHLD was lost, in milliseconds. */
    static final long SAFETY_POLL = 5_000;

    /** How much later than planned a wake-up may be before the machine must have been suspended, in milliseconds. */
    static final long OVERSLEPT = 2_000;

    /** The most workers: the scoreboard has rows for as many again that drain. */
    static final int MOST_WORKERS = Scoreboard.ROWS / 2;

    /** What a shell says when a program cannot be started. */
    private static final int NOT_STARTED = 127;

    private final Queue<Event> events;
    private final Crew crew;
    private final Generations generations;
    private final Preparation preparation;
    private final Journal journal;
    private final LongSupplier clock;
    private final WorkerTable table = new WorkerTable();
    private final Performer performer;
    private final Stopping stopping;
    private final KernelKills kernelKills;
    private final Completion completion;

    private Policy policy;
    private Policy provenPolicy;
    private int provenWorkers;
    private Target target;
    private long wakeAt;
    private long lastTurn;
    private long allowance = Long.MIN_VALUE;
    private long generationStarted;
    private @Nullable Exit firstFailure;

    /**
     * A master whose first generation is prepared.
     *
     * @param events where others put what happened; safe for many producers
     * @param clock monotonic, in milliseconds
     */
    public Arbiter(
            Queue<Event> events,
            Crew crew,
            Doors doors,
            Generations generations,
            Journal journal,
            LongSupplier clock,
            Policy policy) {
        this.events = events;
        this.crew = crew;
        this.generations = generations;
        this.preparation = new Preparation(generations, journal);
        this.journal = journal;
        this.clock = clock;
        this.policy = policy;
        this.provenPolicy = policy;
        this.provenWorkers = policy.workers();
        this.target = new Target(
                Phase.SERVING, policy.workers(), 1, 0, false, false, policy.maxSurge(), policy.maxUnavailable());
        this.performer = new Performer(table, crew, generations, journal);
        this.stopping = new Stopping(table, crew, doors, journal);
        this.generationStarted = clock.getAsLong();
        this.wakeAt = generationStarted;
        this.lastTurn = generationStarted;
        this.kernelKills = new KernelKills(crew);
        this.completion = new Completion(table, journal);
        table.generations().add(1);
    }

    /** Returns when the next turn is due even if no event comes, in milliseconds of the clock. */
    public long wakeAt() {
        return wakeAt;
    }

    /** Whether the master is done; no turn follows. */
    public boolean done() {
        return performer.done();
    }

    /** Why the first worker failed, if the master gave up because none became ready. */
    public @Nullable Exit verdict() {
        return performer.gaveUp() ? firstFailure : null;
    }

    /** What the server is doing and who does it. Only on the arbiter's thread; what it returns may go to any. */
    public Status status() {
        return Status.of(table, target, preparation.running(), lastTurn, wakeAt);
    }

    WorkerTable table() {
        return table;
    }

    Target target() {
        return target;
    }

    /** One turn of the loop. */
    public void turn() {
        long now = clock.getAsLong();
        noticeSuspension(now);
        takeEvents(now);
        reapChildren(now);
        readHeartbeats();
        if (target.phase() == Phase.EMPTYING) {
            target = stopping.whenEmptied(target, now);
        }
        completion.tellWhenTrue(now);
        Plan plan = Reconciler.plan(table, target, now);
        for (Action action : plan.actions()) {
            int wanted = target.wanted();
            perform(action, now);
            if (target.wanted() != wanted) {
                // A spawn failed and took the reload with it: the rest of the plan is for a world that is gone.
                break;
            }
        }
        wakeAt = plan.actions().isEmpty() ? Math.min(plan.wakeAt(), now + SAFETY_POLL) : now;
        if (target.phase() == Phase.EMPTYING) {
            wakeAt = Math.min(wakeAt, now + Stopping.LOOK_EVERY);
        }
    }

    /** A machine that was suspended, or a master that was stopped, kills nobody: all patience starts again. */
    private void noticeSuspension(long now) {
        long overslept = now - wakeAt;
        long absent = now - lastTurn;
        lastTurn = now;
        if (overslept <= OVERSLEPT) {
            return;
        }
        journal.suspended(overslept);
        allowance = now;
        for (WorkerHandle worker : table.all()) {
            if (worker.deadline() != WorkerHandle.NEVER) {
                worker.deadline(worker.deadline() + absent);
            }
        }
    }

    private void takeEvents(long now) {
        for (Event event = events.poll(); event != null; event = events.poll()) {
            handle(event, now);
        }
    }

    private void handle(Event event, long now) {
        if (event instanceof Event.SignalCame came) {
            signal(came, now);
        } else if (event instanceof Event.Told told) {
            WorkerHandle worker = table.byId(told.worker());
            if (worker != null) {
                told(worker, told.message(), now);
            }
        } else if (event instanceof Event.ChannelClosed closed) {
            channelClosed(closed, now);
        } else if (event instanceof Event.Prepared prepared) {
            prepared(prepared, now);
        } else if (event instanceof Event.Refused refused) {
            journal.reloadRefused(refused.reason());
            table.forgetLosses();
            preparation.ended(target.phase());
        }
    }

    private void signal(Event.SignalCame came, long now) {
        journal.signalCame(came.signal());
        switch (came.signal()) {
            case TERM -> stop(target.phase() == Phase.SERVING, now);
            case INT -> stop(false, now);
            case HUP -> preparation.begin(target.phase());
            case TTIN -> scale(target.workers() + 1);
            case TTOU -> {
                // Down to 0 leads WINCH only, and from there only up again.
                if (target.workers() > 1) {
                    scale(target.workers() - 1);
                }
            }
            case WINCH -> scale(0);
            case USR1 -> {
                journal.reopenLogs();
                table.all().forEach(worker -> crew.tell(worker, new Message.ReopenLogs()));
            }
            case USR2 -> journal.ignored(came.signal(), "upgrading the running master is not part of this version");
            default -> {}
        }
    }

    private void scale(int workers) {
        if (target.phase() == Phase.SERVING && workers <= MOST_WORKERS && workers != target.workers()) {
            journal.workersWanted(target.workers(), workers);
            target = target.workers(workers);
        }
    }

    private void stop(boolean gracefully, long now) {
        if (target.phase() == Phase.QUITTING) {
            return;
        }
        journal.stopping(gracefully);
        target = gracefully
                ? target.phase(stopping.begin(policy, now))
                : target.phase(stopping.quick(target.phase(), now));
    }

    private void prepared(Event.Prepared prepared, long now) {
        if (target.phase() == Phase.SERVING) {
            if (!target.rolling()) {
                provenPolicy = policy;
                provenWorkers = target.workers();
            }
            // The number of workers is the operator's once he changed it, until the configuration itself changes.
            boolean configured = prepared.policy().workers() != policy.workers() || target.workers() == 0;
            policy = prepared.policy();
            scale(configured ? policy.workers() : target.workers());
            target =
                    target.rollingBy(policy.maxSurge(), policy.maxUnavailable()).wanting(prepared.generation(), false);
            if (!preparation.healing()) {
                table.crashLoop().reset();
            }
            generationStarted = now;
            journal.reloadStarted(prepared.generation());
        }
        table.generations().add(prepared.generation());
        preparation.ended(target.phase());
    }

    /** A generation that another one is about to replace needs no new one. */
    private void lost(int generation) {
        boolean wanted = generation == target.wanted();
        if (wanted) {
            preparation.heal(target.phase());
        }
        if (preparation.running() || !wanted) {
            table.markLost(generation);
        }
    }

    private void told(WorkerHandle worker, Message.FromWorker message, long now) {
        if (message instanceof Message.Ready ready) {
            if (worker.state() == WorkerState.SPAWNED) {
                worker.apply(Trigger.READY, now);
                target = target.sawReady(worker.generation());
                journal.ready(worker, ready.application(), now - worker.spawnedAt());
            }
        } else if (message instanceof Message.BootFailed failed) {
            cannotBoot(worker, failed, now);
        } else if (message instanceof Message.Leaving leaving) {
            leaves(worker, Trigger.LEAVING, leaving.reason(), now + Performer.drainPatience(policy), now);
            journal.draining(worker);
        } else if (message instanceof Message.GateClosed closed) {
            worker.markGateClosed();
            journal.gateClosed(worker, closed.connections());
        } else if (message instanceof Message.Drained drained) {
            worker.markGateClosed();
            leaves(worker, Trigger.DRAINED, worker.because(), now + EXIT_PATIENCE, now);
            journal.unfinished(worker, drained.unfinished());
        } else if (message instanceof Message.Dump dump) {
            journal.dumped(worker, dump.text());
            worker.apply(Trigger.DUMPED, now);
            if (worker.state() == WorkerState.LATE) {
                worker.deadline(now);
            }
        }
    }

    /**
     * Its failure counts from its word on: by the time that it is reaped its slot would have been filled again. One that is late
     * already, or killed for it, often knows why.
     */
    private void cannotBoot(WorkerHandle worker, Message.BootFailed failed, long now) {
        boolean expected = worker.wasReady() || worker.asked() || worker.announced() || worker.bootFailure() != null;
        boolean counts = !expected && target.phase() == Phase.SERVING;
        worker.bootFailure(failed);
        leaves(worker, Trigger.BOOT_FAILED, "it cannot boot", now + EXIT_PATIENCE, now);
        journal.cannotBoot(worker, failed.reason());
        if (counts) {
            String reason = failed.reason().lines().findFirst().orElse("no reason given");
            boolean candidate = target.rolling() && worker.generation() == target.wanted();
            bootFailed(worker.generation(), new Exit(Exit.kind(failed), WaitStatus.ofExit(0)), reason);
            if (!candidate) {
                failed(worker.slot(), now);
            }
        }
    }

    private void channelClosed(Event.ChannelClosed closed, long now) {
        WorkerHandle worker = table.byId(closed.worker());
        if (worker != null) {
            boolean live = worker.state().live();
            String because = live ? "it closed its control channel" : worker.because();
            leaves(worker, Trigger.CHANNEL_CLOSED, because, Math.min(worker.deadline(), now + EXIT_PATIENCE), now);
        }
    }

    /** Whoever is late or killed already keeps the deadline that was set for that. */
    private static void leaves(WorkerHandle worker, Trigger trigger, String because, long deadline, long now) {
        worker.apply(trigger, now);
        if (worker.state() == WorkerState.DRAINING) {
            worker.because(because);
            worker.deadline(deadline);
        }
    }

    private void reapChildren(long now) {
        boolean deaths = false;
        for (Reaped reaped = crew.reap(); reaped != null; reaped = crew.reap()) {
            WorkerHandle worker = table.byPid(reaped.pid());
            if (worker == null) {
                journal.foreignChild(reaped);
            } else {
                // Its last words may still be in the channel: why it cannot boot is worth more than its exit code.
                crew.hearOut(worker);
                takeEvents(now);
                ended(worker, kernelKills.classify(worker, reaped.status()), now);
                deaths = true;
            }
        }
        if (deaths) {
            kernelKills.settle();
        }
    }

    /** What is told of it never decides what is done: it is gone, whatever the journal makes of that. */
    private void ended(WorkerHandle worker, Exit exit, long now) {
        try {
            journal.exited(worker, exit);
            worker.apply(Trigger.EXITED, now);
            judge(worker, exit, now);
        } finally {
            table.remove(worker);
            crew.release(worker);
        }
    }

    private void judge(WorkerHandle worker, Exit exit, long now) {
        boolean told = worker.bootFailure() != null;
        boolean failure = !exit.clean() && !worker.asked() && !told && target.phase() == Phase.SERVING;
        if (failure && !worker.wasReady() && exit.ownFault()) {
            bootFailed(
                    worker.generation(),
                    exit,
                    exit.text() + " (" + exit.status().describe() + ")");
        }
        boolean trusted = worker.generation() == target.wanted() || worker.generation() == target.proven();
        // Whoever is killed from outside is no crash loop, however often it happens: a breaker would add to the damage.
        if (failure && trusted && exit.ownFault()) {
            failed(worker.slot(), now);
        }
    }

    private void bootFailed(int generation, Exit exit, String reason) {
        firstFailure = firstFailure == null ? exit : firstFailure;
        table.countFailedBoot();
        candidateFailed(generation, reason);
    }

    private void failed(int slot, long now) {
        if (table.crashLoop().failed(slot, target.workers(), now)) {
            journal.breakerOpened(table.crashLoop().recentFailures(), table.count(WorkerState.READY));
        }
    }

    /** The reload is off when a worker of the new generation cannot boot; the old one takes its place back, configuration and all. */
    private void candidateFailed(int generation, String reason) {
        if (target.rolling() && generation == target.wanted()) {
            journal.reloadFailed(target.wanted(), target.proven(), reason);
            // Who would wait for this one to replace what was lost has to ask for another one.
            table.forgetLosses();
            boolean countChanged = policy.workers() != provenPolicy.workers();
            policy = provenPolicy;
            target =
                    target.rollingBy(policy.maxSurge(), policy.maxUnavailable()).wanting(target.proven(), true);
            if (countChanged) {
                scale(provenWorkers);
            }
        }
    }

    private void readHeartbeats() {
        for (WorkerHandle worker : table.all()) {
            if (worker.state() == WorkerState.READY) {
                long silentSince = Math.max(Math.max(crew.lastBeat(worker), worker.readyAt()), allowance);
                worker.deadline(
                        policy.livenessMillis() == 0 ? WorkerHandle.NEVER : silentSince + policy.livenessMillis());
            }
        }
    }

    private void perform(Action action, long now) {
        if (action instanceof Action.Promote promote) {
            target = target.provenNow();
            generations.promoted(promote.generation());
            completion.promoted(promote.generation(), target.workers(), generationStarted, now);
        } else if (action instanceof Action.Spawn spawn) {
            spawn(spawn, now);
        } else if (action instanceof Action.GiveUp && firstFailure != null) {
            journal.gaveUp(firstFailure);
            stopping.giveUp();
            performer.giveUp();
        } else {
            performer.perform(action, policy, now);
        }
    }

    private void spawn(Action.Spawn spawn, long now) {
        if (table.isLost(spawn.generation())) {
            return;
        }
        try {
            performer.spawn(spawn, policy, now);
        } catch (Generations.LostException e) {
            spawnFailed(spawn, e, now);
            lost(spawn.generation());
        } catch (IOException e) {
            spawnFailed(spawn, e, now);
        }
    }

    private void spawnFailed(Action.Spawn spawn, IOException e, long now) {
        String failure = String.valueOf(e.getMessage());
        journal.spawnFailed(spawn.slot(), spawn.generation(), failure);
        bootFailed(spawn.generation(), new Exit(Exit.Kind.BOOT_FAILURE, WaitStatus.ofExit(NOT_STARTED)), failure);
        failed(spawn.slot(), now);
    }
}
