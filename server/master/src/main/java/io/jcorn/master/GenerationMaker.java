package io.jcorn.master;

import io.jcorn.master.GenerationStore.PreparationException;
import io.jcorn.master.arbiter.Policy;
import io.jcorn.master.archive.ArchiveException;
import io.jcorn.master.archive.Choice;
import io.jcorn.master.listen.BindException;
import io.jcorn.master.listen.Binder;
import io.jcorn.master.listen.Listener;
import io.jcorn.master.posix.Reason;
import io.jcorn.master.settings.AccessLogSettings;
import io.jcorn.master.settings.Application;
import io.jcorn.master.settings.BindAddress;
import io.jcorn.master.settings.ClassPathWildcard;
import io.jcorn.master.settings.Configuration;
import io.jcorn.master.settings.ConfigurationException;
import io.jcorn.master.settings.ConfigurationLoader;
import io.jcorn.master.settings.HostedSettings;
import io.jcorn.master.settings.KnownVariables;
import io.jcorn.master.settings.Problem;
import io.jcorn.master.settings.Setting;
import io.jcorn.master.settings.Settings;
import io.jcorn.master.settings.TlsSettings;
import io.jcorn.master.snapshot.Snapshot;
import io.jcorn.master.snapshot.Snapshots;
import io.jcorn.master.spawn.Distribution;
import io.jcorn.master.spawn.JavaRuntime;
import io.jcorn.master.spawn.Program;
import io.jcorn.master.spawn.WorkerCommand;
import io.jcorn.master.spawn.WorkerEnvironment;
import io.jcorn.master.spawn.WorkingFolder;
import io.jcorn.wire.Log;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes generations from the configuration: validates it all first, then copies, then binds; what it began it takes back. */
final class GenerationMaker implements GenerationStore.Maker {

    private final ConfigurationLoader loader;
    private final Configuration firstConfiguration;
    private final Binder binder;
    private final Snapshots snapshots;
    private final RunFolder runFolder;
    private final Path distribution;
    private final Map<String, String> environment;
    private final Log log;
    private final HeldPipes pipes = new HeldPipes();
    private final Set<String> warned = ConcurrentHashMap.newKeySet();

    GenerationMaker(
            ConfigurationLoader loader,
            Configuration firstConfiguration,
            Binder binder,
            Snapshots snapshots,
            RunFolder runFolder,
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
            Choice choice = Inspection.choose(configuration, environment);
            Application application = configuration.get(Settings.APPLICATION).orElseThrow();
            tryAccessLog(configuration);
            runFolder.restore();
            Snapshot snapshot = snapshot(number, application, configuration);
            List<Listener> listeners = bind(configuration, before);
            Generation generation = generation(number, configuration, choice, snapshot, listeners, before);
            if (before != null) {
                generation.introduce(before, log);
            }
            return generation;
        } catch (ArchiveException e) {
            discard(number);
            throw new PreparationException(ExitCode.APP_LOAD, "App failed to load: " + e.getMessage(), e);
        } catch (ConfigurationException | BindException e) {
            discard(number);
            throw new PreparationException(ExitCode.ERROR, String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            discard(number);
            throw new PreparationException(
                    ExitCode.ERROR, "Generation " + number + " cannot be prepared: " + Reason.of(e), e);
        }
    }

    private Generation generation(
            int number,
            Configuration configuration,
            Choice choice,
            Snapshot snapshot,
            List<Listener> listeners,
            @Nullable Generation before)
            throws IOException {
        try {
            Program program = new Programs(configuration, choice, snapshot, listeners, runFolder.path()).program();
            return new Generation(
                    number, configuration, choice, snapshot, listeners, runFiles(), command(configuration, program));
        } catch (IOException e) {
            List<Listener> kept = before == null ? List.of() : before.listeners();
            listeners.stream().filter(listener -> !kept.contains(listener)).forEach(Listener::abandon);
            throw e;
        }
    }

    /** Better one error now than one of each worker. It makes the file, as the workers would. */
    private void tryAccessLog(Configuration configuration) throws ConfigurationException {
        Path file = AccessLogSettings.options(configuration).file().orElse(null);
        if (file == null) {
            return;
        }
        try {
            pipes.open(file);
        } catch (IOException e) {
            throw new ConfigurationException(List.of(new Problem(
                    configuration.origin(AccessLogSettings.ACCESS_LOGFILE),
                    AccessLogSettings.ACCESS_LOGFILE.key(),
                    "the file cannot be opened: " + Reason.of(e) + ". Choose another one")));
        }
    }

    private Snapshot snapshot(int number, Application application, Configuration configuration) throws IOException {
        List<Path> classpath = ClassPathWildcard.expand(configuration.get(Settings.CLASSPATH));
        return configuration.get(HostedSettings.MODULE).isPresent()
                ? snapshots.takeModules(number, application.path(), classpath)
                : snapshots.take(number, application.path(), classpath);
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
                log.info("Listening at: " + listener.url(TlsSettings.on(configuration)));
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

    private WorkerCommand command(Configuration configuration, Program program) throws IOException {
        return new WorkerCommand(
                JavaRuntime.find(configuration.get(Settings.JAVA_HOME)),
                new Distribution(distribution),
                runFolder.path(),
                new WorkerEnvironment(environment, variables(configuration)),
                configuration.get(Settings.JAVA_OPTS),
                configuration.get(Settings.WORKER_TMP_DIR),
                new WorkingFolder(configuration.get(Settings.CHDIR), Path.of(""), this::warnOnce),
                title(configuration),
                program);
    }

    /** What is not the master's own: the configuration's, and what begins with JCORN_ and is no setting. */
    private Map<String, String> variables(Configuration configuration) {
        Map<String, String> variables = new TreeMap<>(KnownVariables.ofKubernetes(environment));
        variables.putAll(configuration.get(Settings.ENV));
        return variables;
    }

    private void warnOnce(String warning) {
        if (warned.add(warning)) {
            log.warning(warning);
        }
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
    public Optional<String> missing(Generation generation) {
        Path java = generation.command().java().launcher();
        if (!Files.isExecutable(java)) {
            return Optional.of("the Java of its workers, " + java + ", is gone");
        }
        return snapshots
                .missing(generation.number())
                .or(() -> generation.runFiles().stream()
                        .filter(file -> !Files.exists(file))
                        .findFirst())
                .map(file -> file + " was removed by somebody else");
    }

    /** What all workers of a generation find in the run folder besides their copy of the application. */
    private List<Path> runFiles() {
        return Stream.of(TicketSecret.NAME, Programs.SESSIONS)
                .map(name -> runFolder.path().resolve(name))
                .filter(Files::exists)
                .toList();
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
