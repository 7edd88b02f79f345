package io.jcorn.agent.adopt;

import io.jcorn.agent.Agent;
import io.jcorn.agent.Balance;
import io.jcorn.agent.Ending;
import io.jcorn.wire.Handover;
import io.jcorn.wire.Handover.InheritedListener;
import io.jcorn.wire.HostingOptions;
import io.jcorn.wire.Log;
import io.jcorn.wire.LogLevel;
import io.jcorn.wire.Message.BootFailed;
import io.jcorn.wire.Message.BootFailed.Cause;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Where a hosted worker begins, before the application's main: {@code -javaagent}. The jar that names this class holds nothing but its
 * manifest; the class itself is on the boot class path ({@code -Xbootclasspath/a}, on the command line rather than in the manifest,
 * or class-data and AOT archives would not fit).
 *
 * <p>What runs here uses neither lambdas nor streams nor the methods that records inherit: the first of each in a process costs tens of
 * milliseconds, which the application may never have to pay.
 */
public final class Premain {

    private static final int CANNOT_BOOT = 3;

    /** What the agent keeps for itself of the time that the master grants, so as to speak first: a fifth, this at the most. */
    private static final long MOST_MARGIN_MILLIS = 1_000;

    private Premain() {}

    /** Called by the JVM, see {@link java.lang.instrument}. */
    public static void premain(String arguments, Instrumentation instrumentation) {
        long began = HostedWorker.clock() - ProcessAge.millis();
        Log log = Log.toStandardError(LogLevel.INFO);
        try {
            // Before anything is asked of the environment: its class is patched too, and that is cheaper before
            // it is loaded.
            String unknown = patch(instrumentation, log);
            HostingOptions options = HostingOptions.fromEnvironment(System.getenv());
            Handover handover = Handover.fromEnvironment(System.getenv());
            log = Log.of(options.errorLog(), options.logLevel());
            if (unknown != null) {
                // Better no worker than one whose sockets are half ours.
                Agent.start(handover, log).tell(new BootFailed(Cause.BOOT, unknown));
                Ending.exit(CANNOT_BOOT, Ending.QUICK_MILLIS);
            }
            host(handover, options, instrumentation, began, log);
        } catch (IllegalArgumentException e) {
            log.error(String.valueOf(e.getMessage()));
            Ending.exit(CANNOT_BOOT, Ending.QUICK_MILLIS);
        } catch (IOException | UnmodifiableClassException e) {
            log.error("The hand-over failed: " + e.getMessage());
            Ending.exit(CANNOT_BOOT, Ending.QUICK_MILLIS);
        } catch (RuntimeException | Error e) {
            // The JVM would abort with a dump of itself.
            log.error("A defect in jcorn's agent: " + e);
            Ending.exit(CANNOT_BOOT, Ending.QUICK_MILLIS);
        }
    }

    /** Patches the JDK. Returns why that cannot be done, null if it is. */
    private static @Nullable String patch(Instrumentation instrumentation, Log log) throws UnmodifiableClassException {
        try {
            Patcher.install(instrumentation, log);
            AccessClass.define();
            return null;
        } catch (Patcher.UnknownJdkException e) {
            return String.valueOf(e.getMessage());
        } catch (LinkageError e) {
            return Patcher.unknown("its private members are others: " + e);
        }
    }

    private static void host(
            Handover handover, HostingOptions options, Instrumentation instrumentation, long began, Log log)
            throws IOException {
        Agent agent = Agent.start(handover, Kernel.scoreboard(handover.scoreboard()), log);
        Adoptions adoptions = new Adoptions();
        ClientConnections connections = new ClientConnections(agent.row());
        long beatNanos = TimeUnit.MILLISECONDS.toNanos(options.beatMillis());
        Balance balance = new Balance(agent.scoreboard(), agent.row(), beatNanos);
        AcceptGate gate = new AcceptGate(agent.row(), balance, connections, options.workerConnections());
        long margin = Math.min(MOST_MARGIN_MILLIS, options.bootMillis() / 5);
        Readiness readiness = new Readiness(adoptions, began, options.bootMillis() - margin);
        ReadyProbe probe = options.readyPath().isPresent()
                ? new ReadyProbe(options.readyPath().get())
                : null;
        HostedWorker worker = new HostedWorker(
                agent,
                options,
                adoptions,
                gate,
                connections,
                readiness,
                TermSignal.install(log),
                new ShutdownHooks(instrumentation, log),
                probe,
                log);
        List<InheritedListener> listeners = handover.listeners();
        Hook.install(
                new Adoption(options, listeners, adoptions, gate, connections, readiness, handover.slot(), log), probe);
        LastHook.install(worker, log);
        worker.start();
    }
}
