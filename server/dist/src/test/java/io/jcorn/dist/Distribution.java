package io.jcorn.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The folder that the build made; the tests run what is in it, not the classes of the modules. */
public final class Distribution {

    private static final Path TARGET = Path.of(System.getProperty("jcorn.dist.target", "target"));

    private Distribution() {}

    public static Path home() {
        return TARGET.resolve("jcorn-" + version()).toAbsolutePath();
    }

    public static Path archive() {
        return TARGET.resolve("jcorn-" + version() + ".tar.gz").toAbsolutePath();
    }

    public static Path launcher() {
        return home().resolve("bin/jcorn");
    }

    public static String version() {
        return System.getProperty("jcorn.version", "0.1.0");
    }

    /** Returns the folder of the examples, which the build makes before the distribution. */
    public static Path examples() {
        return TARGET.toAbsolutePath().resolve("../../../examples").normalize();
    }

    /** Returns the jars of another version of a library that the tests host, sorted by name. */
    public static List<Path> hosted(String name) throws IOException {
        return jarsIn(TARGET.resolve("hosted").resolve(name).toAbsolutePath());
    }

    /** Returns a jar of the examples. */
    public static Path example(String name) {
        return examples().resolve(name).resolve("target").resolve(name + ".jar");
    }

    /** Returns the jars of {@code lib/master} or {@code lib/worker}, sorted by name. */
    static List<Path> jars(String process) throws IOException {
        return jarsIn(home().resolve("lib").resolve(process));
    }

    private static List<Path> jarsIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        }
    }
}
