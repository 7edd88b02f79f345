package io.jcorn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jcorn.dist.Distribution;
import io.jcorn.it.LoadClient.Question;
import io.jcorn.it.LoadClient.Style;
import io.jcorn.it.app.AsynchronousServer;
import io.jcorn.it.app.InheritedChannelServer;
import io.jcorn.it.app.NettyServer;
import io.jcorn.it.app.SelectorServer;
import io.jcorn.it.app.TimedAcceptServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way in which Java code comes to a listening socket leads to the one that the master holds. */
class AdoptionIT {

    private static final Question OBEYED = new Question("/", Pattern.compile("pid=[0-9]+ slot=[0-9]+ [^ ]+ [^ ]+\n"));

    @RegisterExtension
    final Workplace place = new Workplace();

    static Stream<Arguments> servers() {
        return Stream.of(17, 25)
                .flatMap(java -> Stream.of(
                                SelectorServer.class,
                                AsynchronousServer.class,
                                TimedAcceptServer.class,
                                InheritedChannelServer.class)
                        .map(server -> Arguments.of(java, server)));
    }

    @ParameterizedTest
    @MethodSource("servers")
    void whateverAcceptsServesAndLeavesInOrder(int java, Class<?> server) throws IOException {
        Path jar = TestJar.running(place.folder().resolve("app.jar"), server);
        servesAndLeavesInOrder(place.jcorn("--workers", "2", jar.toString()).workersOn(java));
    }

    @ParameterizedTest
    @CsvSource({"17, inherited", "25, binds"})
    void nettysNativeTransportDoesToo(int java, String way) throws IOException {
        Path jar = TestJar.running(place.folder().resolve("app.jar"), NettyServer.class);
        List<String> command = new ArrayList<>(List.of("--workers", "2"));
        for (Path library : netty()) {
            command.addAll(List.of("--classpath", library.toString()));
        }
        command.add(jar.toString());
        if (way.equals("inherited")) {
            command.addAll(List.of("--", way));
        }
        servesAndLeavesInOrder(
                place.jcorn(command.toArray(String[]::new)).workersOn(java).tolerate("^WARNING: "));
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void whoIsRegisteredBeforeTheBindHearsOfConnections(int java) throws IOException {
        Path jar = TestJar.running(place.folder().resolve("app.jar"), SelectorServer.class);
        servesAndLeavesInOrder(
                place.jcorn("--workers", "2", jar.toString(), "--", "early").workersOn(java));
    }

    /** Both workers answer on both kinds of connections; one is ended, and then all. */
    static void servesAndLeavesInOrder(Launch launch) throws IOException {
        try (RunningJcorn jcorn = launch.start();
                LoadClient users = LoadClient.start(jcorn.port(), Style.KEEP_ALIVE, 8, Question.BEHAVED);
                LoadClient visitors =
                        LoadClient.start(jcorn.port(), Style.CONNECTION_PER_REQUEST, 4, Question.BEHAVED)) {
            users.awaitAnswers(100);
            visitors.awaitAnswersOf(jcorn.workers().keySet());
            long leaving = jcorn.anyWorker();
            jcorn.mark();
            Proc.signal(leaving, "TERM");
            jcorn.awaitEvent("Worker exiting \\(pid: " + leaving + ",");
            jcorn.awaitEvent("Worker ready");
            visitors.awaitAnswersOf(jcorn.workers().keySet());

            jcorn.signal("TERM");
            visitors.awaitRefusal().assertOnlyRefused();
            users.awaitRefusal().assertOnlyRefusedOrClosedIdle();
            jcorn.assertExit(0);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void twoPortsOfOneApplication(int java) throws IOException {
        try (RunningJcorn jcorn = place.obedient(
                        List.of("--workers", "2", "--bind", "127.0.0.1:0", "--bind", "127.0.0.1:0"),
                        "listen=127.0.0.1:P1",
                        "listen=127.0.0.1:P2")
                .workersOn(java)
                .start()) {
            List<MatchResult> ports = jcorn.log().found("Listening at: http://127.0.0.1:([0-9]+)");
            assertThat(ports).hasSize(2);
            for (int number = 1; number <= 2; number++) {
                int port = Integer.parseInt(ports.get(number - 1).group(1));
                Question question = new Question(
                        "/",
                        Pattern.compile("pid=[0-9]+ slot=[0-9]+ 127.0.0.1:P" + number + " /127.0.0.1:" + port + "\n"));
                try (LoadClient visitors = LoadClient.start(port, Style.CONNECTION_PER_REQUEST, 4, question)) {
                    visitors.awaitAnswersOf(jcorn.workers().keySet()).stop().assertPerfect();
                }
            }
        }
    }

    /** What the master holds, what the application asks for, and where clients may come from. */
    @ParameterizedTest
    @CsvSource({
        "17, [::]:0,      0.0.0.0, 127.0.0.1, false",
        "17, [::]:0,      0.0.0.0, ::1,       false",
        "17, [::]:0,      0.0.0.0, ::1,       true",
        "17, 0.0.0.0:0,   [::],    127.0.0.1, false",
        "25, [::]:0,      0.0.0.0, ::1,       false",
        "25, 0.0.0.0:0,   [::],    127.0.0.1, false",
        "17, 127.0.0.1:0, [::1],   127.0.0.1, false"
    })
    void addressesOfBothFamiliesMeet(int java, String held, String asked, String client, boolean onlyIp4)
            throws IOException {
        assumeTrue(Files.exists(Path.of("/proc/net/if_inet6")), "no IPv6 here");
        try (RunningJcorn jcorn = place.obedient(
                        List.of(
                                "--workers",
                                "1",
                                "--bind",
                                held,
                                "--java-opt",
                                "-Djava.net.preferIPv4Stack=" + onlyIp4),
                        "listen=" + asked + ":P1")
                .workersOn(java)
                .start()) {
            try (HttpConnection connection = HttpConnection.open(new InetSocketAddress(client, jcorn.port()))) {
                assertThat(connection.get("/").pid()).isEqualTo(jcorn.anyWorker());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"thread", "loader"})
    void fromAnywhereInTheProcess(String where) throws IOException {
        try (RunningJcorn jcorn = place.obedient(List.of("--workers", "2"), where, "listen=127.0.0.1:P1")
                        .start();
                LoadClient visitors = LoadClient.start(jcorn.port(), Style.CONNECTION_PER_REQUEST, 4, OBEYED)) {
            visitors.awaitAnswersOf(jcorn.workers().keySet()).stop().assertPerfect();
        }
    }

    @Test
    void whoClosesAndListensAgainLosesNobody() throws IOException {
        Path again = place.folder().resolve("again");
        try (RunningJcorn jcorn = place.obedient(
                                List.of("--workers", "1"),
                                "listen=127.0.0.1:P1",
                                "await=" + again,
                                "close",
                                "listen=0.0.0.0:P1")
                        .start();
                LoadClient visitors = LoadClient.start(jcorn.port(), Style.CONNECTION_PER_REQUEST, 4, OBEYED)) {
            visitors.awaitAnswers(50);
            long before = jcorn.anyWorker();
            Files.createFile(again);
            Await.until("the other socket answers", () -> ask(jcorn.port()).contains(" 0.0.0.0:P1 "));
            visitors.awaitAnswers(50).stop().assertPerfect();
            assertThat(jcorn.workers()).containsOnlyKeys(before);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void whoOnlyTriesThePortIsNotReady(int java) throws IOException {
        Path tried = place.folder().resolve("tried");
        Path go = place.folder().resolve("go");
        try (RunningJcorn jcorn = place.obedient(
                        List.of("--workers", "1"),
                        "bind=127.0.0.1:P1",
                        "write=" + tried,
                        "await=" + go,
                        "listen=127.0.0.1:P1")
                .workersOn(java)
                .launch()) {
            Await.until("the port was tried", () -> Files.exists(tried));
            Await.pass(Duration.ofMillis(1500));
            assertThat(jcorn.log().found("Worker ready")).isEmpty();
            Files.createFile(go);
            jcorn.awaitEvent("Ready: 1 worker");
            assertThat(ask(jcorn.port())).contains(" 127.0.0.1:P1 ");
        }
    }

    private static List<Path> netty() throws IOException {
        Path worker = Distribution.home().resolve("lib/worker");
        try (Stream<Path> files = Files.list(worker)) {
            Stream<Path> jars =
                    files.filter(file -> String.valueOf(file.getFileName()).startsWith("netty-"));
            return Stream.concat(jars.sorted(), Stream.of(worker.resolve("native/epoll")))
                    .toList();
        }
    }

    private static String ask(int port) {
        try {
            return HttpConnection.get(port, "/").body();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
