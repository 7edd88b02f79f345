package io.jcorn.master.spawn;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jcorn.master.posix.LinuxPosix;
import io.jcorn.master.posix.Reaped;
import io.jcorn.master.posix.SpawnSpec;
import io.jcorn.master.posix.WaitStatus;
import io.jcorn.wire.AccessLogOptions;
import io.jcorn.wire.Admission;
import io.jcorn.wire.Deadlines;
import io.jcorn.wire.FileOptions;
import io.jcorn.wire.ForwardingOptions;
import io.jcorn.wire.Handover;
import io.jcorn.wire.Http2Options;
import io.jcorn.wire.LogLevel;
import io.jcorn.wire.ProxyOptions;
import io.jcorn.wire.ProxyProtocol;
import io.jcorn.wire.RequestLimits;
import io.jcorn.wire.RequestReading;
import io.jcorn.wire.WebSocketOptions;
import io.jcorn.wire.WorkerOptions;
import io.jcorn.wire.WorkerOptions.Threads;
import io.jcorn.wire.forwarded.ForwardedHeader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class WorkerCommandTest {

    private static final Handover HANDOVER = new Handover(2, 3, 3, 4, 5, List.of());

    private final Path folder;
    private final Path runFolder;
    private final Path distribution;
    private final Map<String, String> environment = new HashMap<>(Map.of("PATH", "/usr/bin"));
    private final Map<String, String> extra = new HashMap<>();
    private List<String> javaOptions = List.of();
    private Optional<Path> tempFolder = Optional.empty();
    private int temps;
    private String application = "/app.jar";
    private int feature = Runtime.version().feature();

    WorkerCommandTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        runFolder = Files.createDirectory(folder.resolve("run folder"));
        distribution = Files.createDirectory(folder.resolve("jcorn home"));
        Files.createDirectories(distribution.resolve("lib/worker"));
        Files.createFile(distribution.resolve("lib/worker/jcorn-worker-0.1.0.jar"));
    }

    private WorkerCommand command() {
        WorkerOptions options = new WorkerOptions(
                Path.of(application),
                application,
                Optional.empty(),
                List.of(),
                new Threads(Threads.Kind.POOL, 4),
                1,
                1,
                new RequestLimits(1, 1, 1, 0, 1),
                new RequestReading(false, false, false, false, RequestReading.HeaderMap.DROP, List.of(), ""),
                new Deadlines(1, 1, 1, 1, 1, 1, 1, 1, 1),
                new ProxyOptions(ProxyProtocol.OFF, List.of()),
                new ForwardingOptions(List.of(), ForwardedHeader.AUTO, List.of()),
                new FileOptions(List.of(), Optional.empty(), true),
                Optional.empty(),
                new WebSocketOptions(1, 1, 1, false),
                Http2Options.OFF,
                new Admission(1, 1, 1, 1, 1),
                1,
                1,
                LogLevel.INFO,
                Optional.empty(),
                AccessLogOptions.NONE,
                Optional.empty());
        return new WorkerCommand(
                new JavaRuntime(Path.of(System.getProperty("java.home")), feature, false),
                new Distribution(distribution),
                runFolder,
                new WorkerEnvironment(environment, extra),
                javaOptions,
                tempFolder,
                new WorkingFolder(Optional.of(folder), folder, warning -> {}),
                "hello.jar",
                new HandlerProgram(options));
    }

    /** None that is there already. */
    private Path temp() {
        return runFolder.resolve("tmp-" + ++temps);
    }

    private List<String> lines() throws IOException {
        command().spec(HANDOVER, List.of(), temp());
        return Files.readAllLines(runFolder.resolve("worker-5.args"));
    }

    private Map<String, String> variables() throws IOException {
        return command().spec(HANDOVER, List.of(), temp()).environment();
    }

    @Test
    void psShowsTheTitleAndOneShortArgument() throws IOException {
        SpawnSpec spec = command().spec(HANDOVER, List.of(7, 8), temp());

        assertThat(spec.title()).isEqualTo("jcorn: worker 2 [hello.jar]");
        assertThat(spec.arguments()).containsExactly("@" + runFolder.resolve("worker-5.args"));
        assertThat(spec.executable()).isEqualTo(Path.of(System.getProperty("java.home"), "bin/java"));
        assertThat(spec.directory()).contains(folder);
        assertThat(spec.descriptors()).containsExactly(7, 8);
    }

    @Test
    void theOptionsOfTheConfigurationComeLastAndMayOverrule() throws IOException {
        javaOptions = List.of("-Xlog:gc", "-XX:+UsePerfData");

        List<String> lines = lines();

        assertThat(lines).containsSubsequence("\"-XX:-UsePerfData\"", "\"-Xlog:gc\"", "\"-XX:+UsePerfData\"");
        assertThat(lines)
                .containsSubsequence(
                        "\"-XX:+UsePerfData\"",
                        "\"-cp\"",
                        "\"" + distribution.resolve("lib/worker/jcorn-worker-0.1.0.jar") + "\"",
                        "\"io.jcorn.worker.Main\"",
                        "\"--application=/app.jar\"");
    }

    @Test
    void templatesAreFilledWhereTheyCanBe() throws IOException {
        javaOptions = List.of(
                "-Dlog={slot}-{generation}-{pid}",
                "-XX:ErrorFile=/tmp/{slot}.{generation}.{pid}.log",
                "-Dslot={slot}",
                "-Dpattern=%d{ISO8601} {slots} ${HOSTNAME}");

        assertThat(lines())
                .contains(
                        "\"-Dlog=2-3-{pid}\"",
                        "\"-XX:ErrorFile=/tmp/2.3.%p.log\"",
                        "\"-Dslot=2\"",
                        "\"-Dpattern=%d{ISO8601} {slots} ${HOSTNAME}\"");
    }

    @Test
    void aCollectorIsChosenOnlyWhereNobodyElseDoes() throws IOException {
        assertThat(lines()).contains("\"-XX:+UseSerialGC\"");

        for (String collector : List.of("UseG1GC", "UseZGC", "UseParallelGC", "UseShenandoahGC", "UseEpsilonGC")) {
            javaOptions = List.of("-Xmx64m", "-XX:+" + collector);
            assertThat(lines()).doesNotContain("\"-XX:+UseSerialGC\"");
        }
        javaOptions = List.of("-XX:+UseGCOverheadLimit", "-XX:-UseG1GC", "-Dx=UseG1GC");
        assertThat(lines()).contains("\"-XX:+UseSerialGC\"");
    }

    @Test
    void aCollectorOfTheEnvironmentIsRespected() throws IOException {
        for (String variable : List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS")) {
            environment.put(variable, "-Dx=1 -XX:+UseG1GC -Dy=2");
            assertThat(lines()).doesNotContain("\"-XX:+UseSerialGC\"");
            environment.remove(variable);
            extra.put(variable, "-XX:+UseG1GC");
            assertThat(lines()).doesNotContain("\"-XX:+UseSerialGC\"");
            extra.remove(variable);
        }
    }

    @Test
    void whatTheLauncherKeptFromTheMasterReachesTheWorkers() throws IOException {
        System.setProperty("jcorn.worker.JAVA_TOOL_OPTIONS", "-javaagent:/agent.jar -XX:+UseG1GC");
        try {
            assertThat(variables()).containsEntry("JAVA_TOOL_OPTIONS", "-javaagent:/agent.jar -XX:+UseG1GC");
            assertThat(lines()).doesNotContain("\"-XX:+UseSerialGC\"");
            extra.put("JAVA_TOOL_OPTIONS", "-Dx=1");
            assertThat(variables()).containsEntry("JAVA_TOOL_OPTIONS", "-Dx=1");
        } finally {
            System.clearProperty("jcorn.worker.JAVA_TOOL_OPTIONS");
        }
    }

    @Test
    void newerJvmsAreToldWhatTheyWouldWarnOf() throws IOException {
        feature = 17;
        assertThat(lines()).noneMatch(line -> line.contains("native-access"));
        feature = 25;
        assertThat(lines())
                .contains("\"--enable-native-access=ALL-UNNAMED\"", "\"--sun-misc-unsafe-memory-access=allow\"");
    }

    @Test
    void theEnvironmentIsTheMastersWithoutWhatIsMeantForTheMaster() throws IOException {
        environment.putAll(Map.of(
                "JCORN_WORKERS", "4",
                "JCORN_SLOT", "77",
                "LISTEN_PID", "1",
                "LISTEN_FDS", "2",
                "LISTEN_FDNAMES", "a:b",
                "LISTEN_ADDRESS", "the application's own",
                "PORT", "8080"));
        extra.put("DB", "x=y z");
        extra.put("PATH", "/opt/bin");

        assertThat(variables())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "PATH", "/opt/bin",
                        "DB", "x=y z",
                        "LISTEN_ADDRESS", "the application's own",
                        "PORT", "8080",
                        "JCORN_SLOT", "2",
                        "JCORN_GENERATION", "3",
                        "JCORN_HANDOVER", "control=3;scoreboard=4;row=5"));
    }

    @Test
    void eachWorkerHasATempFolderOfItsOwnWhateverTheMasterHas() throws IOException {
        environment.put("TMPDIR", "/var/tmp");
        assertThat(lines()).contains("\"-Djava.io.tmpdir=" + runFolder.resolve("tmp-1") + "\"");
        assertThat(runFolder.resolve("tmp-1")).isEmptyDirectory();
        assertThat(variables()).as("programs that the application starts").containsEntry("TMPDIR", "/var/tmp");
        assertThat(runFolder.resolve("tmp-2")).isEmptyDirectory();
    }

    @Test
    void theTempFolderIsThatOfTheWorkersEnvironmentIfItHasOne() throws IOException {
        environment.put("TMPDIR", "/var/tmp");
        extra.put("TMPDIR", "relative");
        assertThat(lines()).contains("\"-Djava.io.tmpdir=" + Path.of("relative").toAbsolutePath() + "\"");
        assertThat(runFolder.resolve("tmp-1")).doesNotExist();
    }

    @Test
    void theTempFolderOfTheConfigurationIsForAllWorkers() throws IOException {
        extra.put("TMPDIR", "relative");
        tempFolder = Optional.of(folder);
        assertThat(lines()).contains("\"-Djava.io.tmpdir=" + folder + "\"");
        assertThat(runFolder.resolve("tmp-1")).doesNotExist();
    }

    @Test
    void whoSaysTheTempFolderHimselfIsLeftAlone() throws IOException {
        javaOptions = List.of("-Djava.io.tmpdir=/there");
        assertThat(lines()).contains("\"-Djava.io.tmpdir=/there\"").noneMatch(line -> line.contains("/tmp-"));
        javaOptions = List.of();
        for (String variable : List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS")) {
            environment.put(variable, "-Dx=1 -Djava.io.tmpdir=/there");
            assertThat(lines()).noneMatch(line -> line.contains("tmpdir"));
            environment.remove(variable);
        }
        assertThat(runFolder.resolve("tmp-1")).doesNotExist();
    }

    @Test
    void aTempFolderThatCannotBeMadeIsSaid() throws IOException {
        Path taken = Files.createFile(runFolder.resolve("tmp-1"));
        assertThatThrownBy(this::lines)
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("the temp folder " + taken + " cannot be made (");
    }

    @Test
    void theAddressOfADebuggerIsKnownWhereOnlyOneProcessCanHaveIt() {
        assertThat(command().debugger()).isEmpty();
        javaOptions =
                List.of("-Dx=1", "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:500{slot}");
        assertThat(command().debugger()).contains("127.0.0.1:500{slot}");
        javaOptions = List.of("-agentlib:jdwp=transport=dt_socket,address=*:5005,server=y");
        assertThat(command().debugger()).contains("*:5005");
        javaOptions = List.of();
        extra.put("JAVA_TOOL_OPTIONS", "-Dx=1 -Xrunjdwp:transport=dt_socket,server=y,address=5005 -Dy=2");
        assertThat(command().debugger()).contains("5005");
    }

    @Test
    void aDebuggerThatTakesAnyPortOrListensNowhereIsInNobodysWay() {
        for (String harmless : List.of(
                "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:0",
                "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=0",
                "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n",
                "-agentlib:jdwp=transport=dt_socket,server=n,address=127.0.0.1:5005",
                "-Djdwp.address=5005")) {
            javaOptions = List.of(harmless);
            assertThat(command().debugger()).as(harmless).isEmpty();
        }
    }

    @Test
    void aDistributionThatIsNotWholeIsSaid() throws IOException {
        Files.delete(distribution.resolve("lib/worker/jcorn-worker-0.1.0.jar"));
        assertThatThrownBy(this::lines)
                .isInstanceOf(IOException.class)
                .hasMessage("the distribution at " + distribution + " is incomplete: " + distribution
                        + "/lib/worker/jcorn-worker-*.jar is missing");

        Files.delete(distribution.resolve("lib/worker"));
        assertThatThrownBy(this::lines)
                .isInstanceOf(IOException.class)
                .hasMessage("the distribution at " + distribution + " cannot be read (" + distribution
                        + "/lib/worker: No such file or directory)");
    }

    @Test
    void anArgumentFileThatCannotBeWrittenIsSaid() throws IOException {
        tempFolder = Optional.of(folder);
        Files.delete(runFolder);
        assertThatThrownBy(this::lines)
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("the argument file " + runFolder + "/worker-5.args cannot be written (");
    }

    @Test
    void aRealJvmGetsEveryArgumentAsItIs() throws Exception {
        fakeWorker();
        Path out = folder.resolve("out");
        extra.put("OUT", out.toString());
        String nasty = "a b\t'c' \"d\" \\e\\\\ \n\r\f # $HOME * @f {slot}";
        // What is not ASCII arrives where the locale has it.
        boolean utf8 = "UTF-8".equals(System.getProperty("sun.jnu.encoding"));
        environment.put("LC_ALL", "C.UTF-8");
        application = "/x/" + nasty + (utf8 ? "/äöü.jar" : "/aou.jar");
        javaOptions = List.of("-Dnasty=" + nasty, "-Dempty=", "-Dcomment=#no");
        LinuxPosix posix = new LinuxPosix();

        int pid = posix.spawn(command().spec(HANDOVER, List.of(), temp()));
        ProcessHandle.of(pid).ifPresent(process -> process.onExit().join());

        assertThat(posix.reap()).isEqualTo(new Reaped(pid, WaitStatus.ofExit(0)));
        List<String> seen = List.of(Files.readString(out).split("\0", -1));
        assertThat(seen)
                .startsWith("-Dnasty=" + nasty.replace("{slot}", "2"), "-Dempty=", "-Dcomment=#no", folder.toString())
                .contains("--application=" + application, "--threads=POOL:4");
        assertThat(WorkerOptions.fromArguments(seen))
                .isEqualTo(((HandlerProgram) command().program()).options());
    }

    /** A distribution whose worker writes down what it got. */
    private void fakeWorker() throws IOException {
        Path source = Files.writeString(folder.resolve("Main.java"), """
                package io.jcorn.worker;

                public class Main {
                    public static void main(String[] arguments) throws Exception {
                        java.util.List<String> seen = new java.util.ArrayList<>();
                        for (String name : new String[] {"nasty", "empty", "comment"}) {
                            seen.add("-D" + name + "=" + System.getProperty(name));
                        }
                        seen.add(System.getProperty("user.dir"));
                        seen.addAll(java.util.List.of(arguments));
                        java.nio.file.Files.writeString(
                                java.nio.file.Path.of(System.getenv("OUT")), String.join("\\0", seen));
                    }
                }
                """);
        int errors = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-d", folder.toString(), "--release", "17", source.toString());
        assertThat(errors).isZero();
        Path jar = distribution.resolve("lib/worker/jcorn-worker-0.1.0.jar");
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out)) {
            entries.putNextEntry(new JarEntry("io/jcorn/worker/Main.class"));
            entries.write(Files.readAllBytes(folder.resolve("io/jcorn/worker/Main.class")));
        }
    }

    @Test
    void theFileIsReadableByAHuman() throws IOException {
        String text = lines().stream().collect(Collectors.joining("\n"));

        assertThat(text.lines()).allMatch(line -> line.startsWith("\"") && line.endsWith("\""));
        assertThat(text.getBytes(UTF_8).length).isLessThan(4096);
    }
}
