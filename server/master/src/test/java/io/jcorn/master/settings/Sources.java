package io.jcorn.master.settings;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The sources of one configuration, in a folder of its own. */
final class Sources {

    final Path folder;
    private final Map<String, String> environment = new HashMap<>();
    private Flags flags = Flags.NONE;

    Sources(Path folder) {
        this.folder = folder;
    }

    Sources file(String... lines) {
        return fileNamed(ConfigurationLoader.DEFAULT_FILE, lines);
    }

    Sources fileNamed(String name, String... lines) {
        try {
            Files.writeString(folder.resolve(name), String.join("\n", lines) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    Sources variable(String name, String value) {
        environment.put(name, value);
        return this;
    }

    Sources flag(Setting<?> setting, String... texts) {
        for (String text : texts) {
            flags = flags.with(setting, text);
        }
        return this;
    }

    Sources configFile(String name) {
        flags = flags.withConfigFile(name);
        return this;
    }

    ConfigurationLoader loader() {
        return new ConfigurationLoader(flags, environment, folder);
    }

    Configuration resolve() throws ConfigurationException {
        return loader().resolve();
    }

    /** Returns the sentences about what is wrong, with /here for the folder; none if nothing is. */
    List<String> problems() {
        try {
            loader().load();
            return List.of();
        } catch (ConfigurationException e) {
            return e.problems().stream()
                    .map(problem -> problem.toString().replace(folder.toString(), "/here"))
                    .toList();
        }
    }
}
