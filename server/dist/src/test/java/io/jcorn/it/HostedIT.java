package io.jcorn.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.it.LoadClient.Style;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Servers that know nothing of jcorn, unmodified: workers and versions of them come and go under load, and no request is lost. */
@Tag("alone")
class HostedIT {

    private static final int USERS = 8;
    private static final int VISITORS = 4;
    private static final int IN_FLIGHT_MILLIS = 700;

    /** How long users think while a server starts: two processors are not many. */
    private static final int WHILE_IT_STARTS = 50;

    private static final String KILLED = "was sent SIGKILL: killed from outside";

    /** A worker that is killed cannot remove what its libraries keep in the temp folder; a database is meant to stay. */
    private static final String OWN_FILES = "guestbook\\..*";

    @RegisterExtension
    final Workplace place = new Workplace();

    /** One life of a server, because to start these takes longer than anything else. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "WEBFLUX")
    void workersAndVersionsComeAndGo(HostedExample example) throws IOException {
        Path archive = example.copyTo(place.folder());
        try (RunningJcorn jcorn = place.jcorn(example.serving(archive, 2))
                .workersOn(17)
                .tolerate(KILLED)
                .leaving(OWN_FILES)
                .start()) {
            jcorn.awaitEvent(example.choice());
            everyWorkerServes(jcorn, "v1");
            long killed = killOneUnderLoad(jcorn);
            long ended = terminateOneUnderLoad(jcorn);
            assertThat(jcorn.workers()).hasSize(2).doesNotContainKeys(killed, ended);

            jcorn.tolerateFromNowOn(
                    "Reload failed", "failed to boot", "gen=2\\) exited with code", "version.txt is empty", TRACE);
            example.release(archive, "");
            reloadInVainUnderLoad(jcorn);
            example.release(archive, "v2");
            reloadUnderLoad(jcorn, "v2");
            stopUnderLoad(jcorn);
        }
    }

    /** The same on a newer Java, in short: one that takes most of a JVM, and one that takes least. */
    static Stream<Arguments> newerJava() {
        return Stream.of(Arguments.of(25, HostedExample.WEBFLUX), Arguments.of(25, HostedExample.JDK_HTTPSERVER));
    }

    @ParameterizedTest
    @MethodSource("newerJava")
    void onANewerJava(int java, HostedExample example) throws IOException {
        Path archive = example.copyTo(place.folder());
        try (RunningJcorn jcorn = place.jcorn(example.serving(archive, 2))
                .withBothCompilers()
                .workersOn(java)
                .tolerate(JVM_WARNING)
                .leaving(OWN_FILES)
                .start()) {
            everyWorkerServes(jcorn, "v1");
            example.release(archive, "v2");
            reloadUnderLoad(jcorn, "v2");
            stopUnderLoad(jcorn);
        }
    }

    /** Stack traces of applications, which go to standard error as they are. */
    private static final String TRACE =
            "(^|\\])\\s+at |^\\s+\\.\\.\\. [0-9]+ |^Caused by: |^Exception in thread |^\\s*$";

    /** Newer Javas warn of what libraries do that will be forbidden one day. */
    private static final String JVM_WARNING = "^WARNING: ";

    private static void everyWorkerServes(RunningJcorn jcorn, String version) {
        try (LoadClient visitors = LoadClient.start(
                jcorn.port(),
                Style.CONNECTION_PER_REQUEST,
                VISITORS,
                HostedExample.PID,
                HostedExample.version(version))) {
            visitors.awaitAnswersOf(jcorn.workers().keySet()).stop().assertPerfect();
        }
    }

    private static long killOneUnderLoad(RunningJcorn jcorn) {
        try (LoadClient users = users(jcorn, "v1");
                LoadClient visitors = visitors(jcorn, "v1")) {
            users.awaitAnswers(100);
            visitors.awaitAnswersOf(jcorn.workers().keySet());
            long victim = jcorn.anyWorker();
            int slot = jcorn.workers().getOrDefault(victim, -1);
            jcorn.mark();
            Proc.signal(victim, "KILL");

            jcorn.awaitEvent("Worker \\(pid: " + victim + ", slot=" + slot + " gen=1\\) " + KILLED);
            users.thinking(WHILE_IT_STARTS);
            visitors.thinking(WHILE_IT_STARTS);
            String successor = jcorn.awaitEvent("Worker ready \\(pid: ([0-9]+), slot=" + slot + " gen=1\\)")
                    .group(1);
            visitors.awaitAnswersOf(Set.of(Long.valueOf(successor)));

            users.stop().assertLostOnlyWith(List.of(victim), USERS);
            visitors.stop().assertLostOnlyWith(List.of(victim), VISITORS);
            return victim;
        }
    }

    private static long terminateOneUnderLoad(RunningJcorn jcorn) {
        try (LoadClient users = users(jcorn, "v1");
                LoadClient visitors = visitors(jcorn, "v1");
                LoadClient inFlight = inFlight(jcorn)) {
            users.awaitAnswers(100);
            inFlight.awaitAnswers(2 * VISITORS);
            long leaving = jcorn.anyWorker();
            jcorn.mark();
            Proc.signal(leaving, "TERM");

            jcorn.awaitEvent("Draining worker \\(pid: " + leaving + ",.*TERM");
            jcorn.awaitEvent("Worker exiting \\(pid: " + leaving + ",");
            users.thinking(WHILE_IT_STARTS);
            visitors.thinking(WHILE_IT_STARTS);
            String successor =
                    jcorn.awaitEvent("Worker ready \\(pid: ([0-9]+),").group(1);
            visitors.awaitAnswersOf(Set.of(Long.valueOf(successor)));

            inFlight.stop().assertPerfect();
            visitors.stop().assertPerfect();
            tell("TERM of a worker", users.stop().assertPerfectButClosedIdle());
            return leaving;
        }
    }

    private static void stopUnderLoad(RunningJcorn jcorn) {
        try (LoadClient users = users(jcorn, "v[12]");
                LoadClient visitors = visitors(jcorn, "v[12]");
                LoadClient inFlight = inFlight(jcorn)) {
            users.awaitAnswers(100);
            visitors.awaitAnswers(100);
            inFlight.awaitAnswers(2 * VISITORS);
            jcorn.signal("TERM");

            inFlight.awaitRefusal().assertOnlyRefused();
            visitors.awaitRefusal().assertOnlyRefused();
            tell("TERM of the master", users.awaitRefusal().assertOnlyRefusedOrClosedIdle());
            jcorn.assertExit(0);
            assertThat(Proc.listeners(jcorn.port())).as("the port is free").isEmpty();
            assertThat(jcorn.processes()).as("nobody is left").isEmpty();
        }
    }

    private static void reloadInVainUnderLoad(RunningJcorn jcorn) {
        try (LoadClient users = users(jcorn, "v1");
                LoadClient visitors = visitors(jcorn, "v1")) {
            users.awaitAnswers(100);
            Set<Long> before = Set.copyOf(jcorn.workers().keySet());
            users.thinking(WHILE_IT_STARTS);
            visitors.thinking(WHILE_IT_STARTS);
            jcorn.signal("HUP");
            jcorn.awaitEvent("Worker .*gen=2\\) exited with code ");
            jcorn.awaitEvent("Reload failed: generation 2 does not boot .* Generation 1 goes on serving");
            visitors.awaitAnswers(100);

            users.stop().assertPerfect();
            visitors.stop().assertPerfect();
            assertThat(jcorn.workers().keySet()).isEqualTo(before);
            assertThat(jcorn.log() + jcorn.output()).contains("version.txt is empty");
        }
    }

    /**
     * While a reload rolls both versions answer. When it is complete and the gates of the old workers are closed, only the new one does:
     * whoever connects from then on never sees the old one again.
     */
    private static void reloadUnderLoad(RunningJcorn jcorn, String version) {
        try (LoadClient users = users(jcorn, "v1|" + version);
                LoadClient visitors = visitors(jcorn, "v1|" + version);
                LoadClient inFlight = inFlight(jcorn)) {
            users.awaitAnswers(100);
            inFlight.awaitAnswers(2 * VISITORS);
            Set<Long> before = Set.copyOf(jcorn.workers().keySet());
            jcorn.signal("HUP");
            for (int ready = 1; ready <= before.size(); ready++) {
                users.thinking(WHILE_IT_STARTS);
                visitors.thinking(WHILE_IT_STARTS);
                jcorn.awaitEvents("Worker ready", ready);
                users.hurrying();
                visitors.hurrying();
                jcorn.awaitEvents("Worker \\(pid: [0-9]+, slot=[0-9] gen=1\\) accepts nothing any more", ready);
            }
            jcorn.awaitEvent("Reload complete: generation [0-9]+, 2 workers in ");

            everyWorkerServesWhenTheOldAreGone(jcorn, version, before);
            inFlight.stop().assertPerfect();
            visitors.stop().assertPerfect();
            tell("reload", users.stop().assertPerfectButClosedIdle());
        }
    }

    private static void everyWorkerServesWhenTheOldAreGone(RunningJcorn jcorn, String version, Set<Long> old) {
        try (LoadClient newcomers = LoadClient.start(
                jcorn.port(),
                Style.CONNECTION_PER_REQUEST,
                VISITORS,
                HostedExample.version(version),
                HostedExample.PID)) {
            jcorn.awaitEvents("Worker exiting \\(pid: [0-9]+, slot=[0-9] gen=1\\)", old.size());
            LoadReport report =
                    newcomers.awaitAnswersOf(jcorn.workers().keySet()).stop().assertPerfect();
            assertThat(report.answersByPid().keySet()).doesNotContainAnyElementsOf(old);
            assertThat(jcorn.workers()).hasSize(2).doesNotContainKeys(old.toArray(Long[]::new));
        }
    }

    private static LoadClient users(RunningJcorn jcorn, String version) {
        return LoadClient.start(
                jcorn.port(), Style.KEEP_ALIVE, USERS, HostedExample.PID, HostedExample.version(version));
    }

    private static LoadClient visitors(RunningJcorn jcorn, String version) {
        return LoadClient.start(
                jcorn.port(),
                Style.CONNECTION_PER_REQUEST,
                VISITORS,
                HostedExample.PID,
                HostedExample.version(version));
    }

    /** There is always one in each worker. */
    private static LoadClient inFlight(RunningJcorn jcorn) {
        return LoadClient.start(
                jcorn.port(), Style.CONNECTION_PER_REQUEST, VISITORS, HostedExample.slow(IN_FLIGHT_MILLIS));
    }

    private static void tell(String situation, LoadReport report) {
        System.out.printf(
                "%s: %d requests on keep-alive connections, of which %d crossed the end of theirs%n",
                situation, report.ok(), report.count(Loss.CLOSED_IDLE));
    }
}
