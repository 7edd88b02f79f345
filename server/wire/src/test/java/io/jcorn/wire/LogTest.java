package io.jcorn.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.zone.ZoneRulesException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-21T17:30:00.999Z"), ZoneId.of("+05:30"));
    private static final String HEAD = "[2026-11-21 23:00:00 +0530] [7312] ";

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final Log log = Log.to(written, LogLevel.DEBUG, 7312, CLOCK);

    private String text() {
        return written.toString(UTF_8);
    }

    @Test
    void aLineHasTheShapeOfGunicorns() {
        log.info("Starting jcorn 0.1.0");

        assertThat(text()).isEqualTo("[2026-11-21 23:00:00 +0530] [7312] [INFO] Starting jcorn 0.1.0\n");
    }

    @Test
    void everyLevelIsSaidByItsName() {
        log.debug("a");
        log.info("b");
        log.warning("c");
        log.error("d");
        log.critical("e");

        assertThat(text().lines())
                .containsExactly(
                        HEAD + "[DEBUG] a",
                        HEAD + "[INFO] b",
                        HEAD + "[WARNING] c",
                        HEAD + "[ERROR] d",
                        HEAD + "[CRITICAL] e");
    }

    @Test
    void whatIsBelowTheThresholdIsNotWritten() {
        for (LogLevel threshold : LogLevel.values()) {
            log.threshold(threshold);
            for (LogLevel level : LogLevel.values()) {
                written.reset();
                log.write(level, "text");
                assertThat(log.enabled(level)).isEqualTo(level.ordinal() >= threshold.ordinal());
                assertThat(!text().isEmpty()).isEqualTo(log.enabled(level));
            }
        }
    }

    @Test
    void everyLineOfATextHasItsHead() {
        log.error("one\ntwo\r\n\nfour\n");

        assertThat(text())
                .isEqualTo(HEAD + "[ERROR] one\n" + HEAD + "[ERROR] two\n" + HEAD + "[ERROR] \n" + HEAD
                        + "[ERROR] four\n");
    }

    @Test
    void noTextForgesALineOrDrivesATerminal() {
        log.info("GET /\r[2026-11-21 23:00:00 +0530] [1] [INFO] \u001b[2J\u0000\tok");

        assertThat(text().lines())
                .containsExactly(
                        HEAD + "[INFO] GET /",
                        HEAD + "[INFO] [2026-11-21 23:00:00 +0530] [1] [INFO] \\x1b[2J\\x00\tok");
    }

    @Test
    void noTextTurnsItsDirection() {
        log.info("served /\u202e/fdp.exe\u2028 to größe");

        assertThat(text()).isEqualTo(HEAD + "[INFO] served /\\u202e/fdp.exe\\u2028 to größe\n");
    }

    @Test
    void aCallIsOneWrite() {
        List<Integer> writes = new ArrayList<>();
        OutputStream counting = new OutputStream() {
            @Override
            public void write(int each) {
                writes.add(1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                writes.add(length);
            }
        };
        Log.to(counting, LogLevel.INFO, 1, CLOCK).info("many\nlines\n".repeat(10_000));

        assertThat(writes).hasSize(1);
    }

    @Test
    void aStreamThatFailsStopsNobody() {
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int each) throws IOException {
                throw new IOException("No space left on device");
            }
        };
        Log.to(broken, LogLevel.INFO, 1, CLOCK).critical("nobody hears this");
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                NoClassDefFoundError.class,
                OutOfMemoryError.class,
                StackOverflowError.class,
                AssertionError.class
            })
    void noErrorOfOursEndsWhoReports(Class<? extends Error> type) throws Exception {
        Error error = type.getConstructor().newInstance();
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int each) {
                throw error;
            }
        };
        Log.to(broken, LogLevel.INFO, 1, CLOCK).critical("nobody hears this");
    }

    /** Time zones are in a file, which cannot be opened when there is no descriptor left. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void withoutTimeZonesTheTimeIsUniversal(boolean error) {
        Clock broken = new Clock() {
            @Override
            public ZoneId getZone() {
                if (error) {
                    throw new NoClassDefFoundError("Could not initialize class sun.util.calendar.ZoneInfoFile");
                }
                throw new ZoneRulesException("no zones");
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return Instant.EPOCH;
            }
        };
        long before = Instant.now().getEpochSecond();
        Log.to(written, LogLevel.INFO, 7312, broken).error("Out of file descriptors");
        assertThat(text()).matches("\\[.{25}\\] \\[7312\\] \\[ERROR\\] Out of file descriptors\\n");
        DateTimeFormatter format = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss Z", Locale.ROOT);
        long stamp = OffsetDateTime.parse(text().substring(1, 26), format).toEpochSecond();
        assertThat(stamp).isBetween(before, Instant.now().getEpochSecond());
    }

    @Test
    void aFileIsAppendedTo(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("error.log"), "before\n");

        Log.toFile(file, LogLevel.INFO).info("after");

        assertThat(Files.readAllLines(file)).hasSize(2).first().isEqualTo("before");
        assertThat(Files.readAllLines(file).get(1))
                .matches("\\[\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d [+-]\\d{4}] \\["
                        + ProcessHandle.current().pid() + "] \\[INFO] after");
    }

    @Test
    void aFileThatCannotBeOpenedIsSaid(@TempDir Path folder) {
        assertThatThrownBy(() -> Log.toFile(folder.resolve("none/error.log"), LogLevel.INFO))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> Log.toFile(folder, LogLevel.INFO)).isInstanceOf(IOException.class);
    }

    @Test
    void afterARotationTheOldFileIsLeftAlone(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("error.log");
        Path rotated = folder.resolve("error.log.1");
        Log log = Log.toFile(file, LogLevel.INFO);
        log.info("one");
        Files.move(file, rotated);
        log.info("two");
        log.reopen();
        log.info("three");

        assertThat(Files.readAllLines(rotated)).hasSize(2);
        assertThat(Files.readAllLines(file)).singleElement().asString().endsWith("three");
    }

    @Test
    void aLogThatCannotBeReopenedGoesOnInTheOldFile(@TempDir Path folder) throws IOException {
        Path logs = Files.createDirectory(folder.resolve("logs"));
        Log log = Log.toFile(logs.resolve("error.log"), LogLevel.INFO);
        Files.move(logs, folder.resolve("moved"));

        assertThatThrownBy(log::reopen).isInstanceOf(IOException.class);
        log.info("still here");

        assertThat(folder.resolve("moved/error.log")).content().endsWith("still here\n");
    }

    @Test
    void standardErrorIsReopenedByDoingNothing() throws IOException {
        log.reopen();
        Log.toStandardError(LogLevel.CRITICAL).reopen();

        log.info("still here");
        assertThat(text()).endsWith("still here\n");
    }

    @Test
    void anInterruptedThreadDoesNotCloseTheFileForAllOthers(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("error.log");
        Log log = Log.toFile(file, LogLevel.INFO);
        Thread.currentThread().interrupt();
        try {
            log.info("one");
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        log.info("two");

        assertThat(Files.readAllLines(file)).hasSize(2);
    }

    @Test
    void severalWritersOfOneFileAppendWholeLines(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("error.log");
        int writers = 4;
        int lines = 500;
        List<Thread> threads = new ArrayList<>();
        for (int writer = 0; writer < writers; writer++) {
            // Each with a descriptor of its own, as processes have.
            Log log = Log.toFile(file, LogLevel.INFO);
            String text = ("writer " + writer + " ").repeat(40);
            threads.add(new Thread(() -> {
                for (int i = 0; i < lines; i++) {
                    log.info(text + i);
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }

        Map<String, Integer> next = new HashMap<>();
        for (String line : Files.readAllLines(file)) {
            assertThat(line).matches("\\[[^]]+] \\[\\d+] \\[INFO] (writer \\d )\\1{39}\\d+");
            String writer = line.replaceFirst(".*\\[INFO] (writer \\d).*", "$1");
            int number = Integer.parseInt(line.substring(line.lastIndexOf(' ') + 1));
            assertThat(number).isEqualTo(next.getOrDefault(writer, 0));
            next.put(writer, number + 1);
        }
        assertThat(next.values()).hasSize(writers).containsOnly(lines);
    }

    /** To open it for writing waits for a reader. */
    @Test
    @Timeout(60)
    void aNamedPipeThatNobodyReadsKeepsNobodyWaiting(@TempDir Path folder) throws Exception {
        Path fifo = folder.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();

        Log pipe = Log.toFile(fifo, LogLevel.INFO);
        pipe.info("nobody reads this");
        try (RandomAccessFile reader = new RandomAccessFile(fifo.toFile(), "rw")) {
            pipe.info("somebody reads this");

            assertThat(reader.readLine()).endsWith("[INFO] somebody reads this");
        }
        pipe.reopen();
    }
}
