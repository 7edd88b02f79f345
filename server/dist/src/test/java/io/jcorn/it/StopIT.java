package io.jcorn.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.it.LoadClient.Question;
import io.jcorn.it.LoadClient.Style;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TERM loses nothing; INT and a second TERM are quick; nothing is left behind either way. */
class StopIT {

    @RegisterExtension
    final Workplace place = new Workplace();

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void termUnderLoadLosesNothing(int java) throws IOException {
        try (RunningJcorn jcorn = place.jcorn("--workers", "3", "--pid", "jcorn.pid", Workplace.hello())
                        .workersOn(java)
                        .start();
                LoadClient users = LoadClient.start(
                        jcorn.port(), Style.KEEP_ALIVE, 24, Question.PID, Question.slow(150), Question.stream(5, 30));
                LoadClient visitors = LoadClient.start(jcorn.port(), Style.CONNECTION_PER_REQUEST, 8, Question.PID)) {
            assertThat(jcorn.work().resolve("jcorn.pid")).hasContent(Long.toString(jcorn.pid()));
            users.awaitAnswers(100);
            visitors.awaitAnswers(100);

            jcorn.signal("TERM");

            users.awaitRefusal().assertOnlyRefused();
            visitors.awaitRefusal().assertOnlyRefused();
            jcorn.assertExit(0);
            assertThat(jcorn.log().lines()).last().asString().endsWith("Shutting down: Master");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void whoWaitsInTheQueueIsServed(int java) throws IOException {
        try (RunningJcorn jcorn = place.jcorn("--workers", "1", "--threads", "0", Workplace.hello())
                        .workersOn(java)
                        .start();
                HttpConnection slow = HttpConnection.open(jcorn.port())) {
            slow.send("GET /slow?ms=1500 HTTP/1.1\r\nHost: localhost\r\n\r\n");
            jcorn.awaitStack("io.jcorn.examples.hello.Hello.slow");
            List<HttpConnection> queue = new ArrayList<>();
            for (int number = 0; number < 20; number++) {
                HttpConnection waiting = HttpConnection.open(jcorn.port());
                waiting.send("GET /pid HTTP/1.1\r\nHost: localhost\r\n\r\n");
                queue.add(waiting);
            }

            jcorn.signal("TERM");

            assertThat(slow.receive().status()).isEqualTo(200);
            for (HttpConnection waiting : queue) {
                Answer answer = waiting.receive();
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.last()).as("Connection: close").isTrue();
                waiting.close();
            }
            jcorn.assertExit(0);
        }
    }

    @Test
    void anIdleServerStopsAtOnce() throws IOException {
        try (RunningJcorn jcorn = place.jcorn("--workers", "2", "--graceful-timeout", "5m", Workplace.hello())
                        .start();
                HttpConnection idle = HttpConnection.open(jcorn.port())) {
            assertThat(idle.get("/pid").status()).isEqualTo(200);

            jcorn.signal("TERM");

            Await.until("the idle connection is closed", () -> closed(idle));
            jcorn.assertExit(0);
        }
    }

    @Test
    void whoStillBootsNeedNotFinish() throws IOException {
        try (RunningJcorn jcorn = place.jcorn("--workers", "2", Workplace.misbehaving("SlowStart"))
                .env("MISBEHAVING_START_MILLIS", "600000")
                .launch()) {
            jcorn.awaitEvents("Booting worker", 2);
            jcorn.awaitStack("io.jcorn.examples.misbehaving.SlowStart.<init>");
            jcorn.signal("TERM");
            jcorn.assertExit(0);
        }
    }

    @Test
    void aMasterOnANewerJavaDoesTheSame() throws IOException {
        try (RunningJcorn jcorn =
                place.jcorn("--workers", "2", Workplace.hello()).masterOn(25).start()) {
            jcorn.signal("HUP");
            jcorn.awaitEvent("Reload complete: generation 2, 2 workers");
            assertThat(HttpConnection.get(jcorn.port(), "/pid").generation()).isEqualTo(2);
            jcorn.signal("TERM");
            jcorn.assertExit(0);
        }
    }

    @Test
    void aSocketPathIsRemoved() throws IOException {
        try (RunningJcorn jcorn = place.jcorn(
                        "--workers", "1", "--bind", "127.0.0.1:0", "--bind", "unix:jcorn.sock", Workplace.hello())
                .start()) {
            assertThat(jcorn.work().resolve("jcorn.sock")).exists();
            jcorn.signal("TERM");
            jcorn.assertExit(0);
            assertThat(jcorn.work().resolve("jcorn.sock")).doesNotExist();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM"})
    void aSecondSignalIsQuick(String second) throws IOException {
        try (RunningJcorn jcorn = place.jcorn("--workers", "2", "--graceful-timeout", "5m", Workplace.hello())
                        .start();
                HttpConnection slow = HttpConnection.open(jcorn.port())) {
            slow.send("GET /slow?ms=300000 HTTP/1.1\r\nHost: localhost\r\n\r\n");
            jcorn.awaitStack("io.jcorn.examples.hello.Hello.slow");

            jcorn.signal("TERM");
            jcorn.awaitEvent("Listeners closed after");
            jcorn.signal(second);

            jcorn.awaitEvent("Quick shutdown requested");
            jcorn.assertExit(0);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void intIsQuick(int java) throws IOException {
        try (RunningJcorn jcorn = place.jcorn("--workers", "2", "--graceful-timeout", "5m", Workplace.hello())
                        .workersOn(java)
                        .start();
                HttpConnection slow = HttpConnection.open(jcorn.port())) {
            slow.send("GET /slow?ms=300000 HTTP/1.1\r\nHost: localhost\r\n\r\n");
            jcorn.awaitStack("io.jcorn.examples.hello.Hello.slow");

            jcorn.signal("INT");

            jcorn.awaitEvent("Quick shutdown requested");
            jcorn.assertExit(0);
        }
    }

    @Test
    void intAlsoEndsApplicationsThatIgnoreShutdown() throws IOException {
        try (RunningJcorn jcorn = place.jcorn("--workers", "2", Workplace.misbehaving("IgnoresShutdown"))
                .tolerate("Killing worker", "killed by the master")
                .start()) {
            jcorn.signal("INT");
            jcorn.assertExit(0);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void aRequestBeyondTheGraceIsGivenUpAndExplained(int java) throws IOException {
        try (RunningJcorn jcorn = place.jcorn("--workers", "1", "--graceful-timeout", "1s", Workplace.hello())
                        .workersOn(java)
                        .tolerate(THREAD_DUMP)
                        .start();
                HttpConnection slow = HttpConnection.open(jcorn.port())) {
            slow.send("GET /slow?ms=300000 HTTP/1.1\r\nHost: localhost\r\n\r\n");
            jcorn.awaitStack("io.jcorn.examples.hello.Hello.slow");

            jcorn.signal("TERM");

            jcorn.awaitEvent("gave up 1 request that did not end in time \\(graceful-timeout\\)");
            jcorn.awaitEvent("at io.jcorn.examples.hello.Hello.slow");
            jcorn.assertExit(0);
        }
    }

    @Test
    void anApplicationThatDoesNotCloseIsExplained() throws IOException {
        try (RunningJcorn jcorn = place.jcorn(
                        "--workers", "2", "--graceful-timeout", "1s", Workplace.misbehaving("IgnoresShutdown"))
                .tolerate(THREAD_DUMP)
                .start()) {
            jcorn.signal("TERM");

            jcorn.awaitEvents("close\\(\\) has not returned after 1000 ms; leaving without it", 2);
            jcorn.awaitEvents("at io.jcorn.examples.misbehaving.IgnoresShutdown.close", 2);
            jcorn.assertExit(0);
        }
    }

    @Test
    void aProcessThatCannotLeaveIsKilled() throws IOException {
        try (RunningJcorn jcorn = place.jcorn(
                        "--workers", "2", "--timeout", "5m", "--graceful-timeout", "1s", Workplace.hello())
                .tolerate("did not leave in time", "Killing worker", "SIGKILL: killed by the master")
                .start()) {
            long stopped = jcorn.anyWorker();
            Proc.signal(stopped, "STOP");
            jcorn.signal("TERM");

            jcorn.awaitEvent("WORKER TIMEOUT \\(pid: " + stopped + ", .* did not leave in time \\(graceful-timeout\\)");
            jcorn.awaitEvent("\\(pid: " + stopped + ", .* SIGKILL: killed by the master");
            jcorn.assertExit(0);
        }
    }

    /** Lines of a thread dump in the log. */
    static final String[] THREAD_DUMP = {
        "Requests in flight of worker",
        "\\]   [A-Z]+ [^ ]+ of [^ ]+ for [0-9.]+ s$",
        "Threads of worker",
        "\\] heap: ",
        "\\] \"[^\"]+\" #[0-9]+ ",
        "\\]     at ",
        "\\]     - locked ",
        "\\] *- ",
        "\\] DEADLOCK",
        "waits for ",
        "\\] $"
    };

    private static boolean closed(HttpConnection connection) {
        try {
            return connection.closedByServer();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
