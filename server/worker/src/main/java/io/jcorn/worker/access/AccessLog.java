package io.jcorn.worker.access;

import io.jcorn.wire.AccessLogOptions;
import io.jcorn.wire.Log;
import io.jcorn.wire.Scoreboard;
import io.jcorn.wire.access.AccessFormat;
import io.jcorn.wire.access.AccessFormatter;
import io.jcorn.wire.access.AccessFormatter.Identity;
import io.jcorn.wire.access.AccessSource;
import io.jcorn.wire.access.FlightRecorder;
import io.jcorn.wire.access.LineBuffer;
import io.jcorn.wire.access.LineFile;
import io.jcorn.wire.access.LineWriter;
import io.jcorn.wire.syslog.Syslog;
import io.jcorn.wire.syslog.Syslog.Origin;
import io.jcorn.wire.syslog.Syslog.Severity;
import java.io.IOException;
import java.time.ZoneId;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What is known about requests outside of the engine: those in flight in shared memory, always, and a line for each that
 * ended, if there is a log. A {@link Visit} tells it. Confined to the event loop, but for {@link #reopen} and {@link #close}.
 */
public final class AccessLog {

    private final FlightRecorder flights;
    private final @Nullable AccessFormatter formatter;
    private final @Nullable LineWriter writer;
    private final @Nullable Syslog syslog;
    private final LineBuffer message = new LineBuffer(512);
    private final LongSupplier clock;
    private volatile boolean closed;

    private AccessLog(
            FlightRecorder flights,
            @Nullable AccessFormatter formatter,
            @Nullable LineWriter writer,
            @Nullable Syslog syslog,
            LongSupplier clock) {
        this.flights = flights;
        this.formatter = formatter;
        this.writer = writer;
        this.syslog = syslog;
        this.clock = clock;
    }

    /** No log: requests in flight are noted, and that is all. */
    public static AccessLog none(FlightRecorder flights) {
        return new AccessLog(flights, null, null, null, () -> 0);
    }

    /**
     * The access log of a worker; its writer is started.
     *
     * @param options where and how; {@link #none} if there is none
     * @param syslog gets the lines too if it takes those of the access log; empty: no such daemon
     * @param flights this worker's row of shared memory
     * @param row where lines that were lost are counted
     * @param identity this worker
     * @param log where it is told that lines are lost
     * @throws IOException if the file cannot be opened
     */
    public static AccessLog open(
            AccessLogOptions options,
            Optional<Syslog> syslog,
            FlightRecorder flights,
            Scoreboard.Row row,
            Identity identity,
            Log log)
            throws IOException {
        Syslog daemon = syslog.filter(Syslog::takesAccess).orElse(null);
        if (!options.wanted() && daemon == null) {
            return none(flights);
        }
        AccessFormatter formatter =
                new AccessFormatter(AccessFormat.parse(options.format()), identity, ZoneId.systemDefault());
        LineWriter writer = null;
        if (options.wanted()) {
            writer = new LineWriter(LineFile.open(options.file()), flights::written, row, log);
            writer.start();
        }
        return new AccessLog(flights, formatter, writer, daemon, System::currentTimeMillis);
    }

    /** Notes a request in flight. Returns its ticket. */
    int begin(AccessSource request, long startNanos) {
        return flights.begin(request, startNanos);
    }

    /** A request ended, however it did. */
    void end(int ticket, Visit visit, long endNanos) {
        if (closed) {
            // The worker is leaving. What it has not finished by now is the master's to tell.
            return;
        }
        LineWriter writer = this.writer;
        AccessFormatter formatter = this.formatter;
        if (formatter == null) {
            flights.end(ticket);
            return;
        }
        visit.endedAt(clock.getAsLong());
        if (syslog != null) {
            send(syslog, formatter, visit);
        }
        long line = writer == null ? 0 : writer.append(formatter, visit);
        if (line == 0) {
            flights.end(ticket);
        } else {
            flights.end(ticket, visit, endNanos, line);
        }
    }

    private void send(Syslog syslog, AccessFormatter formatter, Visit visit) {
        message.clear(4096);
        formatter.append(message, visit);
        syslog.offer(Origin.ACCESS, Severity.INFO, message.array(), 0, message.length() - 1);
    }

    /** Opens the file again by its name. From any thread; it is done soon. */
    public void reopen() {
        if (writer != null) {
            writer.reopen();
        }
    }

    /**
     * Writes what there is and takes nothing more. From any thread.
     *
     * @param millis how long that may take: a pipe that nobody reads must not keep the worker
     */
    public void close(long millis) {
        closed = true;
        if (writer != null) {
            writer.close(TimeUnit.MILLISECONDS.toNanos(millis));
        }
    }
}
