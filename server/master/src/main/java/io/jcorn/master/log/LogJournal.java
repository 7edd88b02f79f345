package io.jcorn.master.log;

import io.jcorn.master.arbiter.Exit;
import io.jcorn.master.arbiter.Journal;
import io.jcorn.master.arbiter.WorkerHandle;
import io.jcorn.master.posix.Reaped;
import io.jcorn.master.posix.Signal;
import io.jcorn.wire.Log;
import io.jcorn.wire.LogLevel;
import java.io.IOException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;

/** The log as a journal, in gunicorn's words where gunicorn has them. Every line about a worker names slot, generation and pid. */
public final class LogJournal implements Journal {

    /** With which the JVM's debugger ends a process when it cannot listen: EXIT_TRANSPORT_ERROR of its util.h. */
    private static final int NO_TRANSPORT = 2;

    private final Log log;
    private final Function<WorkerHandle, Circumstances> circumstances;
    private final LostRequests lostRequests;
    private final Set<String> toldReasons = new HashSet<>();

    /**
     * A journal that writes to the log.
     *
     * @param circumstances what else is known of a worker, until it is forgotten
     * @param lostRequests knows what workers that hang or die were doing
     */
    public LogJournal(Log log, Function<WorkerHandle, Circumstances> circumstances, LostRequests lostRequests) {
        this.log = log;
        this.circumstances = circumstances;
        this.lostRequests = lostRequests;
    }

    @Override
    public void signalCame(Signal signal) {
        LogLevel level = signal == Signal.CHLD ? LogLevel.DEBUG : LogLevel.INFO;
        log.write(level, "Handling signal: " + signal.name().toLowerCase(Locale.ROOT));
    }

    @Override
    public void reopenLogs() {
        try {
            log.reopen();
        } catch (IOException e) {
            log.error("The log file cannot be opened again, going on with the old one: " + e.getMessage());
        }
    }

    @Override
    public void ignored(Signal signal, String why) {
        log.warning("Signal " + signal + " ignored: " + why);
    }

    @Override
    public void spawned(WorkerHandle worker) {
        log.info("Booting worker with pid: " + worker.pid() + " (" + place(worker) + ")");
    }

    @Override
    public void spawnFailed(int slot, int generation, String reason) {
        log.error("Worker (slot=" + slot + " gen=" + generation + ") could not be started: " + reason);
    }

    @Override
    public void ready(WorkerHandle worker, String application, long took) {
        log.info("Worker ready (" + worker + ") in " + seconds(took));
    }

    @Override
    public void promoted(int generation, int workers, long took) {
        toldReasons.clear();
        String what = generation == 1 ? "Ready: " : "Reload complete: generation " + generation + ", ";
        log.info(what + workers(workers) + " in " + seconds(took));
    }

    @Override
    public void cannotBoot(WorkerHandle worker, String reason) {
        if (toldReasons.add(worker.generation() + reason)) {
            log.error("Worker failed to boot (" + worker + "):");
            log.error(reason);
        } else {
            log.error("Worker failed to boot (" + worker + "): the same error as above");
        }
    }

    @Override
    public void draining(WorkerHandle worker) {
        log.info("Draining worker (" + worker + "): " + worker.because());
    }

    @Override
    public void gateClosed(WorkerHandle worker, int connections) {
        log.debug("Worker (" + worker + ") accepts nothing any more; " + connections
                + (connections == 1 ? " connection is open" : " connections are open"));
    }

    @Override
    public void unfinished(WorkerHandle worker, int requests) {
        if (requests > 0) {
            log.warning("Worker (" + worker + ") gave up " + requests + (requests == 1 ? " request" : " requests")
                    + " that did not end in time (graceful-timeout)");
        }
    }

    @Override
    public void late(WorkerHandle worker, String what) {
        // The words are those of an event loop, and a hosted worker is watched by a thread of its agent.
        String whose = circumstances.apply(worker).hosted() ? what.replace("its event loop", "its JVM") : what;
        log.critical("WORKER TIMEOUT (" + worker + "): " + whose + "; asking for its threads");
        lostRequests.late(worker);
    }

    @Override
    public void dumped(WorkerHandle worker, String text) {
        log.error("Threads of worker (" + worker + "):");
        log.error(text);
    }

    @Override
    public void killing(WorkerHandle worker) {
        log.error("Killing worker (" + worker + "): " + worker.because());
    }

    @Override
    public void exited(WorkerHandle worker, Exit exit) {
        tell(worker, exit);
        lostRequests.ended(worker, exit);
    }

    private void tell(WorkerHandle worker, Exit exit) {
        if (exit.clean()) {
            String because = worker.because().isEmpty() ? exit.text() : worker.because();
            log.info("Worker exiting (" + worker + "): " + because);
            return;
        }
        if (exit.status().exited() && worker.bootFailure() == null && exit.kind() != Exit.Kind.SIGNALLED) {
            int code = exit.status().exitCode();
            log.error("Worker (" + worker + ") exited with code " + code + ": " + ending(worker, exit, code));
            return;
        }
        String line = exit.status().exited()
                ? "Worker (" + worker + ") exited with code " + exit.status().exitCode() + ": " + exit.text()
                : "Worker (" + worker + ") was sent SIG" + signalName(exit) + ": " + exit.text();
        String report = exit.kind() == Exit.Kind.CRASHED
                ? ". If the JVM wrote a report, it is hs_err_pid" + worker.pid() + ".log in its working directory"
                : "";
        log.error(line + (worker.wasReady() ? "" : "; it was never ready") + report);
    }

    /** The worker itself has not told why. What it wrote went where its output goes, past the master. */
    private String ending(WorkerHandle worker, Exit exit, int code) {
        Circumstances known = circumstances.apply(worker);
        if (worker.wasReady() || exit.kind() == Exit.Kind.JVM_OUT_OF_MEMORY) {
            // The JVM writes "Terminating due to java.lang.OutOfMemoryError", and any program may choose its code.
            String unless = exit.kind() == Exit.Kind.JVM_OUT_OF_MEMORY && known.hosted()
                    ? ", unless the application chose this code itself"
                    : "";
            return exit.text() + unless + (worker.wasReady() ? "" : "; it was never ready");
        }
        if (known.debugger().isPresent() && code == NO_TRANSPORT) {
            return "the JVM's debugger (JDWP) could not listen at "
                    + known.debugger().get()
                    + ", which only one process can do: with several workers, or during a reload, another one does. Let"
                    + " the kernel choose the port: --java-opt=-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,"
                    + "address=127.0.0.1:0";
        }
        if (!known.begun()) {
            return "its JVM ended before it ran anything; what it had to say is in its output. It was started with the"
                    + " options of --java-opt, JAVA_TOOL_OPTIONS and JDK_JAVA_OPTIONS";
        }
        return known.hosted() ? early(code) : exit.text() + "; it was never ready";
    }

    private static String early(int code) {
        String why = code == 0
                ? "the application ended by itself before it was ready, without an error: its main method returned and left"
                        + " no thread behind, or it called System.exit"
                : "the application ended before it was ready; if it said why, that is in its own output";
        return why + ". It runs from a copy: files that lie beside its archive are not there";
    }

    private static String signalName(Exit exit) {
        return Signal.of(exit.status().signal())
                        .map(Signal::name)
                        .orElse(Integer.toString(exit.status().signal()))
                + (exit.status().coreDumped() ? " (core dumped)" : "");
    }

    @Override
    public void foreignChild(Reaped reaped) {
        log.debug("Reaped unknown child process (pid: " + reaped.pid() + "): "
                + reaped.status().describe());
    }

    @Override
    public void breakerOpened(int failures, int healthy) {
        log.critical("Crash loop: " + failures
                + " workers failed within a minute and none lasted. Slots that fail are tried"
                + " only every 30 s from now on; " + workers(healthy) + " in good health meanwhile. What to do: see"
                + " the errors above, mend the application, then send HUP");
    }

    @Override
    public void breakerClosed() {
        log.info("Crash loop over: workers are started at once again");
    }

    @Override
    public void reloadStarted(int generation) {
        log.info("Reloading: starting generation " + generation);
    }

    @Override
    public void reloadRefused(String reason) {
        log.error("Reload refused, nothing was changed:");
        log.error(reason);
    }

    @Override
    public void reloadFailed(int generation, int proven, String reason) {
        log.error("Reload failed: generation " + generation + " does not boot (" + reason + "). Generation " + proven
                + " goes on serving");
    }

    @Override
    public void reloadQueued() {
        log.info("A reload is being prepared; another one follows it");
    }

    @Override
    public void workersWanted(int before, int after) {
        log.info("Workers: " + before + " -> " + after);
    }

    @Override
    public void suspended(long millis) {
        log.warning("The machine was suspended or the master was stopped for " + seconds(millis)
                + "; workers are not held to deadlines that passed meanwhile");
    }

    @Override
    public void stopping(boolean gracefully) {
        log.info(
                gracefully ? "Stopping: no new connections; finishing requests in flight" : "Quick shutdown requested");
    }

    @Override
    public void listenersClosed(long took) {
        log.info("Listeners closed after " + took + " ms");
    }

    @Override
    public void gaveUp(Exit first) {
        log.critical(
                first.kind() == Exit.Kind.LOAD_FAILURE
                        ? "App failed to load. No worker became ready; stopping"
                        : "Worker failed to boot. No worker became ready; stopping");
    }

    private static String place(WorkerHandle worker) {
        return "slot=" + worker.slot() + " gen=" + worker.generation();
    }

    private static String workers(int count) {
        return count + (count == 1 ? " worker" : " workers");
    }

    private static String seconds(long millis) {
        return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
    }
}
