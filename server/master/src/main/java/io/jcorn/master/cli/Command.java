package io.jcorn.master.cli;

import io.jcorn.master.settings.Section;
import io.jcorn.master.settings.Setting;
import io.jcorn.master.settings.Settings;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The command as picocli knows it, made of the registry. All values are texts here: the settings judge them, so that a
 * flag, a variable and a line of the file are refused in the same words.
 */
final class Command {

    private static final int WIDTH = 100;
    private static final int LONGEST_FLAG = 29;

    private Command() {}

    /** Returns what reads the command line. */
    static CommandLine parser() {
        CommandSpec spec = CommandSpec.create().name("jcorn");
        for (CommandFlag flag : CommandFlag.values()) {
            spec.addOption(option(flag));
        }
        for (Setting<?> setting : Settings.all()) {
            if (!setting.flags().isEmpty()) {
                spec.addOption(option(setting));
                if (setting.type().alone()) {
                    spec.addOption(OptionSpec.builder(negated(setting))
                            .arity("0")
                            .type(boolean.class)
                            .build());
                }
            }
        }
        // All of them, though one is allowed: the message about a second one is ours.
        spec.addPositional(PositionalParamSpec.builder()
                .paramLabel("APP")
                .arity("0..*")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .build());
        return new CommandLine(spec)
                .setExpandAtFiles(false)
                .setInterpolateVariables(false)
                // Arguments refuses them itself, in its own words, and lets an option of the JVM pass.
                .setAllowOptionsAsOptionParameters(true)
                .setOverwrittenOptionsAllowed(true);
    }

    /** Returns the whole help, no line longer than 100 columns. */
    static String help() {
        CommandSpec spec = CommandSpec.create().name("jcorn");
        spec.usageMessage()
                .width(WIDTH)
                .sortOptions(false)
                .longOptionsMaxWidth(LONGEST_FLAG)
                .abbreviateSynopsis(true)
                .customSynopsis("jcorn [OPTION]... APP [-- ARG...]")
                .footer(
                        "",
                        "Each setting also has a line in jcorn.conf and an environment variable JCORN_…: --workers is workers",
                        "and JCORN_WORKERS. Flags win over the environment, the environment wins over the file.");
        ArgGroupSpec.Builder command = group("Command");
        for (CommandFlag flag : CommandFlag.values()) {
            command.addArg(option(flag));
        }
        for (Section section : Section.values()) {
            spec.addArgGroup(section(section).build());
        }
        spec.addArgGroup(command.build());
        return new CommandLine(spec).getUsageMessage(CommandLine.Help.Ansi.OFF);
    }

    private static ArgGroupSpec.Builder section(Section section) {
        ArgGroupSpec.Builder group = group(section.title());
        for (Setting<?> setting : Settings.all()) {
            if (setting.section() == section) {
                group.addArg(setting.flags().isEmpty() ? positional(setting) : option(setting));
            }
        }
        return group;
    }

    private static ArgGroupSpec.Builder group(String title) {
        return ArgGroupSpec.builder()
                .heading("%n" + title + "%n")
                .exclusive(false)
                .validate(false);
    }

    /** The second flag of a setting that is true or false. */
    static String negated(Setting<?> setting) {
        return "--no-" + setting.key();
    }

    private static OptionSpec option(CommandFlag flag) {
        OptionSpec.Builder option =
                OptionSpec.builder(flag.flags().toArray(String[]::new)).description(escaped(flag.summary()));
        return flag.placeholder().isEmpty()
                ? option.arity("0").type(boolean.class).build()
                : option.arity("1")
                        .type(String.class)
                        .paramLabel(flag.placeholder())
                        .build();
    }

    private static OptionSpec option(Setting<?> setting) {
        OptionSpec.Builder option =
                OptionSpec.builder(setting.flags().toArray(String[]::new)).description(escaped(description(setting)));
        if (setting.type().alone()) {
            return option.arity("0").type(boolean.class).build();
        }
        return option.arity("1")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .paramLabel(setting.type().placeholder())
                .build();
    }

    private static PositionalParamSpec positional(Setting<?> setting) {
        return PositionalParamSpec.builder()
                .paramLabel(setting.rest() ? "-- ARG..." : setting.type().placeholder())
                .arity("1")
                .type(String.class)
                .description(escaped(description(setting)))
                .build();
    }

    private static String description(Setting<?> setting) {
        return setting.defaultTexts().isEmpty()
                ? setting.summary()
                : setting.summary() + " [" + String.join(", ", setting.defaultTexts()) + "]";
    }

    private static String escaped(String text) {
        return text.replace("%", "%%");
    }
}
