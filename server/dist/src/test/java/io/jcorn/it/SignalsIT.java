package io.jcorn.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.it.LoadClient.Question;
import io.jcorn.it.LoadClient.Style;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every other signal, to the master and to a worker, and the terminal that goes away. */
class SignalsIT {

    @RegisterExtension
    final Workplace place = new Workplace();

    @Test
    void ttinAndTtouChangeTheCountAndAReloadKeepsIt() throws IOException {
        try (RunningJcorn jcorn =
                place.jcorn("--workers", "2", Workplace.hello()).start()) {
            jcorn.signal("TTIN");
            jcorn.awaitEvent("Workers: 2 -> 3");
            jcorn.awaitEvent("Worker ready \\(pid: [0-9]+, slot=2 gen=1\\)");
            assertThat(jcorn.workers().values()).containsExactlyInAnyOrder(0, 1, 2);

            jcorn.signal("HUP");
            jcorn.awaitEvent("Reload complete: generation 2, 3 workers");
            jcorn.awaitEvents("Worker exiting .*gen=1\\)", 3);
            assertThat(jcorn.workers().values()).containsExactlyInAnyOrder(0, 1, 2);

            jcorn.signal("TTOU");
            jcorn.awaitEvent("Worker exiting \\(pid: [0-9]+, slot=2 gen=2\\): fewer workers are wanted");
            jcorn.signal("TTOU");
            jcorn.awaitEvent("Worker exiting \\(pid: [0-9]+, slot=1 gen=2\\): fewer workers are wanted");
            jcorn.signal("TTOU");
            jcorn.awaitEvent("Handling signal: ttou");
            jcorn.signal("TTIN");
            jcorn.awaitEvent("Workers: 1 -> 2");
        }
    }

    @Test
    void fewerWorkersLoseNothing() throws IOException {
        try (RunningJcorn jcorn =
                        place.jcorn("--workers", "3", Workplace.hello()).start();
                LoadClient users =
                        LoadClient.start(jcorn.port(), Style.KEEP_ALIVE, 16, Question.PID, Question.stream(3, 10))) {
            users.awaitAnswers(50);
            jcorn.signal("TTOU");
            jcorn.awaitEvent("Worker exiting .*slot=2");
            users.awaitAnswers(50).stop().assertPerfect();
        }
    }

    @Test
    void usr1OpensTheLogAgain() throws IOException {
        Path file = place.folder().resolve("error.log");
        Path moved = place.folder().resolve("error.log.1");
        try (RunningJcorn jcorn = place.jcorn(
                        "--workers", "2", "--error-logfile", file.toString(), Workplace.misbehaving("Throws"))
                .launch()) {
            ServerLog log = new ServerLog(file);
            log.await("Ready: 2 workers", 1, () -> true);
            int port = Integer.parseInt(
                    log.found("Listening at: http://127.0.0.1:([0-9]+)").get(0).group(1));
            Set<Long> workers = Set.copyOf(jcorn.workers().keySet());
            Files.move(file, moved);
            // Until the signal everything goes into the file that was moved away; no line is lost.
            Proc.signal(jcorn.pid(), "TTIN");
            new ServerLog(moved).await("Workers: 2 -> 3", 1, () -> true);
            Proc.signal(jcorn.pid(), "USR1");
            Await.until("the file is there again", () -> Files.exists(file));
            Proc.signal(jcorn.pid(), "TTOU");
            log.await("Workers: 3 -> 2", 1, () -> true);
            // The workers write their own lines.
            Await.until("every worker writes into the new file", () -> {
                ask(port);
                return workers.stream()
                        .allMatch(pid -> !log.found("\\[" + pid + "] \\[ERROR]").isEmpty());
            });
            assertThat(jcorn.log().lines())
                    .filteredOn(line -> !line.startsWith("jcorn: making"))
                    .isEmpty();
            Proc.signal(jcorn.pid(), "TERM");
            jcorn.assertExit(0);
            log.await("Shutting down: Master", 1, () -> true);
        }
    }

    @Test
    void usr2SaysThatItIsForLater() throws IOException {
        try (RunningJcorn jcorn =
                place.jcorn("--workers", "1", Workplace.hello()).start()) {
            jcorn.signal("USR2");
            jcorn.awaitEvent("WARNING] Signal USR2 ignored: upgrading the running master");
        }
    }

    @Test
    void winchOfADaemonTakesTheWorkersDownAndHupBringsThemBack() throws IOException {
        try (RunningJcorn jcorn = place.jcorn("--workers", "2", Workplace.hello())
                .through("setsid")
                .start()) {
            jcorn.signal("WINCH");
            jcorn.awaitEvent("Workers: 2 -> 0");
            jcorn.awaitEvents("Worker exiting", 2);
            assertThat(jcorn.workers()).isEmpty();
            jcorn.signal("HUP");
            jcorn.awaitEvent("Reload complete: generation 2, 2 workers");
            assertThat(HttpConnection.get(jcorn.port(), "/pid").status()).isEqualTo(200);
        }
    }

    @Test
    void winchInATerminalIsAWindow() throws IOException {
        try (RunningJcorn jcorn =
                place.jcorn("--workers", "2", Workplace.hello()).inTerminal().start()) {
            jcorn.signal("WINCH");
            jcorn.signal("TTIN");
            jcorn.awaitEvent("Workers: 2 -> 3");
        }
    }

    @Test
    void quitShowsTheThreadsOfTheMaster() throws IOException {
        try (RunningJcorn jcorn =
                place.jcorn("--workers", "1", Workplace.hello()).start()) {
            jcorn.signal("QUIT");
            Await.until("a thread dump of the master", () -> jcorn.output().contains("io.jcorn.master.Master.loop"));
            assertThat(HttpConnection.get(jcorn.port(), "/pid").status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void aWorkerSurvivesSignalsThatAreNotForIt(int java) throws IOException {
        try (RunningJcorn jcorn =
                place.jcorn("--workers", "1", Workplace.hello()).workersOn(java).start()) {
            long worker = jcorn.anyWorker();
            for (String signal : List.of("HUP", "USR1", "USR2", "WINCH", "PIPE")) {
                Proc.signal(worker, signal);
                Await.until(signal + " was delivered", () -> pending(worker).matches("0+"));
            }
            jcorn.awaitStack("io.jcorn.worker.Departure.await");
            assertThat(HttpConnection.get(jcorn.port(), "/pid").pid()).isEqualTo(worker);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void aWorkerThatGetsTermIsReplacedAndLosesNothing(int java) throws IOException {
        try (RunningJcorn jcorn = place.jcorn("--workers", "2", Workplace.hello())
                        .workersOn(java)
                        .start();
                LoadClient users = LoadClient.start(
                        jcorn.port(), Style.KEEP_ALIVE, 16, Question.PID, Question.stream(3, 10), Question.slow(30));
                LoadClient visitors = LoadClient.start(jcorn.port(), Style.CONNECTION_PER_REQUEST, 4, Question.PID)) {
            users.awaitAnswers(50);
            visitors.awaitAnswersOf(jcorn.workers().keySet());
            long worker = jcorn.anyWorker();
            jcorn.mark();
            Proc.signal(worker, "TERM");

            jcorn.awaitEvent("Draining worker \\(pid: " + worker + ",.*TERM");
            jcorn.awaitEvent("Worker exiting \\(pid: " + worker + ",");
            jcorn.awaitEvent("Worker ready");
            users.awaitAnswers(50).stop().assertPerfect();
            visitors.stop().assertPerfect();
        }
    }

    @Test
    void aWorkerThatGetsIntLeavesAtOnce() throws IOException {
        try (RunningJcorn jcorn = place.jcorn("--workers", "1", "--graceful-timeout", "5m", Workplace.hello())
                        .start();
                HttpConnection slow = HttpConnection.open(jcorn.port())) {
            slow.send("GET /slow?ms=300000 HTTP/1.1\r\nHost: localhost\r\n\r\n");
            jcorn.awaitStack("io.jcorn.examples.hello.Hello.slow");
            long worker = jcorn.anyWorker();
            jcorn.mark();
            Proc.signal(worker, "INT");

            jcorn.awaitEvent("Worker exiting \\(pid: " + worker + ",");
            jcorn.awaitEvent("Worker ready");
        }
    }

    @Test
    void aTerminalThatGoesAwayIsAStop() throws IOException {
        try (RunningJcorn jcorn = place.jcorn("--workers", "2", Workplace.hello())
                        .inTerminal()
                        .start();
                LoadClient users =
                        LoadClient.start(jcorn.port(), Style.KEEP_ALIVE, 8, Question.PID, Question.slow(50))) {
            users.awaitAnswers(20);
            jcorn.hangUp();

            jcorn.awaitEvent("Stopping: no new connections");
            jcorn.awaitEvent("Shutting down: Master");
            users.awaitRefusal().assertOnlyRefused();
            Await.until("nobody is left", () -> jcorn.processes().isEmpty());
        }
    }

    @Test
    void nohupOutlivesTheTerminal() throws IOException {
        try (RunningJcorn jcorn = place.jcorn("--workers", "2", Workplace.hello())
                .through("nohup")
                .inTerminal()
                .tolerate("^nohup: ")
                .start()) {
            jcorn.hangUp();
            Await.until("the HUP was delivered", () -> pending(jcorn.pid()).matches("0+"));
            assertThat(HttpConnection.get(jcorn.port(), "/pid").status()).isEqualTo(200);

            jcorn.signal("TTIN");
            jcorn.awaitEvent("Workers: 2 -> 3");
            assertThat(jcorn.log().lines()).noneMatch(line -> line.contains("Stopping"));
        }
    }

    @Test
    void nohupKeepsHupAsReload() throws IOException {
        try (RunningJcorn jcorn = place.jcorn("--workers", "1", Workplace.hello())
                .through("nohup")
                .tolerate("^nohup: ")
                .start()) {
            jcorn.signal("HUP");
            jcorn.awaitEvent("Reload complete: generation 2, 1 worker");
        }
    }

    private static String pending(long pid) {
        return Proc.status(pid, "ShdPnd").orElse("gone");
    }

    private static void ask(int port) {
        try (HttpConnection connection = HttpConnection.open(port)) {
            assertThat(connection.get("/misbehave").status()).isEqualTo(500);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
