package io.jcorn.master.settings;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One setting: everything there is to know about it. The command line, the reader of the file and of the environment,
 * {@code --help}, {@code --print-config}, the annotated {@code jcorn.conf} and the settings page are all made of these.
 *
 * @param <T> the type of its value
 */
public final class Setting<T> {

    private final Section section;
    private final String key;
    private final SettingType<T> type;
    private final List<String> flags;
    private final List<Foreign> foreign;
    private final List<String> defaultTexts;
    private final String defaultNote;
    private final List<String> example;
    private final boolean reloadable;
    private final boolean rest;
    private final String summary;
    private final String details;

    /**
     * A variable of the platform that also sets the value.
     *
     * @param variable its name
     * @param template the value, with {@code $} for what the variable holds
     */
    public record Foreign(String variable, String template) {}

    private Setting(Block<T> block, String summary, String details) {
        this.section = block.section;
        this.key = block.key;
        this.type = block.type;
        this.flags = List.copyOf(block.flags);
        this.foreign = List.copyOf(block.foreign);
        this.defaultTexts = List.copyOf(block.defaultTexts);
        this.defaultNote = block.defaultNote;
        this.example = block.example;
        this.reloadable = block.reloadable;
        this.rest = block.rest;
        this.summary = summary;
        this.details = details;
    }

    /** Returns the part of the documentation that it belongs to. */
    public Section section() {
        return section;
    }

    /** Returns its name in the file, such as {@code graceful-timeout}. */
    public String key() {
        return key;
    }

    /** Returns what its value may be. */
    public SettingType<T> type() {
        return type;
    }

    /** Returns its flags, the short one first; empty: it is the argument of the command, or its {@link #rest}. */
    public List<String> flags() {
        return flags;
    }

    /** Returns whether it is all that comes after {@code --} on the command line. */
    public boolean rest() {
        return rest;
    }

    /** Returns whether it is the argument of the command. */
    public boolean argument() {
        return flags.isEmpty() && !rest;
    }

    /** Returns its own environment variable, such as {@code JCORN_GRACEFUL_TIMEOUT}. */
    public String variable() {
        return "JCORN_" + key.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    /** Returns the platform's variables that set it too; the own one goes before them. */
    public List<Foreign> foreign() {
        return foreign;
    }

    /** Returns the default as the user would write it; no texts: there is no value by default. */
    public List<String> defaultTexts() {
        return defaultTexts;
    }

    /** Returns what happens without a value where {@link #defaultTexts} has none. */
    public String defaultNote() {
        return defaultNote;
    }

    /** Returns a value that somebody might choose where {@link #defaultTexts} has none. */
    public List<String> example() {
        return example;
    }

    /** Returns whether a reload puts a new value into effect; otherwise only a restart does. */
    public boolean reloadable() {
        return reloadable;
    }

    /** Returns one sentence. */
    public String summary() {
        return summary;
    }

    /** Returns what else there is to know, in paragraphs separated by empty lines; may be empty. */
    public String details() {
        return details;
    }

    /** Returns the default value, made anew: {@code auto} may mean something else by now. */
    T defaultValue(Path base) {
        return type.read(defaultTexts, base);
    }

    @Override
    public String toString() {
        return key;
    }

    /** What is being said about a setting; {@link #prose} ends it. */
    static final class Block<T> {

        private final List<Setting<?>> registry;
        private final Section section;
        private final String key;
        private final SettingType<T> type;
        private final List<String> defaultTexts;
        private final List<String> flags = new ArrayList<>();
        private final List<Foreign> foreign = new ArrayList<>();
        private String defaultNote = "";
        private List<String> example = List.of();
        private boolean reloadable = true;
        private boolean rest;

        /**
         * Begins a block.
         *
         * @param registry where the finished setting is added
         * @param defaultTexts none: the type's empty value
         */
        Block(List<Setting<?>> registry, Section section, String key, SettingType<T> type, String... defaultTexts) {
            this.registry = registry;
            this.section = section;
            this.key = key;
            this.type = type;
            this.defaultTexts = List.of(defaultTexts);
            flags.add("--" + key);
        }

        /**
         * For a setting that has no value by default.
         *
         * @param note what happens then
         * @param example a value that somebody might choose
         */
        Block<T> without(String note, String... example) {
            this.defaultNote = note;
            this.example = List.of(example);
            return this;
        }

        /** A short flag, before the long one that every setting has. */
        Block<T> flag(String flag) {
            flags.add(0, flag);
            return this;
        }

        /** The argument of the command instead of a flag. */
        Block<T> argument() {
            flags.clear();
            return this;
        }

        /** What comes after {@code --} on the command line instead of a flag. */
        Block<T> rest() {
            flags.clear();
            rest = true;
            return this;
        }

        /** A variable that platforms set; {@code $} in the template is its value. */
        Block<T> alsoFrom(String variable, String template) {
            foreign.add(new Foreign(variable, template));
            return this;
        }

        /** A reload cannot change it. */
        Block<T> onlyOnRestart() {
            reloadable = false;
            return this;
        }

        /**
         * Ends the block.
         *
         * @param summary one sentence, for the help
         * @param details further paragraphs: meaning, units, what happens at the limits, the cure
         */
        Setting<T> prose(String summary, String details) {
            Setting<T> setting = new Setting<>(this, summary, details.strip());
            registry.add(setting);
            return setting;
        }
    }
}
