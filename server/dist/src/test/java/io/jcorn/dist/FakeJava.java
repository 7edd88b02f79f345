package io.jcorn.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Javas that are shell scripts. */
final class FakeJava {

    /** Shows what it was given, one line each. */
    static final String ECHO = """
            echo "_JAVA_SR_SIGNUM=$_JAVA_SR_SIGNUM"
            for argument in "$@"; do echo "<$argument>"; done
            """;

    private FakeJava() {}

    /** Makes the home of a Java that has no release file, as before Java 9. */
    static Path home(Path folder, String script) throws IOException {
        Path home = Files.createTempDirectory(folder, "jdk").toRealPath();
        Path java = Files.createDirectory(home.resolve("bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        return home;
    }

    /** Makes the home of a Java of this version. */
    static Path home(Path folder, String script, String version) throws IOException {
        Path home = home(folder, script);
        release(home, version);
        return home;
    }

    /** Installs another version in the same place. */
    static void release(Path home, String version) throws IOException {
        Files.writeString(home.resolve("release"), """
                IMPLEMENTOR="N/A"
                JAVA_RUNTIME_VERSION="%s+1"
                JAVA_VERSION="%s"
                """.formatted(version, version));
    }
}
