package io.jcorn.agent.adopt;

import io.jcorn.agent.Agent;
import io.jcorn.agent.Duties;
import io.jcorn.agent.Ending;
import io.jcorn.agent.Hosting;
import io.jcorn.agent.Hosting.Departing;
import io.jcorn.wire.HostingOptions;
import io.jcorn.wire.Log;
import io.jcorn.wire.Message;
import io.jcorn.wire.Message.BootFailed.Cause;
import io.jcorn.wire.Scoreboard.Cell;
import io.jcorn.wire.Scoreboard.WorkerPhase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A worker whose server is not ours, from its first instruction to its end.
 *
 * <pre>
 *   BOOTING ── it listens (and answers) ──► SERVING ── drain, SIGTERM ──► DRAINING:
 *                                                       gate shut ─► a moment for what was accepted last ─► the
 *                                                       application's own shutdown: SIGTERM ─► the process ends
 * </pre>
 */
final class HostedWorker implements Duties, Hosting.Host, Runnable {

    /** As a JVM that SIGTERM ends: 128 + 15. */
    private static final int TERMINATED = 143;

    private static final int CANNOT_BOOT = 3;
    private static final int CANNOT_LOAD = 4;

    /** How long the connections that were accepted last get to bring their request, in milliseconds. */
    private static final long PREDRAIN_MILLIS = 50;

    private static final ClientConnections.Sockets SOCKETS = new ClientConnections.Sockets() {
        @Override
        public boolean unread(int number) {
            return Kernel.unread(number);
        }

        @Override
        public boolean full(int number) {
            return Kernel.full(number);
        }

        @Override
        public void halfClose(int number) {
            Kernel.halfClose(number);
        }
    };

    /** What an application without shutdown hooks is left of the grace period once it is told, in milliseconds. */
    private static final long END_MILLIS = 1_000;

    /** Which part of the grace period an application with shutdown hooks is left, if that is more. */
    private static final long HOOKS_PART = 5;

    /** How often an application that does not answer yet is asked again, in milliseconds. */
    private static final long ASK_EVERY_MILLIS = 250;

    private final Agent agent;
    private final HostingOptions options;
    private final Adoptions adoptions;
    private final AcceptGate gate;
    private final ClientConnections connections;
    private final Readiness readiness;
    private final TermSignal term;
    private final ShutdownHooks hooks;
    private final @Nullable ReadyProbe probe;
    private final Log log;
    private volatile @Nullable Departing departing;
    private volatile @Nullable Runnable reopening;
    private volatile String lastAnswer = "";
    private WorkerPhase phase = WorkerPhase.BOOTING;
    private boolean departs;
    private boolean failed;
    private long deadline;

    HostedWorker(
            Agent agent,
            HostingOptions options,
            Adoptions adoptions,
            AcceptGate gate,
            ClientConnections connections,
            Readiness readiness,
            TermSignal term,
            ShutdownHooks hooks,
            @Nullable ReadyProbe probe,
            Log log) {
        this.agent = agent;
        this.options = options;
        this.adoptions = adoptions;
        this.gate = gate;
        this.connections = connections;
        this.readiness = readiness;
        this.term = term;
        this.hooks = hooks;
        this.probe = probe;
        this.log = log;
    }

    /** Takes the duties over; returns at once. */
    void start() {
        if (probe == null) {
            // Whoever listens before he is ready to answer has clients wait, as without us.
            gate.open();
        }
        agent.assign(this);
        term.onSignal(this);
        Hosting.host(this);
        Thread watch = new Thread("jcorn-agent") {
            @Override
            public void run() {
                watch();
            }
        };
        watch.setDaemon(true);
        watch.start();
    }

    private void watch() {
        try {
            while (true) {
                agent.beat();
                readiness.await(Math.min(options.beatMillis(), look()));
            }
        } catch (InterruptedException e) {
            log.error("A defect in jcorn: the agent's thread was interrupted; the master will miss its heartbeat");
        }
    }

    /** Returns after how many milliseconds to look again at the latest. */
    private long look() {
        try {
            agent.row().set(Cell.IN_FLIGHT, connections.owed());
            step(readiness.step(clock()));
            return readiness.restMillis(clock());
        } catch (RuntimeException | Error e) {
            log.error("A defect in jcorn: a look at the application failed: " + e);
            return options.beatMillis();
        }
    }

    private void step(Readiness.Verdict verdict) {
        switch (verdict) {
            case NOTHING -> {}
            case LISTENS -> {
                if (probe == null) {
                    ready();
                } else {
                    daemon("jcorn-probe", () -> askUntilReady(probe));
                }
            }
            case ELSEWHERE -> log.warning(explanation().early());
            case OVERDUE -> overdue();
            case DEAF -> leave("the application has closed its listening socket and opens no other");
        }
    }

    /** Milliseconds of CLOCK_MONOTONIC. */
    static long clock() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    private void askUntilReady(ReadyProbe probe) {
        while (true) {
            String address = adoptions.open().stream()
                    .filter(Adopted::listens)
                    .map(Adopted::address)
                    .findFirst()
                    .orElse("");
            if (!address.isEmpty()) {
                String answer = probe.ask(address);
                if (answer.isEmpty()) {
                    gate.open();
                    ready();
                    return;
                }
                log.debug("ready-path " + options.readyPath().orElse("") + " " + answer);
                lastAnswer = answer;
            }
            if (!rest()) {
                return;
            }
        }
    }

    /** Waits until the next question; false if there is nothing to ask any more. */
    private boolean rest() {
        LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(ASK_EVERY_MILLIS));
        synchronized (this) {
            return phase == WorkerPhase.BOOTING;
        }
    }

    private void ready() {
        synchronized (this) {
            if (phase != WorkerPhase.BOOTING) {
                return;
            }
            become(WorkerPhase.SERVING);
            readiness.served();
        }
        agent.tell(new Message.Ready(options.application()));
    }

    private void become(WorkerPhase next) {
        phase = next;
        agent.row().phase(next);
    }

    /** The time to boot is nearly over. Where we know better than a thread dump what is wrong, we say it. */
    private void overdue() {
        if (!lastAnswer.isEmpty()) {
            fail(Cause.BOOT, "ready-path " + options.readyPath().orElse("") + " " + lastAnswer);
            return;
        }
        Explanation explanation = explanation();
        if (explanation.certain()) {
            fail(Cause.BOOT, explanation.text());
        } else {
            log.error(explanation.text());
        }
    }

    private Explanation explanation() {
        List<ChildProcesses.Child> children = new ChildProcesses(Path.of("/proc")).ofThisProcess();
        return new Explanation(agent.handover(), options, readiness.elsewhere(), children, adoptions.listenedLast());
    }

    @Override
    public void onDrain(Departing departing) {
        this.departing = departing;
    }

    @Override
    public void onReopenLogs(Runnable reopening) {
        this.reopening = reopening;
    }

    /**
     * The process is about to end and all shutdown hooks are done. What has listened and is not ready all the same did not end before
     * it listened, which is what the master would say.
     */
    void ended() {
        Adopted listened = adoptions.listenedLast();
        boolean told;
        synchronized (this) {
            told = failed || phase != WorkerPhase.BOOTING;
        }
        if (!told && listened != null) {
            agent.tell(
                    new Message.BootFailed(Cause.BOOT, options.application() + " " + Explanation.wasClosed(listened)));
        }
        agent.leave();
    }

    @Override
    public void fail(Cause cause, String reason) {
        synchronized (this) {
            failed = true;
        }
        agent.tell(new Message.BootFailed(cause, reason));
        Ending.exit(cause == Cause.LOAD ? CANNOT_LOAD : CANNOT_BOOT, Ending.QUICK_MILLIS);
    }

    /** Somebody sent TERM to this very process: the master hears of it, and replaces it. */
    @Override
    public void run() {
        leave("signal TERM");
    }

    private void leave(String reason) {
        synchronized (this) {
            if (departs) {
                return;
            }
            become(WorkerPhase.DRAINING);
        }
        agent.tell(new Message.Leaving(reason));
        depart(options.gracefulMillis());
    }

    @Override
    public void drain(long graceMillis, boolean keepAccepting) {
        synchronized (this) {
            deadline = clock() + graceMillis;
            become(WorkerPhase.DRAINING);
        }
        if (!keepAccepting) {
            depart(graceMillis);
        }
    }

    @Override
    public void closeGate() {
        gate.shut();
        long left;
        synchronized (this) {
            if (phase != WorkerPhase.DRAINING) {
                return;
            }
            left = Math.max(0, deadline - clock());
        }
        depart(left);
    }

    /** Shuts the gate and ends the application, on a thread of its own, once. */
    private void depart(long graceMillis) {
        gate.shut();
        synchronized (this) {
            if (departs) {
                return;
            }
            departs = true;
        }
        // No daemon: a JVM whose other threads have ended would not wait for the last words.
        new Thread(() -> finish(graceMillis), "jcorn-departure").start();
    }

    private void finish(long graceMillis) {
        // Whoever was accepted last is in the application's hands by then.
        LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(Math.min(PREDRAIN_MILLIS, graceMillis)));
        agent.tell(new Message.GateClosed(connections.open()));
        Departing ours = departing;
        if (ours != null) {
            agent.tell(new Message.Drained(ours.drain(graceMillis)));
            agent.leave();
            Ending.exit(0, Ending.QUICK_MILLIS);
        }
        awaitQuiet(graceMillis);
        term.raise();
    }

    /**
     * To an application without a graceful end of its own SIGTERM is the end of whatever is in flight, and one that has such an end refuses
     * what comes on kept connections meanwhile. That there is a shutdown hook says nothing: libraries and agents have some too.
     */
    private void awaitQuiet(long graceMillis) {
        boolean hook = hooks.ofApplication();
        long reserve = hook ? Math.max(END_MILLIS, graceMillis / HOOKS_PART) : END_MILLIS;
        boolean quiet = Quiet.make(connections, SOCKETS, Math.max(0, graceMillis - reserve));
        int owed = connections.owed();
        if (!quiet && owed > 0) {
            log.warning("Raising SIGTERM while requests are in flight: " + owed + " of them did not end in time"
                    + " (graceful-timeout, of which " + reserve + " ms are left for the application's own shutdown)");
        }
        int crossed = connections.crossed();
        if (crossed > 0) {
            log.info("Requests that met the end of their kept connection: " + crossed + ". The application has not seen"
                    + " them, and their clients may send them again (RFC 9112, 9.3.1)");
        }
    }

    @Override
    public void activate() {
        log.debug("Activated, though accepting already");
    }

    @Override
    public void quit() {
        gate.shut();
        synchronized (this) {
            departs = true;
            become(WorkerPhase.DRAINING);
        }
        Ending.exit(TERMINATED, Ending.QUICK_MILLIS);
    }

    @Override
    public void reopenLogs() {
        try {
            log.reopen();
        } catch (IOException e) {
            log.error("The error log cannot be reopened: " + e.getMessage());
        }
        Runnable ours = reopening;
        if (ours != null) {
            ours.run();
        }
    }

    @Override
    public void masterDied() {
        gate.shut();
        for (Adopted adopted : adoptions.open()) {
            try {
                agent.discard(adopted.number());
            } catch (IOException e) {
                log.error("A listener cannot be closed (" + e.getMessage()
                        + "); leaving at once so that the port is free");
                Runtime.getRuntime().halt(1);
            }
        }
        depart(options.orphanGraceMillis());
        daemon("jcorn-orphan", () -> {
            // The application's own shutdown has begun; whatever it does, this process outlives its master by
            // so much only.
            Ending.haltAfter(options.orphanGraceMillis());
        });
        // Last: a log whose reader has stopped reading blocks whoever writes.
        log.warning("The master is dead: finishing what is in flight, then leaving");
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }
}
