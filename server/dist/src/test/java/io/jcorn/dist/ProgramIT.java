package io.jcorn.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged program on a real Java, as far as it ends by itself. */
class ProgramIT {

    private final Path folder;

    ProgramIT(@TempDir Path folder) throws IOException {
        this.folder = folder.toRealPath();
    }

    @Test
    void saysItsVersion() throws IOException {
        Outcome outcome = jcorn("--version");

        assertThat(outcome.exit()).as(outcome.err()).isZero();
        assertThat(outcome.out()).startsWith("jcorn " + Distribution.version() + " (Java ");
    }

    @Test
    void saysThatTheApplicationIsMissing() throws IOException {
        Outcome outcome = jcorn("--bind", "127.0.0.1:0", "app.jar");

        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err()).isEqualTo("jcorn: " + folder + "/app.jar: there is no such file\n");
    }

    @Test
    void findsNothingWrongWithTheExample() throws IOException {
        Outcome outcome = jcorn("--check-config", Distribution.example("hello").toString());

        assertThat(outcome.exit()).as(outcome.err()).isZero();
    }

    private Outcome jcorn(String... arguments) throws IOException {
        return Outcome.of(
                folder,
                // No archive: what is tested here must not depend on which test comes first.
                Map.of("JAVA_HOME", System.getProperty("java.home"), "JCORN_MASTER_JAVA_OPTS", "-Xshare:off"),
                Stream.concat(Stream.of(Distribution.launcher().toString()), Stream.of(arguments))
                        .toList());
    }
}
