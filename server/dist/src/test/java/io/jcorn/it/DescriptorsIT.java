package io.jcorn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Workers that run out of file descriptors: they say so, and go on when there are some again. */
class DescriptorsIT {

    private static final String OUT = "Out of file descriptors: new connections wait until some are closed";

    private static final String[] FEW = {"sh", "-c", "ulimit -n 180; exec \"$@\"", "sh"};

    @RegisterExtension
    final Workplace place = new Workplace();

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void connectionsLeaveDescriptorsForTheRest(int java) throws IOException {
        try (RunningJcorn jcorn = place.jcorn("--workers", "1", "--first-byte-timeout", "60s", Workplace.hello())
                .workersOn(java)
                .through(FEW)
                .start()) {
            assertThat(jcorn.log().lines())
                    .filteredOn(line -> line.contains("worker-connections"))
                    .singleElement()
                    .asString()
                    .contains(
                            "[WARNING] worker-connections is 10000, but a process may have only 180 open files: each worker"
                                    + " holds 116 connections at the most");
            long worker = jcorn.anyWorker();
            List<HttpConnection> clients = new ArrayList<>();
            for (int i = 0; i < 150; i++) {
                clients.add(HttpConnection.open(jcorn.port()));
            }
            assertThat(clients.get(0).get("/pid").body()).contains("pid=" + worker + " ");
            for (HttpConnection client : clients) {
                client.close();
            }
            assertThat(HttpConnection.get(jcorn.port(), "/pid").body()).contains("pid=" + worker + " ");
            assertThat(String.join("\n", jcorn.log().lines())).doesNotContain(OUT);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void aWorkerWithoutDescriptorsSaysSoAndLives(int java) throws IOException {
        Path accessLog = place.folder().resolve("access.log");
        try (RunningJcorn jcorn = place.jcorn("--workers", "1", "--access-logfile", accessLog.toString(), hoarder())
                        .workersOn(java)
                        .through(FEW)
                        .tolerate(OUT, "The access log cannot be opened again")
                        .start();
                HttpConnection inside = HttpConnection.open(jcorn.port())) {
            long worker = jcorn.anyWorker();
            jcorn.mark();
            assertThat(inside.get("/take").body()).isEqualTo("taken");
            // The first line of this worker's life.
            try (HttpConnection outside = HttpConnection.open(jcorn.port())) {
                outside.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
                jcorn.awaitEvent(OUT);
                jcorn.signal("USR1");
                jcorn.awaitEvent("The access log cannot be opened again");
                inside.send("GARBAGE\r\n\r\n");
                assertThat(inside.receive().status()).isEqualTo(400);
                // Its own connection ends with the refusal: with that descriptor the other client comes in.
                assertThat(outside.receive().body()).isEqualTo("here");
                assertThat(outside.get("/give").body()).isEqualTo("given");
            }
            assertThat(HttpConnection.get(jcorn.port(), "/").body()).isEqualTo("here");
            assertThat(jcorn.workers()).containsKey(worker);
            assertThat(String.join("\n", jcorn.log().lines())).doesNotContain("Exception in thread", "NoClassDef");
        }
    }

    /** An application that takes all descriptors, and gives them back. */
    private String hoarder() throws IOException {
        return new App(place.folder(), "hoarder").source("""
                        public final class Hoarder implements com.sun.net.httpserver.HttpHandler {
                            private final java.util.List<java.io.FileInputStream> taken = new java.util.ArrayList<>();

                            @Override
                            public void handle(com.sun.net.httpserver.HttpExchange exchange) throws java.io.IOException {
                                byte[] answer = answer(exchange.getRequestURI().getPath()).getBytes();
                                exchange.sendResponseHeaders(200, answer.length);
                                exchange.getResponseBody().write(answer);
                                exchange.close();
                            }

                            private synchronized String answer(String path) throws java.io.IOException {
                                if (path.equals("/take")) {
                                    try {
                                        while (true) {
                                            taken.add(new java.io.FileInputStream("/dev/null"));
                                        }
                                    } catch (java.io.IOException full) {
                                        return "taken";
                                    }
                                }
                                if (path.equals("/give")) {
                                    for (java.io.FileInputStream each : taken) {
                                        each.close();
                                    }
                                    taken.clear();
                                    return "given";
                                }
                                return "here";
                            }
                        }
                        """).jar() + ":Hoarder";
    }
}
