package io.jcorn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was there when the server started is removed under it: workers are replaced and reloads work all the same. */
class GoneFilesIT {

    private static final String KILLED = "was sent SIGKILL: killed from outside";

    @RegisterExtension
    final Workplace place = new Workplace();

    @Test
    void theFolderThatItWasStartedIn() throws IOException {
        try (RunningJcorn jcorn =
                place.jcorn(Workplace.hello()).tolerate(KILLED).start()) {
            Files.delete(jcorn.work());

            killAndAwaitTheNext(jcorn);
            jcorn.signal("HUP");
            jcorn.awaitEvent("Reload complete");

            assertThat(HttpConnection.get(jcorn.port(), "/plaintext").status()).isEqualTo(200);
            assertThat(jcorn.log().lines().stream().filter(line -> line.contains(jcorn.work() + ", is gone")))
                    .as("said once")
                    .hasSize(1);
            assertThat(Files.readSymbolicLink(Path.of("/proc/" + jcorn.anyWorker() + "/cwd")))
                    .hasToString("/");
            Files.createDirectory(jcorn.work());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "gen-1"})
    void itsTemporaryFiles(String what) throws IOException {
        try (RunningJcorn jcorn = place.jcorn("--workers", "2", Workplace.hello())
                .tolerate(KILLED, "could not be started: .*removed by somebody else")
                .start()) {
            remove(runFolder(jcorn).resolve(what));

            killAndAwaitTheNext(jcorn);
            jcorn.awaitEvent("Reload complete");

            assertThat(HttpConnection.get(jcorn.port(), "/plaintext").status()).isEqualTo(200);
            assertThat(runFolder(jcorn).resolve("gen-2/app/hello.jar")).exists();
        }
    }

    /** As a package manager does it: away, and back a moment later. */
    @Test
    void theJavaOfItsWorkers() throws IOException {
        Path home = java(place.folder().resolve("java"));
        Path away = place.folder().resolve("away");
        try (RunningJcorn jcorn = place.jcorn("--java-home", home.toString(), Workplace.hello())
                .tolerate(KILLED, "could not be started: the Java of its workers", "Reload refused", "java-home")
                .start()) {
            Files.move(home, away);
            Proc.signal(jcorn.anyWorker(), "KILL");
            jcorn.awaitEvent("the Java of its workers, " + home + "/bin/java, is gone");
            Files.move(away, home);

            jcorn.mark();
            jcorn.awaitEvent("Worker ready");
            assertThat(HttpConnection.get(jcorn.port(), "/plaintext").status()).isEqualTo(200);
        }
    }

    /** A Java of its own in little space: the launcher is copied, links lead to the rest. */
    private static Path java(Path home) throws IOException {
        Path original = Path.of(System.getProperty("java.home"));
        Files.createDirectories(home.resolve("bin"));
        Files.copy(original.resolve("bin/java"), home.resolve("bin/java"), StandardCopyOption.COPY_ATTRIBUTES);
        try (Stream<Path> parts = Files.list(original)) {
            for (Path part : parts.toList()) {
                if (!part.endsWith("bin")) {
                    Files.createSymbolicLink(home.resolve(part.getFileName()), part);
                }
            }
        }
        return home.toRealPath();
    }

    private static void killAndAwaitTheNext(RunningJcorn jcorn) {
        jcorn.mark();
        Proc.signal(jcorn.anyWorker(), "KILL");
        jcorn.awaitEvent(KILLED);
        jcorn.awaitEvent("Worker ready");
    }

    private static Path runFolder(RunningJcorn jcorn) throws IOException {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(jcorn.temp(), "jcorn-*")) {
            return folders.iterator().next();
        }
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.delete(file);
            }
        }
    }
}
