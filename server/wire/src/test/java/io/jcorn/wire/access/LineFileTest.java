package io.jcorn.wire.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineFileTest {

    @TempDir
    Path folder;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void severalWritersMixLinesNotBytes() throws Exception {
        Path log = folder.resolve("log");
        List<Thread> writers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            byte[] batch = bytes((Character.toString((char) ('a' + i)).repeat(1000 + i) + "\n").repeat(40));
            writers.add(new Thread(() -> {
                try (LineFile file = LineFile.open(Optional.of(log))) {
                    for (int round = 0; round < 50; round++) {
                        assertThat(file.write(batch, 0, batch.length)).isEqualTo(batch.length);
                    }
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }));
        }
        writers.forEach(Thread::start);
        for (Thread writer : writers) {
            writer.join();
        }
        List<String> lines = Files.readAllLines(log);
        assertThat(lines).hasSize(4 * 50 * 40).allMatch(line -> line.matches("a{1000}|b{1001}|c{1002}|d{1003}"));
    }

    @Test
    void reopeningFollowsTheName() throws IOException {
        Path log = folder.resolve("log");
        try (LineFile file = LineFile.open(Optional.of(log))) {
            file.write(bytes("one\n"), 0, 4);
            Files.move(log, folder.resolve("log.1"));
            file.write(bytes("two\n"), 0, 4);
            file.reopen();
            file.write(bytes("three\n"), 0, 6);
        }
        assertThat(folder.resolve("log.1")).hasContent("one\ntwo");
        assertThat(log).hasContent("three");
    }

    @Test
    void aReopenThatFailsGoesOnWithTheOldFile() throws IOException {
        Path sub = Files.createDirectory(folder.resolve("sub"));
        Path log = sub.resolve("log");
        try (LineFile file = LineFile.open(Optional.of(log))) {
            Files.move(sub, folder.resolve("moved"));
            assertThatThrownBy(file::reopen).isInstanceOf(IOException.class);
            assertThat(file.write(bytes("x\n"), 0, 2)).isEqualTo(2);
        }
        assertThat(folder.resolve("moved/log")).hasContent("x");
    }

    @Test
    void aFullDiskIsAFailureNotAnException() throws IOException {
        try (LineFile file = LineFile.open(Optional.of(Path.of("/dev/full")))) {
            assertThat(file.write(bytes("x\n"), 0, 2)).isZero();
            assertThat(file.failure()).hasMessageContaining("No space left");
        }
    }

    @Test
    void whatCannotBeOpenedIsSaid() {
        assertThatThrownBy(() -> LineFile.open(Optional.of(folder))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> LineFile.open(Optional.of(folder.resolve("no/log"))))
                .isInstanceOf(IOException.class);
    }
}
