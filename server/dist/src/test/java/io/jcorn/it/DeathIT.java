package io.jcorn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jcorn.it.LoadClient.Question;
import io.jcorn.it.LoadClient.Style;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Workers that end, each in its way: the log says why, the slot is filled again, the others never notice. */
class DeathIT {

    private static final String KILLED = "was sent SIGKILL: killed from outside";

    @RegisterExtension
    final Workplace place = new Workplace();

    @Test
    void oneThatIsKilledIsReplacedInItsSlot() throws IOException {
        try (RunningJcorn jcorn = place.jcorn("--workers", "2", Workplace.hello())
                .tolerate(KILLED)
                .start()) {
            long victim = jcorn.anyWorker();
            int slot = jcorn.workers().getOrDefault(victim, -1);
            jcorn.mark();
            Proc.signal(victim, "KILL");

            jcorn.awaitEvent("Worker \\(pid: " + victim + ", slot=" + slot + " gen=1\\) " + KILLED);
            jcorn.awaitEvent("Booting worker with pid: [0-9]+ \\(slot=" + slot + " gen=1\\)");
            jcorn.awaitEvent("Worker ready \\(pid: [0-9]+, slot=" + slot + " gen=1\\)");

            assertThat(Proc.stat(victim)).as("no zombie").isEmpty();
            assertThat(jcorn.workers().values()).containsExactlyInAnyOrder(0, 1);
        }
    }

    @Test
    void allAtOnceAreAllReplaced() throws IOException {
        try (RunningJcorn jcorn = place.jcorn("--workers", "4", Workplace.hello())
                .tolerate(KILLED)
                .start()) {
            List<Long> victims = List.copyOf(jcorn.workers().keySet());
            jcorn.mark();
            victims.forEach(victim -> Proc.signal(victim, "KILL"));

            jcorn.awaitEvents(KILLED, 4);
            jcorn.awaitEvents("Worker ready", 4);

            assertThat(victims).as("no zombie").allMatch(pid -> Proc.stat(pid).isEmpty());
            assertThat(jcorn.workers().values()).containsExactlyInAnyOrder(0, 1, 2, 3);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void oneThatIsKilledTakesOnlyItsOwnRequestsWithIt(int java) throws IOException {
        int users = 24;
        try (RunningJcorn jcorn = place.jcorn("--workers", "3", Workplace.hello())
                        .workersOn(java)
                        .tolerate(KILLED)
                        .start();
                LoadClient load =
                        LoadClient.start(jcorn.port(), Style.KEEP_ALIVE, users, Question.PID, Question.stream(3, 5));
                LoadClient visitors = LoadClient.start(jcorn.port(), Style.CONNECTION_PER_REQUEST, 4, Question.PID)) {
            List<Long> victims = new ArrayList<>();
            for (int round = 0; round < 3; round++) {
                load.awaitAnswers(200);
                victims.add(jcorn.anyWorker());
                jcorn.mark();
                Proc.signal(victims.get(round), "KILL");
                jcorn.awaitEvent("Worker ready");
            }
            visitors.awaitAnswersOf(jcorn.workers().keySet());

            load.stop().assertLostOnlyWith(victims, 3L * users);
            visitors.stop().assertLostOnlyWith(victims, 3L * 4);
        }
    }

    /** RFC 9112 §8: a response without length or chunks is whole when its connection is closed well. */
    @Test
    void aResponseThatEndsWithItsConnectionIsNotWholeWhenItsWorkerIsKilled() throws IOException {
        try (RunningJcorn jcorn = place.jcorn("--workers", "1", Workplace.hello())
                        .tolerate(KILLED)
                        .start();
                HttpConnection connection = HttpConnection.open(jcorn.port())) {
            connection.send("GET /stream?n=100000&ms=10 HTTP/1.0\r\n\r\n");
            connection.receiveHead();
            jcorn.mark();
            Proc.signal(jcorn.anyWorker(), "KILL");

            assertThatThrownBy(connection::rest)
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
            jcorn.awaitEvent("Worker ready");
        }
    }

    @Test
    void theExitCodeOfTheApplicationIsTold() throws IOException {
        String line = "exited with code 7: the application ended the process";
        try (RunningJcorn jcorn = place.jcorn("--workers", "2", Workplace.misbehaving("Exits"))
                .tolerate(line)
                .start()) {
            misbehave(jcorn, "");
            jcorn.awaitEvent(line);
            jcorn.awaitEvent("Worker ready");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SEGV", "ABRT"})
    void aCrashIsToldFromAKill(String signal) throws IOException {
        // A JVM that gets SEGV writes its report and aborts itself.
        String line = "was sent SIGABRT.*: crashed";
        try (RunningJcorn jcorn = place.jcorn("--workers", "2", Workplace.misbehaving("CrashesJvm"))
                .through("sh", "-c", "ulimit -c 0; exec \"$@\"", "sh")
                .tolerate(line)
                .start()) {
            misbehave(jcorn, signal);
            jcorn.awaitEvent(line);
            jcorn.awaitEvent("Worker ready");
            removeCrashReports(jcorn.work());
        }
    }

    @Test
    void aFullHeapIsToldFromACrash() throws IOException {
        String line = "exited with code 3: out of Java memory";
        try (RunningJcorn jcorn = place.jcorn(
                        "--workers", "2", "--java-opt", "-Xmx32m", Workplace.misbehaving("LeaksMemory"))
                .tolerate(line, "Terminating due to java.lang.OutOfMemoryError")
                .start()) {
            misbehave(jcorn, "");
            jcorn.awaitEvent(line);
            jcorn.awaitEvent("Worker ready");
        }
    }

    /** Asks a worker for what is its last request. */
    private static void misbehave(RunningJcorn jcorn, String query) throws IOException {
        int port = jcorn.port();
        jcorn.mark();
        try (HttpConnection connection = HttpConnection.open(port)) {
            connection.send("GET /misbehave?" + query + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
            jcorn.awaitEvent("Worker \\(pid: [0-9]+, slot=[0-9]+ gen=1\\)");
        }
    }

    private static void removeCrashReports(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                if (file.getFileName().toString().startsWith("hs_err_pid")) {
                    Files.delete(file);
                }
            }
        }
    }
}
