package io.jcorn.master;

import io.jcorn.master.GenerationStore.PreparationException;
import io.jcorn.master.arbiter.Policy;
import io.jcorn.master.listen.BindException;
import io.jcorn.master.listen.Binder;
import io.jcorn.master.listen.Listener;
import io.jcorn.master.posix.Reason;
import io.jcorn.master.settings.Application;
import io.jcorn.master.settings.ApplicationCheck;
import io.jcorn.master.settings.BindAddress;
import io.jcorn.master.settings.Configuration;
import io.jcorn.master.settings.ConfigurationException;
import io.jcorn.master.settings.ConfigurationLoader;
import io.jcorn.master.settings.Setting;
import io.jcorn.master.settings.Settings;
import io.jcorn.master.snapshot.Snapshot;
import io.jcorn.master.snapshot.Snapshots;
import io.jcorn.master.spawn.JavaRuntime;
import io.jcorn.master.spawn.WorkerCommand;
import io.jcorn.wire.Log;
import io.jcorn.wire.WorkerOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes generations from the configuration: validates it all first, then copies, then binds; what it began it takes back. */
final class GenerationMaker implements GenerationStore.Maker {

    /** How often an event loop publishes that it is alive, and how many of these a worker may miss at the least. */
    private static final Duration LONGEST_BEAT = Duration.ofSeconds(1);

    private static final int BEATS_PER_TIMEOUT = 4;

    /** What requests in flight get when the master was killed: long enough for most, short enough for the port's sake. */
    private static final Duration ORPHAN_GRACE = Duration.ofSeconds(5);

    /** A request head that takes longer is an attack or a dead peer. */
    private static final Duration HEAD_TIMEOUT = Duration.ofSeconds(30);

    private final ConfigurationLoader loader;
    private final Configuration firstConfiguration;
    private final Binder binder;
    private final Snapshots snapshots;
    private final Path runFolder;
    private final Path distribution;
    private final Map<String, String> environment;
    private final Log log;

    GenerationMaker(
            ConfigurationLoader loader,
            Configuration firstConfiguration,
            Binder binder,
            Snapshots snapshots,
            Path runFolder,
            Path distribution,
            Map<String, String> environment,
            Log log) {
        this.loader = loader;
        this.firstConfiguration = firstConfiguration;
        this.binder = binder;
        this.snapshots = snapshots;
        this.runFolder = runFolder;
        this.distribution = distribution;
        this.environment = environment;
        this.log = log;
    }

    @Override
    public Generation make(int number, @Nullable Generation before) throws PreparationException {
        try {
            Configuration configuration = before == null ? firstConfiguration : reloaded(before);
            JavaRuntime java = JavaRuntime.find(configuration.get(Settings.JAVA_HOME));
            Application application = configuration
                    .get(Settings.APPLICATION)
                    .orElseThrow(() -> new IOException("no application is named. Usage: jcorn [OPTIONS] app.jar"));
            checkLoadable(application, configuration);
            Snapshot snapshot = snapshots.take(number, application.path(), configuration.get(Settings.CLASSPATH));
            List<Listener> listeners = bind(configuration, before);
            WorkerCommand command = command(configuration, java, application, snapshot);
            return new Generation(number, configuration, snapshot, listeners, command);
        } catch (ConfigurationException | BindException e) {
            discard(number);
            throw new PreparationException(ExitCode.ERROR, String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            discard(number);
            throw new PreparationException(
                    ExitCode.ERROR, "Generation " + number + " cannot be prepared: " + Reason.of(e), e);
        }
    }

    /** What can be told without a worker is told at once, and once. */
    private static void checkLoadable(Application application, Configuration configuration)
            throws PreparationException {
        Optional<String> problem = ApplicationCheck.problem(application, configuration.get(Settings.CLASSPATH));
        if (problem.isPresent()) {
            throw new PreparationException(ExitCode.APP_LOAD, "App failed to load: " + problem.get(), null);
        }
    }

    private Configuration reloaded(Generation before) throws ConfigurationException {
        Configuration next = loader.load();
        String kept = Configuration.changedRestartOnly(before.configuration(), next).stream()
                .map(Setting::key)
                .collect(Collectors.joining(", "));
        if (!kept.isEmpty()) {
            log.warning("Changed settings that need a restart, unchanged until then: " + kept);
        }
        return next.keepingRestartOnly(before.configuration());
    }

    private List<Listener> bind(Configuration configuration, @Nullable Generation before) throws BindException {
        List<Listener> kept = before == null ? List.of() : before.listeners();
        Optional<Integer> mode = configuration.get(Settings.UNIX_MODE);
        List<Listener> listeners = binder.bind(
                addresses(configuration),
                configuration.get(Settings.BACKLOG),
                mode.map(OptionalInt::of).orElse(OptionalInt.empty()),
                kept);
        for (Listener listener : listeners) {
            if (before != null && !kept.contains(listener)) {
                log.info("Listening at: " + listener.url());
            }
        }
        return listeners;
    }

    /** A relative path of a Unix socket starts where all relative paths start. */
    private static List<BindAddress> addresses(Configuration configuration) {
        Path start = configuration.get(Settings.CHDIR).orElse(Path.of(""));
        return configuration.get(Settings.BIND).stream()
                .map(address -> address instanceof BindAddress.Unix unix
                        ? new BindAddress.Unix(start.resolve(unix.path()).toString())
                        : address)
                .toList();
    }

    private WorkerCommand command(
            Configuration configuration, JavaRuntime java, Application application, Snapshot snapshot) {
        return new WorkerCommand(
                java,
                distribution,
                runFolder,
                environment,
                configuration.get(Settings.ENV),
                configuration.get(Settings.JAVA_OPTS),
                configuration.get(Settings.CHDIR),
                title(configuration),
                options(configuration, application, snapshot));
    }

    private static WorkerOptions options(Configuration configuration, Application application, Snapshot snapshot) {
        return new WorkerOptions(
                snapshot.application(),
                application.path().toString(),
                application.handlerClass(),
                snapshot.classpath(),
                configuration.get(Settings.THREADS),
                configuration.get(Settings.WORKER_CONNECTIONS),
                configuration.get(Settings.BACKLOG),
                configuration.get(Settings.KEEP_ALIVE).toMillis(),
                HEAD_TIMEOUT.toMillis(),
                configuration.get(Settings.LIMIT_REQUEST_LINE),
                configuration.get(Settings.LIMIT_REQUEST_FIELDS),
                configuration.get(Settings.LIMIT_REQUEST_FIELD_SIZE),
                configuration.get(Settings.LIMIT_REQUEST_BODY),
                beatMillis(configuration.get(Settings.TIMEOUT)),
                ORPHAN_GRACE.toMillis(),
                configuration.get(Settings.LOG_LEVEL),
                configuration.get(Settings.ERROR_LOGFILE));
    }

    private static long beatMillis(Duration timeout) {
        if (timeout.isZero()) {
            return LONGEST_BEAT.toMillis();
        }
        return Math.max(1, Math.min(LONGEST_BEAT.toMillis(), timeout.toMillis() / BEATS_PER_TIMEOUT));
    }

    /** What {@code ps} shows in brackets. */
    static String title(Configuration configuration) {
        return configuration
                .get(Settings.NAME)
                .orElseGet(() -> configuration
                        .get(Settings.APPLICATION)
                        .map(application -> String.valueOf(application.path().getFileName()))
                        .orElse("jcorn"));
    }

    @Override
    public Policy policy(Generation generation) {
        Configuration configuration = generation.configuration();
        return new Policy(
                configuration.get(Settings.WORKERS),
                configuration.get(Settings.MAX_SURGE),
                configuration.get(Settings.MAX_UNAVAILABLE),
                configuration.get(Settings.BOOT_TIMEOUT).toMillis(),
                configuration.get(Settings.TIMEOUT).toMillis(),
                configuration.get(Settings.GRACEFUL_TIMEOUT).toMillis());
    }

    @Override
    public void remove(Generation generation) throws IOException {
        snapshots.forget(generation.number());
    }

    private void discard(int number) {
        try {
            snapshots.forget(number);
        } catch (IOException e) {
            log.warning("The snapshot of generation " + number + " cannot be removed: " + Reason.of(e));
        }
    }
}
