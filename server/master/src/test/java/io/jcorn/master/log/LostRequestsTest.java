package io.jcorn.master.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.master.arbiter.Exit;
import io.jcorn.master.arbiter.Handles;
import io.jcorn.master.arbiter.WorkerHandle;
import io.jcorn.master.posix.Signal;
import io.jcorn.master.posix.WaitStatus;
import io.jcorn.wire.AccessLogOptions;
import io.jcorn.wire.AccessLogOptions.Output;
import io.jcorn.wire.Log;
import io.jcorn.wire.LogLevel;
import io.jcorn.wire.access.AccessFormat;
import io.jcorn.wire.access.AccessSource;
import io.jcorn.wire.access.FlightRecorder;
import io.jcorn.wire.access.Flights;
import io.jcorn.wire.access.Slice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LostRequestsTest {

    private final Path accessLog;
    private final Path errorLog;
    private final Log log;
    private final WorkerHandle worker = Handles.ready();
    private final Flights flights = Flights.inMemory(worker.row() + 1);
    private final FlightRecorder recorder = flights.recorder(worker.row());

    LostRequestsTest(@TempDir Path folder) throws IOException {
        accessLog = folder.resolve("access.log");
        errorLog = folder.resolve("error.log");
        log = Log.toFile(errorLog, LogLevel.DEBUG);
    }

    /** A request that nobody has answered yet. */
    private static AccessSource request(String target) {
        return new AccessSource() {
            @Override
            public void client(Slice into) {
                into.set("10.0.0.7");
            }

            @Override
            public void method(Slice into) {
                into.set("GET");
            }

            @Override
            public void target(Slice into) {
                into.set(target);
            }

            @Override
            public void version(Slice into) {
                into.set("HTTP/1.1");
            }

            @Override
            public void user(Slice into) {}

            @Override
            public void requestField(String lowerCaseName, Slice into) {}

            @Override
            public void responseField(String lowerCaseName, Slice into) {}

            @Override
            public int status() {
                return 200;
            }

            @Override
            public long bodyBytes() {
                return 5;
            }

            @Override
            public long durationNanos() {
                return 0;
            }

            @Override
            public long endMillis() {
                return 0;
            }

            @Override
            public @Nullable String end() {
                return null;
            }
        };
    }

    private LostRequests lostRequests(Output output, String format) {
        AccessLogOptions options = new AccessLogOptions(output, Optional.of(accessLog), format);
        return new LostRequests(
                flights,
                generation -> new LostRequests.Destination(options, Map.of("COLOR", "blue")),
                Optional.empty(),
                log);
    }

    private List<String> linesAfter(String format, Exit exit) throws IOException {
        try (LostRequests lost = lostRequests(Output.FILE, format)) {
            lost.ended(worker, exit);
        }
        return Files.exists(accessLog) ? Files.readAllLines(accessLog) : List.of();
    }

    private static Exit signalled(Exit.Kind kind, Signal signal) {
        return new Exit(kind, WaitStatus.ofSignal(signal));
    }

    @Test
    void requestsOfAKilledWorkerGetTheirLineFromTheMaster() throws IOException {
        recorder.begin(request("/one"), System.nanoTime() - 1_500_000_000L);
        recorder.begin(request("/\"two"), System.nanoTime());
        recorder.end(recorder.begin(request("/done"), System.nanoTime()));

        assertThat(linesAfter(
                        "%(h)s \"%(r)s\" %(s)s %(b)s %(T)s %(p)s %({slot}j)s %({color}e)s",
                        signalled(Exit.Kind.SIGNALLED, Signal.KILL)))
                .containsExactly(
                        "10.0.0.7 \"GET /one HTTP/1.1\" 000 - 1 <" + worker.pid() + "> 0 blue \"killed by SIGKILL\"",
                        "10.0.0.7 \"GET /\\x22two HTTP/1.1\" 000 - 0 <" + worker.pid()
                                + "> 0 blue \"killed by SIGKILL\"");
    }

    @Test
    void aLineThatTheWorkerCouldNotWriteAnyMoreIsWrittenAsItWasMeant() throws IOException {
        int first = recorder.begin(request("/written"), 1);
        int second = recorder.begin(request("/unwritten"), 2);
        recorder.end(first, request(""), 3, 1);
        recorder.end(second, request(""), 5_002, 2);
        recorder.written(1);

        assertThat(linesAfter("%(U)s %(s)s %(b)s %(D)s", signalled(Exit.Kind.SIGNALLED, Signal.KILL)))
                .containsExactly("/unwritten 200 5 5");
    }

    @Test
    void theReasonIsPartOfTheObject() throws IOException {
        recorder.begin(request("/x"), System.nanoTime());
        assertThat(linesAfter(AccessFormat.JSON, signalled(Exit.Kind.CRASHED, Signal.SEGV)))
                .singleElement()
                .asString()
                .contains("\"status\":0,\"bytes\":null")
                .endsWith("\"end\":\"crashed with SIGSEGV\"}");
    }

    @Test
    void eachWayToEndHasItsWords() {
        assertThat(LostRequests.why(worker, signalled(Exit.Kind.KERNEL_OUT_OF_MEMORY, Signal.KILL)))
                .isEqualTo("killed by the kernel: out of memory");
        assertThat(LostRequests.why(worker, signalled(Exit.Kind.KILLED_BY_MASTER, Signal.KILL)))
                .startsWith("killed by the master: ");
        assertThat(LostRequests.why(worker, new Exit(Exit.Kind.EXITED, WaitStatus.ofExit(7))))
                .isEqualTo("the application ended the process with code 7");
        assertThat(LostRequests.why(worker, new Exit(Exit.Kind.SIGNALLED, WaitStatus.ofExit(143))))
                .isEqualTo("killed from outside");
    }

    @Test
    void withoutAnAccessLogNothingIsWritten() throws IOException {
        recorder.begin(request("/x"), System.nanoTime());
        try (LostRequests lost = lostRequests(Output.NONE, AccessFormat.JSON)) {
            lost.ended(worker, signalled(Exit.Kind.SIGNALLED, Signal.KILL));
        }
        assertThat(accessLog).doesNotExist();
    }

    @Test
    void aLogThatCannotBeWrittenIsToldInTheOtherOne() throws IOException {
        recorder.begin(request("/x"), System.nanoTime());
        Files.createDirectory(accessLog);
        try (LostRequests lost = lostRequests(Output.FILE, AccessFormat.JSON)) {
            lost.ended(worker, signalled(Exit.Kind.SIGNALLED, Signal.KILL));
        }
        assertThat(errorLog).content().contains("The access log lacks 1 line of a worker that is gone: ");
    }

    @Test
    void whatALateWorkerIsDoingIsNamed() throws IOException {
        recorder.begin(request("/slow\r\n"), System.nanoTime() - 31_200_000_000L);
        try (LostRequests lost = lostRequests(Output.NONE, AccessFormat.JSON)) {
            lost.late(worker);
        }
        assertThat(Files.readAllLines(errorLog)).hasSize(2);
        assertThat(errorLog)
                .content()
                .contains("[ERROR] Requests in flight of worker (pid: ")
                .contains("  GET /slow\\x0D\\x0A of 10.0.0.7 for 31.2 s");
    }

    @Test
    void aLateWorkerWithoutRequestsHasNone() throws IOException {
        try (LostRequests lost = lostRequests(Output.NONE, AccessFormat.JSON)) {
            lost.late(worker);
        }
        assertThat(errorLog).isEmptyFile();
    }
}
