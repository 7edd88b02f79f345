package io.jcorn.master.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.master.ExitCode;
import io.jcorn.master.Version;
import io.jcorn.master.archive.Jar;
import io.jcorn.master.settings.Configuration;
import io.jcorn.master.settings.ConfigurationLoader;
import io.jcorn.master.settings.Flags;
import io.jcorn.master.settings.HostedSettings;
import io.jcorn.master.settings.Setting;
import io.jcorn.master.settings.Settings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command as a user meets it: what it says, where, and its exit code. */
class MainTest {

    private Path folder;
    private final Map<String, String> environment = new HashMap<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void start(@TempDir Path folder) throws IOException {
        this.folder = folder;
        new Jar().handler("com.example.Hello").write(folder.resolve("hello.jar"));
    }

    @Test
    void withoutArgumentsItSaysHowToUseIt() {
        assertThat(run()).isEqualTo(ExitCode.USAGE);

        assertThat(out()).isEmpty();
        assertThat(err()).isEqualTo("""
                        Usage: jcorn [OPTION]... APP [-- ARG...]

                        Serves an application with several processes, for example:
                          jcorn --workers 4 --bind 0.0.0.0:9000 app.jar

                        jcorn --help tells all options.
                        """);
    }

    @Test
    void withoutArgumentsButWithAFileItReadsThat() throws IOException {
        Files.writeString(folder.resolve("jcorn.conf"), "workers = 0");

        assertThat(run()).isEqualTo(ExitCode.ERROR);

        assertThat(err())
                .isEqualTo(
                        "jcorn: jcorn.conf:1: workers: \"0\" is too small. Allowed: a whole number from 1 to 512, or auto\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-h", "--help app.jar --workers none"})
    void help(String line) {
        assertThat(run(line.split(" ", -1))).isEqualTo(ExitCode.OK);

        assertThat(err()).isEmpty();
        assertThat(out()).startsWith("Usage: jcorn [OPTION]... APP [-- ARG...]\n");
        assertThat(out().lines()).allMatch(text -> text.length() <= 100);
        for (Setting<?> setting : Settings.all()) {
            assertThat(out()).contains(setting.flags().isEmpty() ? "  APP " : "--" + setting.key());
            assertThat(out().replaceAll("\\s+", " ")).contains(setting.summary());
        }
        for (CommandFlag flag : CommandFlag.values()) {
            assertThat(out()).contains(String.join(", ", flag.flags()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--version", "-v", "-v app.jar"})
    void version(String line) {
        assertThat(run(line.split(" ", -1))).isEqualTo(ExitCode.OK);

        assertThat(err()).isEmpty();
        assertThat(out()).matches("jcorn [0-9]+\\.[0-9]+\\.[0-9]+\\S* \\(Java [^)]+\\)\n");
        assertThat(out()).startsWith("jcorn " + Version.current() + " (Java " + System.getProperty("java.version"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--worker 4 app.jar | unknown option --worker; did you mean --workers? See jcorn --help.",
                "--worker=4 app.jar | unknown option --worker; did you mean --workers? See jcorn --help.",
                "--pidfile x        | unknown option --pidfile; did you mean --pid? See jcorn --help.",
                "--strip-header-spaces | unknown option --strip-header-spaces: jcorn does not offer it, since space before a"
                        + " header's colon is how requests are smuggled past a proxy (RFC 9112, section 5.1); such a request"
                        + " is always answered with 400. See jcorn --help.",
                "--keepalive 2      | unknown option --keepalive; did you mean --keep-alive? See jcorn --help.",
                "--graceful 2       | unknown option --graceful; did you mean --graceful-timeout? See jcorn --help.",
                "--no-admin-pubic   | unknown option --no-admin-pubic; did you mean --no-admin-public? See jcorn --help.",
                "--conf x           | unknown option --conf; did you mean --config? See jcorn --help.",
                "--zebra            | unknown option --zebra. See jcorn --help.",
                "-x app.jar         | unknown option -x. See jcorn --help.",
                "-workers 4         | unknown option -workers; did you mean --workers? See jcorn --help.",
                "-bind=:80          | unknown option -bind; did you mean --bind? See jcorn --help.",
                "--app-args=x       | unknown option --app-args: the arguments of the application come after --, as in"
                        + " jcorn app.jar -- --color=blue. See jcorn --help.",
                "-D app.jar         | unknown option -D: jcorn stays in the foreground, for systemd or a container to"
                        + " watch. See jcorn --help.",
                "-Xmx1g app.jar     | unknown option -Xmx1g: an option for the workers' JVM is given as"
                        + " --java-opt=-Xmx1g. See jcorn --help.",
                "-Da=b app.jar      | unknown option -Da: an option for the workers' JVM is given as --java-opt=-Da=b."
                        + " See jcorn --help.",
                "--workers          | --workers needs a value: --workers N. See jcorn --help.",
                "-c                 | --config needs a value: --config FILE. See jcorn --help.",
                "--pid --workers 4  | --pid needs a value, but the flag --workers follows it. See jcorn --help.",
                "--pid -w 4         | --pid needs a value, but the flag -w follows it. See jcorn --help.",
                "-c --check-config  | --config needs a value, but the flag --check-config follows it. See jcorn --help.",
                "--java-opt --pid=x | --java-opt needs a value, but the flag --pid follows it. See jcorn --help.",
                "a.jar b.jar        | unexpected argument b.jar: the application is a.jar, and only one is served."
                        + " See jcorn --help.",
                "--check-config=1   | --check-config takes no value. See jcorn --help.",
                "--admin-public=yes | --admin-public takes no value. See jcorn --help.",
                "--admin-public --no-admin-public"
                        + "| --admin-public and --no-admin-public contradict each other. See jcorn --help.",
            })
    void aCommandLineThatCannotBeUnderstood(String line, String message) {
        assertThat(run(line.split(" +", -1))).isEqualTo(ExitCode.USAGE);

        assertThat(out()).isEmpty();
        assertThat(err()).isEqualTo("jcorn: " + message + "\n");
    }

    @Test
    void allThatIsWrongIsSaidAtOnce() {
        assertThat(run("-w", "four", "--timeout", "soon", "hello.jar")).isEqualTo(ExitCode.ERROR);

        assertThat(out()).isEmpty();
        assertThat(err().lines())
                .hasSize(2)
                .allMatch(
                        line -> line.startsWith("jcorn: --workers: \"four\"") || line.startsWith("jcorn: --timeout: "));
    }

    @Test
    void aMissingApplicationIsAnError() {
        assertThat(run("--workers", "2")).isEqualTo(ExitCode.ERROR);

        assertThat(err()).startsWith("jcorn: application: no application is named.");
    }

    @Test
    void checkConfigLooksIntoTheApplication() {
        assertThat(run("--check-config", "hello.jar:com.example.Hello")).isEqualTo(ExitCode.OK);
        assertThat(out()).isEqualTo("Configuration OK\n");

        assertThat(run("--check-config", "hello.jar:com.example.Helo"))
                .as("as a start ends")
                .isEqualTo(ExitCode.APP_LOAD);
        assertThat(err())
                .isEqualTo("jcorn: App failed to load: " + folder.resolve("hello.jar")
                        + " has no class com.example.Helo; did you mean com.example.Hello?\n");
    }

    @Test
    void checkConfigSaysWhatIsWrongWithTheConfiguration() {
        assertThat(run("--check-config", "--workers", "0", "hello.jar")).isEqualTo(ExitCode.ERROR);

        assertThat(err()).startsWith("jcorn: --workers: \"0\" is too small.");
    }

    @Test
    void printConfigSaysWhereEachValueComesFrom() throws IOException {
        Files.writeString(folder.resolve("jcorn.conf"), "\ntimeout = 1m\n");
        environment.put("PORT", "5000");

        assertThat(run("--print-config", "-w", "auto", "--no-admin-public")).isEqualTo(ExitCode.OK);

        assertThat(err()).isEmpty();
        assertThat(out().lines().map(line -> line.replaceAll(" +", " ")))
                .contains(
                        "# Read: " + folder.resolve("jcorn.conf"),
                        "workers = " + Runtime.getRuntime().availableProcessors() + " # flag --workers, auto",
                        "timeout = 60s # jcorn.conf:2",
                        "bind = [\"0.0.0.0:5000\"] # environment PORT",
                        "backlog = 2048 # default",
                        "admin-public = false # flag --no-admin-public",
                        "# pid = # default: no file is written");
    }

    @Test
    void whatPrintConfigPrintsIsAFileWithTheSameValues() throws Exception {
        String[] arguments = {
            "--print-config",
            "-w",
            "3",
            "-b",
            ":1,unix:@x,[::1]:0",
            "-e",
            "A=b c\"\\",
            "-e",
            "B=",
            "--java-opt",
            "-ea",
            "--java-opt=-Dx={slot} é",
            "--threads",
            "virtual",
            "--keep-alive",
            "500ms",
            "--limit-request-body",
            "10m",
            "--chdir",
            "sub",
            "--pid",
            "x.pid",
            "-n",
            "null",
            "--umask",
            "27",
            "-m",
            "shop/com.example.Shop",
            "-k",
            "servlet",
            "--app-port",
            "8080,8081=1",
            "--extra-ports",
            "offset",
            "--ready-path",
            "/ready?deep=1",
            "--context-path",
            "/shop",
            "--sessions",
            "file:sessions",
            "--forwarded-allow-ips",
            "",
            "--unix-mode",
            "660",
            "--log-level",
            "debug",
            "--error-logfile",
            "e.log",
            "--admin-bind",
            "127.0.0.1:1",
            "--admin-public",
            "--classpath",
            "a:b",
            "--java-home",
            "/j",
            "hello.jar:com.example.Hello",
            "--",
            "--color=light blue",
            "",
            "\"",
        };
        assertThat(run(arguments)).isEqualTo(ExitCode.OK);
        Configuration printed =
                new ConfigurationLoader(Arguments.parse(List.of(arguments)).flags(), Map.of(), folder).resolve();

        Files.writeString(folder.resolve("jcorn.conf"), out());
        Configuration read = new ConfigurationLoader(Flags.NONE, Map.of(), folder).resolve();

        for (Setting<?> setting : Settings.all()) {
            assertThat((Object) read.get(setting)).as(setting.key()).isEqualTo(printed.get(setting));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-ea", "-p", "-b", "-XX:+UseSerialGC", "--add-opens=java.base/java.lang=ALL-UNNAMED"})
    void anOptionOfTheJvmMayLookLikeOneOfOurs(String option) throws Exception {
        Arguments arguments = Arguments.parse(List.of("--java-opt", option, "--workers", "2", "app.jar"));

        Configuration configuration = new ConfigurationLoader(arguments.flags(), Map.of(), folder).resolve();
        assertThat(configuration.get(Settings.JAVA_OPTS)).containsExactly(option);
        assertThat(configuration.get(Settings.WORKERS)).isEqualTo(2);
    }

    @Test
    void shortFlagsTakeTheirValueInAnyForm() throws Exception {
        for (List<String> form : List.of(List.of("-w", "4"), List.of("-w4"), List.of("-w=4"), List.of("--workers=4"))) {
            Configuration configuration =
                    new ConfigurationLoader(Arguments.parse(form).flags(), Map.of(), folder).resolve();

            assertThat(configuration.get(Settings.WORKERS)).as("%s", form).isEqualTo(4);
        }
    }

    @Test
    void afterTwoDashesComeTheArgumentsOfTheApplication() throws Exception {
        Arguments arguments =
                Arguments.parse(List.of("app.jar", "--workers", "2", "--", "--workers=3", "-x", "", "--"));

        Configuration configuration = new ConfigurationLoader(arguments.flags(), Map.of(), folder).resolve();
        assertThat(configuration.get(HostedSettings.APP_ARGS)).containsExactly("--workers=3", "-x", "", "--");
        assertThat(configuration.get(Settings.WORKERS)).isEqualTo(2);
        assertThat(configuration.get(Settings.APPLICATION).orElseThrow().path()).isEqualTo(folder.resolve("app.jar"));
    }

    @Test
    void argumentsOfTheApplicationMayComeFromTheFileAndTheEnvironment() throws Exception {
        Files.writeString(folder.resolve("jcorn.conf"), "app-args = [\"--color=blue\", \"a b\"]");
        Map<String, String> variables = Map.of("JCORN_APP_ARGS", "--color=red 'c d'");

        assertThat(new ConfigurationLoader(Flags.NONE, Map.of(), folder)
                        .resolve()
                        .get(HostedSettings.APP_ARGS))
                .containsExactly("--color=blue", "a b");
        assertThat(new ConfigurationLoader(Flags.NONE, variables, folder)
                        .resolve()
                        .get(HostedSettings.APP_ARGS))
                .containsExactly("--color=red", "c d");
    }

    @Test
    void onlyAMainClassHasArguments() {
        assertThat(run("--check-config", "hello.jar:com.example.Hello", "--", "--color=blue"))
                .isEqualTo(ExitCode.ERROR);

        assertThat(err())
                .isEqualTo(
                        "jcorn: --: only a main class has arguments, and the worker-class is handler. Leave them out, or"
                                + " choose --worker-class main\n");
    }

    @Test
    void gunicornsFlagForTheUmaskIsAnothersHere() {
        assertThat(run("-m", "022", "hello.jar")).isEqualTo(ExitCode.ERROR);

        assertThat(err())
                .isEqualTo(
                        "jcorn: --module: \"022\" is no module: -m names a module, as in java -m; did you mean --umask"
                                + " 022?\n");
    }

    @Test
    void gunicornsKindsOfWorkerAreOfAnotherSort() {
        assertThat(run("-k", "gthread", "hello.jar")).isEqualTo(ExitCode.ERROR);

        assertThat(err())
                .isEqualTo("jcorn: --worker-class: \"gthread\" is one of gunicorn's kinds, which say how requests are"
                        + " handled; jcorn's say what the application is, and --threads says who handles the requests."
                        + " Allowed: auto, handler, servlet or main\n");
    }

    @Test
    void atSignsAndDollarsAreLeftAlone() throws Exception {
        Arguments arguments = Arguments.parse(List.of("-n", "${user.name}", "@app.jar"));

        Configuration configuration = new ConfigurationLoader(arguments.flags(), Map.of(), folder).resolve();
        assertThat(configuration.get(Settings.NAME)).contains("${user.name}");
        assertThat(configuration.get(Settings.APPLICATION).orElseThrow().path()).isEqualTo(folder.resolve("@app.jar"));
    }

    private ExitCode run(String... arguments) {
        out.reset();
        err.reset();
        return new Main(environment, folder, stream(out), stream(err)).run(Arrays.asList(arguments));
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
