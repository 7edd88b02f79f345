package io.jcorn.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.it.LoadClient.Question;
import io.jcorn.it.LoadClient.Style;
import io.jcorn.it.app.Unhealthy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With a ready-path a worker is ready when its application says so, and until then no client is let in. */
class HostedReadinessIT {

    @RegisterExtension
    final Workplace place = new Workplace();

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void nobodyIsLetInBeforeTheApplicationIsWell(int java) throws IOException {
        try (RunningJcorn jcorn = unhealthy("--workers", "2").workersOn(java).launch();
                HttpConnection early = HttpConnection.open(jcorn.port())) {
            early.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
            Await.until("both were asked three times", () -> health(0) >= 3 && health(1) >= 3);
            assertThat(jcorn.log().found("Worker ready")).isEmpty();
            assertThat(asked(0)).containsOnly("/health");
            assertThat(asked(1)).containsOnly("/health");

            Files.createFile(place.folder().resolve("healthy-0"));
            long first = Long.parseLong(
                    jcorn.awaitEvent("Worker ready \\(pid: ([0-9]+), slot=0").group(1));
            assertThat(early.receive().pid()).as("who came early was served").isEqualTo(first);
            try (LoadClient visitors =
                    LoadClient.start(jcorn.port(), Style.CONNECTION_PER_REQUEST, 4, Question.BEHAVED)) {
                long questions = health(1);
                visitors.awaitAnswers(50);
                Await.until("the other is still asked", () -> health(1) >= questions + 3);
                assertThat(visitors.stop().assertPerfect().answersByPid()).containsOnlyKeys(first);
            }
            assertThat(asked(1)).as("no client came to the other").containsOnly("/health");
            assertThat(jcorn.log().found("Worker ready \\(pid: [0-9]+, slot=1")).isEmpty();

            Files.createFile(place.folder().resolve("healthy-1"));
            jcorn.awaitEvent("Ready: 2 workers");
            try (LoadClient visitors =
                    LoadClient.start(jcorn.port(), Style.CONNECTION_PER_REQUEST, 4, Question.BEHAVED)) {
                visitors.awaitAnswersOf(jcorn.workers().keySet()).stop().assertPerfect();
            }
            long questions = health(0) + health(1);
            Await.pass(Duration.ofSeconds(1));
            assertThat(health(0) + health(1))
                    .as("who is ready is not asked again")
                    .isEqualTo(questions);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void whoNeverGetsWellFailsWithItsAnswer(int java) throws IOException {
        assertThat(unhealthy("--workers", "2", "--boot-timeout", "3s")
                        .workersOn(java)
                        .refused(3))
                .contains("ready-path /health answered 503");
    }

    /** A reload to a version that does not get well leaves the one that is. */
    @Test
    void aReloadWaitsForTheAnswer() throws IOException {
        Files.createFile(place.folder().resolve("healthy-0"));
        try (RunningJcorn jcorn = unhealthy("--workers", "1", "--boot-timeout", "4s")
                        .tolerate("Reload failed", "failed to boot", "ready-path /health answered 503")
                        .start();
                LoadClient visitors =
                        LoadClient.start(jcorn.port(), Style.CONNECTION_PER_REQUEST, 4, Question.BEHAVED)) {
            long before = jcorn.anyWorker();
            Files.delete(place.folder().resolve("healthy-0"));
            jcorn.signal("HUP");
            jcorn.awaitEvent("Reload failed: generation 2 does not boot .*ready-path /health answered 503");
            visitors.awaitAnswers(50);

            Files.createFile(place.folder().resolve("healthy-0"));
            jcorn.signal("HUP");
            jcorn.awaitEvent("Reload complete: generation [0-9]+, 1 worker");
            jcorn.awaitEvent("Worker exiting \\(pid: " + before);
            visitors.awaitAnswersOf(jcorn.workers().keySet()).stop().assertPerfect();
        }
    }

    private Launch unhealthy(String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(options));
        command.addAll(List.of(
                "--ready-path",
                "/health",
                TestJar.running(place.folder().resolve("app.jar"), Unhealthy.class)
                        .toString(),
                "--",
                place.folder().toString()));
        return place.jcorn(command.toArray(String[]::new));
    }

    private long health(int slot) {
        return asked(slot).stream().filter("/health"::equals).count();
    }

    private List<String> asked(int slot) {
        Path file = place.folder().resolve("asked-" + slot);
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
