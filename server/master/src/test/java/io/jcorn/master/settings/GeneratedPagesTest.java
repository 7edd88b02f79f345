package io.jcorn.master.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files in the repository that are made from the registry. */
class GeneratedPagesTest {

    private static final String COMMAND = "./mvnw -q -pl server/master -am test -Dtest=GeneratedPagesTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Dregenerate";

    @Test
    void theAnnotatedFileIsUpToDate() throws IOException {
        assertUpToDate("conf/jcorn.conf", SettingPages.annotatedFile());
    }

    @Test
    void theSettingsPageIsUpToDate() throws IOException {
        assertUpToDate("docs/settings.md", SettingPages.markdown());
    }

    @Test
    void noLineOfTheAnnotatedFileIsTooLong() {
        assertThat(SettingPages.annotatedFile().lines()).allMatch(line -> line.length() <= 110);
    }

    @Test
    void theAnnotatedFileIsAValidFile(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("jcorn.conf"), SettingPages.annotatedFile());

        Configuration configuration = new ConfigurationLoader(Flags.NONE, Map.of(), folder).resolve();

        assertThat(configuration.file()).contains(file);
        assertThat(Settings.all()).allMatch(setting -> configuration.origin(setting) instanceof Origin.Default);
    }

    @Test
    void everySettingInTheAnnotatedFileCanBeUncommentedAndMeansItsDefault(@TempDir Path folder) throws Exception {
        String uncommented = SettingPages.annotatedFile().replaceAll("(?m)^#(?=[a-z])", "");
        Files.writeString(folder.resolve("jcorn.conf"), uncommented);

        Configuration configuration = new ConfigurationLoader(Flags.NONE, Map.of(), folder).resolve();

        assertThat(Settings.all()).allMatch(setting -> configuration.origin(setting) instanceof Origin.File);
        Configuration defaults = new ConfigurationLoader(Flags.NONE, Map.of(), folder.resolve("none")).resolve();
        Settings.all().stream()
                .filter(setting -> !setting.defaultTexts().isEmpty())
                .forEach(setting -> assertThat((Object) configuration.get(setting))
                        .as(setting.key())
                        .isEqualTo(defaults.get(setting)));
    }

    private static void assertUpToDate(String name, String expected) throws IOException {
        Path file = root().resolve(name);
        if (System.getProperty("regenerate") != null) {
            Files.createDirectories(Optional.ofNullable(file.getParent()).orElseThrow());
            Files.writeString(file, expected);
        }
        String actual = Files.exists(file) ? Files.readString(file) : "";
        if (!actual.equals(expected)) {
            fail(
                    "%s is not what the registry of settings makes of it, from line %d on. Make it anew with: %s",
                    name,
                    firstDifference(actual.lines().toList(), expected.lines().toList()),
                    COMMAND);
        }
    }

    private static int firstDifference(List<String> actual, List<String> expected) {
        int line = 0;
        while (line < actual.size()
                && line < expected.size()
                && actual.get(line).equals(expected.get(line))) {
            line++;
        }
        return line + 1;
    }

    /** Surefire runs in the module's folder. */
    private static Path root() {
        return Path.of("").toAbsolutePath().resolve("../..").normalize();
    }
}
