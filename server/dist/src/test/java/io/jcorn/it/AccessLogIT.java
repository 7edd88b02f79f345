package io.jcorn.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.it.LoadClient.Question;
import io.jcorn.it.LoadClient.Style;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A line for each request, whatever becomes of it, of its worker, and of the log. */
class AccessLogIT {

    private static final String KILLED = "was sent SIGKILL: killed from outside";

    private static final String FORMAT =
            "%(h)s %(l)s %(u)s %(t)s \"%(r)s\" %(s)s %(b)s \"%(f)s\" \"%(a)s\" %(p)s %(D)s";

    private static final Pattern LINE = Pattern.compile(
            "127\\.0\\.0\\.1 - - \\[[^]]+] \"GET /[a-z]+[?=0-9a-z]* HTTP/1\\.1\""
                    + " (?<status>[0-9]{3}) (?<bytes>[0-9]+|-) \"-\" \"-\" <(?<pid>[0-9]+)> (?<micros>[0-9]+)(?: \"(?<end>[^\"]*)\")?");

    @RegisterExtension
    final Workplace place = new Workplace();

    private Path file() {
        return place.folder().resolve("access.log");
    }

    private Launch logging(String... arguments) {
        List<String> all = new ArrayList<>(List.of("--access-logfile", file().toString()));
        all.addAll(List.of("--access-logformat", FORMAT));
        all.addAll(List.of(arguments));
        return place.jcorn(all.toArray(String[]::new));
    }

    private static List<Matcher> wellFormed(List<String> lines) {
        return lines.stream()
                .map(line -> {
                    Matcher matcher = LINE.matcher(line);
                    assertThat(matcher.matches()).as(line).isTrue();
                    return matcher;
                })
                .toList();
    }

    private static long with(List<Matcher> lines, String status) {
        return lines.stream()
                .filter(line -> line.group("status").equals(status))
                .count();
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void workersShareAFileAndEveryResponseHasItsLine(int java) throws IOException {
        long answers;
        Set<Long> workers;
        try (RunningJcorn jcorn =
                logging("--workers", "3", Workplace.hello()).workersOn(java).start()) {
            workers = Set.copyOf(jcorn.workers().keySet());
            try (LoadClient one = LoadClient.start(jcorn.port(), Style.KEEP_ALIVE, 8, Question.PID);
                    LoadClient other = LoadClient.start(jcorn.port(), Style.CONNECTION_PER_REQUEST, 8, Question.PID)) {
                one.awaitAnswers(2000);
                other.awaitAnswersOf(workers);
                // While the clients are at work: what was in flight or in a buffer is there at the end.
                answers = one.stop().assertPerfect().ok()
                        + other.stop().assertPerfect().ok();
            }
            jcorn.signal("TERM");
            jcorn.assertExit(0);
        }
        List<Matcher> lines = wellFormed(Files.readAllLines(file()));
        assertThat(lines).hasSize((int) answers);
        assertThat(with(lines, "200")).isEqualTo(answers);
        assertThat(lines.stream().map(line -> Long.parseLong(line.group("pid"))).collect(Collectors.toSet()))
                .isEqualTo(workers);
    }

    @Test
    void aRotationUnderLoadLosesNothing() throws IOException {
        long answers;
        int rotations = 5;
        try (RunningJcorn jcorn = logging("--workers", "2", Workplace.hello()).start();
                LoadClient load = LoadClient.start(jcorn.port(), Style.KEEP_ALIVE, 8, Question.PID)) {
            for (int rotation = 0; rotation < rotations; rotation++) {
                load.awaitAnswers(200);
                Files.move(file(), place.folder().resolve("access.log." + rotation));
                load.awaitAnswers(50);
                jcorn.signal("USR1");
                Await.until("the log is there again", () -> Files.exists(file()));
            }
            load.awaitAnswers(200);
            answers = load.stop().assertPerfect().ok();
        }
        List<String> all = new ArrayList<>(Files.readAllLines(file()));
        for (int rotation = 0; rotation < rotations; rotation++) {
            all.addAll(Files.readAllLines(place.folder().resolve("access.log." + rotation)));
        }
        assertThat(wellFormed(all)).hasSize((int) answers);
    }

    @Test
    void requestsThatDieWithTheirWorkerAreLoggedWithTheReason() throws IOException {
        int users = 12;
        long answers;
        try (RunningJcorn jcorn = logging("--workers", "2", Workplace.hello())
                        .tolerate(KILLED)
                        .start();
                LoadClient load =
                        LoadClient.start(jcorn.port(), Style.KEEP_ALIVE, users, Question.PID, Question.slow(300))) {
            load.awaitAnswersOf(jcorn.workers().keySet());
            long victim = jcorn.anyWorker();
            jcorn.mark();
            Proc.signal(victim, "KILL");
            jcorn.awaitEvent("Worker \\(pid: " + victim + ", .* " + KILLED);
            jcorn.awaitEvent("Worker ready");
            load.awaitAnswers(50);
            answers = load.stop().assertLostOnlyWith(List.of(victim), users).ok();
        }
        List<Matcher> lines = wellFormed(Files.readAllLines(file()));
        List<Matcher> dead =
                lines.stream().filter(line -> line.group("end") != null).toList();
        assertThat(dead).isNotEmpty().hasSizeLessThanOrEqualTo(users).allSatisfy(line -> {
            assertThat(line.group("status")).isEqualTo("000");
            assertThat(line.group("bytes")).isEqualTo("-");
            assertThat(line.group("end")).isEqualTo("killed by SIGKILL");
        });
        // An answer that its client has not read any more when its worker died has its line too.
        assertThat(with(lines, "200")).isBetween(answers, answers + users);
    }

    @Test
    void aHangingWorkerIsToldWithItsRequests() throws IOException {
        try (RunningJcorn jcorn = place.jcorn(
                        "--access-logfile",
                        file().toString(),
                        "--access-logformat",
                        "json",
                        "--threads",
                        "0",
                        "--timeout",
                        "1s",
                        Workplace.misbehaving("Hangs"))
                .tolerate("WORKER TIMEOUT", "Killing worker", "SIGKILL: killed by the master")
                .tolerate(StopIT.THREAD_DUMP)
                .start()) {
            try (HttpConnection hanging = HttpConnection.open(jcorn.port())) {
                hanging.send("GET /misbehave?\" HTTP/1.1\r\nHost: localhost\r\n\r\n".replace("\"", "%22"));
                String late = jcorn.awaitEvent("Requests in flight of worker \\(pid: ([0-9]+), slot=0 gen=1\\):")
                        .group(1);
                jcorn.awaitEvent("  GET /misbehave\\?%22 of 127\\.0\\.0\\.1 for [0-9]+\\.[0-9] s");
                jcorn.awaitEvent("Worker \\(pid: " + late + ", .* was sent SIGKILL: killed by the master");
                jcorn.awaitEvents("Worker ready", 2);
                Await.until("the line", () -> lines().size() == 1);
                assertThat(lines().get(0))
                        .contains("\"target\":\"/misbehave?%22\"", "\"status\":0,\"bytes\":null", "\"pid\":" + late)
                        .endsWith(
                                "\"end\":\"killed by the master: its event loop has been silent for 1000 ms (timeout)\"}");
            }
        }
    }

    private List<String> lines() {
        try {
            return Files.readAllLines(file());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aFullDiskCostsLinesNotRequests() throws IOException {
        Files.createSymbolicLink(file(), Path.of("/dev/full"));
        long answers;
        try (RunningJcorn jcorn = logging(Workplace.hello())
                        .tolerate("cannot be written: No space left on device")
                        .start();
                LoadClient load = LoadClient.start(jcorn.port(), Style.KEEP_ALIVE, 4, Question.PID)) {
            jcorn.awaitEvent("The access log \\(.*\\) cannot be written: No space left on device");
            load.awaitAnswers(300);
            Files.delete(file());
            jcorn.signal("USR1");
            jcorn.awaitEvent("The access log \\(.*\\) is written again; [0-9]+ lines were lost");
            load.awaitAnswers(100);
            answers = load.stop().assertPerfect().ok();
            jcorn.signal("TERM");
            jcorn.assertExit(0);
            String text = jcorn.log().toString();
            Matcher lost = Pattern.compile("is written again; ([0-9]+) lines were lost")
                    .matcher(text);
            assertThat(lost.find()).isTrue();
            assertThat(lines().size() + Long.parseLong(lost.group(1))).isEqualTo(answers);
            assertThat(text).containsOnlyOnce("cannot be written");
        }
        wellFormed(lines());
    }

    @Test
    void standardOutputTakesItToo() throws IOException {
        try (RunningJcorn jcorn = place.jcorn("--workers", "2", "--access-logfile", "-", Workplace.hello())
                .start()) {
            for (int i = 0; i < 10; i++) {
                HttpConnection.get(jcorn.port(), "/pid");
            }
            Await.until("ten lines", () -> jcorn.output().lines().count() == 10);
            assertThat(jcorn.output().lines())
                    .allMatch(line -> line.matches(
                            "127\\.0\\.0\\.1 - - \\[[^]]+] \"GET /pid HTTP/1\\.1\" 200 [0-9]+ \"-\" \"-\""));
        }
    }

    @Test
    void aSyslogDaemonGetsBothLogs() throws IOException {
        try (DatagramSocket daemon = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            daemon.setSoTimeout((int) Await.DEADLINE.toMillis());
            List<String> arguments = new ArrayList<>(List.of("--log-syslog", "--log-syslog-facility", "local0"));
            arguments.addAll(List.of("--log-syslog-to", "udp://127.0.0.1:" + daemon.getLocalPort()));
            arguments.addAll(List.of("--log-syslog-prefix", "my shop"));
            arguments.addAll(List.of("--access-logformat", "%(r)s %(s)s \"%({end}j)s\"", Workplace.hello()));
            try (RunningJcorn jcorn = place.jcorn(arguments.toArray(String[]::new))
                    .tolerate(KILLED)
                    .start()) {
                long worker = jcorn.anyWorker();
                assertThat(message(daemon))
                        .startsWith("<134>jcorn.my_shop.error: [" + jcorn.pid() + "] Starting jcorn ");
                HttpConnection.get(jcorn.port(), "/pid");
                await(daemon, "<134>jcorn.my_shop.access: [" + worker + "] GET /pid HTTP/1.1 200 \"-\"");
                try (HttpConnection slow = HttpConnection.open(jcorn.port())) {
                    slow.send("GET /slow?ms=300000 HTTP/1.1\r\nHost: localhost\r\n\r\n");
                    jcorn.awaitStack("io.jcorn.examples.hello.Hello.slow");
                    Proc.signal(worker, "KILL");
                    await(
                            daemon,
                            "<134>jcorn.my_shop.access: [" + jcorn.pid()
                                    + "] GET /slow?ms=300000 HTTP/1.1 000 \"killed by SIGKILL\"");
                }
                jcorn.awaitEvents("Worker ready", 2);
            }
        }
    }

    private static void await(DatagramSocket daemon, String wanted) throws IOException {
        String message = message(daemon);
        while (!message.equals(wanted)) {
            message = message(daemon);
        }
    }

    /** Returns the next message; fails when none comes. */
    private static String message(DatagramSocket daemon) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[10_000], 10_000);
        daemon.receive(packet);
        return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--log-syslog-to    | localhost:514   | does not begin with udp://, tcp:// or unix://",
                "--access-logformat | %(h)s %(x)s     | has the unknown atom %(x)s. Known: h l u t r m U q",
                "--access-logformat | %(h             | that is never closed: an atom is written %(NAME)s",
                "--access-logfile   | /no/such/a.log  | the folder /no/such does not exist. Make it: mkdir -p /no/such",
                "--access-logfile   | /tmp            | /tmp is a folder, and a file is to be written there",
                "--access-logfile   | /proc/x.log     | "
            })
    void whatCannotBeDoneIsRefused(String flag, String value, String message) throws IOException {
        String text = place.jcorn(flag, value, Workplace.hello()).refused(1);

        assertThat(text.lines().filter(line -> line.contains(flag)))
                .singleElement()
                .asString()
                .contains(flag + ": ");
        assertThat(text).contains(message == null ? "/proc" : message);
    }

    @Test
    void aReloadChangesFormatAndFile() throws IOException {
        Path conf = place.folder().resolve("jcorn.conf");
        Path second = place.folder().resolve("second.log");
        Files.writeString(
                conf, "bind = \"127.0.0.1:0\"\naccess-logfile = \"" + file() + "\"\naccess-logformat = \"one\"\n");
        try (RunningJcorn jcorn = place.jcorn("-c", conf.toString(), Workplace.hello())
                .tolerate("Reload refused", "access-logformat: ")
                .start()) {
            HttpConnection.get(jcorn.port(), "/");
            Await.until("a line", () -> lines().equals(List.of("one")));

            Files.writeString(conf, "bind = \"127.0.0.1:0\"\naccess-logformat = \"%(what)s\"\n");
            jcorn.signal("HUP");
            jcorn.awaitEvent("access-logformat: .*has the unknown atom %\\(what\\)s");
            HttpConnection.get(jcorn.port(), "/");
            Await.until("a line", () -> lines().equals(List.of("one", "one")));

            Files.writeString(
                    conf,
                    "bind = \"127.0.0.1:0\"\naccess-logfile = \"" + second + "\"\naccess-logformat = \"two %(s)s\"\n");
            jcorn.signal("HUP");
            jcorn.awaitEvent("Reload complete");
            HttpConnection.get(jcorn.port(), "/");
            Await.until("a line", () -> Files.exists(second) && second.toFile().length() > 0);
            assertThat(second).hasContent("two 200");
            assertThat(lines()).hasSize(2);
        }
    }
}
