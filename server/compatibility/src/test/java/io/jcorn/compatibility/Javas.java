package io.jcorn.compatibility;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Javas of this machine by feature release: those that {@code JAVA_HOME_17} … name, those of its packages, and the running one. */
final class Javas {

    private static final Path PACKAGED = Path.of("/usr/lib/jvm");
    private static final Pattern VERSION = Pattern.compile("JAVA_VERSION=\"([0-9]+)");

    private Javas() {}

    static SortedMap<Integer, Path> homes() throws IOException {
        SortedMap<Integer, Path> homes = new TreeMap<>();
        if (Files.isDirectory(PACKAGED)) {
            try (DirectoryStream<Path> candidates = Files.newDirectoryStream(PACKAGED)) {
                for (Path home : candidates) {
                    add(homes, home);
                }
            }
        }
        for (var variable : System.getenv().entrySet()) {
            if (variable.getKey().matches("JAVA_HOME_[0-9]+(_X64|_ARM64)?")) {
                add(homes, Path.of(variable.getValue()));
            }
        }
        add(homes, Path.of(System.getProperty("java.home")));
        return homes;
    }

    private static void add(SortedMap<Integer, Path> homes, Path home) throws IOException {
        Path release = home.resolve("release");
        if (Files.isReadable(release) && Files.isExecutable(home.resolve("bin/java"))) {
            Matcher version = VERSION.matcher(Files.readString(release));
            if (version.find()) {
                homes.put(Integer.valueOf(version.group(1)), home);
            }
        }
    }
}
