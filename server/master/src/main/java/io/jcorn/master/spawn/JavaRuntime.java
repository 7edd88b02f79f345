package io.jcorn.master.spawn;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Java that the workers run on. It may be another than the master's.
 *
 * @param home its installation folder
 * @param feature its feature release: 17, 25
 * @param own whether it is the one that the master itself runs on
 */
public record JavaRuntime(Path home, int feature, boolean own) {

    /** The oldest feature release that workers run on. */
    public static final int OLDEST = 17;

    /** Up to Java 8 the feature release came second: 1.8.0_402. */
    private static final Pattern VERSION = Pattern.compile("^JAVA_VERSION=\"?(?:1\\.)?(\\d{1,4})\\b");

    private static final Pattern MODULES = Pattern.compile("^MODULES=\"?([^\"]+)\"?$");

    /**
     * Looks at an installation, without starting it.
     *
     * @param wanted the folder that the configuration names; empty: the master's own Java
     * @throws IOException if there is no Java, or one that is too old; the message says what to do
     */
    public static JavaRuntime find(Optional<Path> wanted) throws IOException {
        Path own = Path.of(System.getProperty("java.home"));
        Path home = wanted.orElseGet(() -> successor(own, System.getenv()));
        Path launcher = home.resolve("bin/java");
        if (!Files.isRegularFile(launcher) || !Files.isExecutable(launcher)) {
            throw new IOException("java-home " + home + " holds no Java: there is no executable " + launcher
                    + ". Set java-home to the folder of a Java " + OLDEST + " or later");
        }
        if (!Files.exists(home.resolve("release"))) {
            home = installation(launcher).orElse(home);
        }
        if (Files.exists(own) && home.toRealPath().equals(own.toRealPath())) {
            return new JavaRuntime(own, Runtime.version().feature(), true);
        }
        int feature = feature(home);
        if (feature < OLDEST) {
            throw new IOException("java-home " + home + " is Java " + feature + "; workers need Java " + OLDEST
                    + " or later. Set java-home to the folder of one");
        }
        return new JavaRuntime(home, feature, false);
    }

    /**
     * Returns the master's own Java or, once an upgrade has removed it, the one that the next start would find: JAVA_HOME's,
     * else the one on the PATH.
     */
    static Path successor(Path own, Map<String, String> environment) {
        if (Files.isExecutable(own.resolve("bin/java"))) {
            return own;
        }
        Path named = Path.of(environment.getOrDefault("JAVA_HOME", ""));
        if (named.isAbsolute() && Files.isExecutable(named.resolve("bin/java"))) {
            return named;
        }
        for (String folder : environment.getOrDefault("PATH", "").split(":", -1)) {
            Path launcher = Path.of(folder, "java");
            if (launcher.isAbsolute() && Files.isExecutable(launcher)) {
                return realHome(launcher).orElse(own);
            }
        }
        return own;
    }

    private static Optional<Path> realHome(Path launcher) {
        try {
            return installation(launcher);
        } catch (IOException e) {
            // It went away while we looked.
            return Optional.empty();
        }
    }

    /** Where the launcher really is: that of {@code /usr} is a link into an installation. */
    private static Optional<Path> installation(Path launcher) throws IOException {
        Path folder = launcher.toRealPath().getParent();
        return Optional.ofNullable(folder == null ? null : folder.getParent())
                .filter(home -> Files.exists(home.resolve("release")));
    }

    /**
     * Returns those of some modules that the installation lacks, as one that was made by jlink does. None if its release file
     * does not list them.
     */
    public List<String> lacks(List<String> modules) throws IOException {
        Path release = home.resolve("release");
        if (!Files.isReadable(release)) {
            return List.of();
        }
        for (String line : Files.readAllLines(release, StandardCharsets.ISO_8859_1)) {
            Matcher listed = MODULES.matcher(line);
            if (listed.find()) {
                List<String> present = List.of(listed.group(1).split(" ", -1));
                return modules.stream()
                        .filter(module -> !present.contains(module))
                        .toList();
            }
        }
        return List.of();
    }

    /** Returns the launcher. */
    public Path launcher() {
        return home.resolve("bin/java");
    }

    // Every JDK and JRE since 9 has this file; one without it is taken for the oldest that we run on.
    static int feature(Path home) throws IOException {
        Path release = home.resolve("release");
        if (!Files.isReadable(release)) {
            return OLDEST;
        }
        // Whatever its encoding, the version is ASCII.
        for (String line : Files.readAllLines(release, StandardCharsets.ISO_8859_1)) {
            Matcher version = VERSION.matcher(line);
            if (version.find()) {
                return Integer.parseInt(version.group(1));
            }
        }
        return OLDEST;
    }
}
