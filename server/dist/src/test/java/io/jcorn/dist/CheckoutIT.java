package io.jcorn.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.NodeList;

/** The README's first command, where nothing was built yet: in a copy, so that it and the build that tests it share no folder. */
@Tag("alone")
class CheckoutIT {

    private static final Path ORIGINAL = Distribution.examples().resolveSibling("");

    private static final List<String> CHECKED_OUT =
            List.of(".mvn", "CHANGELOG.md", "LICENSE", "conf", "examples", "jcorn", "mvnw", "pom.xml", "server");

    private final Path checkout;

    CheckoutIT(@TempDir Path folder) throws IOException {
        checkout = Files.createDirectory(folder.toRealPath().resolve("j corn"));
        for (String name : CHECKED_OUT) {
            copy(ORIGINAL.resolve(name), checkout.resolve(name));
        }
    }

    @Test
    void isBuiltOnceAndWithoutItsTests() throws IOException {
        buildWithWhatIsThere();

        Outcome first = jcorn();
        Outcome second = jcorn();

        assertThat(first.exit()).as(first.err()).isZero();
        assertThat(first.err()).startsWith("jcorn: building the distribution, because it is missing");
        assertThat(all("test-classes")).isEmpty();
        assertThat(all("surefire-reports")).isEmpty();
        assertThat(second.exit()).as(second.err()).isZero();
        assertThat(second.err()).isEmpty();
    }

    /** Those that are declared elsewhere are fetched by the first command too, even if it compiles no test. */
    @Test
    void librariesOfTestsAreDeclaredWithTheChecks() throws Exception {
        String elsewhere = "//dependency[scope='test'][not(ancestor::profile[id='checks'])]/artifactId";
        List<Path> poms = all("pom.xml");
        assertThat(poms).hasSizeGreaterThan(10);
        for (Path pom : poms) {
            NodeList found = (NodeList) XPathFactory.newInstance()
                    .newXPath()
                    .evaluate(
                            elsewhere,
                            DocumentBuilderFactory.newInstance()
                                    .newDocumentBuilder()
                                    .parse(pom.toFile()),
                            XPathConstants.NODESET);
            assertThat(found.getLength()).as(pom.toString()).isZero();
        }
    }

    /** As in the README, but that it ends. */
    private Outcome jcorn() throws IOException {
        Map<String, String> environment = new TreeMap<>(System.getenv());
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("JCORN_MASTER_JAVA_OPTS", "-Xshare:off");
        return Outcome.of(
                checkout,
                environment,
                List.of("./jcorn", "--workers", "4", "--check-config", "examples/hello/target/hello.jar"));
    }

    /** The build that runs this test has fetched all that this one needs, from wherever it was told to. */
    private void buildWithWhatIsThere() throws IOException {
        List<String> arguments = new ArrayList<>(List.of("-o", "-Dmaven.legacyLocalRepo=true"));
        String repository = System.getProperty("localRepository");
        if (repository != null) {
            arguments.add("-Dmaven.repo.local=" + repository);
        }
        Files.write(
                checkout.resolve(".mvn/maven.config"), arguments, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private List<Path> all(String name) throws IOException {
        try (Stream<Path> files = Files.walk(checkout)) {
            return files.filter(file -> file.endsWith(name)).toList();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        if (from.endsWith("target")) {
            return;
        }
        Files.copy(from, to);
        if (Files.isDirectory(from)) {
            try (Stream<Path> files = Files.list(from)) {
                for (Path file : files.toList()) {
                    copy(file, to.resolve(from.relativize(file)));
                }
            }
        }
    }
}
