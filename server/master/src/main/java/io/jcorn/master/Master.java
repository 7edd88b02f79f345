package io.jcorn.master;

import io.jcorn.master.GenerationStore.PreparationException;
import io.jcorn.master.arbiter.Arbiter;
import io.jcorn.master.arbiter.Event;
import io.jcorn.master.arbiter.Exit;
import io.jcorn.master.control.ControlChannels;
import io.jcorn.master.listen.BindException;
import io.jcorn.master.listen.Binder;
import io.jcorn.master.listen.Listener;
import io.jcorn.master.log.LogJournal;
import io.jcorn.master.log.LostRequests;
import io.jcorn.master.metrics.Admin;
import io.jcorn.master.metrics.Tally;
import io.jcorn.master.posix.LinuxPosix;
import io.jcorn.master.posix.Posix;
import io.jcorn.master.posix.PosixException;
import io.jcorn.master.posix.Reason;
import io.jcorn.master.posix.Signal;
import io.jcorn.master.posix.Signals;
import io.jcorn.master.posix.UnixDatagram;
import io.jcorn.master.settings.AccessLogSettings;
import io.jcorn.master.settings.Configuration;
import io.jcorn.master.settings.ConfigurationLoader;
import io.jcorn.master.settings.Settings;
import io.jcorn.master.snapshot.Snapshots;
import io.jcorn.wire.Log;
import io.jcorn.wire.LogLevel;
import io.jcorn.wire.Message;
import io.jcorn.wire.Scoreboard;
import io.jcorn.wire.access.Flights;
import io.jcorn.wire.syslog.Syslog;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;

/**
 * Puts the rooms together, runs the loop, and leaves nothing behind.
 *
 * <pre>
 *   settings ─► pidfile ─► listeners ─► first generation ─► signals ─► loop ─► everything closed and removed
 * </pre>
 */
public final class Master {

    private static final EnumSet<Signal> SIGNALS = EnumSet.of(
            Signal.CHLD,
            Signal.HUP,
            Signal.TERM,
            Signal.INT,
            Signal.USR1,
            Signal.USR2,
            Signal.TTIN,
            Signal.TTOU,
            Signal.WINCH);

    /** How long the loop rests after a defect if nothing happens, so that one that repeats does not spin. */
    private static final long AFTER_DEFECT_MILLIS = 1_000;

    private final Configuration configuration;
    private final ConfigurationLoader loader;
    private final Posix posix;
    private final Log log;
    private final LinkedBlockingDeque<Event> events = new LinkedBlockingDeque<>();

    private Master(ConfigurationLoader loader, Configuration configuration, Posix posix, Log log) {
        this.loader = loader;
        this.configuration = configuration;
        this.posix = posix;
        this.log = log;
    }

    /**
     * Runs a server until it was told to stop.
     *
     * @param loader reads the configuration again on reload
     * @param configuration what it read first
     */
    public static ExitCode run(ConfigurationLoader loader, Configuration configuration) {
        try {
            return new Master(loader, configuration, kernel(), log(configuration)).run();
        } catch (IOException e) {
            System.err.println("jcorn: " + e.getMessage());
            return ExitCode.ERROR;
        }
    }

    private static Log log(Configuration configuration) throws IOException {
        LogLevel level = configuration.get(Settings.LOG_LEVEL);
        Path file = configuration.get(Settings.ERROR_LOGFILE).orElse(null);
        if (file == null) {
            return Log.toStandardError(level);
        }
        try {
            return Log.toFile(file, level);
        } catch (IOException e) {
            throw new IOException("--error-logfile: the file cannot be opened: " + Reason.of(e), e);
        }
    }

    /** The library that calls the kernel brings native code, which is unpacked into the temp folder before it is loaded. */
    private static Posix kernel() throws IOException {
        try {
            return new LinuxPosix();
        } catch (UnsatisfiedLinkError e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            String first = String.valueOf(cause.getMessage())
                    .lines()
                    .findFirst()
                    .orElse("")
                    .replaceFirst(".*Exception: ", "");
            throw new IOException(
                    "native code cannot be loaded from the temp folder " + System.getProperty("java.io.tmpdir")
                            + ". Set TMPDIR to a folder that exists, that user " + System.getProperty("user.name")
                            + " may write to, and that is not mounted noexec. (" + first + ")",
                    e);
        }
    }

    private ExitCode run() {
        posix.title("jcorn: master [" + GenerationMaker.title(configuration) + "]");
        configuration.get(Settings.UMASK).ifPresent(posix::umask);
        Optional<Syslog> syslog = syslog();
        syslog.ifPresent(log::also);
        log.info("Starting jcorn " + Version.current());
        // From here on a signal waits in the queue for the loop, rather than end a start that has made files.
        listenToSignals();
        try (Closing closing = new Closing()) {
            syslog.ifPresent(closing::later);
            Optional<Path> pidfile = configuration.get(Settings.PID);
            if (pidfile.isPresent()) {
                closing.later(Pidfile.take(pidfile.get(), posix, log));
            }
            becomeSubreaper();
            RunFolder runFolder = closing.later(RunFolder.create(posix, log));
            return serve(runFolder, syslog, closing);
        } catch (IOException | BindException e) {
            log.error(String.valueOf(e.getMessage()));
            return ExitCode.ERROR;
        } catch (PreparationException e) {
            log.error(String.valueOf(e.getMessage()));
            return e.exitCode();
        }
    }

    private Optional<Syslog> syslog() {
        return AccessLogSettings.syslog(configuration)
                .map(options -> new Syslog(
                        options,
                        posix.pid(),
                        path -> UnixDatagram.connect(posix, path),
                        trouble -> log.writeHere(LogLevel.WARNING, trouble)));
    }

    private ExitCode serve(RunFolder runFolder, Optional<Syslog> syslog, Closing closing)
            throws IOException, PreparationException, BindException {
        GenerationMaker maker = new GenerationMaker(
                loader,
                configuration,
                new Binder(Path.of("/proc"), System.getenv(), posix.pid()),
                new Snapshots(runFolder.path(), posix),
                runFolder,
                Path.of(System.getProperty("jcorn.home", ".")),
                System.getenv(),
                log);
        GenerationStore generations = closing.later(new GenerationStore(maker, events::add, log));
        Tally tally = new Tally();
        Admin admin = closing.later(
                Admin.of(configuration, generations::listeners, tally, posix.pid(), Version.current(), log));
        Generation first = generations.first();
        for (Listener listener : first.listeners()) {
            log.info("Listening at: " + first.url(listener) + " (" + posix.pid() + ")");
        }
        admin.url().ifPresent(url -> log.info("Admin at: " + url));
        first.introduce(null, log);

        int memory = posix.sharedMemory("jcorn-scoreboard", Flights.MEMORY_BYTES);
        Scoreboard scoreboard = Scoreboard.map(memory);
        Flights flights = Flights.map(memory);
        LostRequests lostRequests = closing.later(new LostRequests(flights, generations::accessLog, syslog, log));
        ControlChannels channels = closing.later(new ControlChannels(posix, enqueuing(), log));
        TempFolders tempFolders = closing.later(new TempFolders(runFolder.path(), log));
        ProcessCrew crew = new ProcessCrew(
                posix, channels, generations, runFolder, scoreboard, flights, memory, tally, tempFolders, log);
        Arbiter arbiter = new Arbiter(
                events,
                crew,
                new ListeningDoors(generations, log),
                generations,
                admin.journal(new LogJournal(log, crew::circumstances, lostRequests)),
                Master::clock,
                maker.policy(first));
        loop(arbiter, admin);
        return verdict(arbiter);
    }

    /** Returns milliseconds of CLOCK_MONOTONIC, the clock in which workers publish their heartbeats. */
    private static long clock() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    private ControlChannels.Listener enqueuing() {
        return new ControlChannels.Listener() {
            @Override
            public void told(long worker, Message.FromWorker message) {
                events.add(new Event.Told(worker, message));
            }

            @Override
            public void closed(long worker) {
                events.add(new Event.ChannelClosed(worker));
            }
        };
    }

    /** Whatever workers leave behind becomes ours to reap. Without it, it becomes init's. */
    private void becomeSubreaper() {
        try {
            posix.becomeSubreaper();
        } catch (PosixException e) {
            log.warning("Orphans of workers will not be reaped by this master: " + e.getMessage());
        }
    }

    private void listenToSignals() {
        Terminal terminal = Terminal.now();
        Signals signals = Signals.listen(
                SIGNALS,
                signal -> terminal.interpret(signal).ifPresent(meant -> events.add(new Event.SignalCame(meant))));
        if (signals.ignoredAtStart().contains(Signal.HUP)) {
            terminal.outlive();
        }
    }

    private void loop(Arbiter arbiter, Admin admin) {
        long wakeAt = arbiter.wakeAt();
        while (!arbiter.done()) {
            await(wakeAt);
            try {
                arbiter.turn();
                admin.turned(arbiter);
                wakeAt = arbiter.wakeAt();
            } catch (RuntimeException | Error e) {
                // The loop survives everything: a master that ends takes all workers with it. Without memory the JVM
                // ends by itself.
                log.critical("A defect in jcorn, going on: " + trace(e));
                wakeAt = clock() + AFTER_DEFECT_MILLIS;
            }
        }
    }

    private void await(long until) {
        try {
            Event event = events.poll(until - clock(), TimeUnit.MILLISECONDS);
            if (event != null) {
                events.addFirst(event);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the master's loop", e);
        }
    }

    private static String trace(Throwable e) {
        StringWriter text = new StringWriter();
        e.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    private ExitCode verdict(Arbiter arbiter) {
        Exit verdict = arbiter.verdict();
        log.info("Shutting down: Master");
        if (verdict == null) {
            return ExitCode.OK;
        }
        return verdict.kind() == Exit.Kind.LOAD_FAILURE ? ExitCode.APP_LOAD : ExitCode.WORKER_BOOT;
    }
}
