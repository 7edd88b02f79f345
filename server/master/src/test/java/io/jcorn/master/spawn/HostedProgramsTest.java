package io.jcorn.master.spawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jcorn.master.posix.LinuxPosix;
import io.jcorn.master.posix.Reaped;
import io.jcorn.master.posix.WaitStatus;
import io.jcorn.wire.AccessLogOptions;
import io.jcorn.wire.Deadlines;
import io.jcorn.wire.ExtraPorts;
import io.jcorn.wire.ForwardingOptions;
import io.jcorn.wire.Handover;
import io.jcorn.wire.Handover.InheritedListener;
import io.jcorn.wire.HostingOptions;
import io.jcorn.wire.LogLevel;
import io.jcorn.wire.RequestLimits;
import io.jcorn.wire.RequestReading;
import io.jcorn.wire.ServletOptions;
import io.jcorn.wire.ServletOptions.Sessions;
import io.jcorn.wire.WorkerKind;
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
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command lines and environments of workers whose server is not our own engine. */
@Timeout(120)
class HostedProgramsTest {

    private final Path folder;
    private final Path home;
    private final Map<String, String> environment = new HashMap<>(Map.of("PATH", "/usr/bin"));
    private final Map<String, String> extra = new HashMap<>();
    private List<String> javaOptions = List.of();
    private List<String> arguments = List.of();
    private int temps;
    private List<InheritedListener> listeners = List.of(
            new InheritedListener(3, "unix:/run/x.sock"),
            new InheritedListener(4, "[::1]:9000"),
            new InheritedListener(5, "0.0.0.0:9443"));

    HostedProgramsTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        home = folder.resolve("jcorn home");
        Files.createDirectories(home.resolve("lib/agent"));
        Files.createDirectories(home.resolve("lib/servlet"));
        Files.createFile(home.resolve("lib/agent/jcorn-agent-boot.jar"));
        Files.createFile(home.resolve("lib/agent/jcorn-premain.jar"));
        Files.createFile(home.resolve("lib/servlet/jcorn-servlet-0.1.0.jar"));
    }

    private static HostingOptions hosting(WorkerKind kind) {
        return new HostingOptions(
                kind,
                "/srv/app.jar",
                Map.of(8080, 9000),
                ExtraPorts.SHARE,
                Optional.of("/ready"),
                10_000,
                2048,
                60_000,
                1_000,
                5_000,
                30_000,
                LogLevel.INFO,
                Optional.empty());
    }

    private WorkerCommand command(MainProgram.Start start) {
        List<String> texts = new java.util.ArrayList<>(javaOptions);
        texts.addAll(arguments);
        return command(new MainProgram(start, arguments, new PortNames(extra, texts), hosting(WorkerKind.MAIN)));
    }

    private WorkerCommand command(Program program) {
        return new WorkerCommand(
                new JavaRuntime(Path.of(System.getProperty("java.home")), 17, true),
                new Distribution(home),
                folder,
                new WorkerEnvironment(environment, extra),
                javaOptions,
                Optional.empty(),
                new WorkingFolder(Optional.empty(), folder, warning -> {}),
                "app.jar",
                program);
    }

    /** None that is there already. */
    private Path temp() {
        return folder.resolve("tmp-" + temps++);
    }

    private Handover handover() {
        return new Handover(0, 1, 6, 7, 9, listeners);
    }

    private List<String> lines(WorkerCommand command) throws IOException {
        command.spec(handover(), List.of(), temp());
        return Files.readAllLines(folder.resolve("worker-9.args")).stream()
                .map(line -> line.substring(1, line.length() - 1).replace(folder.toString(), "/here"))
                .toList();
    }

    private Map<String, String> variables(WorkerCommand command) throws IOException {
        return command.spec(handover(), List.of(), temp()).environment();
    }

    private static MainProgram.Start jar() {
        return new MainProgram.Jar(Path.of("/run/gen-1/app/app.jar"));
    }

    @Test
    void aJarIsStartedAsJavaDoesIt() throws IOException {
        javaOptions = List.of("-Xmx256m");
        arguments = List.of("--color=blue", "");
        System.setProperty(
                "jcorn.worker.archive",
                home.resolve("lib/agent/jcorn-premain.jar").toString());
        try {
            assertThat(lines(command(jar())))
                    .containsExactly(
                            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                            "-XX:+ExitOnOutOfMemoryError",
                            "-XX:-UsePerfData",
                            "-XX:+UseSerialGC",
                            "-Xlog:disable",
                            "-Xlog:all=warning,cds*=off:stderr:uptime,level,tags",
                            "-Djava.io.tmpdir=/here/tmp-0",
                            "-Xbootclasspath/a:/here/jcorn home/lib/agent/jcorn-agent-boot.jar",
                            "-javaagent:/here/jcorn home/lib/agent/jcorn-premain.jar",
                            "--add-exports=java.base/jdk.internal.access=ALL-UNNAMED",
                            "--add-modules=java.instrument,java.management,jdk.unsupported",
                            "-Dserver.port=9000",
                            "-Dquarkus.http.port=9000",
                            "-Dmicronaut.server.port=9000",
                            "-Dhttp.port=9000",
                            "-Dktor.deployment.port=9000",
                            "-Xmx256m",
                            "-jar",
                            "/run/gen-1/app/app.jar",
                            "--color=blue",
                            "");
        } finally {
            System.clearProperty("jcorn.worker.archive");
        }
    }

    @Test
    void aClassPathTakesOverWhatTheManifestAsksFor() throws IOException {
        MainProgram.Start start = new MainProgram.ClassPath(
                List.of("--add-opens=java.base/java.lang=ALL-UNNAMED"),
                List.of(Path.of("/run/app.jar"), Path.of("/run/lib.jar")),
                "com.example.Shop");
        javaOptions = List.of("-ea");
        arguments = List.of("x");

        assertThat(lines(command(start)))
                .containsSubsequence(
                        "--add-opens=java.base/java.lang=ALL-UNNAMED",
                        "-ea",
                        "-cp",
                        "/run/app.jar:/run/lib.jar",
                        "com.example.Shop",
                        "x");
    }

    @Test
    void aModuleIsRunFromTheModulePath() throws IOException {
        MainProgram.Start start =
                new MainProgram.Module(List.of(Path.of("/run/app.jar"), Path.of("/run/mods")), "shop/com.example.Shop");

        assertThat(lines(command(start))).endsWith("-p", "/run/app.jar:/run/mods", "-m", "shop/com.example.Shop");
    }

    @Test
    void theApplicationLearnsItsPortAndItsSockets() throws IOException {
        environment.put("PORT", "1");
        environment.put("SERVER_PORT", "2");
        environment.put("LISTEN_PID", "77");
        Map<String, String> expected = new HashMap<>(handover().toEnvironment());
        expected.putAll(hosting(WorkerKind.MAIN).toEnvironment());
        expected.putAll(Map.of(
                "PATH", "/usr/bin",
                "PORT", "9000",
                "SERVER_PORT", "9000",
                "QUARKUS_HTTP_PORT", "9000",
                "MICRONAUT_SERVER_PORT", "9000",
                "LISTEN_FDS", "3",
                "LISTEN_FDNAMES", "unix:tcp-9000:tcp-9443"));

        assertThat(variables(command(jar()))).containsExactlyInAnyOrderEntriesOf(expected);
    }

    @Test
    void whatTheUserSaysHimselfIsLeftToHim() throws IOException {
        extra.put("SERVER_PORT", "8081");
        extra.put("PORT", "1");
        javaOptions = List.of("-Dquarkus.http.port=8082");
        arguments = List.of("-micronaut.server.port=8083", "-P:ktor.deployment.port=8084");

        assertThat(lines(command(jar())))
                .contains("-Dhttp.port=9000", "-Dquarkus.http.port=8082")
                .noneMatch(line -> line.startsWith("-D") && line.endsWith(".port=9000") && !line.startsWith("-Dhttp"));
        assertThat(variables(command(jar())))
                .containsEntry("SERVER_PORT", "8081")
                .containsEntry("PORT", "9000")
                .doesNotContainKeys("QUARKUS_HTTP_PORT", "MICRONAUT_SERVER_PORT");

        extra.clear();
        javaOptions = List.of("-Dserver.portal=x");
        arguments = List.of("--server.port=8085");
        assertThat(lines(command(jar()))).doesNotContain("-Dserver.port=9000");
        arguments = List.of("server.port", "--my.server.port=1");
        assertThat(lines(command(jar()))).contains("-Dserver.port=9000");
    }

    @Test
    void withoutATcpListenerThereIsNoPort() throws IOException {
        listeners = List.of(new InheritedListener(3, "unix:@x"));
        environment.put("PORT", "1");

        assertThat(lines(command(jar()))).noneMatch(line -> line.contains(".port="));
        assertThat(variables(command(jar())))
                .containsEntry("PORT", "1")
                .containsEntry("LISTEN_FDS", "1")
                .containsEntry("LISTEN_FDNAMES", "unix")
                .doesNotContainKey("SERVER_PORT");
    }

    @Test
    void servletsAreServedByJetty() throws IOException {
        ServletOptions options = new ServletOptions(
                Path.of("/run/app.war"),
                "/srv/app.war",
                List.of(),
                Path.of("/run/work"),
                "/shop",
                new Threads(Threads.Kind.POOL, 8),
                new Sessions(Sessions.Kind.FILE, "/run/sessions"),
                new Deadlines(2000, 0, 30_000, 30_000, 30_000, 240, 30_000, 240, 10_000),
                new RequestLimits(4094, 100, 8190, 0, 0),
                new RequestReading(false, false, false, false, RequestReading.HeaderMap.DROP, List.of(), ""),
                new ForwardingOptions(List.of("127.0.0.1"), ForwardedHeader.AUTO, List.of()),
                // Quotes and backslashes of a format would be escaped in the file of arguments, which is read as
                // it stands here.
                new AccessLogOptions(AccessLogOptions.Output.STANDARD_OUTPUT, Optional.empty(), "json"),
                Optional.empty());
        WorkerCommand command = command(new ServletProgram(options, hosting(WorkerKind.SERVLET)));
        List<String> lines = lines(command);

        assertThat(lines)
                .containsSubsequence(
                        "-Xbootclasspath/a:/here/jcorn home/lib/agent/jcorn-agent-boot.jar",
                        "-javaagent:/here/jcorn home/lib/agent/jcorn-premain.jar",
                        "-cp",
                        "/here/jcorn home/lib/servlet/jcorn-servlet-0.1.0.jar",
                        "io.jcorn.servlet.Main")
                .noneMatch(line -> line.startsWith("-Dserver.port"));
        assertThat(ServletOptions.fromArguments(
                        lines.subList(lines.indexOf("io.jcorn.servlet.Main") + 1, lines.size())))
                .isEqualTo(options);
        assertThat(variables(command))
                .containsAllEntriesOf(hosting(WorkerKind.SERVLET).toEnvironment())
                .doesNotContainKeys("PORT", "LISTEN_FDS");
    }

    @Test
    void aDistributionThatIsNotWholeIsSaid() throws IOException {
        Files.delete(home.resolve("lib/agent/jcorn-premain.jar"));

        assertThatThrownBy(() -> lines(command(jar())))
                .isInstanceOf(IOException.class)
                .hasMessage("the distribution at " + home + " is incomplete: " + home
                        + "/lib/agent/jcorn-premain.jar is missing");
    }

    @Test
    void aRealJvmRunsTheJar() throws Exception {
        Path out = folder.resolve("out");
        extra.put("OUT", out.toString());
        arguments = List.of("a b", "", "@x", "\"'\\");
        fakeAgent();
        LinuxPosix posix = new LinuxPosix();

        int pid = posix.spawn(command(new MainProgram.Jar(application())).spec(handover(), List.of(), temp()));
        ProcessHandle.of(pid).ifPresent(process -> process.onExit().join());

        assertThat(posix.reap()).isEqualTo(new Reaped(pid, WaitStatus.ofExit(0)));
        assertThat(List.of(Files.readString(out).split("\0", -1)))
                .containsExactly("agent", "9000", "9000", "a b", "", "@x", "\"'\\");
    }

    private Path application() throws IOException {
        String source = """
                public class Main {
                    public static void main(String[] arguments) throws Exception {
                        java.util.List<String> seen = new java.util.ArrayList<>();
                        seen.add(System.getProperty("seen.by.agent"));
                        seen.add(System.getProperty("server.port"));
                        seen.add(System.getenv("PORT"));
                        seen.addAll(java.util.List.of(arguments));
                        java.nio.file.Files.writeString(
                                java.nio.file.Path.of(System.getenv("OUT")), String.join("\\0", seen));
                    }
                }
                """;
        return jar("Main", source, folder.resolve("app.jar"), "Main-Class");
    }

    private void fakeAgent() throws IOException {
        String source = """
                public class Agent {
                    public static void premain(String arguments) {
                        System.setProperty("seen.by.agent", "agent");
                    }
                }
                """;
        jar("Agent", source, home.resolve("lib/agent/jcorn-premain.jar"), "Premain-Class");
        jar("Agent", source, home.resolve("lib/agent/jcorn-agent-boot.jar"), "X-Nothing");
    }

    private Path jar(String name, String source, Path jar, String attribute) throws IOException {
        Path file = Files.writeString(folder.resolve(name + ".java"), source);
        int errors = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-d", folder.toString(), "--release", "17", file.toString());
        assertThat(errors).isZero();
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(new Attributes.Name(attribute), name);
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out, manifest)) {
            entries.putNextEntry(new JarEntry(name + ".class"));
            entries.write(Files.readAllBytes(folder.resolve(name + ".class")));
        }
        return jar;
    }
}
