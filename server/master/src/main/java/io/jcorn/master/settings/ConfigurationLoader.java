package io.jcorn.master.settings;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Finds the value of every setting: default, then file, then environment, then command line; the later wins. Every value
 * is judged, also one that a later source hides. Flags and environment stay; the file is read anew each time.
 */
public final class ConfigurationLoader {

    /** The file that is read when none is named, if it is there. */
    public static final String DEFAULT_FILE = "jcorn.conf";

    private static final SettingType<Path> FILE = ScalarTypes.path("FILE", "a file");
    private static final String PREFIX = "JCORN_";
    /** The variable that names the file when no flag does. */
    public static final String FILE_VARIABLE = "JCORN_CONFIG";

    private final Flags flags;
    private final Map<String, String> environment;
    private final Path cwd;
    private final NativeCharset charset;

    /**
     * Makes a loader.
     *
     * @param flags what the command line says
     * @param environment the environment variables
     * @param cwd the folder that jcorn was started in
     */
    public ConfigurationLoader(Flags flags, Map<String, String> environment, Path cwd) {
        this(flags, environment, cwd, NativeCharset.own());
    }

    ConfigurationLoader(Flags flags, Map<String, String> environment, Path cwd, NativeCharset charset) {
        this.flags = flags;
        this.environment = Map.copyOf(environment);
        this.cwd = cwd.toAbsolutePath().normalize();
        this.charset = charset;
    }

    /**
     * Reads everything and checks that it can be used together and on this machine.
     *
     * @throws ConfigurationException with all problems if there is any
     */
    public Configuration load() throws ConfigurationException {
        Configuration configuration = resolve();
        List<Problem> problems = ConfigurationChecks.problems(configuration);
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
        return configuration;
    }

    /**
     * Reads everything, each value for itself: there may be no application, or a file may be missing.
     *
     * @throws ConfigurationException with all problems if there is any
     */
    public Configuration resolve() throws ConfigurationException {
        return new Reading().configuration();
    }

    /** A file's problems by their lines, then the environment's, then the command line's. */
    private static int inReadingOrder(Origin a, Origin b) {
        int line = a instanceof Origin.File first && b instanceof Origin.File second
                ? Integer.compare(first.line(), second.line())
                : 0;
        return line != 0 ? line : Integer.compare(rank(a), rank(b));
    }

    private static int rank(Origin origin) {
        return origin instanceof Origin.File ? 0 : origin instanceof Origin.Environment ? 1 : 2;
    }

    /** One reading of all sources. */
    private final class Reading {

        private final List<Problem> problems = new ArrayList<>();
        private final List<Map<Setting<?>, Given>> sources = new ArrayList<>();
        private final Map<Setting<?>, Configuration.Entry<?>> entries = new LinkedHashMap<>();

        Configuration configuration() throws ConfigurationException {
            Optional<Path> file = configFile();
            file.ifPresent(path -> sources.add(ConfigFile.read(path, nameOf(path), environment, problems)));
            sources.add(fromEnvironment());
            sources.add(fromFlags());
            Path base =
                    judge(Settings.CHDIR, cwd).flatMap(entry -> entry.value()).orElse(cwd);
            for (Setting<?> setting : Settings.all()) {
                if (setting != Settings.CHDIR) {
                    judge(setting, base);
                }
            }
            if (!problems.isEmpty()) {
                problems.sort(Comparator.comparing(Problem::origin, ConfigurationLoader::inReadingOrder));
                throw new ConfigurationException(problems);
            }
            return new Configuration(inOrder(), file);
        }

        /** Judges what all sources say about a setting; returns the value that counts unless a source is wrong. */
        private <T> Optional<Configuration.Entry<T>> judge(Setting<T> setting, Path base) {
            Configuration.Entry<T> entry =
                    new Configuration.Entry<>(setting.defaultValue(base), setting.defaultTexts(), new Origin.Default());
            int before = problems.size();
            for (Map<Setting<?>, Given> source : sources) {
                Given given = source.get(setting);
                if (given == null) {
                    continue;
                }
                try {
                    given.texts().forEach(charset::check);
                    T value = setting.type().read(given.texts(), base);
                    entry = new Configuration.Entry<>(value, given.texts(), given.origin());
                } catch (IllegalArgumentException e) {
                    problems.add(new Problem(given.origin(), given.key(), String.valueOf(e.getMessage())));
                }
            }
            if (problems.size() > before) {
                return Optional.empty();
            }
            entries.put(setting, entry);
            return Optional.of(entry);
        }

        private Map<Setting<?>, Configuration.Entry<?>> inOrder() {
            Map<Setting<?>, Configuration.Entry<?>> ordered = new LinkedHashMap<>();
            for (Setting<?> setting : Settings.all()) {
                ordered.put(setting, entries.get(setting));
            }
            return ordered;
        }

        private Optional<Path> configFile() {
            if (flags.configFile().isPresent()) {
                return resolved(flags.configFile().get(), new Origin.Flag("--config"));
            }
            String named = environment.get(FILE_VARIABLE);
            if (named != null) {
                return resolved(named, new Origin.Environment(FILE_VARIABLE));
            }
            return Optional.of(cwd.resolve(DEFAULT_FILE)).filter(Files::exists);
        }

        private Optional<Path> resolved(String name, Origin origin) {
            try {
                return Optional.of(FILE.read(List.of(name), cwd));
            } catch (IllegalArgumentException e) {
                problems.add(new Problem(origin, "config", String.valueOf(e.getMessage())));
                return Optional.empty();
            }
        }

        /** A file below the current folder is named as the user would name it. */
        private String nameOf(Path path) {
            return (path.startsWith(cwd) ? cwd.relativize(path) : path).toString();
        }

        private Map<Setting<?>, Given> fromEnvironment() {
            Map<Setting<?>, Given> source = new LinkedHashMap<>();
            Set<String> known = new TreeSet<>(Set.of(FILE_VARIABLE));
            for (Setting<?> setting : Settings.all()) {
                known.add(setting.variable());
                variable(setting, setting.variable(), "$").ifPresent(given -> source.put(setting, given));
                for (Setting.Foreign foreign : setting.foreign()) {
                    // An empty PORT is the platform's way of saying nothing; an empty variable of ours is a mistake.
                    if (!source.containsKey(setting)
                            && !environment.getOrDefault(foreign.variable(), "").isBlank()) {
                        variable(setting, foreign.variable(), foreign.template())
                                .ifPresent(given -> source.put(setting, given));
                    }
                }
            }
            new TreeSet<>(environment.keySet())
                    .stream()
                            .filter(name -> name.startsWith(PREFIX) && !known.contains(name))
                            .filter(name -> !KnownVariables.foreign(name, environment.getOrDefault(name, "")))
                            .forEach(name -> unknown(name, known));
            return source;
        }

        private Optional<Given> variable(Setting<?> setting, String name, String template) {
            String text = environment.get(name);
            if (text == null) {
                return Optional.empty();
            }
            Origin origin = new Origin.Environment(name);
            try {
                if (text.isBlank()) {
                    throw new IllegalArgumentException("the variable is empty; unset it, or give it a value. Allowed: "
                            + setting.type().allowed());
                }
                List<String> texts = setting.type().split(template.replace("$", text.strip()), true);
                return Optional.of(new Given(origin, setting.key(), texts));
            } catch (IllegalArgumentException e) {
                problems.add(new Problem(origin, setting.key(), String.valueOf(e.getMessage())));
                return Optional.empty();
            }
        }

        private void unknown(String variable, Set<String> known) {
            Map<String, String> byKey = new TreeMap<>();
            known.forEach(name -> byKey.put(key(name), name));
            String meant = Renamed.withheld(key(variable))
                    .map(why -> ": " + why)
                    .or(() -> Renamed.of(key(variable), byKey.keySet())
                            .map(key -> "; did you mean " + byKey.get(key) + "?"))
                    .orElse("");
            problems.add(
                    new Problem(new Origin.Environment(variable), key(variable), "there is no such setting" + meant));
        }

        private String key(String variable) {
            return variable.substring(PREFIX.length()).toLowerCase(Locale.ROOT).replace('_', '-');
        }

        private Map<Setting<?>, Given> fromFlags() {
            Map<Setting<?>, Given> source = new LinkedHashMap<>();
            flags.values().forEach((setting, value) -> {
                List<String> texts = setting.type().repeatable()
                        ? value.texts().stream()
                                .flatMap(text -> setting.type().split(text, false).stream())
                                .toList()
                        : value.texts()
                                .subList(value.texts().size() - 1, value.texts().size());
                source.put(setting, new Given(new Origin.Flag(value.flag()), setting.key(), texts));
            });
            return source;
        }
    }
}
