package io.jcorn.servlet.access;

import io.jcorn.wire.AccessLogOptions;
import io.jcorn.wire.Log;
import io.jcorn.wire.Scoreboard;
import io.jcorn.wire.access.AccessFormat;
import io.jcorn.wire.access.AccessFormatter;
import io.jcorn.wire.access.AccessFormatter.Identity;
import io.jcorn.wire.access.LineFile;
import io.jcorn.wire.access.LineWriter;
import io.jcorn.wire.syslog.Syslog;
import java.io.IOException;
import java.time.ZoneId;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;

/** The access log of this worker, which Jetty tells of each request that has ended. From any thread. */
public final class AccessLog implements RequestLog, AutoCloseable {

    /** What the last lines may take, in nanoseconds: a pipe that nobody reads must not keep the worker. */
    private static final long LAST_LINES_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final AccessFormatter formatter;
    private final @Nullable LineWriter writer;
    private final @Nullable Daemon daemon;

    private AccessLog(AccessFormatter formatter, @Nullable LineWriter writer, @Nullable Daemon daemon) {
        this.formatter = formatter;
        this.writer = writer;
        this.daemon = daemon;
    }

    /**
     * The access log of a worker; its writer is started.
     *
     * @param options where and how
     * @param syslog a daemon that gets the lines too; empty: none
     * @param row where lines that were lost are counted
     * @param identity this worker
     * @param log where it is told that lines are lost
     * @return empty if no lines are wanted
     * @throws IOException if the file cannot be opened
     */
    public static Optional<AccessLog> open(
            AccessLogOptions options, Optional<Syslog> syslog, Scoreboard.Row row, Identity identity, Log log)
            throws IOException {
        if (!options.wanted() && syslog.isEmpty()) {
            return Optional.empty();
        }
        AccessFormat format = AccessFormat.parse(options.format());
        ZoneId zone = ZoneId.systemDefault();
        LineWriter writer = null;
        if (options.wanted()) {
            writer = new LineWriter(LineFile.open(options.file()), line -> {}, row, log);
            writer.start();
        }
        return Optional.of(new AccessLog(
                new AccessFormatter(format, identity, zone),
                writer,
                syslog.map(daemon -> new Daemon(daemon, new AccessFormatter(format, identity, zone)))
                        .orElse(null)));
    }

    @Override
    public void log(Request request, Response response) {
        Served served = new Served(request, response);
        if (daemon != null) {
            daemon.send(served);
        }
        if (writer != null) {
            writer.append(formatter, served);
        }
    }

    /** Opens the file again by its name; it is done soon. */
    public void reopen() {
        if (writer != null) {
            writer.reopen();
        }
    }

    /** Writes what there is and takes nothing more. */
    @Override
    public void close() {
        if (writer != null) {
            writer.close(LAST_LINES_NANOS);
        }
        if (daemon != null) {
            daemon.close();
        }
    }
}
