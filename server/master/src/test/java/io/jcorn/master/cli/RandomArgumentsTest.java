package io.jcorn.master.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.jcorn.master.settings.ConfigurationException;
import io.jcorn.master.settings.ConfigurationLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is typed: it is understood, or refused with a sentence. */
class RandomArgumentsTest {

    private static final long SEED = 20_261_121;
    private static final List<String> PIECES = List.of(
            "-w",
            "--workers",
            "--bind",
            "-b",
            "-e",
            "--java-opt",
            "--admin-public",
            "--no-admin-public",
            "-c",
            "--config",
            "--check-config",
            "--print-config",
            "-v",
            "-h",
            "--",
            "-",
            "=",
            "4",
            "auto",
            ":80",
            "A=1",
            "-Xmx1g",
            "app.jar",
            "@x",
            "${x}",
            "",
            " ",
            "\0",
            "\n",
            "é",
            "\"a b\"",
            "'",
            "--worker",
            "-wb",
            "-p",
            "--pid",
            "x.pid",
            "--name",
            "-n",
            "%s");

    @Test
    void neverFailsInAnyOtherWay(@TempDir Path folder) {
        Random random = new Random(SEED);
        for (int i = 0; i < 5_000; i++) {
            List<String> arguments = new ArrayList<>();
            for (int n = random.nextInt(6); n > 0; n--) {
                String piece = PIECES.get(random.nextInt(PIECES.size()));
                arguments.add(random.nextInt(4) == 0 ? piece + PIECES.get(random.nextInt(PIECES.size())) : piece);
            }
            try {
                new ConfigurationLoader(Arguments.parse(arguments).flags(), Map.of(), folder).load();
            } catch (UsageException | ConfigurationException e) {
                assertThat(e.getMessage()).as("%s", arguments).isNotBlank().doesNotContain("Exception");
            } catch (RuntimeException e) {
                fail("seed " + SEED + ", arguments: " + arguments, e);
            }
        }
    }
}
