package io.jcorn.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.it.LoadClient.Question;
import io.jcorn.it.LoadClient.Style;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is owed to clients is finished before a server that is not ours is told to shut down, whatever that does then. */
class HostedQuietIT {

    /** Longer than anybody waits who thinks that a shutdown hook finishes what is in flight. */
    private static final int LONG_MILLIS = 1_500;

    private static final Question LONG = new Question("/slow?" + LONG_MILLIS, Pattern.compile("pid=[0-9]+\n"));

    /** The JDK's server; {@code %s} is what its shutdown hook does. */
    private static final String SERVER = """
            import com.sun.net.httpserver.HttpServer;
            import java.net.InetSocketAddress;
            import java.util.concurrent.Executors;

            public final class Main {
                private static volatile int status = 200;

                public static void main(String[] arguments) throws Exception {
                    HttpServer server = HttpServer.create(
                            new InetSocketAddress(Integer.parseInt(System.getenv("PORT"))), 0);
                    server.setExecutor(Executors.newCachedThreadPool());
                    server.createContext("/", exchange -> {
                        String query = exchange.getRequestURI().getQuery();
                        try {
                            Thread.sleep(query == null ? 0 : Long.parseLong(query));
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                        byte[] answer = ("pid=" + ProcessHandle.current().pid() + "\\n").getBytes();
                        exchange.sendResponseHeaders(status, answer.length);
                        exchange.getResponseBody().write(answer);
                        exchange.close();
                    });
                    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                        %s
                    }));
                    server.start();
                }
            }
            """;

    /** As those of agents and libraries, which know nothing of the server. */
    private static final String SOMEBODY_ELSES = "System.out.println(\"hook\");";

    /** As those of servers that have a graceful end of their own: who comes now is refused. */
    private static final String REFUSES = """
            status = 503;
            try {
                Thread.sleep(1_000);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            """;

    @RegisterExtension
    final Workplace place = new Workplace();

    @ParameterizedTest
    @CsvSource({"17, false", "25, false", "17, true"})
    void requestsAreFinishedThoughThereIsAHook(int java, boolean reload) throws IOException {
        try (RunningJcorn jcorn =
                        server(SOMEBODY_ELSES, "--workers", "2").workersOn(java).start();
                LoadClient inFlight = LoadClient.start(jcorn.port(), Style.CONNECTION_PER_REQUEST, 4, LONG)) {
            inFlight.awaitAnswers(4);
            if (reload) {
                jcorn.signal("HUP");
                jcorn.awaitEvents("Worker exiting \\(pid: [0-9]+, slot=[0-9] gen=1\\)", 2);
                inFlight.stop().assertPerfect();
            }
            jcorn.signal("TERM");
            if (!reload) {
                inFlight.awaitRefusal().assertOnlyRefused();
            }
            jcorn.assertExit(0);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void keptConnectionsAreNotRefused(int java) throws IOException {
        try (RunningJcorn jcorn =
                        server(REFUSES, "--workers", "2").workersOn(java).start();
                LoadClient users = LoadClient.start(jcorn.port(), Style.KEEP_ALIVE, 8, Question.BEHAVED)) {
            users.awaitAnswers(100);
            jcorn.signal("HUP");
            jcorn.awaitEvents("Worker exiting \\(pid: [0-9]+, slot=[0-9] gen=1\\)", 2);
            users.awaitAnswers(100);
            jcorn.signal("TERM");
            users.awaitRefusal().assertOnlyRefusedOrClosedIdle();
            jcorn.assertExit(0);
        }
    }

    @Test
    void whoTakesTooLongIsGivenUpAndCounted() throws IOException {
        try (RunningJcorn jcorn = server(SOMEBODY_ELSES, "--workers", "1", "--graceful-timeout", "2s")
                        .tolerate("Raising SIGTERM while ")
                        .start();
                HttpConnection connection = HttpConnection.open(jcorn.port())) {
            connection.get("/");
            connection.send("GET /?600000 HTTP/1.1\r\nHost: localhost\r\n\r\n");
            jcorn.awaitStack("java.lang.Thread.sleep");
            jcorn.signal("TERM");
            jcorn.awaitEvent("Raising SIGTERM while .* 1 .*graceful-timeout");
            jcorn.assertExit(0);
            assertThat(jcorn.output()).contains("hook");
        }
    }

    private Launch server(String hook, String... options) throws IOException {
        Path jar = new App(place.folder(), "server")
                .source(SERVER.formatted(hook))
                .manifest("Main-Class", "Main")
                .jar();
        String[] arguments = new String[options.length + 1];
        System.arraycopy(options, 0, arguments, 0, options.length);
        arguments[options.length] = jar.toString();
        return place.jcorn(arguments);
    }
}
