package io.jcorn.master.settings;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A value for every setting, and where it comes from. Immutable. */
public final class Configuration {

    private final Map<Setting<?>, Entry<?>> entries;
    private final Optional<Path> file;

    /**
     * One value.
     *
     * @param value what the program uses
     * @param texts what the user wrote, such as {@code auto}
     * @param origin where
     */
    record Entry<T>(T value, List<String> texts, Origin origin) {}

    /** The entries must hold each setting's own type of value. */
    Configuration(Map<Setting<?>, Entry<?>> entries, Optional<Path> file) {
        this.entries = new LinkedHashMap<>(entries);
        this.file = file;
    }

    /** Returns the value. */
    public <T> T get(Setting<T> setting) {
        return entry(setting).value();
    }

    /** Returns where the value comes from. */
    public Origin origin(Setting<?> setting) {
        return entry(setting).origin();
    }

    /** Returns the value as the user wrote it; no texts: there is none. */
    public List<String> written(Setting<?> setting) {
        return entry(setting).texts();
    }

    /** Returns the value as texts that mean exactly it: {@code 4} where {@code auto} was written; none: there is no value. */
    public <T> List<String> texts(Setting<T> setting) {
        return setting.type().print(get(setting));
    }

    /** Returns the configuration file that was read, absolute; empty: there is none. */
    public Optional<Path> file() {
        return file;
    }

    /** Returns the settings whose value differs but which a reload cannot change, in the order of their declaration. */
    public static List<Setting<?>> changedRestartOnly(Configuration old, Configuration next) {
        return old.entries.keySet().stream()
                .filter(setting -> !setting.reloadable() && !Objects.equals(old.get(setting), next.get(setting)))
                .toList();
    }

    /** Returns this configuration with the values of {@code old} for the settings that a reload cannot change. */
    public Configuration keepingRestartOnly(Configuration old) {
        Map<Setting<?>, Entry<?>> kept = new LinkedHashMap<>(entries);
        kept.replaceAll((setting, entry) -> setting.reloadable() ? entry : old.entry(setting));
        return new Configuration(kept, file);
    }

    /** The one cast: the loader reads each value with its own setting's type. */
    @SuppressWarnings("unchecked")
    private <T> Entry<T> entry(Setting<T> setting) {
        Entry<?> entry = entries.get(setting);
        if (entry == null) {
            throw new IllegalArgumentException("no such setting: " + setting.key());
        }
        return (Entry<T>) entry;
    }
}
