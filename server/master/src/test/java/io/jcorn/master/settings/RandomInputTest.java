package io.jcorn.master.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is written: it is read, or refused with sentences, and what is read can be written and read back. */
class RandomInputTest {

    private static final long SEED = 20_261_121;
    private static final List<String> PIECES = List.of(
            "0",
            "1",
            "-1",
            "auto",
            "30s",
            "2m",
            "1g",
            "10MB",
            "true",
            "off",
            ":",
            "8000",
            "unix:",
            "@",
            "fd://",
            "[::1]",
            "app.jar",
            ":com.example.Hello",
            "-Xmx1g",
            "{slot}",
            "{x}",
            "A=1",
            "=",
            "/",
            "..",
            "a",
            " ",
            "\t",
            "\n",
            "\"",
            "'",
            "\\",
            "${X}",
            "${",
            "}",
            "[",
            "]",
            "{",
            ",",
            "#",
            "//",
            "\0",
            "\u2028",
            "é",
            "\ud83d",
            "%",
            "virtual",
            "info",
            "0777",
            "99999999999999999999",
            "null",
            "include ",
            "+=",
            "-");

    private final Random random = new Random(SEED);

    private Path folder;

    @BeforeEach
    void start(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void flagsAndVariables() throws Exception {
        for (int i = 0; i < 20_000; i++) {
            Setting<?> setting =
                    Settings.all().get(random.nextInt(Settings.all().size()));
            String text = text();
            boolean flag = random.nextBoolean();
            Flags flags = flag ? Flags.NONE.with(setting, text) : Flags.NONE;
            Map<String, String> environment = flag ? Map.of() : Map.of(setting.variable(), text);

            judge(new ConfigurationLoader(flags, environment, folder), setting + " = " + text);
        }
    }

    @Test
    void files() throws Exception {
        for (int i = 0; i < 3_000; i++) {
            StringBuilder file = new StringBuilder();
            for (int line = random.nextInt(4); line >= 0; line--) {
                Setting<?> setting =
                        Settings.all().get(random.nextInt(Settings.all().size()));
                file.append(random.nextInt(8) == 0 ? text() : setting.key());
                file.append(random.nextInt(8) == 0 ? text() : " = ")
                        .append(text())
                        .append('\n');
            }
            Files.write(folder.resolve("jcorn.conf"), file.toString().getBytes(StandardCharsets.UTF_8));

            judge(new ConfigurationLoader(Flags.NONE, Map.of(), folder), file.toString());
        }
    }

    @Test
    void namesOfVariables() throws Exception {
        for (int i = 0; i < 3_000; i++) {
            Map<String, String> environment = new HashMap<>();
            environment.put("JCORN_" + text(), text());

            judge(new ConfigurationLoader(Flags.NONE, environment, folder), environment.toString());
        }
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(5); i >= 0; i--) {
            text.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return text.toString();
    }

    private void judge(ConfigurationLoader loader, String input) throws Exception {
        try {
            assertReadBack(loader.resolve(), input);
            loader.load();
        } catch (ConfigurationException e) {
            assertThat(e.problems()).as(input).isNotEmpty();
            assertThat(e.problems())
                    .as(input)
                    .allSatisfy(problem -> assertThat(problem.toString())
                            .isNotBlank()
                            .doesNotContain("Exception")
                            .doesNotContain("\n"));
        } catch (RuntimeException e) {
            fail("seed " + SEED + ", input: " + input, e);
        }
    }

    private void assertReadBack(Configuration configuration, String input) {
        for (Setting<?> setting : Settings.all()) {
            assertThat((Object) setting.type().read(configuration.texts(setting), folder))
                    .as(input)
                    .isEqualTo(configuration.get(setting));
        }
    }
}
