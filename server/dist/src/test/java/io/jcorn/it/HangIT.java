package io.jcorn.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.it.LoadClient.Question;
import io.jcorn.it.LoadClient.Style;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Workers whose heartbeat stops, and clocks that jump. */
@Tag("alone")
class HangIT {

    @RegisterExtension
    final Workplace place = new Workplace();

    @ParameterizedTest
    @CsvSource({
        "17, Hangs, io.jcorn.examples.misbehaving.Hangs.misbehave",
        "25, Hangs, io.jcorn.examples.misbehaving.Hangs.misbehave",
        "17, BurnsCpu, io.jcorn.examples.misbehaving.BurnsCpu.misbehave",
        "17, Deadlocks, DEADLOCK between 2 threads"
    })
    void anEventLoopThatHangsIsExplainedAndReplaced(int java, String application, String explanation)
            throws IOException {
        try (RunningJcorn jcorn = place.jcorn(
                        "--workers", "2", "--threads", "0", "--timeout", "2s", Workplace.misbehaving(application))
                .workersOn(java)
                .tolerate("WORKER TIMEOUT", "Killing worker", "SIGKILL: killed by the master")
                .tolerate(StopIT.THREAD_DUMP)
                .start()) {
            Set<Long> before = Set.copyOf(jcorn.workers().keySet());
            try (HttpConnection hanging = HttpConnection.open(jcorn.port())) {
                hanging.send("GET /misbehave HTTP/1.1\r\nHost: localhost\r\n\r\n");
                String late = jcorn.awaitEvent("WORKER TIMEOUT \\(pid: ([0-9]+), .*event loop has been silent")
                        .group(1);
                jcorn.awaitEvent(explanation.replace(".", "\\."));
                jcorn.awaitEvent("Worker \\(pid: " + late + ", .* was sent SIGKILL: killed by the master");
                jcorn.awaitEvents("Worker ready", 3);

                assertThat(before).contains(Long.parseLong(late));
                List<Long> others = before.stream()
                        .filter(pid -> pid != Long.parseLong(late))
                        .toList();
                assertThat(jcorn.workers().keySet()).as("the other lives on").containsAll(others);
                assertThat(jcorn.workers()).hasSize(2);
            }
        }
    }

    @Test
    void theNeighboursServeMeanwhile() throws IOException {
        try (RunningJcorn jcorn = place.jcorn(
                                "--workers", "2", "--threads", "0", "--timeout", "2s", Workplace.misbehaving("Hangs"))
                        .tolerate("WORKER TIMEOUT", "Killing worker", "SIGKILL: killed by the master")
                        .tolerate(StopIT.THREAD_DUMP)
                        .start();
                LoadClient users = LoadClient.start(jcorn.port(), Style.KEEP_ALIVE, 8, Question.BEHAVED)) {
            users.awaitAnswersOf(jcorn.workers().keySet());
            try (HttpConnection hanging = HttpConnection.open(jcorn.port())) {
                hanging.send("GET /misbehave HTTP/1.1\r\nHost: localhost\r\n\r\n");
                String late =
                        jcorn.awaitEvent("WORKER TIMEOUT \\(pid: ([0-9]+),").group(1);
                users.awaitAnswers(50);
                jcorn.awaitEvents("Worker ready", 3);
                // Who has a connection keeps it: the new worker gets those that come.
                LoadClient.start(jcorn.port(), Style.CONNECTION_PER_REQUEST, 2, Question.BEHAVED)
                        .awaitAnswersOf(jcorn.workers().keySet())
                        .stop()
                        .assertPerfect();

                users.stop().assertLostOnlyWith(List.of(Long.parseLong(late)), 8);
            }
        }
    }

    @Test
    void aMasterThatWasStoppedKillsNobody() throws IOException {
        try (RunningJcorn jcorn = place.jcorn("--workers", "2", "--timeout", "1s", Workplace.hello())
                .start()) {
            Set<Long> before = Set.copyOf(jcorn.workers().keySet());
            jcorn.signal("STOP");
            Await.pass(Duration.ofSeconds(5));
            jcorn.signal("CONT");

            jcorn.awaitEvent("The machine was suspended or the master was stopped for");
            assertThat(HttpConnection.get(jcorn.port(), "/pid").status()).isEqualTo(200);
            assertThat(jcorn.workers().keySet()).isEqualTo(before);
        }
    }

    @Test
    void aMachineThatWasSuspendedKillsNobody() throws IOException {
        try (RunningJcorn jcorn = place.jcorn("--workers", "2", "--timeout", "2s", Workplace.hello())
                .start()) {
            Set<Long> before = Set.copyOf(jcorn.workers().keySet());
            jcorn.signal("STOP");
            before.forEach(pid -> Proc.signal(pid, "STOP"));
            Await.pass(Duration.ofSeconds(6));
            before.forEach(pid -> Proc.signal(pid, "CONT"));
            jcorn.signal("CONT");

            jcorn.awaitEvent("The machine was suspended or the master was stopped for");
            assertThat(HttpConnection.get(jcorn.port(), "/pid").status()).isEqualTo(200);
            assertThat(jcorn.workers().keySet()).isEqualTo(before);
        }
    }
}
