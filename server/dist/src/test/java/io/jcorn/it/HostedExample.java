package io.jcorn.it;

import io.jcorn.dist.Distribution;
import io.jcorn.it.LoadClient.Question;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;

/** The examples whose server is their own. All of them know {@code /pid}, {@code /version} and {@code /slow}. */
enum HostedExample {
    SPRING_BOOT("spring-boot.jar", "BOOT-INF/classes/", "main"),
    WEBFLUX("webflux.jar", "BOOT-INF/classes/", "main"),
    VERTX("vertx.jar", "", "main"),
    JDK_HTTPSERVER("jdk-httpserver.jar", "", "main", "--app-port=8080"),
    PLAIN_SOCKET("plain-socket.jar", "", "main", "--app-port=8080"),
    GUESTBOOK("guestbook.war", "WEB-INF/classes/", "servlet");

    /** Who answers. */
    static final Question PID = new Question("/pid", Pattern.compile("[0-9]+"));

    private final String archive;
    private final String classes;
    private final String kind;
    private final String option;

    /**
     * An example.
     *
     * @param archive the name of its archive
     * @param classes the folder of its classes in there
     * @param kind the kind of worker that the log names
     */
    HostedExample(String archive, String classes, String kind) {
        this(archive, classes, kind, "--max-surge=1");
    }

    /** An example with an option. */
    HostedExample(String archive, String classes, String kind, String option) {
        this.archive = archive;
        this.classes = classes;
        this.kind = kind;
        this.option = option;
    }

    /** Returns what the log says of it when it starts. */
    String choice() {
        return "Using worker: " + kind + " \\(" + archive;
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
            Files.writeString(inside.getPath(classes + "version.txt"), version);
        }
    }

    /** Returns the command line that serves a copy. */
    String[] serving(Path copy, int workers) {
        // Spring takes a while to start on a machine that does other things too.
        return new String[] {
            "--workers", Integer.toString(workers), "--boot-timeout=3m", "--log-level=debug", option, copy.toString()
        };
    }
}
