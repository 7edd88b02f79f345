package io.jcorn.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The Javas of this machine: those that {@code JAVA_HOME_17}, {@code JAVA_HOME_25} … name, and those of the distribution's packages. */
public final class Jdk {

    private static final Path PACKAGED = Path.of("/usr/lib/jvm");
    private static final SortedMap<Integer, Path> HOMES = homes();

    private Jdk() {}

    /** Returns the home of a feature release; the test is skipped where there is none. */
    public static Path of(int feature) {
        if (feature == Runtime.version().feature()) {
            return Path.of(System.getProperty("java.home"));
        }
        Path home = HOMES.get(feature);
        assumeTrue(home != null, () -> "no Java " + feature + " on this machine, only " + HOMES);
        return Objects.requireNonNull(home);
    }

    private static SortedMap<Integer, Path> homes() {
        SortedMap<Integer, Path> homes = new TreeMap<>();
        if (Files.isDirectory(PACKAGED)) {
            try (DirectoryStream<Path> candidates = Files.newDirectoryStream(PACKAGED)) {
                candidates.forEach(home -> feature(home).ifPresent(feature -> homes.put(feature, home)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        System.getenv().forEach((name, value) -> {
            if (name.matches("JAVA_HOME_[0-9]+(_X64|_ARM64)?")) {
                Path home = Path.of(value);
                feature(home).ifPresent(feature -> homes.put(feature, home));
            }
        });
        return homes;
    }

    /** The release file of every JDK and JRE since 9 has a line such as {@code JAVA_VERSION="17.0.15"}. */
    private static Optional<Integer> feature(Path home) {
        Path release = home.resolve("release");
        if (!Files.isReadable(release) || !Files.isExecutable(home.resolve("bin/java"))) {
            return Optional.empty();
        }
        try {
            return Files.readAllLines(release).stream()
                    .filter(line -> line.startsWith("JAVA_VERSION=\""))
                    .map(line -> line.replaceFirst("JAVA_VERSION=\"([0-9]+).*", "$1"))
                    .map(Integer::valueOf)
                    .findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
