package io.jcorn.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.it.LoadClient.Question;
import io.jcorn.it.LoadClient.Style;
import io.jcorn.it.app.FailsWhile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Applications that do not start: the exit code says which kind, the application's own error is shown once. */
class BootIT {

    private static final String TRACE = "\\]\\s+(at |\\.\\.\\. [0-9]+ more)|\\] (Caused by: )?java\\.lang\\.";

    @RegisterExtension
    final Workplace place = new Workplace();

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void whatCannotBeLoadedIsFour(int java) throws IOException {
        try (RunningJcorn jcorn = place.jcorn("--workers", "3", Workplace.misbehaving("FailsToLoad"))
                .workersOn(java)
                .tolerate("failed to boot", "could not be loaded", "App failed to load", TRACE)
                .launch()) {
            jcorn.assertExit(4);
            assertThat(jcorn.log().found("NoClassDefFoundError: com/example/billing/Client"))
                    .as("told once, not three times")
                    .hasSize(1);
            jcorn.awaitEvent("App failed to load");
        }
    }

    @Test
    void whatIsNoHandlerIsFour() throws IOException {
        try (RunningJcorn jcorn = place.jcorn("--workers", "1", Workplace.misbehaving("NotAHandler"))
                .tolerate("NotAHandler", "failed to boot", "could not be loaded", "App failed to load", TRACE)
                .launch()) {
            jcorn.assertExit(4);
            jcorn.awaitEvent("NotAHandler");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void whatThrowsInItsConstructorIsThree(int java) throws IOException {
        try (RunningJcorn jcorn = place.jcorn("--workers", "3", Workplace.misbehaving("FailsInConstructor"))
                .workersOn(java)
                .tolerate("failed to boot", TRACE)
                .launch()) {
            jcorn.assertExit(3);
            assertThat(jcorn.log().found("IllegalStateException: database.url is not set"))
                    .as("told once, not three times")
                    .hasSize(1);
            assertThat(jcorn.log().found("the same error as above")).hasSizeLessThanOrEqualTo(2);
        }
    }

    @Test
    void whatEndsItsProcessIsThree() throws IOException {
        try (RunningJcorn jcorn = place.jcorn("--workers", "2", Workplace.misbehaving("ExitsAtStart"))
                .tolerate("failed to boot")
                .launch()) {
            jcorn.assertExit(3);
            jcorn.awaitEvent("exited with code 7: failed to boot; it was never ready");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void whatHangsIsWrittenDownAndKilledAndThree(int java) throws IOException {
        try (RunningJcorn jcorn = place.jcorn(
                        "--workers", "2", "--boot-timeout", "2s", Workplace.misbehaving("HangsInConstructor"))
                .workersOn(java)
                .tolerate("WORKER TIMEOUT", "Killing worker", "killed by the master", "failed to boot")
                .tolerate(StopIT.THREAD_DUMP)
                .launch()) {
            jcorn.awaitEvents("WORKER TIMEOUT .* not ready after 2000 ms \\(boot-timeout\\)", 2);
            jcorn.awaitEvents("at io.jcorn.examples.misbehaving.HangsInConstructor.<init>", 2);
            jcorn.assertExit(3);
        }
    }

    @Test
    void whatStartsEverySecondTimeServes() throws IOException {
        try (RunningJcorn jcorn = place.jcorn("--workers", "2", Workplace.misbehaving("FlakyStart"))
                        .env(
                                "MISBEHAVING_MARKER",
                                place.folder().resolve("marker").toString())
                        .tolerate("failed to boot", "not this time; the next start will work", TRACE)
                        .tolerate("\\] (Caused by: )?java\\.nio")
                        .start();
                LoadClient users = LoadClient.start(jcorn.port(), Style.KEEP_ALIVE, 8, Question.BEHAVED)) {
            assertThat(jcorn.log().found("Worker failed to boot")).isNotEmpty();
            users.awaitAnswers(50).stop().assertPerfect();
        }
    }

    @Test
    void aCrashLoopBacksOffTheOthersServeAndHupIsTheCure() throws IOException {
        Path jar = TestJar.of(place.folder().resolve("app.jar"), FailsWhile.class);
        Path obstacle = place.folder().resolve("obstacle");
        try (RunningJcorn jcorn = place.jcorn("--workers", "2", jar.toString())
                        .env("FAILS_WHILE", obstacle.toString())
                        .tolerate("failed to boot", "the database is away", TRACE)
                        .tolerate("Crash loop: ", "killed from outside")
                        .start();
                LoadClient users = LoadClient.start(jcorn.port(), Style.KEEP_ALIVE, 8, Question.BEHAVED)) {
            users.awaitAnswers(50);
            Files.createFile(obstacle);
            long victim = jcorn.anyWorker();
            jcorn.mark();
            Proc.signal(victim, "KILL");
            jcorn.awaitEvent("Crash loop: [0-9]+ workers failed within a minute and none lasted");
            assertThat(jcorn.log().found("IllegalStateException: the database is away"))
                    .as("told once")
                    .hasSize(1);
            users.awaitAnswers(50);

            Files.delete(obstacle);
            jcorn.signal("HUP");
            jcorn.awaitEvent("Reload complete: generation 2, 2 workers");

            users.awaitAnswers(50).stop().assertLostOnlyWith(List.of(victim), 8);
        }
    }
}
