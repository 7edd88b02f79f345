package io.jcorn.master.settings;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the command line says about the settings, not judged yet. It stays the same over all reloads.
 *
 * @param configFile what {@code --config} names, relative to the folder jcorn was started in; empty: not given
 * @param values the flags by their setting, each with its texts in the order of the command line
 */
public record Flags(Optional<String> configFile, Map<Setting<?>, Value> values) {

    /** A command line that says nothing. */
    public static final Flags NONE = new Flags(Optional.empty(), Map.of());

    /**
     * A flag and its values.
     *
     * @param flag as it was written, such as {@code -b}; {@code --} for what comes after it; else the setting's placeholder
     * @param texts at least one; of a flag that is not repeatable the last one counts
     */
    public record Value(String flag, List<String> texts) {}

    public Flags {
        values = Map.copyOf(values);
    }

    /** Returns these flags and one more value of a setting, after those that it has. */
    public Flags with(Setting<?> setting, String text) {
        Map<Setting<?>, Value> more = new LinkedHashMap<>(values);
        List<String> texts = new ArrayList<>();
        Value before = values.get(setting);
        if (before != null) {
            texts.addAll(before.texts());
        }
        texts.add(text);
        more.put(setting, new Value(flagOf(setting, text), texts));
        return new Flags(configFile, more);
    }

    private static String flagOf(Setting<?> setting, String text) {
        if (setting.rest()) {
            return "--";
        }
        if (setting.argument()) {
            return setting.type().placeholder();
        }
        boolean negated = setting.type().alone() && text.equals("false");
        return (negated ? "--no-" : "--") + setting.key();
    }

    /** Returns these flags with another configuration file. */
    public Flags withConfigFile(String file) {
        return new Flags(Optional.of(file), values);
    }
}
