package io.jcorn.master.cli;

import io.jcorn.master.settings.Configuration;
import io.jcorn.master.settings.Hocon;
import io.jcorn.master.settings.Origin;
import io.jcorn.master.settings.Section;
import io.jcorn.master.settings.Setting;
import io.jcorn.master.settings.Settings;
import java.util.List;

/** What {@code --print-config} shows: each value with its origin, in the form of a configuration file. */
final class PrintedConfiguration {

    private static final int ORIGIN_COLUMN = 44;

    private PrintedConfiguration() {}

    /** Returns a file that, read again, gives the same values. */
    static String of(Configuration configuration) {
        StringBuilder page = new StringBuilder();
        configuration
                .file()
                .ifPresent(file -> page.append("# Read: ").append(file).append("\n\n"));
        for (Section section : Section.values()) {
            page.append("# ").append(section.title()).append('\n');
            for (Setting<?> setting : Settings.all()) {
                if (setting.section() == section) {
                    page.append(line(configuration, setting)).append('\n');
                }
            }
            page.append(section.ordinal() == Section.values().length - 1 ? "" : "\n");
        }
        return page.toString();
    }

    private static String line(Configuration configuration, Setting<?> setting) {
        List<String> texts = configuration.texts(setting);
        Origin origin = configuration.origin(setting);
        // An empty list is a value where the default is another one.
        boolean missing = texts.isEmpty() && setting.defaultTexts().isEmpty();
        String value = (missing ? "# " : "")
                + setting.key()
                + " = "
                + (missing && !setting.type().repeatable() ? "" : Hocon.value(setting.type(), texts));
        String comment =
                missing ? origin + ": " + setting.defaultNote() : origin + written(configuration, setting, texts);
        return value.stripTrailing()
                + " ".repeat(Math.max(2, ORIGIN_COLUMN - value.stripTrailing().length())) + "# " + comment;
    }

    /** The user's own words where the value does not show them, such as auto. */
    private static String written(Configuration configuration, Setting<?> setting, List<String> texts) {
        List<String> written = configuration.written(setting);
        return written.size() == 1
                        && texts.size() == 1
                        && !written.equals(texts)
                        && written.get(0).strip().equals("auto")
                ? ", auto"
                : "";
    }
}
