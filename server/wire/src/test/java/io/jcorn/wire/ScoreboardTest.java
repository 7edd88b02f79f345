package io.jcorn.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jcorn.wire.Scoreboard.Cell;
import io.jcorn.wire.Scoreboard.WorkerPhase;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScoreboardTest {

    private final Scoreboard scoreboard = Scoreboard.over(ByteBuffer.allocateDirect(Scoreboard.BYTES));

    @Test
    void everyCellAndBucketOfEveryRowHasAPlaceOfItsOwn() {
        long value = 1;
        for (int row = 0; row < Scoreboard.ROWS; row++) {
            for (Cell cell : Cell.values()) {
                scoreboard.row(row).set(cell, value++);
            }
        }
        // The sum of latencies moves too; it is set afterwards.
        for (int row = 0; row < Scoreboard.ROWS; row++) {
            for (int bucket = 0; bucket < Scoreboard.BUCKETS; bucket++) {
                for (int times = 0; times <= bucket % 3; times++) {
                    scoreboard.row(row).recordLatency(1000L << bucket >> 1);
                }
            }
        }
        value = 1;
        for (int row = 0; row < Scoreboard.ROWS; row++) {
            for (Cell cell : Cell.values()) {
                if (cell != Cell.LATENCY_SUM) {
                    assertThat(scoreboard.row(row).get(cell)).isEqualTo(value);
                }
                value++;
            }
            for (int bucket = 0; bucket < Scoreboard.BUCKETS; bucket++) {
                assertThat(scoreboard.row(row).latencyBucket(bucket)).isEqualTo(1 + bucket % 3);
            }
        }
    }

    @Test
    void whatIsClearedIsFreeAndItsNeighboursAreNot() {
        for (int row = 0; row < 3; row++) {
            scoreboard.row(row).phase(WorkerPhase.SERVING);
            scoreboard.row(row).recordLatency(5_000);
        }

        scoreboard.row(1).clear();

        for (Cell cell : Cell.values()) {
            assertThat(scoreboard.row(1).get(cell)).isZero();
        }
        assertThat(scoreboard.row(1).phase()).isEqualTo(WorkerPhase.FREE);
        assertThat(scoreboard.row(1).latencyBucket(3)).isZero();
        for (int neighbour : new int[] {0, 2}) {
            assertThat(scoreboard.row(neighbour).phase()).isEqualTo(WorkerPhase.SERVING);
            assertThat(scoreboard.row(neighbour).latencyBucket(3)).isEqualTo(1);
            assertThat(scoreboard.row(neighbour).get(Cell.LATENCY_SUM)).isEqualTo(5);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "-1, 0, 0",
        "0, 0, 0",
        "999, 0, 0",
        "1000, 1, 1",
        "1999, 1, 1",
        "2000, 2, 2",
        "3999, 2, 3",
        "4000, 3, 4",
        "1000000, 10, 1000",
        "1073741823999, 30, 1073741823",
        "1073741824000, 31, 1073741824",
        "9223372036854775807, 31, 9223372036854775"
    })
    void aLatencyFallsIntoTheBucketOfItsPowerOfTwo(long nanos, int bucket, long sum) {
        Scoreboard.Row row = scoreboard.row(5);

        row.recordLatency(nanos);

        for (int each = 0; each < Scoreboard.BUCKETS; each++) {
            assertThat(row.latencyBucket(each)).as("bucket %d", each).isEqualTo(each == bucket ? 1 : 0);
        }
        assertThat(row.get(Cell.LATENCY_SUM)).isEqualTo(sum);
    }

    @Test
    void phasesAreReadAsWrittenAndRubbishAsFree() {
        Scoreboard.Row row = scoreboard.row(0);
        for (WorkerPhase phase : WorkerPhase.values()) {
            row.phase(phase);
            assertThat(row.phase()).isEqualTo(phase);
        }
        for (long rubbish : new long[] {-1, WorkerPhase.values().length, Long.MAX_VALUE, 1L << 32}) {
            row.set(Cell.PHASE, rubbish);
            assertThat(row.phase()).isEqualTo(WorkerPhase.FREE);
        }
    }

    @Test
    void sharedAdditionsLoseNothing() throws InterruptedException {
        Scoreboard.Row row = scoreboard.row(1);
        Thread[] threads = new Thread[4];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = new Thread(() -> {
                for (int times = 0; times < 10_000; times++) {
                    row.addShared(Cell.APPLICATION_ERRORS, 1);
                }
            });
            threads[i].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        row.add(Cell.APPLICATION_ERRORS, -1);

        assertThat(row.get(Cell.APPLICATION_ERRORS)).isEqualTo(39_999);
    }

    @Test
    void twoMappingsOfOneDescriptorAreOneMemory(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("memory");
        Files.write(file, new byte[Scoreboard.BYTES]);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            assertThat(channel.isOpen()).isTrue();
            int descriptor = descriptorOf(file);
            Scoreboard master = Scoreboard.map(descriptor);
            Scoreboard worker = Scoreboard.map(descriptor);

            worker.row(1023).set(Cell.BEAT, 42);

            assertThat(master.row(1023).get(Cell.BEAT)).isEqualTo(42);
        }
        assertThat(Files.size(file)).isEqualTo(Scoreboard.BYTES);
    }

    @Test
    void whatIsNoMemoryIsRefused() {
        assertThatThrownBy(() -> Scoreboard.map(987_654)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> Scoreboard.over(ByteBuffer.allocate(Scoreboard.BYTES)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Scoreboard.over(ByteBuffer.allocateDirect(Scoreboard.BYTES - 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1048576 bytes");
        assertThatThrownBy(() -> scoreboard.row(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> scoreboard.row(Scoreboard.ROWS)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> scoreboard.row(0).latencyBucket(Scoreboard.BUCKETS))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    private static int descriptorOf(Path file) throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors.toList()) {
                if (Files.isSymbolicLink(descriptor)
                        && Files.readSymbolicLink(descriptor).equals(file.toRealPath())) {
                    return Integer.parseInt(descriptor.getFileName().toString());
                }
            }
        }
        throw new AssertionError(file + " is not open");
    }
}
