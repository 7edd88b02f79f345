package io.jcorn.worker;

import com.sun.net.httpserver.HttpHandler;
import io.jcorn.agent.Agent;
import io.jcorn.wire.Handover;
import io.jcorn.wire.Log;
import io.jcorn.wire.LogLevel;
import io.jcorn.wire.Message;
import io.jcorn.wire.Message.BootFailed.Cause;
import io.jcorn.wire.ProcessId;
import io.jcorn.wire.Scoreboard;
import io.jcorn.wire.WorkerOptions;
import io.jcorn.wire.access.AccessFormatter;
import io.jcorn.wire.access.FlightRecorder;
import io.jcorn.wire.syslog.Syslog;
import io.jcorn.worker.access.AccessLog;
import io.jcorn.worker.access.UnixDatagram;
import io.jcorn.worker.app.Application;
import io.jcorn.worker.app.ApplicationLoader;
import io.jcorn.worker.app.LoadFailure;
import io.jcorn.worker.app.Traces;
import io.jcorn.worker.engine.Engine;
import io.jcorn.worker.engine.EngineSettings;
import io.jcorn.worker.engine.Listeners;
import io.jcorn.worker.engine.NettyLog;
import io.jcorn.worker.files.Mounts;
import io.jcorn.worker.pool.BatchPool;
import io.jcorn.worker.pool.LoopRunner;
import io.jcorn.worker.pool.Runner;
import io.jcorn.worker.pool.VirtualRunner;
import io.jcorn.worker.tls.Tls;
import io.netty.channel.EventLoop;
import io.netty.channel.ServerChannel;
import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The program of a {@code handler} worker. Started by a jcorn master only: see {@link Handover} for what it inherits and
 * {@link WorkerOptions} for its arguments. It ends with {@link ExitCode}.
 */
public final class Main {

    private static final String NETTY_EVENTS = "io.netty.jfr.enabled";

    private final Handover handover;
    private final WorkerOptions options;
    private final Log log;
    private final WorkerSignals signals;

    private Main(Handover handover, WorkerOptions options, Log log, WorkerSignals signals) {
        this.handover = handover;
        this.options = options;
        this.log = log;
        this.signals = signals;
    }

    /** Runs a worker. */
    public static void main(String[] arguments) {
        WorkerSignals signals = WorkerSignals.install();
        try {
            Handover handover = Handover.fromEnvironment(System.getenv());
            WorkerOptions options = WorkerOptions.fromArguments(List.of(arguments));
            Log log = Log.of(options.errorLog(), options.logLevel());
            new Main(handover, options, log, signals).boot();
        } catch (IllegalArgumentException e) {
            Log.toStandardError(LogLevel.INFO).error(String.valueOf(e.getMessage()));
            Exit.with(ExitCode.BOOT);
        }
    }

    private void boot() {
        Agent agent;
        try {
            agent = Agent.start(handover, log);
        } catch (IOException e) {
            log.error("The hand-over failed: " + e.getMessage());
            Exit.with(ExitCode.BOOT);
            return;
        }
        Worker worker;
        try {
            worker = prepare(agent);
        } catch (LoadFailure failure) {
            fail(agent, failure.kind(), failure.reason());
            return;
        } catch (UnsupportedOperationException e) {
            fail(agent, Cause.LOAD, String.valueOf(e.getMessage()));
            return;
        } catch (IOException e) {
            fail(agent, Cause.BOOT, String.valueOf(e.getMessage()));
            return;
        } catch (Throwable thrown) {
            fail(agent, Cause.BOOT, Traces.ofApplication(thrown));
            return;
        }
        worker.run();
    }

    private Worker prepare(Agent agent) throws LoadFailure, IOException, InterruptedException {
        prepareNetty();
        List<ServerChannel> listeners = new ArrayList<>();
        for (Handover.InheritedListener inherited : handover.listeners()) {
            listeners.add(Listeners.adopt(inherited));
        }
        Application application = new ApplicationLoader(
                        options.application(), options.displayName(), options.handlerClass(), options.classpath())
                .load();
        Departure departure = new Departure();
        Optional<Syslog> syslog = syslog();
        AccessLog accessLog = accessLog(agent, syslog);
        Engine engine = new Engine(
                EngineSettings.of(options),
                handler(application),
                agent.scoreboard(),
                agent.row(),
                log,
                accessLog,
                runner(application.loader(), agent.row()),
                application.loader(),
                departure::done,
                tls(),
                System::nanoTime);
        Worker worker =
                new Worker(agent, application, engine, accessLog, syslog, departure, log, options.orphanGraceMillis());
        agent.assign(worker);
        signals.assign(worker, log);
        engine.whenSpoilt(worker::retire);
        engine.whenLoopEnds(() -> Runtime.getRuntime().halt(1));
        engine.whenGateClosed(open -> agent.tell(new Message.GateClosed(open)));
        engine.beat(agent::beat);
        // What the start has left behind goes, and what stays leaves the young generation: each of its first sixteen
        // collections would copy that again, which under load is a pause of milliseconds twice a second.
        System.gc();
        engine.open(listeners);
        return worker;
    }

    /** Before the first class of Netty. */
    private void prepareNetty() {
        NettyLog.to(log);
        // Events of the flight recorder for each chunk of memory: the first client would wait until a recorder that
        // nobody has started is set up.
        if (System.getProperty(NETTY_EVENTS) == null) {
            System.setProperty(NETTY_EVENTS, "false");
        }
        // Buffers live for one write here; to trace a sample of them costs more than it could find.
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    }

    private HttpHandler handler(Application application) throws IOException {
        return options.files().mounts().isEmpty()
                ? application.handler()
                : new Mounts(options.files(), application.handler());
    }

    private @Nullable Tls tls() throws IOException {
        return options.tls().isPresent()
                ? Tls.of(options.tls().get(), options.http2().alpn(), log, handover.slot() == 0)
                : null;
    }

    private Optional<Syslog> syslog() {
        Optional<Syslog> syslog = options.syslog()
                .map(wanted -> new Syslog(
                        wanted,
                        ProcessId.own(),
                        UnixDatagram::connect,
                        trouble -> log.writeHere(LogLevel.WARNING, trouble)));
        syslog.ifPresent(log::also);
        return syslog;
    }

    private AccessLog accessLog(Agent agent, Optional<Syslog> syslog) throws IOException {
        FlightRecorder flights = FlightRecorder.map(handover.scoreboard(), handover.row());
        AccessFormatter.Identity identity =
                new AccessFormatter.Identity(ProcessId.own(), handover.slot(), handover.generation(), System.getenv());
        try {
            return AccessLog.open(options.accessLog(), syslog, flights, agent.row(), identity, log);
        } catch (IOException e) {
            // The master could open it a moment ago. To serve without it is better than not to serve.
            log.error("The access log cannot be opened, going on without it: " + e.getMessage());
            return AccessLog.none(flights);
        }
    }

    private Function<EventLoop, Runner> runner(ClassLoader contextLoader, Scoreboard.Row row) {
        WorkerOptions.Threads threads = options.threads();
        return switch (threads.kind()) {
            case LOOP -> loop -> new LoopRunner();
            case POOL -> loop -> new BatchPool(loop, threads.count(), contextLoader, row);
            case VIRTUAL -> {
                Runner virtual = VirtualRunner.create(contextLoader);
                yield loop -> virtual;
            }
        };
    }

    private static void fail(Agent agent, Cause cause, String reason) {
        agent.tell(new Message.BootFailed(cause, reason));
        Exit.with(cause == Cause.LOAD ? ExitCode.LOAD : ExitCode.BOOT);
    }
}
