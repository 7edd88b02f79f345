package io.jcorn.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jcorn.wire.access.LineFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class HeldPipesTest {

    @TempDir
    Path folder = Path.of("set by JUnit");

    private final HeldPipes pipes = new HeldPipes();

    /** A writer that comes and goes, as workers do, is no end to the reader. */
    @Test
    void aReaderOutlivesTheWriters() throws Exception {
        Path fifo = folder.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        CompletableFuture<BufferedReader> reader = CompletableFuture.supplyAsync(() -> reader(fifo));
        pipes.open(fifo);
        pipes.open(fifo);
        try (BufferedReader lines = reader.get()) {
            for (String line : new String[] {"one", "two"}) {
                try (LineFile writer = LineFile.open(Optional.of(fifo))) {
                    byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
                    writer.write(bytes, 0, bytes.length);
                }
                assertThat(lines.readLine()).isEqualTo(line);
            }
        }
    }

    private static BufferedReader reader(Path fifo) {
        try {
            return Files.newBufferedReader(fifo);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aRegularFileIsMadeAndNotHeld() throws IOException {
        Path file = folder.resolve("log");
        pipes.open(file);

        assertThat(file).isEmptyFile();
        assertThatThrownBy(() -> pipes.open(folder)).isInstanceOf(IOException.class);
        pipes.open(Path.of("/dev/null"));
    }
}
