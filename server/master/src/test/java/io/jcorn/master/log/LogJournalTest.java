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

/** What is said of workers: no more than is known. */
class LogJournalTest {

    private static final LostRequests LOST_REQUESTS = new LostRequests(
            Flights.inMemory(1),
            generation -> new LostRequests.Destination(AccessLogOptions.NONE, Map.of()),
            Optional.empty(),
            Log.toStandardError(LogLevel.ERROR));

    private static final Circumstances HOSTED = new Circumstances(true, true, Optional.empty());

    private static final Circumstances OURS = new Circumstances(false, true, Optional.empty());

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
        LogJournal journal = journal(HOSTED);

        journal.gateClosed(Handles.draining(), 1);
        journal.gateClosed(Handles.draining(), 0);

        assertThat(lines())
                .containsExactly(
                        "[DEBUG] Worker (pid: 4711, slot=0 gen=1) accepts nothing any more; 1 connection is open",
                        "[DEBUG] Worker (pid: 4711, slot=0 gen=1) accepts nothing any more; 0 connections are open");
    }

    private LogJournal journal(Circumstances circumstances) {
        return new LogJournal(log, worker -> circumstances, LOST_REQUESTS);
    }

    private void assertEnding(Circumstances circumstances, WorkerHandle worker, Exit exit, String text)
            throws IOException {
        journal(circumstances).exited(worker, exit);
        List<String> lines = lines();
        assertThat(lines.get(lines.size() - 1))
                .isEqualTo("[ERROR] Worker (pid: 4711, slot=0 gen=1) exited with code "
                        + exit.status().exitCode() + ": " + text);
    }

    @Test
    void anApplicationThatEndsEarlyIsNotSaidToHaveSaidWhy() throws IOException {
        String copy = ". It runs from a copy: files that lie beside its archive are not there";
        assertEnding(
                HOSTED,
                Handles.spawned(),
                exit(Exit.Kind.BOOT_FAILURE, 0),
                "the application ended by itself before it was ready, without an error: its main method returned and left no"
                        + " thread behind, or it called System.exit" + copy);
        for (int code : new int[] {1, 2, 7}) {
            assertEnding(
                    HOSTED,
                    Handles.spawned(),
                    exit(Exit.Kind.BOOT_FAILURE, code),
                    "the application ended before it was ready; if it said why, that is in its own output" + copy);
        }
        assertEnding(HOSTED, Handles.ready(), exit(Exit.Kind.EXITED, 1), "the application ended the process");
    }

    @Test
    void aJvmThatDoesNotStartIsNotTheApplications() throws IOException {
        String text =
                "its JVM ended before it ran anything; what it had to say is in its output. It was started with the"
                        + " options of --java-opt, JAVA_TOOL_OPTIONS and JDK_JAVA_OPTIONS";
        for (boolean hosted : new boolean[] {true, false}) {
            Circumstances unborn = new Circumstances(hosted, false, Optional.empty());
            assertEnding(unborn, Handles.spawned(), exit(Exit.Kind.BOOT_FAILURE, 1), text);
        }
    }

    @Test
    void aDebuggerThatCannotHaveItsPortIsNamed() throws IOException {
        Circumstances debugged = new Circumstances(true, true, Optional.of("127.0.0.1:500{slot}"));
        assertEnding(
                debugged,
                Handles.spawned(),
                exit(Exit.Kind.BOOT_FAILURE, 2),
                "the JVM's debugger (JDWP) could not listen at 127.0.0.1:500{slot}, which only one process can do: with several"
                        + " workers, or during a reload, another one does. Let the kernel choose the port:"
                        + " --java-opt=-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:0");
        assertEnding(debugged, Handles.ready(), exit(Exit.Kind.EXITED, 2), "the application ended the process");
    }

    @Test
    void aFullHeapIsKnownByACodeThatAnApplicationMayHaveChosen() throws IOException {
        Exit full = exit(Exit.Kind.JVM_OUT_OF_MEMORY, 3);
        assertEnding(
                HOSTED, Handles.ready(), full, "out of Java memory, unless the application chose this code itself");
        assertEnding(
                HOSTED,
                Handles.spawned(),
                full,
                "out of Java memory, unless the application chose this code itself; it was never ready");
        assertEnding(OURS, Handles.ready(), full, "out of Java memory");
    }

    @Test
    void ourOwnEngineSaysWhyItself() throws IOException {
        assertEnding(OURS, Handles.spawned(), exit(Exit.Kind.BOOT_FAILURE, 1), "failed to boot; it was never ready");
    }

    @Test
    void aHostedWorkerThatIsSilentHasNoEventLoopOfOurs() throws IOException {
        String silent = "its event loop has been silent for 30000 ms (timeout)";
        journal(OURS).late(Handles.ready(), silent);
        journal(HOSTED).late(Handles.ready(), silent);
        assertThat(lines())
                .filteredOn(line -> line.contains("WORKER TIMEOUT"))
                .containsExactly(
                        "[CRITICAL] WORKER TIMEOUT (pid: 4711, slot=0 gen=1): " + silent + "; asking for its threads",
                        "[CRITICAL] WORKER TIMEOUT (pid: 4711, slot=0 gen=1): its JVM has been silent for 30000 ms (timeout);"
                                + " asking for its threads");
    }
}
