package io.jcorn.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.it.LoadClient.Question;
import io.jcorn.it.LoadClient.Style;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is there when a server is ready: processes, titles, descriptors, sockets. */
class BirthIT {

    @RegisterExtension
    final Workplace place = new Workplace();

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void everyWorkerServes(int java) throws IOException {
        try (RunningJcorn jcorn = place.jcorn("--workers", "4", Workplace.hello())
                        .workersOn(java)
                        .start();
                LoadClient users = LoadClient.start(jcorn.port(), Style.KEEP_ALIVE, 32, Question.PID)) {
            assertThat(jcorn.workers().values()).containsExactlyInAnyOrder(0, 1, 2, 3);
            LoadReport report = users.awaitAnswers(500).stop().assertPerfect();

            assertThat(report.answersByPid().keySet()).isEqualTo(jcorn.workers().keySet());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void processesSayWhatTheyAre(int java) throws IOException {
        try (RunningJcorn jcorn =
                place.jcorn("--workers", "2", Workplace.hello()).workersOn(java).start()) {
            assertThat(Proc.commandLine(jcorn.pid())).isEqualTo("jcorn: master [hello.jar]");
            jcorn.workers()
                    .forEach((pid, slot) -> assertThat(Proc.commandLine(pid))
                            .startsWith("jcorn: worker " + slot + " [hello.jar] @" + jcorn.temp()));
            assertThat(Proc.listeners(jcorn.port()))
                    .as("one socket, shared by all")
                    .hasSize(1);
        }
    }

    @Test
    void workersStartWithACleanSlate() throws IOException {
        try (RunningJcorn jcorn =
                place.jcorn("--workers", "2", Workplace.hello()).start()) {
            Set<Long> groups = new HashSet<>();
            for (long pid : jcorn.workers().keySet()) {
                assertThat(Proc.status(pid, "SigBlk")).contains("0000000000000000");
                assertThat(Proc.status(pid, "SigIgn").orElse("")).matches("0000000000000000");
                groups.add(Proc.stat(pid).orElseThrow().group());
            }
            assertThat(groups)
                    .as("each a group of its own")
                    .isEqualTo(jcorn.workers().keySet());
        }
    }

    @Test
    void workersHoldNothingOfTheMasters() throws IOException {
        try (RunningJcorn jcorn = place.jcorn(
                        "--workers",
                        "2",
                        "--bind",
                        "127.0.0.1:0",
                        "--bind",
                        "unix:@" + place.folder(),
                        Workplace.hello())
                .start()) {
            Set<String> master = new HashSet<>(Proc.descriptors(jcorn.pid()).values());
            for (long pid : jcorn.workers().keySet()) {
                SortedMap<Integer, String> worker = Proc.descriptors(pid);
                List<Integer> shared = worker.keySet().stream()
                        .filter(number -> number > 2 && ours(worker.get(number)) && master.contains(worker.get(number)))
                        .toList();

                assertThat(shared).as("two listeners and the scoreboard").containsExactly(3, 4, 6);
                assertThat(worker.get(5)).as("the control channel").startsWith("socket:");
                assertThat(worker.get(6)).startsWith("/memfd:jcorn-scoreboard");
                assertThat(worker.get(7)).as("the first file of the JVM itself").endsWith("/lib/modules");
                assertThat(worker.values()).noneMatch(file -> file.contains("/lib/master/") || file.endsWith("/lock"));
            }
        }
    }

    /** What a JVM opens by itself may well be the same in both. */
    private static boolean ours(@Nullable String file) {
        return file != null && !file.endsWith("/lib/modules") && !file.startsWith("/dev/");
    }
}
