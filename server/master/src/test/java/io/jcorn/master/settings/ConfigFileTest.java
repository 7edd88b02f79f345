package io.jcorn.master.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The configuration file: what HOCON allows, and each thing that can be wrong with it. */
class ConfigFileTest {

    private Path folder;

    private Sources sources;

    @BeforeEach
    void start(@TempDir Path folder) {
        this.folder = folder;
        sources = new Sources(folder.toAbsolutePath());
    }

    @Test
    void readsEveryKindOfValue() throws Exception {
        Configuration configuration = sources.file(
                        "workers = 4, timeout : 2 minutes",
                        "umask = 0022",
                        "limit-request-body = 10m",
                        "bind = [\"127.0.0.1:9000\", \"unix:/run/x.sock\"]",
                        "classpath = \"a.jar:b.jar\"",
                        "admin-public = on",
                        "name = The Shop",
                        "java-opt += -Xmx1g",
                        "java-opt += \"-Dx=1\"",
                        "pid = null",
                        "env { A = 1, B = \"x y\", spring.profiles.active = prod, \"c.d\" = true }")
                .resolve();

        assertThat(configuration.get(Settings.WORKERS)).isEqualTo(4);
        assertThat(configuration.get(Settings.TIMEOUT)).hasMinutes(2);
        assertThat(configuration.get(Settings.UMASK)).contains(0022);
        assertThat(configuration.get(Settings.LIMIT_REQUEST_BODY)).isEqualTo(10L << 20);
        assertThat(configuration.get(Settings.BIND)).hasSize(2);
        assertThat(configuration.get(Settings.CLASSPATH))
                .containsExactly(folder.resolve("a.jar"), folder.resolve("b.jar"));
        assertThat(configuration.get(Settings.ADMIN_PUBLIC)).isTrue();
        assertThat(configuration.get(Settings.NAME)).contains("The Shop");
        assertThat(configuration.get(Settings.JAVA_OPTS)).containsExactly("-Xmx1g", "-Dx=1");
        assertThat(configuration.get(Settings.PID)).isEmpty();
        assertThat(configuration.get(Settings.ENV))
                .isEqualTo(Map.of("A", "1", "B", "x y", "spring.profiles.active", "prod", "c.d", "true"));
    }

    @Test
    void substitutesVariablesOfTheEnvironmentAndKeysOfTheFile() throws Exception {
        Configuration configuration = sources.variable("COUNT", "7")
                .file("workers = ${COUNT}", "max-surge = ${workers}", "name = ${?MISSING}")
                .resolve();

        assertThat(configuration.get(Settings.WORKERS)).isEqualTo(7);
        assertThat(configuration.get(Settings.MAX_SURGE)).isEqualTo(7);
        assertThat(configuration.get(Settings.NAME)).isEmpty();
    }

    @Test
    void includesOtherFilesAndNamesThemAsTheOrigin() throws Exception {
        Configuration configuration = sources.file("include \"more.conf\"", "workers = 2")
                .fileNamed("more.conf", "workers = 3", "threads = 5")
                .resolve();

        assertThat(configuration.get(Settings.WORKERS)).isEqualTo(2);
        assertThat(configuration.origin(Settings.THREADS))
                .hasToString(folder.resolve("more.conf").toAbsolutePath() + ":2");
    }

    @Test
    void aFileOutsideTheFolderIsNamedWhole(@TempDir Path elsewhere) throws Exception {
        Path file = Files.writeString(elsewhere.resolve("x.conf"), "workers = 3");

        Configuration configuration = sources.configFile(file.toString()).resolve();

        assertThat(configuration.origin(Settings.WORKERS)).hasToString(file + ":1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "worker = 1             | worker: there is no such setting; did you mean workers?",
                "graceful_timeout = 1   | graceful_timeout: there is no such setting; did you mean graceful-timeout?",
                "graceful.timeout = 1   | graceful.timeout: there is no such setting; did you mean graceful-timeout?",
                "keepalive = 1          | keepalive: there is no such setting; did you mean keep-alive?",
                "pidfile = x            | pidfile: there is no such setting; did you mean pid?",
                "raw_env = [a]          | raw_env: there is no such setting; did you mean env?",
                "wsgi_app = x           | wsgi_app: there is no such setting; did you mean application?",
                "zebra = 1              | zebra: there is no such setting",
                "strip_header_spaces = true"
                        + "| strip_header_spaces: there is no such setting: jcorn does not offer it, since space before a"
                        + " header's colon is how requests are smuggled past a proxy (RFC 9112, section 5.1); such a request"
                        + " is always answered with 400",
                "config = x             | config: there is no such setting",
                "server { bind = \":1\" }"
                        + "| server.bind: there is no such setting; settings are not nested; did you mean bind?",
                "server { a = 1, b = 2 } | server: there is no such setting",
                "backlog = [1, 2]       | backlog: one value is wanted, not a list of 2. Allowed: a whole number from 1 to 65535",
                "backlog = []           | backlog: one value is wanted, not a list of 0. Allowed: a whole number from 1 to 65535",
                "backlog = { a = 1 }    | backlog: an object { a } is not understood. Allowed: a whole number from 1 to 65535",
                "backlog = \"\"         | backlog: the value is empty. Allowed: a whole number from 1 to 65535",
                "backlog = 1e3          | backlog: \"1e3\" is not a whole number. Allowed: a whole number from 1 to 65535",
                "env = [[a]]            | env: a list within a list is not understood. Allowed: NAME=VALUE; the value may be empty",
                "env { a = [1] }        | env: a list within a list is not understood. Allowed: NAME=VALUE; the value may be empty",
                "env { a = null }       | env: null is no value here. Allowed: NAME=VALUE; the value may be empty",
            })
    void aWrongLineIsNamedWithItsNumber(String line, String problem) {
        sources.file("", line);

        assertThat(sources.problems()).contains("jcorn.conf:2: " + problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name = \"abc | jcorn.conf:2: Expecting a value but got wrong token: 'newline' (JSON does not allow"
                        + " unescaped newline in quoted strings, use a backslash escape)",
                "name = ${NOPE} | jcorn.conf:2: Could not resolve substitution to a value: ${NOPE}",
                "bind = [1 | jcorn.conf:3: List should have had new element after a comma, instead had token: end of file",
                "} | jcorn.conf:2: unbalanced close brace '}' with no open brace",
                "a = ${a} | jcorn.conf:2: Could not resolve substitution to a value: ${a} was part of a cycle",
            })
    void aFileThatIsNoHoconIsNamedWithTheLine(String line, String problem) {
        sources.file("", line);

        assertThat(sources.problems()).singleElement().asString().startsWith(problem);
    }

    @Test
    void aFileThatIsMissingOrUnreadable() throws Exception {
        sources.fileNamed("jcorn.conf", "workers = 2");
        Files.createDirectory(folder.resolve("d"));

        assertThat(sources.configFile("jcron.conf").problems())
                .containsExactly("jcron.conf: there is no such file; did you mean /here/jcorn.conf?");
        assertThat(sources.configFile("no/x.conf").problems())
                .containsExactly(
                        "no/x.conf: there is no such file; its folder /here/no does not exist or cannot be read");
        assertThat(sources.configFile("d").problems()).containsExactly("d: this is a folder, not a file");
        assertThat(sources.configFile("").problems()).containsExactly("--config: the value is empty. Allowed: a file");
        assertThat(sources.configFile("a\0b").problems())
                .containsExactly("--config: the value holds a NUL character. Allowed: a file");
        assertThat(sources.configFile("\ud83d").problems())
                .singleElement()
                .asString()
                .endsWith(
                        "has characters that the locale does not know. Start jcorn with LC_ALL=C.UTF-8 in the environment");
    }

    @Test
    void bytesThatAreNoText() throws Exception {
        Files.write(folder.resolve("jcorn.conf"), new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1, '=', '\n', '{'});

        assertThat(sources.problems()).singleElement().asString().startsWith("jcorn.conf:");
    }

    @Test
    void writesValuesSoThatTheyAreReadBack() throws Exception {
        for (String text : new String[] {
            "plain", "null", "true", "0022", "-", "-x", "a b", "a\"b\\c", "tab\tx", "é☕", "#x", "//", "${A}", "1.0",
            "10s"
        }) {
            Files.writeString(
                    folder.resolve("jcorn.conf"),
                    "env = [" + Hocon.text("A=" + text) + "]\nclasspath = [" + Hocon.text(text.replace('/', '_')) + "]",
                    StandardCharsets.UTF_8);

            Configuration configuration = sources.resolve();

            assertThat(configuration.get(Settings.ENV)).isEqualTo(Map.of("A", text));
            assertThat(configuration.get(Settings.CLASSPATH)).containsExactly(folder.resolve(text.replace('/', '_')));
        }
    }
}
