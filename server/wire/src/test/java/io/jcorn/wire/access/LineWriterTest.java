package io.jcorn.wire.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.wire.Log;
import io.jcorn.wire.LogLevel;
import io.jcorn.wire.Scoreboard;
import io.jcorn.wire.Scoreboard.Cell;
import io.jcorn.wire.access.AccessFormatter.Identity;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineWriterTest {

    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);

    private final Path folder;
    private final Scoreboard.Row row =
            Scoreboard.over(ByteBuffer.allocateDirect(Scoreboard.BYTES)).row(0);
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
    private final AccessFormatter formatter =
            new AccessFormatter(AccessFormat.parse("x".repeat(99)), new Identity(1, 0, 1, Map.of()), ZoneId.of("UTC"));
    private final Request request = new Request();
    private final AtomicLong written = new AtomicLong();

    LineWriterTest(@TempDir Path folder) {
        this.folder = folder;
    }

    private LineWriter writer(Path file) throws IOException {
        LineWriter writer = new LineWriter(
                LineFile.open(Optional.of(file)),
                written::set,
                row,
                Log.to(errors, LogLevel.DEBUG, 1, Clock.systemUTC()));
        writer.start();
        return writer;
    }

    private static void until(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(1_000_000);
        }
    }

    private String errors() {
        return errors.toString(StandardCharsets.UTF_8);
    }

    private static int size(Path file) {
        try {
            return (int) Files.size(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aLineIsWrittenSoon() throws IOException {
        Path file = folder.resolve("log");
        LineWriter writer = writer(file);
        for (int line = 1; line <= 5; line++) {
            assertThat(writer.append(formatter, request)).isEqualTo(line);
            int written = line;
            until(() -> size(file) == 100 * written);
        }
        writer.close(PATIENCE);
    }

    @Test
    void everyLineIsWrittenAtTheEnd() throws IOException {
        Path file = folder.resolve("log");
        LineWriter writer = writer(file);
        for (int line = 0; line < 5000; line++) {
            writer.append(formatter, request);
        }
        writer.close(PATIENCE);
        assertThat(Files.readAllLines(file)).hasSize(5000);
        assertThat(written).hasValue(5000);
        assertThat(writer.append(formatter, request)).as("afterwards").isZero();
    }

    @Test
    void aRotationLosesNothing() throws IOException {
        Path file = folder.resolve("log");
        LineWriter writer = writer(file);
        for (int rotation = 0; rotation < 20; rotation++) {
            for (int line = 0; line < 100; line++) {
                writer.append(formatter, request);
            }
            Path moved = folder.resolve("log." + rotation);
            Files.move(file, moved);
            writer.append(formatter, request);
            writer.reopen();
            until(() -> Files.exists(file));
        }
        writer.close(PATIENCE);
        int lines = Files.readAllLines(file).size();
        for (int rotation = 0; rotation < 20; rotation++) {
            lines += Files.readAllLines(folder.resolve("log." + rotation)).size();
        }
        assertThat(lines).isEqualTo(20 * 101);
        assertThat(errors()).isEmpty();
    }

    @Test
    void aFullDiskIsCountedToldOnceAndRecoveredFrom() throws IOException {
        Path file = folder.resolve("log");
        Files.createSymbolicLink(file, Path.of("/dev/full"));
        LineWriter writer = writer(file);
        for (int line = 1; line <= 7; line++) {
            writer.append(formatter, request);
            int lost = line;
            until(() -> row.get(Cell.ACCESS_LINES_LOST) == lost);
        }
        assertThat(errors()).containsOnlyOnce("cannot be written: No space left on device");
        Files.delete(file);
        writer.reopen();
        until(() -> Files.exists(file));
        writer.append(formatter, request);
        writer.close(PATIENCE);
        assertThat(Files.readAllLines(file)).hasSize(1);
        assertThat(errors()).containsOnlyOnce("is written again; 7 lines were lost");
    }

    @Test
    void aReaderThatDoesNotReadCostsLinesNotTime() throws Exception {
        Path fifo = folder.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        LineWriter writer = writer(fifo);
        long lines = 0;
        while (writer.append(formatter, request) != 0) {
            assertThat(++lines).as("a bound").isLessThan(100_000);
        }
        assertThat(lines * 100).isGreaterThan(LineWriter.MOST);
        long before = System.nanoTime();
        writer.close(TimeUnit.MILLISECONDS.toNanos(50));
        assertThat(System.nanoTime() - before).isLessThan(PATIENCE);
        assertThat(errors()).contains("does not take its last lines");
    }
}
