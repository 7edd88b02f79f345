package io.jcorn.it;

import static io.jcorn.it.LoadClient.Question;

import io.jcorn.dist.Distribution;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The examples whose server is their own. All of them know {@code /pid}, {@code /version} and {@code /slow}. */
enum HostedExample {
    SPRING_BOOT("spring-boot.jar", "BOOT-INF/classes/version.txt"),
    WEBFLUX("webflux.jar", "BOOT-INF/classes/version.txt"),
    VERTX("vertx.jar", "version.txt"),
    JDK_HTTPSERVER("jdk-httpserver.jar", "version.txt", "--app-port", "8080"),
    PLAIN_SOCKET("plain-socket.jar", "version.txt", "--app-port", "8080");

    /** Who answers. */
    static final Question PID = new Question("/pid", Pattern.compile("[0-9]+"));

    private final String archive;
    private final String versionFile;
    private final List<String> arguments;

    HostedExample(String archive, String versionFile, String... arguments) {
        this.archive = archive;
        this.versionFile = versionFile;
        this.arguments = List.of(arguments);
    }

    /** An answer that takes its time. */
    static Question slow(int millis) {
        return new Question("/slow?ms=" + millis, Pattern.compile("done\n"));
    }

    /**
     * Which version answers.
     *
     * @param versions a pattern of those that may
     */
    static Question version(String versions) {
        return new Question("/version", Pattern.compile(versions));
    }

    /** Copies the archive as it was built, which is version {@code v1}, into a folder. */
    Path copyTo(Path folder) throws IOException {
        return Files.copy(built(), folder.resolve(archive));
    }

    private Path built() {
        return Distribution.examples()
                .resolve(archive.replaceFirst("\\..*", ""))
                .resolve("target")
                .resolve(archive);
    }

    /** Writes another version into a copy. Every other entry stays as it is: what is stored in the archive stays stored. */
    void release(Path copy, String version) throws IOException {
        try (FileSystem inside = FileSystems.newFileSystem(copy, Map.of())) {
            Files.writeString(inside.getPath(versionFile), version);
        }
    }

    /** Returns the command line that serves a copy. */
    String[] serving(Path copy, int workers) {
        // Spring takes a while to start on a machine that does other things too.
        List<String> command = new ArrayList<>(
                List.of("--workers", Integer.toString(workers), "--boot-timeout", "3m", "--log-level", "debug"));
        command.addAll(arguments);
        command.add(copy.toString());
        return command.toArray(String[]::new);
    }
}
