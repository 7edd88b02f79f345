package io.jcorn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jcorn.it.LoadClient.Question;
import io.jcorn.it.LoadClient.Style;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** HUP: the new generation takes over without a request lost, or the old one stays. */
class ReloadIT {

    @RegisterExtension
    final Workplace place = new Workplace();

    @ParameterizedTest
    @CsvSource({"17, 1, 0", "25, 1, 0", "17, 0, 1", "17, 2, 0"})
    void aReloadUnderLoadLosesNothing(int java, int surge, int unavailable) throws IOException {
        Path jar = TestJar.versioned(place.folder().resolve("app.jar"), 1);
        try (RunningJcorn jcorn = place.jcorn(
                                "--workers",
                                "3",
                                "--max-surge",
                                Integer.toString(surge),
                                "--max-unavailable",
                                Integer.toString(unavailable),
                                jar.toString())
                        .workersOn(java)
                        .start();
                LoadClient users = LoadClient.start(jcorn.port(), Style.KEEP_ALIVE, 24, TestJar.question("[12]"));
                LoadClient visitors =
                        LoadClient.start(jcorn.port(), Style.CONNECTION_PER_REQUEST, 4, TestJar.question("[12]"))) {
            users.awaitAnswers(200);
            Set<Long> before = jcorn.workers().keySet();
            TestJar.versioned(jar, 2);

            jcorn.signal("HUP");
            jcorn.awaitEvent("Reload complete: generation 2, 3 workers in ");
            jcorn.awaitEvents(
                    "Worker exiting \\(pid: [0-9]+, slot=[0-9] gen=1\\): replaced by generation 2|making room", 3);

            try (LoadClient next =
                    LoadClient.start(jcorn.port(), Style.CONNECTION_PER_REQUEST, 4, TestJar.question("2"))) {
                next.awaitAnswers(50).stop().assertPerfect();
            }
            users.stop().assertPerfect();
            visitors.stop().assertPerfect();
            Set<Long> after = new HashSet<>(jcorn.workers().keySet());
            assertThat(after).hasSize(3).doesNotContainAnyElementsOf(before);
            assertThat(generations(jcorn)).containsExactly("gen-2");
        }
    }

    @Test
    void aJarThatIsReplacedIsNotNoticedBeforeTheReload() throws IOException {
        Path jar = TestJar.versioned(place.folder().resolve("app.jar"), 1);
        try (RunningJcorn jcorn = place.jcorn("--workers", "2", jar.toString())
                        .tolerate("was sent SIGKILL: killed from outside")
                        .start();
                LoadClient users =
                        LoadClient.start(jcorn.port(), Style.CONNECTION_PER_REQUEST, 4, TestJar.question("1"))) {
            users.awaitAnswers(50);
            TestJar.versioned(jar, 2);
            users.awaitAnswers(50);
            LoadReport report = users.stop().assertPerfect();
            assertThat(report.ok()).isGreaterThanOrEqualTo(100);

            jcorn.mark();
            Proc.signal(jcorn.anyWorker(), "KILL");
            jcorn.awaitEvent("Worker ready");
            try (LoadClient later =
                    LoadClient.start(jcorn.port(), Style.CONNECTION_PER_REQUEST, 4, TestJar.question("1"))) {
                later.awaitAnswersOf(jcorn.workers().keySet()).stop().assertPerfect();
            }
        }
    }

    @Test
    void aJarThatIsNoJarIsRefused() throws IOException {
        Path jar = TestJar.versioned(place.folder().resolve("app.jar"), 1);
        try (RunningJcorn jcorn = place.jcorn("--workers", "2", jar.toString())
                        .tolerate("Reload (refused|failed)", "app.jar", "gen=2")
                        .start();
                LoadClient users = LoadClient.start(jcorn.port(), Style.KEEP_ALIVE, 8, TestJar.question("1"))) {
            users.awaitAnswers(50);
            Set<Long> before = Set.copyOf(jcorn.workers().keySet());
            Files.writeString(jar, "half a jar");

            jcorn.signal("HUP");
            jcorn.awaitEvent("Reload (refused|failed)");
            jcorn.awaitEvent("app.jar");

            users.awaitAnswers(50).stop().assertPerfect();
            assertThat(jcorn.workers().keySet()).isEqualTo(before);
        }
    }

    @Test
    void anApplicationThatDoesNotBootAgainIsUndone() throws IOException {
        try (RunningJcorn jcorn = place.jcorn("--workers", "2", Workplace.misbehaving("FailsAfterReload"))
                        .tolerate("Reload failed", "failed to boot", "lacks database.url", "\\]\\s+at ")
                        .start();
                LoadClient users = LoadClient.start(jcorn.port(), Style.KEEP_ALIVE, 8, Question.BEHAVED)) {
            users.awaitAnswers(50);
            Set<Long> before = Set.copyOf(jcorn.workers().keySet());

            jcorn.signal("HUP");
            jcorn.awaitEvent("the new configuration lacks database.url");
            jcorn.awaitEvent("Reload failed: generation 2 does not boot .* Generation 1 goes on serving");

            jcorn.awaitEvent("Worker .*gen=2\\) exited with code 3: failed to boot");

            users.awaitAnswers(50).stop().assertPerfect();
            assertThat(jcorn.workers().keySet()).isEqualTo(before);
            Await.until(
                    "the files of generation 2 are gone",
                    () -> generations(jcorn).equals(Set.of("gen-1")));
        }
    }

    @Test
    void anApplicationThatIsTooSlowIsUndone() throws IOException {
        Path file = place.folder().resolve("jcorn.conf");
        Files.writeString(file, "env { MISBEHAVING_START_MILLIS = \"0\" }\n");
        try (RunningJcorn jcorn = place.jcorn(
                        "--config", file.toString(), "--bind", "127.0.0.1:0", Workplace.misbehaving("SlowStart"))
                .tolerate("Reload failed", "not ready after 1500 ms", "Killing worker", "killed by the master")
                .tolerate(StopIT.THREAD_DUMP)
                .start()) {
            long before = jcorn.anyWorker();
            Files.writeString(file, "env { MISBEHAVING_START_MILLIS = \"600000\" }\nboot-timeout = 1500ms\n");

            jcorn.signal("HUP");
            jcorn.awaitEvent("WORKER TIMEOUT .*gen=2.* not ready after 1500 ms");
            jcorn.awaitEvent("at io.jcorn.examples.misbehaving.SlowStart.<init>");
            jcorn.awaitEvent("Reload failed: generation 2 does not boot");

            assertThat(HttpConnection.get(jcorn.port(), "/").pid()).isEqualTo(before);
        }
    }

    @Test
    void aWrongConfigurationIsRefused() throws IOException {
        Path file = place.folder().resolve("jcorn.conf");
        Files.writeString(file, "workers = 2\n");
        try (RunningJcorn jcorn = place.jcorn("--config", file.toString(), "--bind", "127.0.0.1:0", Workplace.hello())
                .tolerate("Reload refused", "jcorn.conf")
                .start()) {
            Set<Long> before = Set.copyOf(jcorn.workers().keySet());
            Files.writeString(file, "workers = many\n");

            jcorn.signal("HUP");
            jcorn.awaitEvent("Reload refused, nothing was changed");
            jcorn.awaitEvent("jcorn.conf.*workers.*many");

            assertThat(jcorn.workers().keySet()).isEqualTo(before);

            Files.writeString(file, "workers = 3\n");
            jcorn.signal("HUP");
            jcorn.awaitEvent("Reload complete: generation [0-9]+, 3 workers");
        }
    }

    @Test
    void reloadsDuringAReloadEndInTheLast() throws IOException {
        try (RunningJcorn jcorn =
                        place.jcorn("--workers", "3", Workplace.hello()).start();
                LoadClient users = LoadClient.start(jcorn.port(), Style.KEEP_ALIVE, 12, Question.PID)) {
            users.awaitAnswers(50);
            for (int time = 1; time <= 3; time++) {
                Proc.signal(jcorn.pid(), "HUP");
                jcorn.awaitEvents("Booting worker .*gen=[2-9]", time);
            }
            jcorn.awaitEvent("Reload complete: generation 4, 3 workers");
            jcorn.awaitEvents("Worker exiting \\(pid: [0-9]+, slot=[0-9] gen=1\\)", 3);

            users.stop().assertPerfect();
            Await.until(
                    "no file of a former generation is left",
                    () -> generations(jcorn).equals(Set.of("gen-4")));
            assertThat(jcorn.workers().values()).containsExactlyInAnyOrder(0, 1, 2);
        }
    }

    @Test
    void termDuringAReloadStops() throws IOException {
        try (RunningJcorn jcorn = slowStarter(2).start();
                LoadClient users = LoadClient.start(jcorn.port(), Style.KEEP_ALIVE, 8, Question.BEHAVED)) {
            users.awaitAnswers(20);
            jcorn.signal("HUP");
            jcorn.awaitEvent("Booting worker .*gen=2");
            jcorn.signal("TERM");

            users.awaitRefusal().assertOnlyRefused();
            jcorn.assertExit(0);
        }
    }

    @Test
    void aNewWorkerThatIsKilledDuringAReloadIsTriedAgain() throws IOException {
        try (RunningJcorn jcorn = slowStarter(2)
                        .tolerate("was sent SIGKILL: killed from outside; it was never ready")
                        .start();
                LoadClient users = LoadClient.start(jcorn.port(), Style.KEEP_ALIVE, 8, Question.BEHAVED)) {
            users.awaitAnswers(20);
            jcorn.signal("HUP");
            String pid = jcorn.awaitEvent("Booting worker with pid: ([0-9]+) \\(slot=[0-9] gen=2\\)")
                    .group(1);
            Proc.signal(Long.parseLong(pid), "KILL");

            jcorn.awaitEvent("Reload complete: generation 2, 2 workers");

            users.stop().assertPerfect();
        }
    }

    @Test
    void anOldWorkerThatIsKilledDuringAReloadDelaysItOnly() throws IOException {
        try (RunningJcorn jcorn =
                slowStarter(2).tolerate("was sent SIGKILL: killed from outside").start()) {
            long victim = jcorn.anyWorker();
            jcorn.signal("HUP");
            jcorn.awaitEvent("Booting worker .*gen=2");
            Proc.signal(victim, "KILL");

            jcorn.awaitEvent("Worker \\(pid: " + victim + ",.* was sent SIGKILL");
            jcorn.awaitEvent("Reload complete: generation 2, 2 workers");
            assertThat(jcorn.workers()).doesNotContainKey(victim);
        }
    }

    @Test
    void anotherListOfAddressesIsHonoured() throws IOException {
        Path file = place.folder().resolve("jcorn.conf");
        Files.writeString(file, "workers = 2\nbind = [\"127.0.0.1:0\", \"127.0.0.2:0\"]\n");
        try (RunningJcorn jcorn =
                place.jcorn("--config", file.toString(), Workplace.hello()).start()) {
            int kept = jcorn.port();
            int old = Integer.parseInt(
                    jcorn.awaitEvent("Listening at: http://127.0.0.2:([0-9]+)").group(1));
            assertThat(HttpConnection.get("127.0.0.2", old, "/pid").status()).isEqualTo(200);
            Files.writeString(file, "workers = 2\nbind = [\"127.0.0.1:0\", \"127.0.0.3:0\"]\n");

            try (LoadClient users = LoadClient.start(kept, Style.CONNECTION_PER_REQUEST, 4, Question.PID)) {
                jcorn.signal("HUP");
                int added = Integer.parseInt(jcorn.awaitEvent("Listening at: http://127.0.0.3:([0-9]+)")
                        .group(1));
                jcorn.awaitEvent("Reload complete: generation 2");

                assertThat(HttpConnection.get("127.0.0.3", added, "/pid").generation())
                        .isEqualTo(2);
                users.awaitAnswers(50).stop().assertPerfect();
            }
            Await.until("the old address is closed", () -> Proc.listeners(old).isEmpty());
            assertThatThrownBy(() -> HttpConnection.get("127.0.0.2", old, "/pid"))
                    .isInstanceOfSatisfying(
                            LossException.class, e -> assertThat(e.loss()).isEqualTo(Loss.REFUSED));
        }
    }

    private Launch slowStarter(int workers) {
        return place.jcorn("--workers", Integer.toString(workers), Workplace.misbehaving("SlowStart"))
                .env("MISBEHAVING_START_MILLIS", "1000");
    }

    /** Returns the folders of snapshots that exist. */
    private static Set<String> generations(RunningJcorn jcorn) {
        Pattern folder = Pattern.compile("gen-[0-9]+");
        Set<String> names = new HashSet<>();
        for (Path path : files(jcorn.temp())) {
            for (Path inside : files(path)) {
                String name = String.valueOf(inside.getFileName());
                if (folder.matcher(name).matches()) {
                    names.add(name);
                }
            }
        }
        return names;
    }

    private static List<Path> files(Path folder) {
        try (var files = Files.list(folder)) {
            return files.toList();
        } catch (IOException e) {
            // It went meanwhile.
            return List.of();
        }
    }
}
