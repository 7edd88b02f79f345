package io.jcorn.wire.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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

    /** A disk that is soon full; two processes write to one file on it. */
    private static final class Disk implements WritableByteChannel {
        private final Path file;
        private int room;

        Disk(Path file, int room) {
            this.file = file;
            this.room = room;
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            if (room == 0) {
                throw new IOException("No space left on device");
            }
            byte[] taken = new byte[Math.min(room, source.remaining())];
            source.get(taken);
            room -= taken.length;
            Files.write(file, taken, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            return taken.length;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    @Test
    void whoeverComesFirstEndsALineThatAFullDiskHasTorn() throws IOException {
        Path log = folder.resolve("log");
        Disk disk = new Disk(log, 7);
        try (LineFile one = new LineFile(Optional.of(log), disk, true);
                LineFile other = new LineFile(Optional.of(log), disk, true)) {
            assertThat(one.write(bytes("one\ntwo, which is longer\n"), 0, 25)).isEqualTo(7);
            assertThat(one.failure()).hasMessageContaining("No space left");
            assertThat(other.write(bytes("lost\n"), 0, 5)).isZero();
            disk.room = 100;
            assertThat(other.write(bytes("three\n"), 0, 6)).isEqualTo(6);
            assertThat(one.write(bytes("four\n"), 0, 5)).isEqualTo(5);
            assertThat(one.failure()).isNull();
        }
        assertThat(log).hasContent("one\ntwo\nthree\nfour");
    }

    @Test
    void aTornLineInAMovedFileIsEndedToo() throws IOException {
        Path log = folder.resolve("log");
        Disk disk = new Disk(log, 2);
        try (LineFile file = new LineFile(Optional.of(folder.resolve("elsewhere")), disk, true)) {
            assertThat(file.write(bytes("torn\n"), 0, 5)).isEqualTo(2);
            disk.room = 100;
            assertThat(file.write(bytes("x\n"), 0, 2)).isEqualTo(2);
        }
        assertThat(log).hasContent("to\nx");
    }

    @Test
    void aPipeGetsAsMuchAsItKeepsTogether() throws IOException {
        List<Integer> sizes = new ArrayList<>();
        WritableByteChannel pipe = new WritableByteChannel() {
            @Override
            public int write(ByteBuffer source) {
                int size = source.remaining();
                sizes.add(size);
                source.position(source.limit());
                return size;
            }

            @Override
            public boolean isOpen() {
                return true;
            }

            @Override
            public void close() {}
        };
        byte[] lines = bytes(("x".repeat(999) + "\n").repeat(9) + "y".repeat(5000) + "\n");
        try (LineFile file = new LineFile(Optional.of(folder.resolve("fifo")), pipe, false)) {
            assertThat(file.write(lines, 0, lines.length)).isEqualTo(lines.length);
        }
        assertThat(sizes).containsExactly(4000, 4000, 1000, 4096, 905);
    }

    @Test
    void whatCannotBeOpenedIsSaid() {
        assertThatThrownBy(() -> LineFile.open(Optional.of(folder))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> LineFile.open(Optional.of(folder.resolve("no/log"))))
                .isInstanceOf(IOException.class);
    }
}
