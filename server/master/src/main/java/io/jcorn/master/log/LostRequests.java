package io.jcorn.master.log;

import io.jcorn.master.arbiter.Exit;
import io.jcorn.master.arbiter.WorkerHandle;
import io.jcorn.master.posix.Signal;
import io.jcorn.wire.AccessLogOptions;
import io.jcorn.wire.Log;
import io.jcorn.wire.access.AccessFormat;
import io.jcorn.wire.access.AccessFormatter;
import io.jcorn.wire.access.AccessFormatter.Identity;
import io.jcorn.wire.access.Flight;
import io.jcorn.wire.access.Flights;
import io.jcorn.wire.access.LineBuffer;
import io.jcorn.wire.access.LineFile;
import io.jcorn.wire.syslog.Syslog;
import io.jcorn.wire.syslog.Syslog.Origin;
import io.jcorn.wire.syslog.Syslog.Severity;
import java.io.IOException;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/**
 * The requests that a worker did not bring to an end, as its part of the shared memory tells them: named while the worker is
 * late, and written to the access log when it is dead, for it cannot do that itself any more.
 *
 * <p>They are written on a thread of their own: the arbiter's must not wait for a disk, or for whoever reads standard output.
 */
public final class LostRequests implements AutoCloseable {

    private static final int MOST_WORKERS_WAITING = 64;
    private static final long PATIENCE_SECONDS = 2;

    private final Flights flights;
    private final IntFunction<Destination> destinations;
    private final Optional<Syslog> syslog;
    private final Log log;
    private final ThreadPoolExecutor writer = new ThreadPoolExecutor(
            1, 1, 1, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST_WORKERS_WAITING), LostRequests::thread);

    /**
     * The access log of a generation.
     *
     * @param options where and how
     * @param environment what its workers have in their environment
     */
    public record Destination(AccessLogOptions options, Map<String, String> environment) {
        public Destination {
            environment = Map.copyOf(environment);
        }
    }

    /**
     * Reads requests in flight.
     *
     * @param flights of all workers
     * @param destinations the access log of a generation by its number
     * @param syslog gets the lines too, if it takes those of the access log
     */
    public LostRequests(Flights flights, IntFunction<Destination> destinations, Optional<Syslog> syslog, Log log) {
        this.flights = flights;
        this.destinations = destinations;
        this.syslog = syslog.filter(Syslog::takesAccess);
        this.log = log;
        writer.allowCoreThreadTimeOut(true);
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "jcorn-access-log");
        thread.setDaemon(true);
        return thread;
    }

    /** Names what a worker that hangs is doing for whom. */
    void late(WorkerHandle worker) {
        List<Flight> inFlight = flights.inFlight(worker.row());
        if (inFlight.isEmpty()) {
            return;
        }
        StringBuilder text = new StringBuilder("Requests in flight of worker (" + worker + "):");
        long now = System.nanoTime();
        inFlight.forEach(flight -> text.append("\n  ").append(flight.describe(now)));
        if (inFlight.size() == Flights.ENTRIES) {
            text.append("\n  … and perhaps more");
        }
        log.error(text.toString());
    }

    /** Writes the lines of a worker that was reaped. */
    void ended(WorkerHandle worker, Exit exit) {
        Destination destination = destinations.apply(worker.generation());
        if (!destination.options().wanted() && syslog.isEmpty()) {
            return;
        }
        List<Flight> unlogged = flights.unlogged(worker.row());
        if (unlogged.isEmpty()) {
            return;
        }
        LineBuffer lines = lines(unlogged, worker, why(worker, exit), destination);
        syslog.ifPresent(daemon -> send(daemon, lines));
        if (!destination.options().wanted()) {
            return;
        }
        try {
            writer.execute(() -> write(lines, unlogged.size(), destination.options()));
        } catch (RejectedExecutionException e) {
            log.error(lost(unlogged.size()) + "the access log does not take them");
        }
    }

    private static LineBuffer lines(List<Flight> flights, WorkerHandle worker, String why, Destination destination) {
        AccessFormatter formatter = new AccessFormatter(
                AccessFormat.parse(destination.options().format()),
                new Identity(worker.pid(), worker.slot(), worker.generation(), destination.environment()),
                ZoneId.systemDefault());
        LineBuffer lines = new LineBuffer(512 * flights.size());
        long nowNanos = System.nanoTime();
        long nowMillis = System.currentTimeMillis();
        for (Flight flight : flights) {
            flight.died(why, nowNanos, nowMillis);
            if (flight.landed()) {
                formatter.append(lines, flight);
            } else {
                formatter.appendWithEnd(lines, flight);
            }
        }
        return lines;
    }

    private static void send(Syslog daemon, LineBuffer lines) {
        int from = 0;
        for (int at = 0; at < lines.length(); at++) {
            if (lines.array()[at] == '\n') {
                daemon.offer(Origin.ACCESS, Severity.INFO, lines.array(), from, at);
                from = at + 1;
            }
        }
    }

    /** In words that can be searched for: each way to end has its own beginning. */
    static String why(WorkerHandle worker, Exit exit) {
        String signal = exit.status().signalled() ? signalName(exit.status().signal()) : "";
        return switch (exit.kind()) {
            case CLEAN -> "given up by the worker when it left: " + worker.because();
            case KILLED_BY_MASTER -> "killed by the master: " + worker.because();
            case SIGNALLED -> signal.isEmpty() ? exit.text() : "killed by " + signal;
            case KERNEL_OUT_OF_MEMORY, JVM_OUT_OF_MEMORY, LOAD_FAILURE, BOOT_FAILURE -> exit.text();
            case CRASHED -> "crashed with " + signal;
            case EXITED -> exit.text() + " with code " + exit.status().exitCode();
        };
    }

    private static String signalName(int number) {
        return "SIG" + Signal.of(number).map(Signal::name).orElse(Integer.toString(number));
    }

    private void write(LineBuffer lines, int count, AccessLogOptions options) {
        try (LineFile file = LineFile.open(options.file())) {
            int written = file.write(lines.array(), 0, lines.length());
            if (written < lines.length()) {
                IOException failure = file.failure();
                log.error(lost(count) + (failure == null ? "its reader takes nothing" : failure.getMessage()));
            }
        } catch (IOException e) {
            log.error(lost(count) + e.getMessage());
        }
    }

    private static String lost(int count) {
        return "The access log lacks " + count + (count == 1 ? " line" : " lines") + " of a worker that is gone: ";
    }

    /** Waits a moment for the last lines. */
    @Override
    public void close() {
        writer.shutdown();
        try {
            if (!writer.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                log.warning("The access log does not take the last lines of workers that are gone");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
