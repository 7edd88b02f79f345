package io.jcorn.dist;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is in the folder and in the archive. */
class DistributionIT {

    @ParameterizedTest
    @ValueSource(strings = {"master", "worker", "servlet"})
    void theMainJarNamesExactlyItsNeighbours(String process) throws IOException {
        Path main = mainJar(process);
        TreeSet<String> neighbours = Distribution.jars(process).stream()
                .filter(jar -> !jar.equals(main))
                .map(jar -> jar.getFileName().toString())
                .collect(toCollection(TreeSet::new));

        assertThat(new TreeSet<>(classPath(main))).isEqualTo(neighbours);
    }

    @ParameterizedTest
    @ValueSource(strings = {"master", "worker", "servlet", "servlet/ee10", "servlet/ee11"})
    void everyJarOfOthersIsInTheNotices(String process) throws IOException {
        String notices = Files.readString(Distribution.home().resolve("THIRD-PARTY.md"));
        for (Path jar : Distribution.jars(process)) {
            String artifact = jar.getFileName().toString().replaceFirst("-[0-9].*", "");
            if (!artifact.startsWith("jcorn-")) {
                assertThat(notices).contains("`" + artifact + "`");
            }
        }
    }

    @Test
    void theProcessesDoNotShareLibraries() throws IOException {
        Set<String> shared = names("master");
        shared.retainAll(names("worker"));

        assertThat(shared).containsExactly("jcorn-wire-" + Distribution.version() + ".jar");
    }

    @ParameterizedTest
    @ValueSource(strings = {"servlet/ee10", "servlet/ee11"})
    void anEnvironmentHasWhatNobodyElseHas(String environment) throws IOException {
        Set<String> own = artifacts(environment);
        assertThat(own).contains("jakarta.servlet-api").doesNotContainAnyElementsOf(artifacts("servlet"));
        // The boot class path of every hosted worker has these.
        assertThat(artifacts("servlet")).doesNotContain("jcorn-wire", "jcorn-agent");
        assertThat(own).doesNotContain("jcorn-wire", "jcorn-agent");
    }

    @Test
    void theArchiveUnpacksToTheFolder(@TempDir Path folder) throws IOException {
        Outcome outcome = Outcome.of(
                folder,
                Map.of("PATH", System.getenv("PATH")),
                List.of("tar", "-xzf", Distribution.archive().toString()));

        assertThat(outcome.exit()).as(outcome.err()).isZero();
        Path unpacked = folder.resolve(Distribution.home().getFileName());
        assertThat(files(unpacked)).isEqualTo(files(Distribution.home()));
        assertThat(unpacked.resolve("bin/jcorn")).isExecutable();
    }

    private static Path mainJar(String process) {
        return Distribution.home()
                .resolve("lib")
                .resolve(process)
                .resolve("jcorn-" + process + "-" + Distribution.version() + ".jar");
    }

    private static List<String> classPath(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return List.of(file.getManifest()
                    .getMainAttributes()
                    .getValue(Attributes.Name.CLASS_PATH)
                    .split(" ", -1));
        }
    }

    private static Set<String> names(String process) throws IOException {
        return Distribution.jars(process).stream()
                .map(jar -> jar.getFileName().toString())
                .collect(toCollection(TreeSet::new));
    }

    private static Set<String> artifacts(String process) throws IOException {
        return names(process).stream()
                .map(name -> name.replaceFirst("-[0-9].*", ""))
                .collect(toCollection(TreeSet::new));
    }

    /** Class-data archives are made on the machine where the program runs; they are not part of the product. */
    private static Set<String> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .filter(file -> !file.startsWith("lib/archive/"))
                    .collect(toCollection(TreeSet::new));
        }
    }
}
