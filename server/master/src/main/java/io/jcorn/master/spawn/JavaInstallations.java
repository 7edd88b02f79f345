package io.jcorn.master.spawn;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The Javas of this machine that can be found without searching it. */
public final class JavaInstallations {

    private JavaInstallations() {}

    /**
     * Returns the folder of the oldest Java that is new enough, among those beside the workers' and the master's and those that
     * variables such as JAVA_HOME_21_X64 name.
     *
     * @param feature the oldest feature release that will do
     */
    public static Optional<Path> atLeast(int feature, JavaRuntime runtime, Map<String, String> environment) {
        Set<Path> homes = new TreeSet<>();
        environment.forEach((name, value) -> {
            if (name.startsWith("JAVA_HOME") && value.startsWith("/")) {
                homes.add(Path.of(value));
            }
        });
        siblings(runtime.home(), homes);
        siblings(Path.of(System.getProperty("java.home")), homes);
        return homes.stream()
                .filter(home -> Files.isExecutable(home.resolve("bin/java")))
                .filter(home -> feature(home) >= feature)
                .min(Comparator.comparingInt(JavaInstallations::feature));
    }

    private static void siblings(Path home, Set<Path> into) {
        Path folder = home.getParent();
        if (folder == null) {
            return;
        }
        try (DirectoryStream<Path> homes = Files.newDirectoryStream(folder)) {
            homes.forEach(into::add);
        } catch (IOException | DirectoryIteratorException e) {
            // EACCES, or it went away: nothing to propose there.
            return;
        }
    }

    private static int feature(Path home) {
        try {
            return Files.exists(home.resolve("release")) ? JavaRuntime.feature(home) : 0;
        } catch (IOException e) {
            // EACCES: it cannot be run either.
            return 0;
        }
    }
}
