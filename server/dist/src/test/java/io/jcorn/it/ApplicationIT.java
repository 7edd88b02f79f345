package io.jcorn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an application may be, what it sees, and what it does not see. */
class ApplicationIT {

    @RegisterExtension
    final Workplace place = new Workplace();

    @Test
    void folderOfClasses() throws IOException {
        Path folder = new App(place.folder(), "classes")
                .answering("Here", "Here.class.getResource(\"note.txt\") != null")
                .resource("META-INF/services/com.sun.net.httpserver.HttpHandler", "Here # the only one\n")
                .resource("note.txt", "a resource")
                .folder();

        assertAnswers("true", folder.toString());
    }

    @Test
    void handlerOfTheManifest() throws IOException {
        App app = new App(place.folder(), "named")
                .answering("First", "1")
                .answering("Second", "2")
                .manifest("Jcorn-Handler", "Second");

        assertAnswers("2", app.jar().toString());
        assertAnswers("1", app.jar() + ":First");
        app.resource("META-INF/services/com.sun.net.httpserver.HttpHandler", "First\n");
        assertAnswers("1", app.jar().toString());
    }

    @Test
    void librariesOfManifestAndClasspath() throws IOException {
        new App(place.folder(), "third")
                .source("public class Third { public static String name() { return \"third\"; } }")
                .jar();
        Path second = new App(place.folder(), "second")
                .with(place.folder().resolve("third"))
                .source("public class Second { public static String name() { return \"second \" + Third.name(); } }")
                .manifest("Class-Path", "third.jar gone.jar")
                .jar();
        Path extra = new App(place.folder(), "extra")
                .source("public class Extra { public static String name() { return \"extra\"; } }")
                .folder();
        Path jar = new App(place.folder(), "first")
                .with(place.folder().resolve("second"))
                .with(extra)
                .answering("First", "\"first \" + Second.name() + ' ' + Extra.name()")
                .manifest("Class-Path", second.getFileName().toString())
                .jar();

        assertAnswers("first second third extra", "--classpath", extra.toString(), jar + ":First");
    }

    /** Names that the server uses too: its classes, those of its libraries, and its configuration of them. */
    @Test
    void classesOfItsOwnNeverMeetTheServers() throws IOException {
        Path jar = new App(place.folder(), "apart")
                .source("""
                        package io.netty.util;
                        public class Version { public static String mine() { return "mine"; } }
                        """)
                .source("""
                        package io.jcorn.worker;
                        public class Main { public static String mine() { return "mine"; } }
                        """)
                .source("""
                        public class Sees {
                            public static String classes(String... names) {
                                String seen = "";
                                for (String name : names) {
                                    try {
                                        Class.forName(name);
                                        seen += name;
                                    } catch (ClassNotFoundException e) {
                                        seen += "-";
                                    }
                                }
                                return seen;
                            }
                        }
                        """)
                .answering(
                        "Apart",
                        "io.netty.util.Version.mine() + ' ' + io.jcorn.worker.Main.mine() + ' '"
                                + " + Sees.classes(\"io.netty.channel.Channel\", \"io.jcorn.agent.Agent\", \"io.jcorn.wire.Log\")"
                                + " + ' ' + (Thread.currentThread().getContextClassLoader() == Apart.class.getClassLoader())")
                .jar();

        assertAnswers("mine mine --- true", jar + ":Apart");
    }

    @Test
    void closeIsCalledOnStopAndReload() throws IOException {
        Path jar = new App(place.folder(), "closes").source("""
                        public final class Closes implements com.sun.net.httpserver.HttpHandler, AutoCloseable {
                            @Override
                            public void handle(com.sun.net.httpserver.HttpExchange exchange) throws java.io.IOException {
                                exchange.sendResponseHeaders(204, -1);
                                exchange.close();
                            }
                            @Override
                            public void close() {
                                System.out.println("closed in generation " + System.getenv("JCORN_GENERATION"));
                            }
                        }
                        """).jar();
        try (RunningJcorn jcorn = place.jcorn("--workers", "2", jar + ":Closes").start()) {
            assertThat(HttpConnection.get(jcorn.port(), "/").status()).isEqualTo(204);
            jcorn.signal("HUP");
            jcorn.awaitEvents("Worker exiting .*gen=1", 2);
            assertThat(jcorn.output().lines()).containsExactly("closed in generation 1", "closed in generation 1");
            jcorn.signal("TERM");
            jcorn.assertExit(0);
            assertThat(jcorn.output()).hasLineCount(4).endsWith("closed in generation 2\nclosed in generation 2\n");
        }
    }

    /** The file may be replaced and removed: workers, also those born later, run from the copy. */
    @Test
    void theFileIsNotNeededAfterTheStart() throws IOException {
        Path jar = Files.copy(Path.of(Workplace.hello()), place.folder().resolve("mine.jar"));
        try (RunningJcorn jcorn = place.jcorn(jar.toString()).start()) {
            Files.delete(jar);
            jcorn.signal("TTIN");
            jcorn.awaitEvent("Worker ready");
            assertThat(HttpConnection.get(jcorn.port(), "/").status()).isEqualTo(200);
        }
    }

    private void assertAnswers(String body, String... arguments) throws IOException {
        try (RunningJcorn jcorn = place.jcorn(arguments).start()) {
            assertThat(HttpConnection.get(jcorn.port(), "/").body()).isEqualTo(body);
        }
    }
}
