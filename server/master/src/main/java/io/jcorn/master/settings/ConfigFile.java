package io.jcorn.master.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigResolver;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A configuration file in HOCON. The only door to typesafe-config. */
final class ConfigFile {

    private final Path path;
    private final String name;
    private final List<Problem> problems;
    private final Map<String, Setting<?>> byKey = new TreeMap<>();

    private ConfigFile(Path path, String name, List<Problem> problems) {
        this.path = path;
        this.name = name;
        this.problems = problems;
        Settings.all().forEach(setting -> byKey.put(setting.key(), setting));
    }

    /**
     * Reads a file.
     *
     * @param path the file, absolute
     * @param name how messages call it
     * @param environment what {@code ${NAME}} in the file stands for
     * @param problems what is wrong is added here
     */
    static Map<Setting<?>, Given> read(
            Path path, String name, Map<String, String> environment, List<Problem> problems) {
        return new ConfigFile(path, name, problems).read(environment);
    }

    private Map<Setting<?>, Given> read(Map<String, String> environment) {
        Map<Setting<?>, Given> source = new LinkedHashMap<>();
        Optional<Config> config = parse(environment);
        if (config.isPresent()) {
            ConfigObject root = config.get().root();
            root.entrySet().stream()
                    .sorted(Comparator.comparingInt(
                            entry -> entry.getValue().origin().lineNumber()))
                    .forEach(entry -> take(entry.getKey(), entry.getValue(), source));
        }
        return source;
    }

    private Optional<Config> parse(Map<String, String> environment) {
        if (!Files.exists(path)) {
            return whole("there is no such file" + Siblings.suggestion(path));
        }
        if (Files.isDirectory(path)) {
            return whole("this is a folder, not a file");
        }
        if (!Files.isReadable(path)) {
            return whole("the file cannot be read: permission denied");
        }
        try {
            ConfigParseOptions options =
                    ConfigParseOptions.defaults().setSyntax(ConfigSyntax.CONF).setAllowMissing(false);
            ConfigResolveOptions resolving = ConfigResolveOptions.noSystem().appendResolver(new Variables(environment));
            return Optional.of(ConfigFactory.parseFile(path.toFile(), options).resolve(resolving));
        } catch (ConfigException e) {
            return refused(e);
        }
    }

    /** A substitution that the file itself does not answer is a variable of the environment that the loader was given. */
    private record Variables(Map<String, String> environment) implements ConfigResolver {
        @Override
        public @Nullable ConfigValue lookup(String variable) {
            String text = environment.get(variable);
            return text == null ? null : ConfigValueFactory.fromAnyRef(text, "environment " + variable);
        }

        @Override
        public ConfigResolver withFallback(ConfigResolver fallback) {
            return this;
        }
    }

    private Optional<Config> whole(String message) {
        problems.add(new Problem(new Origin.File(name, 0), "", message));
        return Optional.empty();
    }

    /** typesafe-config's message begins with the origin in its own form and goes on with advice about its Java API. */
    private Optional<Config> refused(ConfigException e) {
        Origin.File origin = e.origin() == null ? new Origin.File(name, 0) : origin(e.origin());
        String message = String.valueOf(e.getMessage());
        if (e.origin() != null && message.startsWith(e.origin().description() + ": ")) {
            message = message.substring(e.origin().description().length() + 2);
        }
        int advice = message.indexOf(" (if you intended");
        message = (advice < 0 ? message : message.substring(0, advice)).replaceAll("\\s+", " ");
        problems.add(new Problem(origin, "", message));
        return Optional.empty();
    }

    private Origin.File origin(ConfigOrigin origin) {
        String file = origin.filename();
        boolean included =
                file != null && !path.equals(Path.of(file).toAbsolutePath().normalize());
        return new Origin.File(included ? file : name, Math.max(0, origin.lineNumber()));
    }

    private void take(String key, ConfigValue value, Map<Setting<?>, Given> source) {
        if (value.valueType() == ConfigValueType.NULL) {
            return;
        }
        Origin origin = origin(value.origin());
        Setting<?> setting = byKey.get(key);
        if (setting == null) {
            unknown(key, value);
            return;
        }
        try {
            source.put(setting, new Given(origin, key, texts(setting, value)));
        } catch (IllegalArgumentException e) {
            problems.add(new Problem(
                    origin, key, e.getMessage() + ". Allowed: " + setting.type().allowed()));
        }
    }

    private void unknown(String key, ConfigValue value) {
        String whole = key;
        String last = key;
        ConfigValue innermost = value;
        // HOCON reads graceful.timeout = 30 as an object within an object: show the name that stands in the file.
        while (innermost instanceof ConfigObject object && object.size() == 1) {
            last = object.keySet().iterator().next();
            whole += "." + last;
            innermost = object.values().iterator().next();
        }
        String hyphened = whole.replace('.', '-');
        boolean nested = innermost != value && !byKey.containsKey(hyphened) && byKey.containsKey(last);
        Optional<String> meant = nested ? Optional.of(last) : Renamed.of(hyphened, byKey.keySet());
        problems.add(new Problem(
                origin(innermost.origin()),
                whole,
                "there is no such setting"
                        + (nested ? "; settings are not nested" : "")
                        + Renamed.withheld(hyphened)
                                .map(why -> ": " + why)
                                .or(() -> meant.map(name -> "; did you mean " + name + "?"))
                                .orElse("")));
    }

    private static List<String> texts(Setting<?> setting, ConfigValue value) {
        if (value instanceof ConfigList list) {
            return list.stream().map(ConfigFile::scalar).toList();
        }
        if (value instanceof ConfigObject object && setting.type().keyed()) {
            List<String> texts = new ArrayList<>();
            flatten("", object, texts);
            return texts;
        }
        return setting.type().split(scalar(value), false);
    }

    /** A quoted name with dots and a path of objects are the same thing to people: {@code spring.profiles.active}. */
    private static void flatten(String prefix, ConfigObject object, List<String> texts) {
        Map<String, ConfigValue> sorted = new TreeMap<>(object);
        sorted.forEach((key, value) -> {
            if (value instanceof ConfigObject inner) {
                flatten(prefix + key + ".", inner, texts);
            } else {
                texts.add(prefix + key + "=" + scalar(value));
            }
        });
    }

    /** Returns a value as it stands in the file: 0022 keeps its zeros. */
    private static String scalar(ConfigValue value) {
        return switch (value.valueType()) {
            case STRING, BOOLEAN, NUMBER -> value.atKey("value").getString("value");
            case NULL -> throw new IllegalArgumentException("null is no value here");
            case LIST -> throw new IllegalArgumentException("a list within a list is not understood");
            case OBJECT ->
                throw new IllegalArgumentException("an object { "
                        + ((ConfigObject) value).keySet().stream().sorted().collect(Collectors.joining(", "))
                        + " } is not understood");
        };
    }
}
