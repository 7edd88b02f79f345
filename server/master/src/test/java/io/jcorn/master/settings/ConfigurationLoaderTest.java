package io.jcorn.master.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where values come from, and what wins. */
class ConfigurationLoaderTest {

    private Path folder;

    private Sources sources;

    @BeforeEach
    void start(@TempDir Path folder) {
        this.folder = folder;
        sources = new Sources(folder.toAbsolutePath());
    }

    @Test
    void withoutAnySourceEverythingIsDefault() throws Exception {
        Configuration configuration = sources.resolve();

        assertThat(configuration.get(Settings.WORKERS)).isEqualTo(1);
        assertThat(configuration.get(Settings.BIND)).containsExactly(new BindAddress.Tcp("127.0.0.1", 8000));
        assertThat(configuration.get(Settings.PID)).isEmpty();
        assertThat(configuration.file()).isEmpty();
        assertThat(Settings.all())
                .allSatisfy(setting -> assertThat(configuration.origin(setting)).hasToString("default"));
    }

    @Test
    void theFileWinsOverTheDefault() throws Exception {
        Configuration configuration =
                sources.file("# comment", "graceful-timeout = 90s").resolve();

        assertThat(configuration.get(Settings.GRACEFUL_TIMEOUT)).isEqualTo(Duration.ofSeconds(90));
        assertThat(configuration.origin(Settings.GRACEFUL_TIMEOUT)).hasToString("jcorn.conf:2");
        assertThat(configuration.file()).contains(folder.resolve("jcorn.conf"));
    }

    @Test
    void theEnvironmentWinsOverTheFile() throws Exception {
        Configuration configuration =
                sources.file("workers = 2").variable("JCORN_WORKERS", "3").resolve();

        assertThat(configuration.get(Settings.WORKERS)).isEqualTo(3);
        assertThat(configuration.origin(Settings.WORKERS)).hasToString("environment JCORN_WORKERS");
    }

    @Test
    void flagsWinOverTheEnvironment() throws Exception {
        Configuration configuration = sources.file("workers = 2")
                .variable("JCORN_WORKERS", "3")
                .flag(Settings.WORKERS, "4")
                .resolve();

        assertThat(configuration.get(Settings.WORKERS)).isEqualTo(4);
        assertThat(configuration.origin(Settings.WORKERS)).hasToString("flag --workers");
    }

    @Test
    void thePlatformsVariablesWinOverTheFileButNotOverOurOwn() throws Exception {
        sources.file("workers = 2", "bind = \":1\"")
                .variable("WEB_CONCURRENCY", "5")
                .variable("PORT", "5000");

        Configuration platform = sources.resolve();
        assertThat(platform.get(Settings.WORKERS)).isEqualTo(5);
        assertThat(platform.origin(Settings.WORKERS)).hasToString("environment WEB_CONCURRENCY");
        assertThat(platform.get(Settings.BIND)).containsExactly(new BindAddress.Tcp("0.0.0.0", 5000));
        assertThat(platform.origin(Settings.BIND)).hasToString("environment PORT");

        Configuration own = sources.variable("JCORN_WORKERS", "6")
                .variable("JCORN_BIND", ":6000, unix:/run/x")
                .resolve();
        assertThat(own.get(Settings.WORKERS)).isEqualTo(6);
        assertThat(own.get(Settings.BIND))
                .containsExactly(new BindAddress.Tcp("", 6000), new BindAddress.Unix("/run/x"));
    }

    @Test
    void anEmptyVariableOfThePlatformSaysNothing() throws Exception {
        Configuration configuration =
                sources.variable("PORT", "").variable("WEB_CONCURRENCY", " ").resolve();

        assertThat(configuration.origin(Settings.BIND)).hasToString("default");
        assertThat(configuration.origin(Settings.WORKERS)).hasToString("default");
    }

    @Test
    void aRepeatedFlagAddsToAListAndReplacesAScalar() throws Exception {
        Configuration configuration = sources.file("bind = \":1\"")
                .flag(Settings.BIND, ":2", ":3,:4")
                .flag(Settings.WORKERS, "2", "3")
                .resolve();

        assertThat(configuration.texts(Settings.BIND)).containsExactly(":2", ":3", ":4");
        assertThat(configuration.get(Settings.WORKERS)).isEqualTo(3);
    }

    @Test
    void autoIsKeptAsItWasWritten() throws Exception {
        Configuration configuration = sources.flag(Settings.WORKERS, "auto").resolve();

        assertThat(configuration.get(Settings.WORKERS))
                .isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(configuration.written(Settings.WORKERS)).containsExactly("auto");
    }

    @Test
    void javaOptionsInAVariableAreSplitAsInAShell() throws Exception {
        Configuration configuration =
                sources.variable("JCORN_JAVA_OPT", "-Xmx1g '-Dx=a b'").resolve();

        assertThat(configuration.get(Settings.JAVA_OPTS)).containsExactly("-Xmx1g", "-Dx=a b");
    }

    @Test
    void relativePathsStartFromChdirAndTheFileItselfDoesNot() throws Exception {
        sources.fileNamed(
                "there.conf", "chdir = sub", "pid = run/x.pid", "application = app.jar", "bind = \"unix:x.sock\"");

        Configuration configuration = sources.configFile("there.conf").resolve();

        Path sub = folder.resolve("sub");
        assertThat(configuration.get(Settings.CHDIR)).contains(sub);
        assertThat(configuration.get(Settings.PID)).contains(sub.resolve("run/x.pid"));
        assertThat(configuration.get(Settings.APPLICATION).orElseThrow().path()).isEqualTo(sub.resolve("app.jar"));
    }

    @Test
    void theNamedFileIsReadInsteadOfTheOneInTheFolder() throws Exception {
        sources.file("workers = 2").fileNamed("a.conf", "workers = 3").fileNamed("b.conf", "workers = 4");

        assertThat(sources.variable("JCORN_CONFIG", "a.conf").resolve().get(Settings.WORKERS))
                .isEqualTo(3);
        assertThat(sources.configFile("b.conf").resolve().get(Settings.WORKERS)).isEqualTo(4);
    }

    @Test
    void theFileIsReadAnewEachTime() throws Exception {
        ConfigurationLoader loader = sources.file("workers = 2").loader();
        assertThat(loader.resolve().get(Settings.WORKERS)).isEqualTo(2);

        sources.file("", "workers = 3");

        assertThat(loader.resolve().get(Settings.WORKERS)).isEqualTo(3);
        assertThat(loader.resolve().origin(Settings.WORKERS)).hasToString("jcorn.conf:2");
    }

    @Test
    void aFileThatAppearsLaterIsReadToo() throws Exception {
        ConfigurationLoader loader = sources.loader();
        assertThat(loader.resolve().get(Settings.WORKERS)).isEqualTo(1);

        sources.file("workers = 3");

        assertThat(loader.resolve().get(Settings.WORKERS)).isEqualTo(3);
    }

    @Test
    void saysWhatAReloadCannotChange() throws Exception {
        Configuration old = sources.file("pid = a.pid", "workers = 2").resolve();
        Configuration next =
                sources.file("pid = b.pid", "umask = 027", "workers = 3").resolve();

        assertThat(Configuration.changedRestartOnly(old, next)).containsExactly(Settings.PID, Settings.UMASK);
        assertThat(Configuration.changedRestartOnly(old, old)).isEmpty();
        Configuration kept = next.keepingRestartOnly(old);
        assertThat(kept.get(Settings.PID)).contains(folder.resolve("a.pid"));
        assertThat(kept.get(Settings.UMASK)).isEmpty();
        assertThat(kept.get(Settings.WORKERS)).isEqualTo(3);
    }

    @Test
    void allProblemsAreFoundAtOnceInReadingOrder() {
        sources.file("workers = 0", "", "nonsense = 1", "timeout = soon")
                .variable("JCORN_BACKLOG", "x")
                .variable("JCORN_WORKER", "3")
                .flag(Settings.KEEP_ALIVE, "-1")
                .flag(Settings.WORKERS, "2");

        assertThat(sources.problems())
                .containsExactly(
                        "jcorn.conf:1: workers: \"0\" is too small. Allowed: a whole number from 1 to 512, or auto",
                        "jcorn.conf:3: nonsense: there is no such setting",
                        "jcorn.conf:4: timeout: \"soon\" is not a duration. Allowed: a duration from 100ms to 86400s such"
                                + " as 30, 30s, 500ms or 2m (a plain number counts seconds), or 0 for no supervision",
                        "JCORN_WORKER: there is no such setting; did you mean JCORN_WORKERS?",
                        "JCORN_BACKLOG: \"x\" is not a whole number. Allowed: a whole number from 1 to 65535",
                        "--keep-alive: \"-1\" is not a duration. Allowed: a duration from 0s to 86400s such as 30, 30s,"
                                + " 500ms or 2m (a plain number counts seconds)");
    }

    @ParameterizedTest
    @CsvSource({
        "JCORN_WORKER, ; did you mean JCORN_WORKERS?",
        "JCORN_GRACEFUL_TIMOUT, ; did you mean JCORN_GRACEFUL_TIMEOUT?",
        "JCORN_PIDFILE, ; did you mean JCORN_PID?",
        "JCORN_PORT, ; did you mean JCORN_BIND?",
        "JCORN_CONF, ; did you mean JCORN_CONFIG?",
        "JCORN_ZEBRA, ''",
        "JCORN_, ''",
    })
    void anUnknownVariableOfOursIsAMistake(String variable, String suggestion) {
        assertThat(sources.variable(variable, "1").problems())
                .contains(variable + ": there is no such setting" + suggestion);
    }

    @ParameterizedTest
    @CsvSource({
        "JCORN_SLOT, 0",
        "JCORN_GENERATION, 1",
        "JCORN_HANDOVER, x",
        "JCORN_HOME, /opt/jcorn",
        "JCORN_MASTER_JAVA_OPTS, -Xmx96m",
        "JCORN_SERVICE_HOST, 10.0.0.1",
        "JCORN_SERVICE_PORT, 80",
        "JCORN_SERVICE_PORT_HTTP, 80",
        "JCORN_PORT, tcp://10.0.0.1:80",
        "JCORN_PORT_80_TCP, tcp://10.0.0.1:80",
        "JCORN_PORT_80_TCP_PROTO, tcp",
        "JCORN_DEMO_SERVICE_HOST, 10.0.0.1",
        "JCORN_DEMO_PORT_80_TCP_ADDR, 10.0.0.1",
        "HOME, /root",
        "jcorn_workers, 3",
    })
    void variablesOfOthersAreLeftAlone(String variable, String value) throws Exception {
        assertThat(sources.variable(variable, value).resolve().get(Settings.WORKERS))
                .isEqualTo(1);
    }

    @Test
    void anEmptyVariableOfOursIsAMistake() {
        assertThat(sources.variable("JCORN_WORKERS", "").problems())
                .containsExactly("JCORN_WORKERS: the variable is empty; unset it, or give it a value."
                        + " Allowed: a whole number from 1 to 512, or auto");
    }

    @Test
    void aQuoteThatIsNotClosedIsAMistake() {
        assertThat(sources.variable("JCORN_JAVA_OPT", "-Da='b").problems())
                .containsExactly("JCORN_JAVA_OPT: a ' is opened and never closed");
    }

    @Test
    void aWrongPortOfThePlatformNamesIt() {
        assertThat(sources.variable("PORT", "http").problems())
                .containsExactly("PORT: \"0.0.0.0:http\" is no address to listen on: \"http\" is not a port from 0 to"
                        + " 65535. Allowed: HOST:PORT, :PORT, [v6]:PORT, unix:PATH, unix:@NAME, fd://N");
    }

    @Test
    void theMessageOfTheExceptionHasALineForEachProblem() {
        ConfigurationException exception = new ConfigurationException(List.of(
                new Problem(new Origin.Flag("--a"), "a", "first"), new Problem(new Origin.Default(), "b", "second")));

        assertThat(exception).hasMessage("--a: first\nb: second");
    }
}
