package io.jcorn.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * All lives, one after another. A life fails when the server serves by itself but not under jcorn, when an answer is wrong or an
 * executed request has none, or when something is left; a row that does not resolve is skipped.
 */
class CompatibilityTest {

    private static final Path MODULE = Path.of("").toAbsolutePath();
    private static final Path ROOT = MODULE.resolve("../..").normalize();
    private static final Path TARGET = MODULE.resolve("target");
    private static final Path OUTCOMES = TARGET.resolve("outcomes");
    private static final Libraries LIBRARIES = new Libraries(ROOT, TARGET.resolve("rows"));
    private static final List<ServerRow> ALL = rows();

    private static List<ServerRow> rows() {
        try {
            return ServerRow.read(MODULE.resolve("servers.txt"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<ServerRow> chosen() {
        String pattern = System.getProperty("compatibility.rows", "");
        return ALL.stream()
                .filter(row -> (row.server() + " " + row.version()).matches("(?i).*(" + pattern + ").*"))
                .toList();
    }

    @BeforeAll
    static void resolve() throws IOException, InterruptedException {
        Files.createDirectories(OUTCOMES);
        LIBRARIES.resolve(chosen());
    }

    @AfterAll
    static void write() throws IOException {
        CompatibilityPage.write(ALL, OUTCOMES, ROOT.resolve("docs/compatibility.md"));
    }

    @TestFactory
    List<DynamicTest> lives() throws IOException {
        String only = System.getProperty("compatibility.java", "");
        List<DynamicTest> lives = new ArrayList<>();
        for (ServerRow row : chosen()) {
            for (Map.Entry<Integer, Path> java : Javas.homes().entrySet()) {
                boolean wanted = only.isEmpty() || only.equals(java.getKey().toString());
                if (wanted && java.getKey() >= row.leastJava()) {
                    String name = row.server() + " " + row.version() + " on Java " + java.getKey();
                    lives.add(DynamicTest.dynamicTest(name, () -> live(row, java.getKey(), java.getValue())));
                }
            }
        }
        return lives;
    }

    private static void live(ServerRow row, int java, Path home) throws IOException, InterruptedException {
        Outcome outcome = new Outcome(row, java);
        Path life = TARGET.resolve("lives").resolve(row.id() + "-java" + java);
        try {
            outcome.put("resolved", LIBRARIES.complete(row));
            if (!LIBRARIES.complete(row)) {
                outcome.put("problem", "its libraries do not resolve");
            } else {
                Path jar = ServerJar.of(row, MODULE.resolve("src/servers"), LIBRARIES.of(row));
                new Life(row, jar, jcorn(), home, life, outcome).live();
            }
        } finally {
            outcome.write(OUTCOMES.resolve(row.id() + "-java" + java + ".json"));
        }
        Assumptions.assumeTrue(LIBRARIES.complete(row), "its libraries do not resolve");
        Assumptions.assumeTrue(outcome.get("plain").equals("serves"), "it does not start by itself");
        assertThat(outcome.get("ready")).as("adopted: %s", outcome).isEqualTo("true");
        assertThat(outcome.number("serving")).as("serving: %s", outcome).isEqualTo(2);
        assertThat(outcome.get("reload")).as("reload: %s", outcome).isEqualTo("complete");
        assertThat(outcome.number("wrong")).as("wrong answers: %s", outcome).isZero();
        assertThat(outcome.number("executedUnanswered"))
                .as("executed: %s", outcome)
                .isZero();
        assertThat(outcome.number("slowFailed"))
                .as("requests of a second: %s", outcome)
                .isZero();
        assertThat(outcome.number("servingAfterKill"))
                .as("after kill -9: %s", outcome)
                .isEqualTo(2);
        assertThat(outcome.number("finished"))
                .as("finished at the stop: %s", outcome)
                .isEqualTo(6);
        assertThat(outcome.get("exit")).as("exit code: %s", outcome).isEqualTo("0");
        assertThat(outcome.get("left")).as("processes: %s", outcome).isEqualTo("0");
        assertThat(outcome.get("portFree")).as("port: %s", outcome).isEqualTo("true");
    }

    private static Path jcorn() throws IOException {
        try (DirectoryStream<Path> built = Files.newDirectoryStream(ROOT.resolve("server/dist/target"), "jcorn-*")) {
            for (Path folder : built) {
                Path launcher = folder.resolve("bin/jcorn");
                if (Files.isExecutable(launcher)) {
                    return launcher;
                }
            }
        }
        throw new IOException("the distribution is not built: ./jcorn --version does it");
    }
}
