package io.jcorn.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.it.LoadClient.Question;
import io.jcorn.it.LoadClient.Style;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How servers that are not ours end: by themselves, by what the master does, by what others do to them. */
class HostedEndIT {

    private static final Question OBEYED =
            new Question("/", Pattern.compile("pid=[0-9]+ slot=[0-9]+ 127.0.0.1:P1 [^ ]+\n"));

    private static final String LISTEN = "listen=127.0.0.1:P1";

    @RegisterExtension
    final Workplace place = new Workplace();

    @ParameterizedTest
    @CsvSource({"17, exit=0, 0", "17, exit=1, 1", "25, exit=1, 1", "17, return, 0"})
    void whoEndsBeforeItListensDidNotBoot(int java, String end, int code) throws IOException {
        assertThat(place.obedient(List.of("--workers", "2"), "say=I cannot find my database", end)
                        .workersOn(java)
                        .refused(3))
                .contains("exited with code " + code + ": the application ended ")
                .contains(
                        code == 0
                                ? "before it was ready, without an error: its main method returned"
                                : "before it was ready; if it said why, that is in its own output")
                .contains("It runs from a copy: files that lie beside its archive are not there")
                .contains("No worker became ready")
                .contains("I cannot find my database");
    }

    @Test
    void anExitCodeOfItsOwnIsTold() throws IOException {
        assertThat(place.obedient(List.of("--workers", "1"), "exit=7").refused(3))
                .contains("exited with code 7: the application ended before it was ready", "No worker became ready")
                .containsOnlyOnce("Booting worker");
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void whatIsThrownInMainIsTheApplicationsWord(int java) throws IOException {
        try (RunningJcorn jcorn = place.obedient(List.of("--workers", "1"), "throw=database.url is not set")
                .workersOn(java)
                .tolerate("^Exception in thread \"main\"", "^\tat ", "exited with code 1", "No worker became ready")
                .launch()) {
            jcorn.assertExit(3);
            jcorn.awaitEvent("Exception in thread \"main\" java.lang.IllegalStateException: database.url is not set");
            jcorn.awaitEvent("exited with code 1: the application ended before it was ready");
        }
    }

    @Test
    void whoClosesItsSocketForGoodIsReplaced() throws IOException {
        Path close = place.folder().resolve("close");
        try (RunningJcorn jcorn = place.obedient(
                        List.of("--workers", "2", "--boot-timeout", "5s"), LISTEN, "await=" + close, "close")
                .start()) {
            Set<Long> before = Set.copyOf(jcorn.workers().keySet());
            jcorn.mark();
            Files.createFile(close);
            jcorn.awaitEvents("Draining worker .*the application has closed its listening socket", 2);
            Files.delete(close);
            jcorn.awaitEvents("Worker exiting .*the application has closed its listening socket", 2);
            jcorn.awaitEvents("Worker ready", 2);
            assertThat(jcorn.workers().keySet()).hasSize(2).doesNotContainAnyElementsOf(before);
            assertThat(HttpConnection.get(jcorn.port(), "/").status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void itsShutdownHookRunsToItsEnd(int java) throws IOException {
        Path done = place.folder().resolve("done");
        try (RunningJcorn jcorn = place.obedient(List.of("--workers", "1"), "hook=1000," + done, LISTEN)
                .workersOn(java)
                .start()) {
            long worker = jcorn.anyWorker();
            jcorn.mark();
            Proc.signal(worker, "TERM");
            jcorn.awaitEvent("Worker exiting \\(pid: " + worker + ",");
            assertThat(done).as("the hook, after TERM of the worker").exists();
            Files.delete(done);
            jcorn.awaitEvent("Worker ready");

            jcorn.signal("TERM");
            jcorn.assertExit(0);
            assertThat(done).as("the hook, after TERM of the master").exists();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void aHookThatHangsIsExplainedAndKilled(int java) throws IOException {
        Path never = place.folder().resolve("never");
        try (RunningJcorn jcorn = place.obedient(
                        List.of("--workers", "1", "--graceful-timeout", "1s"), "hook=600000," + never, LISTEN)
                .workersOn(java)
                .tolerate("did not leave in time", "Killing worker", "SIGKILL: killed by the master")
                .tolerate(StopIT.THREAD_DUMP)
                .start()) {
            long worker = jcorn.anyWorker();
            jcorn.signal("TERM");
            jcorn.awaitEvent("WORKER TIMEOUT \\(pid: " + worker + ", .* did not leave in time \\(graceful-timeout\\)");
            jcorn.awaitEvent("\"the application's hook\"");
            jcorn.awaitEvent("\\(pid: " + worker + ", .* SIGKILL: killed by the master");
            jcorn.assertExit(0);
            assertThat(never).doesNotExist();
        }
    }

    /** An application that has its own idea of SIGTERM: the master's stop and that of one worker go through it. */
    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void itsOwnHandlerOfTermIsAsked(int java) throws IOException {
        Path jar = new App(place.folder(), "handler")
                .source("""
                        public final class Main {
                            public static void main(String[] arguments) throws Exception {
                                sun.misc.Signal.handle(new sun.misc.Signal("TERM"), signal -> {
                                    System.out.println("my own handler");
                                    System.exit(0);
                                });
                                var server = com.sun.net.httpserver.HttpServer.create(
                                        new java.net.InetSocketAddress(Integer.parseInt(System.getenv("PORT"))), 0);
                                server.createContext("/", exchange -> {
                                    byte[] answer = ("pid=" + ProcessHandle.current().pid() + "\\n").getBytes();
                                    exchange.sendResponseHeaders(200, answer.length);
                                    exchange.getResponseBody().write(answer);
                                    exchange.close();
                                });
                                server.start();
                            }
                        }
                        """)
                .manifest("Main-Class", "Main")
                .jar();
        try (RunningJcorn jcorn = place.jcorn("--workers", "2", jar.toString())
                        .workersOn(java)
                        .start();
                LoadClient visitors =
                        LoadClient.start(jcorn.port(), Style.CONNECTION_PER_REQUEST, 4, Question.BEHAVED)) {
            visitors.awaitAnswersOf(jcorn.workers().keySet());
            jcorn.signal("TERM");
            visitors.awaitRefusal().assertOnlyRefused();
            jcorn.assertExit(0);
            assertThat(jcorn.output().lines())
                    .filteredOn("my own handler"::equals)
                    .hasSize(2);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void whoLosesItsMasterGoes(int java) throws IOException {
        Path never = place.folder().resolve("never");
        try (RunningJcorn jcorn = place.obedient(List.of("--workers", "3"), "hook=600000," + never, LISTEN)
                        .workersOn(java)
                        .start();
                LoadClient visitors = LoadClient.start(jcorn.port(), Style.CONNECTION_PER_REQUEST, 4, OBEYED)) {
            visitors.awaitAnswers(50);
            MasterDeathIT.killAndAwaitThePort(jcorn, "hosted, a hook that hangs, Java " + java);
            // Whom nobody had accepted yet is reset by the kernel, which is nobody's fault but that of who sent KILL.
            LoadReport report = visitors.awaitRefusal();
            assertThat(report.lost())
                    .as(report.toString())
                    .isEqualTo(report.count(Loss.RESET))
                    .isLessThanOrEqualTo(4);
        }
    }

    @Test
    void whoIsIdleGoesAtOnceWithItsMaster() throws IOException {
        try (RunningJcorn jcorn =
                place.obedient(List.of("--workers", "2"), LISTEN).start()) {
            MasterDeathIT.killAndAwaitThePort(jcorn, "hosted, idle");
        }
    }

    @Test
    void whoHangsIsReplacedWhileTheOthersServe() throws IOException {
        try (RunningJcorn jcorn = place.obedient(List.of("--workers", "2", "--timeout", "2s"), LISTEN)
                        .tolerate("WORKER TIMEOUT", "Killing worker", "SIGKILL: killed by the master")
                        .tolerate(StopIT.THREAD_DUMP)
                        .start();
                LoadClient visitors = LoadClient.start(jcorn.port(), Style.CONNECTION_PER_REQUEST, 4, OBEYED)) {
            visitors.awaitAnswersOf(jcorn.workers().keySet());
            long stopped = jcorn.anyWorker();
            jcorn.mark();
            Proc.signal(stopped, "STOP");
            jcorn.awaitEvent("WORKER TIMEOUT \\(pid: " + stopped + ",");
            jcorn.awaitEvent("Worker \\(pid: " + stopped + ", .* was sent SIGKILL: killed by the master");
            jcorn.awaitEvent("Worker ready");
            visitors.awaitAnswersOf(jcorn.workers().keySet()).stop().assertLostOnlyWith(List.of(stopped), 4);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void signalsOfTheMasterDoNothingToAWorker(int java) throws IOException {
        try (RunningJcorn jcorn = place.obedient(List.of("--workers", "1"), LISTEN)
                .workersOn(java)
                .start()) {
            long worker = jcorn.anyWorker();
            for (String signal : List.of("HUP", "USR1", "USR2", "WINCH", "PIPE")) {
                Proc.signal(worker, signal);
                Await.until(
                        signal + " was delivered",
                        () -> Proc.status(worker, "ShdPnd").orElse("gone").matches("0+"));
            }
            jcorn.awaitStack("io.jcorn.it.app.Obedient.accept");
            assertThat(HttpConnection.get(jcorn.port(), "/").pid()).isEqualTo(worker);
        }
    }

    @ParameterizedTest
    @CsvSource({"17, System.exit(0)", "25, System.exit(0)", "17, Thread.sleep(600_000)"})
    void whoListensAndClosesIsNotToldThatHeDidNot(int java, String end) throws IOException {
        Path jar = new App(place.folder(), "closing")
                .source("""
                        public final class Main {
                            public static void main(String[] arguments) throws Exception {
                                int port = Integer.parseInt(System.getenv("PORT"));
                                java.nio.channels.ServerSocketChannel.open()
                                        .bind(new java.net.InetSocketAddress(port)).close();
                                %s;
                            }
                        }
                        """.formatted(end))
                .manifest("Main-Class", "Main")
                .jar();
        assertThat(place.jcorn("--workers", "1", "--boot-timeout", "20s", jar.toString())
                        .workersOn(java)
                        .refused(3))
                .containsPattern(
                        "closing.jar listened on 127.0.0.1:[0-9]+ and closed that socket again [0-9]+ ms later,"
                                + " before it asked for a connection")
                .doesNotContain("ended before it listened", "did not listen on");
    }

    /** As under a terminal on which nobody presses a key. */
    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void whoEndsWhenItHasReadSomethingServes(int java) throws IOException {
        Path jar = new App(place.folder(), "reading")
                .source("""
                        public final class Main {
                            public static void main(String[] arguments) throws Exception {
                                var server = com.sun.net.httpserver.HttpServer.create(
                                        new java.net.InetSocketAddress(Integer.parseInt(System.getenv("PORT"))), 0);
                                server.createContext("/", exchange -> {
                                    exchange.sendResponseHeaders(200, 1);
                                    exchange.getResponseBody().write('.');
                                    exchange.close();
                                });
                                server.start();
                                System.out.println("Press enter to stop");
                                System.in.read();
                                server.stop(0);
                            }
                        }
                        """)
                .manifest("Main-Class", "Main")
                .jar();
        try (RunningJcorn jcorn =
                place.jcorn("--workers", "1", jar.toString()).workersOn(java).start()) {
            jcorn.awaitStack("Main.main");
            assertThat(HttpConnection.get(jcorn.port(), "/").status()).isEqualTo(200);
            jcorn.signal("TERM");
            jcorn.assertExit(0);
        }
    }
}
