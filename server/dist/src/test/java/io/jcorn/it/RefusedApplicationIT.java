package io.jcorn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Applications and Javas with which no server starts. */
class RefusedApplicationIT {

    @RegisterExtension
    final Workplace place = new Workplace();

    @Test
    void filesThatAreNoApplication() throws IOException {
        Path folder = Files.createDirectory(place.folder().resolve("target"));
        Files.copy(Path.of(Workplace.hello()), folder.resolve("shop.jar"));
        Path text = Files.writeString(place.folder().resolve("text.jar"), "no zip archive");
        Path cut = Files.write(
                place.folder().resolve("cut.jar"), Arrays.copyOf(Files.readAllBytes(Path.of(Workplace.hello())), 2000));
        Path empty = Files.createFile(place.folder().resolve("empty.jar"));
        Path hollow = place.folder().resolve("hollow.jar");
        new JarOutputStream(Files.newOutputStream(hollow), new Manifest()).close();

        assertThat(place.jcorn(folder + "/shap.jar").refused(1))
                .contains(folder + "/shap.jar: there is no such file", "did you mean", "shop.jar?");
        assertThat(place.jcorn(text.toString()).refused(1)).contains(text + " is not a jar");
        assertThat(place.jcorn(cut.toString()).refused(1)).contains(cut + " is a damaged archive", "just now?");
        assertThat(place.jcorn(empty.toString()).refused(1)).contains(empty + " is empty", "just now?");
        assertThat(place.jcorn(hollow.toString()).refused(4)).contains(hollow + " names no handler");
        assertThat(place.jcorn(folder.toString()).refused(1))
                .contains(folder + " is a folder without classes", "did you mean " + folder + "/shop.jar?");
    }

    @Test
    void jarThatMayNotBeRead() throws IOException {
        Path jar = Files.copy(Path.of(Workplace.hello()), place.folder().resolve("secret.jar"));
        Files.setPosixFilePermissions(jar, PosixFilePermissions.fromString("rw-------"));

        assertThat(place.jcorn(jar.toString()).asNobody().refused(1))
                .contains(jar + " cannot be read: permission denied for user nobody");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "io.jcorn.examples.hello.Hallo | did you mean io.jcorn.examples.hello.Hello?",
                "Hello                         | did you mean io.jcorn.examples.hello.Hello?",
                "com.example.Nothing           | has no class com.example.Nothing",
            })
    void handlersThatAreNotThere(String handler, String message) throws IOException {
        assertThat(place.jcorn(Workplace.hello() + ":" + handler).refused(4))
                .contains("App failed to load: ", "has no class " + handler, message);
    }

    @Test
    void classesThatAreNoHandlers() throws IOException {
        assertThat(place.jcorn(Workplace.misbehaving("NotAHandler")).refused(4))
                .contains("NotAHandler", "com.sun.net.httpserver.HttpHandler")
                .containsOnlyOnce("neither implements");

        Path demanding = new App(place.folder(), "demanding")
                .source("""
                        public abstract class Abstract implements com.sun.net.httpserver.HttpHandler {
                        }
                        """.replace("abstract class", "class").replace(
                        "{\n}",
                        "{ public Abstract(int n) {} public void handle(com.sun.net.httpserver.HttpExchange e) {} }"))
                .jar();
        assertThat(place.jcorn(demanding + ":Abstract").refused(4)).contains("Abstract", "constructor");
    }

    @Test
    void severalHandlersWithoutAChoice() throws IOException {
        Path two = new App(place.folder(), "two")
                .answering("One", "1")
                .answering("Two", "2")
                .resource("META-INF/services/com.sun.net.httpserver.HttpHandler", "One\nTwo\n")
                .jar();

        assertThat(place.jcorn(two.toString()).refused(4)).contains("One", "Two", "two.jar:");
    }

    @Test
    void failuresOfItsOwnAreShownOnce() throws IOException {
        // Here the stack trace is the application's, and what its developer needs.
        try (RunningJcorn jcorn = place.jcorn("--workers", "3", Workplace.misbehaving("FailsInConstructor"))
                .tolerate(".*")
                .launch()) {
            jcorn.assertExit(3);
            assertThat(jcorn.log().toString()).containsOnlyOnce("FailsInConstructor.<init>");
        }
    }

    @Test
    void classesOfANewerJava() throws IOException {
        Path javac = Jdk.of(25).resolve("bin/javac");
        assumeTrue(Files.isExecutable(javac), "a Java without compiler");
        Path jar = new App(place.folder(), "modern")
                .compiledWith(Jdk.of(25))
                .answering("Modern", "1")
                .jar();

        assertThat(place.jcorn(jar + ":Modern").refused(4))
                .contains(
                        "modern.jar is compiled for Java 25 (class file version 69.0)",
                        "run on Java 17",
                        "--java-home");
    }

    @ParameterizedTest
    @CsvSource({"17.0.1, ''", "11.0.2, is Java 11", "1.8.0_352, is Java 8"})
    void javaHomesThatAreNone(String version, String message) throws IOException {
        Path home = place.folder().resolve("jdk");
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");

        assertThat(place.jcorn("--java-home", home.toString(), Workplace.hello())
                        .refused(1))
                .contains("--java-home: " + home + " holds no Java: there is no bin/java that can be run");

        Path java = Files.writeString(home.resolve("bin/java"), "#!/bin/sh\necho fake >&2; exit 7\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        String text =
                place.jcorn("--java-home", home.toString(), Workplace.hello()).refused(message.isEmpty() ? 3 : 1);
        if (message.isEmpty()) {
            assertThat(text)
                    .contains(
                            "fake\n",
                            "exited with code 7: its JVM ended before it ran anything",
                            "Worker failed to boot.");
        } else {
            assertThat(text).contains(home + " " + message + ", and the workers need 17 or later");
        }
    }

    @Test
    void optionsThatTheJvmRefuses() throws IOException {
        assertThat(place.jcorn("--java-opt=-XX:+NoSuchFlag", Workplace.hello()).refused(3))
                .contains("Unrecognized VM option 'NoSuchFlag'")
                .contains("exited with code 1: its JVM ended before it ran anything")
                .contains("[CRITICAL] Worker failed to boot.");
        assertThat(place.jcorn("--java-opt=-Xmx1k", Workplace.hello()).refused(3))
                .contains("Too small", "Worker failed to boot.");
        assertThat(place.jcorn("--java-opt=Xmx64m", Workplace.hello()).refused(1))
                .contains("--java-opt: \"Xmx64m\"");
    }

    @Test
    void virtualThreadsOnAnOldJava() throws IOException {
        assumeTrue(Runtime.version().feature() < 21);

        assertThat(place.jcorn("--threads", "virtual", Workplace.hello()).refused(1))
                .contains("--threads: virtual threads need Java 21 or later")
                .contains("Choose a later one with --java-home, or a number of threads");
    }
}
