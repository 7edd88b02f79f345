package io.jcorn.worker;

import io.jcorn.agent.Agent;
import io.jcorn.agent.Duties;
import io.jcorn.wire.Log;
import io.jcorn.wire.Message;
import io.jcorn.wire.Scoreboard;
import io.jcorn.wire.Scoreboard.Cell;
import io.jcorn.wire.Scoreboard.WorkerPhase;
import io.jcorn.wire.syslog.Syslog;
import io.jcorn.worker.access.AccessLog;
import io.jcorn.worker.app.Application;
import io.jcorn.worker.engine.Engine;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A worker from the moment it is ready to its end.
 *
 * <pre>
 *   control thread, signal handlers: order ─► engine (never waited for), departure
 *   main thread:  await departure ─► application's close ─► Drained ─► exit
 * </pre>
 *
 * <p>The main thread ends the process whatever event loop, application and control thread are doing.
 */
final class Worker implements Duties {

    /** What the application's close may take when there is no time left for it. */
    private static final long QUICK_CLOSE_MILLIS = 1000;

    /** What the access log's last lines may take. The master gives more before it kills. */
    private static final long LAST_LINES_MILLIS = 2000;

    private final Agent agent;
    private final Application application;
    private final Engine engine;
    private final AccessLog accessLog;
    private final Optional<Syslog> syslog;
    private final Departure departure;
    private final Log log;
    private final long orphanGraceMillis;
    private volatile boolean quick;

    Worker(
            Agent agent,
            Application application,
            Engine engine,
            AccessLog accessLog,
            Optional<Syslog> syslog,
            Departure departure,
            Log log,
            long orphanGraceMillis) {
        this.agent = agent;
        this.application = application;
        this.engine = engine;
        this.accessLog = accessLog;
        this.syslog = syslog;
        this.departure = departure;
        this.log = log;
        this.orphanGraceMillis = orphanGraceMillis;
    }

    /** Tells the master that this worker serves, until it is told to leave; then leaves. Does not return. */
    void run() {
        synchronized (this) {
            if (!departure.ordered()) {
                row().phase(WorkerPhase.SERVING);
            }
        }
        agent.tell(new Message.Ready(application.name()));
        // Looks into all jars, and so opens them: the first client of a rare kind needs a class from one of them, and
        // there may be no descriptor left then.
        ClassLoader.getSystemResource("jcorn/none");
        boolean clean = departure.await();
        int unfinished = clean ? 0 : (int) row().get(Cell.IN_FLIGHT);
        if (unfinished > 0) {
            log.warning("Gave up " + unfinished + " unfinished request" + (unfinished == 1 ? "" : "s"));
            explain();
        }
        if (!application.close(Math.max(QUICK_CLOSE_MILLIS, clean ? departure.remainingMillis() : 0), log)) {
            explain();
        }
        agent.tell(new Message.Drained(unfinished));
        accessLog.close(LAST_LINES_MILLIS);
        syslog.ifPresent(Syslog::close);
        engine.shutdown();
        agent.leave();
        Exit.with(ExitCode.CLEAN);
    }

    /** What did not end in time is still there to be seen. Who asked for a quick end did not ask for reasons. */
    private void explain() {
        if (!quick) {
            agent.dump();
        }
    }

    /** Somebody sent TERM to this very process: the master hears of it, and replaces it. */
    void leave(String reason) {
        agent.tell(new Message.Leaving(reason));
        // The master knows the grace period, and ends this process when that is over.
        drainWithin(TimeUnit.DAYS.toNanos(1), false);
    }

    /** The application has spoilt this process: the master replaces it, while the other requests are finished. */
    void retire(String reason) {
        agent.tell(new Message.Leaving(reason));
        order(TimeUnit.DAYS.toNanos(1));
        engine.handOver();
    }

    @Override
    public void drain(long graceMillis, boolean keepAccepting) {
        drainWithin(TimeUnit.MILLISECONDS.toNanos(graceMillis), keepAccepting);
    }

    private void drainWithin(long nanos, boolean keepAccepting) {
        order(nanos);
        if (!keepAccepting) {
            engine.closeGate();
        }
        engine.drain();
    }

    private synchronized void order(long nanos) {
        departure.within(nanos);
        row().phase(WorkerPhase.DRAINING);
    }

    @Override
    public void closeGate() {
        engine.closeGate();
    }

    @Override
    public void activate() {
        log.debug("Activated, though accepting already");
    }

    @Override
    public void quit() {
        quick = true;
        engine.closeGate();
        order(0);
    }

    @Override
    public void reopenLogs() {
        try {
            log.reopen();
        } catch (IOException e) {
            log.error("The error log cannot be reopened: " + e.getMessage());
        }
        accessLog.reopen();
    }

    @Override
    public void masterDied() {
        order(TimeUnit.MILLISECONDS.toNanos(orphanGraceMillis));
        engine.abandon();
        // Last: a log whose reader has stopped reading blocks whoever writes.
        log.warning("The master is dead: finishing what is in flight, then leaving");
    }

    private Scoreboard.Row row() {
        return agent.row();
    }
}
