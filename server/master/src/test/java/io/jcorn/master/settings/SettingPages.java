package io.jcorn.master.settings;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Makes the annotated configuration file and the settings page from the registry. */
final class SettingPages {

    private static final int WIDTH = 100;

    private SettingPages() {}

    /** Returns {@code conf/jcorn.conf}: every setting commented out, with its default or an example. */
    static String annotatedFile() {
        StringBuilder page = new StringBuilder("""
                # Every setting of jcorn, with its default. Remove the # at the beginning of a line to set it.
                #
                # The format is HOCON: key = value, [lists], { objects }, ${VARIABLES} and include "files".
                # jcorn reads this file when -c or JCORN_CONFIG names it, or when it is ./jcorn.conf.
                # Environment variables win over the file, flags win over both. jcorn --print-config shows which did.
                # The signal HUP reads the file again.
                """);
        for (Section section : Section.values()) {
            page.append("\n\n# ")
                    .append("-".repeat(8))
                    .append(' ')
                    .append(section.title())
                    .append(' ');
            page.append("-".repeat(WIDTH - 12 - section.title().length())).append('\n');
            Settings.all().stream()
                    .filter(setting -> setting.section() == section)
                    .forEach(setting -> page.append('\n').append(annotated(setting)));
        }
        return page.toString();
    }

    private static String annotated(Setting<?> setting) {
        List<String> lines = new ArrayList<>(wrapped(setting.summary()));
        for (String paragraph : paragraphs(setting)) {
            lines.add("");
            lines.addAll(wrapped(paragraph));
        }
        lines.add("");
        lines.addAll(wrapped("Allowed: " + setting.type().allowed() + "."));
        lines.addAll(wrapped("Default: " + defaultOf(setting) + "."));
        lines.addAll(wrapped(flags(setting, "") + "; variable " + variables(setting, "") + "."));
        lines.addAll(wrapped(onReload(setting)));
        String comments =
                lines.stream().map(line -> ("# " + line).stripTrailing() + "\n").collect(Collectors.joining());
        List<String> texts = setting.defaultTexts().isEmpty() ? setting.example() : setting.defaultTexts();
        return comments + "#" + setting.key() + " = " + Hocon.value(setting.type(), texts) + "\n";
    }

    /** Returns {@code docs/settings.md}. */
    static String markdown() {
        StringBuilder page = new StringBuilder("""
                # Settings

                Every setting has a key in the configuration file, an environment variable, and a flag (one is the
                command's argument, one is what comes after `--`). What stands further right wins:

                    default  <  configuration file  <  environment  <  command line

                - The file is the one that `-c FILE` or `JCORN_CONFIG` names, else `./jcorn.conf` if it is there. It is
                  written in [HOCON](https://github.com/lightbend/config/blob/main/HOCON.md); `conf/jcorn.conf` shows
                  every key.
                - An unknown key, variable or flag and a value that is not allowed are errors, also where another source
                  wins; jcorn names all of them at once and does not start. On a reload the old configuration stays.
                - `jcorn --print-config` shows each value and where it comes from, in the form of a configuration file.
                - `jcorn --check-config` says whether jcorn would start with it; the exit status is 0 if so.
                - A value that is a list is `[a, b]` in the file, a repeated flag on the command line, and in a variable
                  the values with the separator that its setting tells. A list replaces the one of an earlier source;
                  nothing is added to it.
                - Relative paths start from `chdir`, or else from where jcorn was started; the path of the configuration
                  file always starts from there.

                """);
        for (Section section : Section.values()) {
            page.append("- [")
                    .append(section.title())
                    .append("](#")
                    .append(anchor(section))
                    .append("): ");
            page.append(Settings.all().stream()
                    .filter(setting -> setting.section() == section)
                    .map(setting -> "[" + setting.key() + "](#" + setting.key() + ")")
                    .collect(Collectors.joining(", ")));
            page.append('\n');
        }
        for (Section section : Section.values()) {
            page.append("\n## ").append(section.title()).append('\n');
            Settings.all().stream()
                    .filter(setting -> setting.section() == section)
                    .forEach(setting -> page.append('\n').append(markdown(setting)));
        }
        return page.toString();
    }

    private static String anchor(Section section) {
        return section.title().toLowerCase(Locale.ROOT).replace(' ', '-');
    }

    private static String markdown(Setting<?> setting) {
        StringBuilder text = new StringBuilder("### ").append(setting.key()).append("\n\n");
        text.append(setting.summary()).append("\n\n");
        paragraphs(setting).forEach(paragraph -> text.append(paragraph).append("\n\n"));
        text.append("| | |\n|---|---|\n");
        row(text, "Allowed", setting.type().allowed().replace("|", "\\|"));
        row(text, "Default", setting.defaultTexts().isEmpty() ? defaultOf(setting) : "`" + defaultOf(setting) + "`");
        row(text, "Flag", flags(setting, "`"));
        row(text, "Variable", variables(setting, "`") + separators(setting));
        row(text, "Reload", onReload(setting));
        return text.toString();
    }

    private static void row(StringBuilder text, String name, String value) {
        text.append("| ").append(name).append(" | ").append(value).append(" |\n");
    }

    private static String defaultOf(Setting<?> setting) {
        return setting.defaultTexts().isEmpty() ? setting.defaultNote() : String.join(", ", setting.defaultTexts());
    }

    private static String flags(Setting<?> setting, String quote) {
        if (setting.rest()) {
            return "What comes after " + quote + "--" + quote + " on the command line";
        }
        if (setting.argument()) {
            return "The command's argument";
        }
        String value = setting.type().alone() ? "" : " " + setting.type().placeholder();
        String flags = setting.flags().stream()
                .map(flag -> quote + flag + value + quote)
                .collect(Collectors.joining(", "));
        String more = setting.type().alone() ? ", " + quote + "--no-" + setting.key() + quote : "";
        return (quote.isEmpty() ? "Flag " : "") + flags + more + (setting.type().repeatable() ? ", repeatable" : "");
    }

    private static String variables(Setting<?> setting, String quote) {
        StringBuilder text = new StringBuilder(quote + setting.variable() + quote);
        for (Setting.Foreign foreign : setting.foreign()) {
            text.append(", or ").append(quote).append(foreign.variable()).append(quote);
            if (!foreign.template().equals("$")) {
                text.append(" (")
                        .append(foreign.template().replace("$", "$" + foreign.variable()))
                        .append(')');
            }
        }
        return text.toString();
    }

    private static String separators(Setting<?> setting) {
        return setting.type().repeatable() ? ". " + setting.type().severalInVariable() : "";
    }

    private static String onReload(Setting<?> setting) {
        return setting.reloadable() ? "A reload changes it." : "Only a restart changes it.";
    }

    private static List<String> paragraphs(Setting<?> setting) {
        return Arrays.stream(setting.details().split("\n\n", -1))
                .map(paragraph -> paragraph.replaceAll("\\s+", " ").strip())
                .filter(paragraph -> !paragraph.isEmpty())
                .toList();
    }

    private static List<String> wrapped(String text) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ", -1)) {
            if (line.length() + word.length() + 3 > WIDTH && !line.isEmpty()) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
