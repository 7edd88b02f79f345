package io.jcorn.master.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.master.arbiter.Exit;
import io.jcorn.master.arbiter.Handles;
import io.jcorn.master.arbiter.WorkerHandle;
import io.jcorn.master.posix.WaitStatus;
import io.jcorn.wire.AccessLogOptions;
import io.jcorn.wire.Log;
import io.jcorn.wire.LogLevel;
import io.jcorn.wire.access.Flights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lines about workers whose server is not ours. */
class LogJournalTest {

    private static final LostRequests LOST_REQUESTS = new LostRequests(
            Flights.inMemory(1),
            generation -> new LostRequests.Destination(AccessLogOptions.NONE, Map.of()),
            Optional.empty(),
            Log.toStandardError(LogLevel.ERROR));

    private final Path file;
    private final Log log;

    LogJournalTest(@TempDir Path folder) throws IOException {
        file = folder.resolve("log");
        log = Log.toFile(file, LogLevel.DEBUG);
    }

    private List<String> lines() throws IOException {
        return Files.readAllLines(file).stream()
                .map(line -> line.replaceFirst("^(?:\\[[^\\]]*\\] ){2}", ""))
                .toList();
    }

    private static Exit exit(Exit.Kind kind, int code) {
        return new Exit(kind, WaitStatus.ofExit(code));
    }

    @Test
    void aClosedGateIsForThoseWhoLookClosely() throws IOException {
        LogJournal journal = new LogJournal(log, generation -> true, LOST_REQUESTS);

        journal.gateClosed(Handles.draining(), 1);
        journal.gateClosed(Handles.draining(), 0);

        assertThat(lines())
                .containsExactly(
                        "[DEBUG] Worker (pid: 4711, slot=0 gen=1) accepts nothing any more; 1 connection is open",
                        "[DEBUG] Worker (pid: 4711, slot=0 gen=1) accepts nothing any more; 0 connections are open");
    }

    @Test
    void anApplicationThatEndsBeforeItListensHasSaidWhyItself() throws IOException {
        LogJournal journal = new LogJournal(log, generation -> generation == 1, LOST_REQUESTS);
        WorkerHandle worker = Handles.spawned();

        journal.exited(worker, exit(Exit.Kind.BOOT_FAILURE, 0));
        journal.exited(worker, exit(Exit.Kind.BOOT_FAILURE, 1));
        journal.exited(worker, exit(Exit.Kind.BOOT_FAILURE, 7));
        journal.exited(Handles.ready(), exit(Exit.Kind.EXITED, 1));

        String ended = ": the application ended before it listened; its own output says why";
        assertThat(lines())
                .containsExactly(
                        "[ERROR] Worker (pid: 4711, slot=0 gen=1) exited with code 0" + ended,
                        "[ERROR] Worker (pid: 4711, slot=0 gen=1) exited with code 1" + ended,
                        "[ERROR] Worker (pid: 4711, slot=0 gen=1) exited with code 7: failed to boot; it was never ready",
                        "[ERROR] Worker (pid: 4711, slot=0 gen=1) exited with code 1: the application ended the process");
    }

    @Test
    void ourOwnEngineSaysWhyItself() throws IOException {
        new LogJournal(log, generation -> false, LOST_REQUESTS)
                .exited(Handles.spawned(), exit(Exit.Kind.BOOT_FAILURE, 1));

        assertThat(lines())
                .containsExactly(
                        "[ERROR] Worker (pid: 4711, slot=0 gen=1) exited with code 1: failed to boot; it was never ready");
    }
}
