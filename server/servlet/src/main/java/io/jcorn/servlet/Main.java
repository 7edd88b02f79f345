package io.jcorn.servlet;

import io.jcorn.agent.Hosting;
import io.jcorn.servlet.access.AccessLog;
import io.jcorn.servlet.archive.LoadFailure;
import io.jcorn.servlet.deploy.Environments;
import io.jcorn.servlet.log.LogProvider;
import io.jcorn.wire.Handover;
import io.jcorn.wire.HostingOptions;
import io.jcorn.wire.Log;
import io.jcorn.wire.LogLevel;
import io.jcorn.wire.Message.BootFailed.Cause;
import io.jcorn.wire.ProcessId;
import io.jcorn.wire.Scoreboard;
import io.jcorn.wire.ServletOptions;
import io.jcorn.wire.access.AccessFormatter.Identity;
import io.jcorn.wire.syslog.Syslog;
import io.jcorn.wire.syslog.SyslogOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The program of a {@code servlet} worker. Started by a jcorn master only, with the agent: see {@link Handover} for what it inherits
 * and {@link ServletOptions} for its arguments.
 */
public final class Main {

    /** How long requests in flight may take after a SIGTERM that no agent takes, in milliseconds. */
    private static final long GRACE_MILLIS = 30_000;

    private Main() {}

    /** Runs a worker. Returns when it serves; Jetty's threads keep the process alive. */
    public static void main(String[] arguments) {
        Log log = openLog(System.getenv());
        LogProvider.install(log);
        try {
            serve(List.of(arguments), log);
        } catch (LoadFailure failure) {
            fail(failure.kind(), failure.reason(), log);
        } catch (IllegalArgumentException e) {
            fail(Cause.BOOT, String.valueOf(e.getMessage()), log);
        } catch (Throwable thrown) {
            fail(Cause.BOOT, "A defect in jcorn: the servlet worker cannot start: " + thrown, log);
        }
    }

    private static void serve(List<String> arguments, Log log) throws LoadFailure {
        Handover handover = Handover.fromEnvironment(System.getenv());
        ServletOptions options = ServletOptions.fromArguments(arguments);
        // No two processes have one row at a time.
        Path work = options.workFolder().resolve("row-" + handover.row());
        Optional<AccessLog> accessLog = accessLog(options, handover, log);
        Hosting.onReopenLogs(() -> reopen(log, accessLog));
        WebServer.start(
                options, handover.listeners(), Environments.ofThisProgram(), work, log, accessLog, Main::register);
    }

    /** Opens it; its last lines are written when the process ends, in whatever orderly way it does. */
    private static Optional<AccessLog> accessLog(ServletOptions options, Handover handover, Log log) {
        Identity identity = new Identity(ProcessId.own(), handover.slot(), handover.generation(), System.getenv());
        try {
            Optional<Syslog> syslog = options.syslog().map(wanted -> syslog(wanted, log));
            Scoreboard.Row row = Scoreboard.map(handover.scoreboard()).row(handover.row());
            Optional<AccessLog> accessLog = AccessLog.open(options.accessLog(), syslog, row, identity, log);
            accessLog.ifPresent(
                    open -> Runtime.getRuntime().addShutdownHook(new Thread(open::close, "jcorn-access-log-end")));
            return accessLog;
        } catch (IOException e) {
            // The master could open it a moment ago. To serve without it is better than not to serve.
            log.error("The access log cannot be opened, going on without it: " + e.getMessage());
            return Optional.empty();
        }
    }

    private static Syslog syslog(SyslogOptions wanted, Log log) {
        return new Syslog(
                wanted,
                ProcessId.own(),
                path -> {
                    throw new IOException("Java has no datagram sockets of the Unix domain");
                },
                trouble -> log.writeHere(LogLevel.WARNING, trouble));
    }

    private static void reopen(Log log, Optional<AccessLog> accessLog) {
        try {
            log.reopen();
        } catch (IOException e) {
            log.error("The error log cannot be reopened: " + e.getMessage());
        }
        accessLog.ifPresent(AccessLog::reopen);
    }

    /** Says who is to be told when this worker has to leave. To listen is to be ready, so it comes before that. */
    private static void register(WebServer server) {
        if (Hosting.present()) {
            Hosting.onDrain(server);
        } else {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> leave(server), "jcorn-leave"));
        }
    }

    private static void leave(WebServer server) {
        server.closeGate();
        server.drain(GRACE_MILLIS);
    }

    /** The agent's log when there is an agent, so that all lines of a worker are in one place. */
    private static Log openLog(Map<String, String> environment) {
        if (!environment.containsKey(HostingOptions.HOSTING)) {
            return Log.toStandardError(LogLevel.INFO);
        }
        HostingOptions options = HostingOptions.fromEnvironment(environment);
        return Log.of(options.errorLog(), options.logLevel());
    }

    private static void fail(Cause cause, String reason, Log log) {
        try {
            Hosting.fail(cause, reason);
        } catch (IllegalStateException e) {
            log.error(reason);
        }
        // Threads of the server, or of the application, may have been started.
        Runtime.getRuntime().halt(cause == Cause.LOAD ? 4 : 3);
    }
}
