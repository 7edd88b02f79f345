package io.jcorn.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A program of the system that a test asks something. */
final class Command {

    private Command() {}

    /** Runs it to its end, which has to be a good one, and returns what it wrote to both streams. */
    static String output(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        int status = Await.value(
                command + " ends", () -> process.isAlive() ? Optional.empty() : Optional.of(process.exitValue()));
        assertThat(status).as(command + " said: " + said).isZero();
        return said;
    }

    /** Whether the machine allows something. */
    static boolean succeeds(String... command) {
        try {
            output(List.of(command));
            return true;
        } catch (AssertionError | IOException refused) {
            return false;
        }
    }
}
