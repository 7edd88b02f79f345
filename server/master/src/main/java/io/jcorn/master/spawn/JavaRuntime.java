package io.jcorn.master.spawn;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

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

    /**
     * Looks at an installation, without starting it.
     *
     * @param wanted the folder that the configuration names; empty: the master's own Java
     * @throws IOException if there is no Java, or one that is too old; the message says what to do
     */
    public static JavaRuntime find(Optional<Path> wanted) throws IOException {
        Path own = Path.of(System.getProperty("java.home"));
        Path home = wanted.orElse(own);
        if (!Files.isExecutable(home.resolve("bin/java"))) {
            throw new IOException("java-home " + home + " holds no Java: there is no executable "
                    + home.resolve("bin/java") + ". Set java-home to the folder of a Java " + OLDEST + " or later");
        }
        if (home.toRealPath().equals(own.toRealPath())) {
            return new JavaRuntime(own, Runtime.version().feature(), true);
        }
        int feature = feature(home);
        if (feature < OLDEST) {
            throw new IOException(
                    "java-home " + home + " is Java " + feature + "; workers need Java " + OLDEST + " or later");
        }
        return new JavaRuntime(home, feature, false);
    }

    /** Returns the launcher. */
    public Path launcher() {
        return home.resolve("bin/java");
    }

    // Every JDK and JRE since 9 has this file; one without it is taken for the oldest that we run on.
    private static int feature(Path home) throws IOException {
        Path release = home.resolve("release");
        if (!Files.isReadable(release)) {
            return OLDEST;
        }
        for (String line : Files.readAllLines(release)) {
            if (line.startsWith("JAVA_VERSION=")) {
                String version =
                        line.substring(line.indexOf('=') + 1).replace("\"", "").trim();
                String first = version.startsWith("1.") ? version.substring(2) : version;
                String digits = first.replaceFirst("[^0-9].*", "");
                return digits.isEmpty() ? OLDEST : Integer.parseInt(digits);
            }
        }
        return OLDEST;
    }
}
