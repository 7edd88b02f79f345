package io.jcorn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Slow clients, a slow application, and too many requests, as the packaged server takes them. */
@Tag("alone")
class TimeoutsIT {

    private static final String REQUEST = " HTTP/1.1\r\nHost: a\r\n\r\n";

    @RegisterExtension
    final Workplace place = new Workplace();

    /** {@code /sleep?MILLIS} can be interrupted, {@code /deaf?MILLIS} cannot, {@code /big} is larger than any buffer. */
    private Path application() throws IOException {
        return new App(place.folder(), "slow").source("""
                public final class Slow implements com.sun.net.httpserver.HttpHandler {
                    @Override
                    public void handle(com.sun.net.httpserver.HttpExchange exchange) throws java.io.IOException {
                        String query = exchange.getRequestURI().getQuery();
                        long millis = query == null ? 0 : Long.parseLong(query);
                        String path = exchange.getRequestURI().getPath();
                        long end = System.nanoTime() + millis * 1_000_000;
                        while (millis > 0 && System.nanoTime() < end) {
                            try {
                                Thread.sleep(Math.max(1, (end - System.nanoTime()) / 1_000_000));
                            } catch (InterruptedException e) {
                                if (path.equals("/sleep")) {
                                    throw new java.io.InterruptedIOException("woken");
                                }
                            }
                        }
                        byte[] body = path.equals("/big")
                                ? new byte[64 << 20]
                                : Long.toString(ProcessHandle.current().pid()).getBytes();
                        exchange.getRequestBody().readAllBytes();
                        exchange.sendResponseHeaders(200, body.length);
                        exchange.getResponseBody().write(body);
                        exchange.close();
                    }
                }
                """).jar();
    }

    private Launch launch(String... options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(options));
        arguments.add(application() + ":Slow");
        return place.jcorn(arguments.toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource({"17, 4", "25, 4", "25, virtual"})
    void aHandlerThatTakesTooLongIsInterrupted(int java, String threads) throws IOException {
        try (RunningJcorn jcorn = launch("--request-timeout", "500ms", "--threads", threads)
                        .workersOn(java)
                        .tolerate("request-timeout")
                        .start();
                HttpConnection client = HttpConnection.open(jcorn.port())) {
            long worker = jcorn.anyWorker();
            Answer answer = client.get("/sleep?60000");
            assertThat(answer.status()).isEqualTo(504);
            assertThat(answer.last()).isFalse();
            jcorn.awaitEvent("WARNING.*Request GET /sleep\\?60000 of .*takes longer than request-timeout");
            jcorn.awaitEvent("at Slow\\.handle\\(Slow\\.java:");
            assertThat(client.get("/").pid()).as("the worker goes on").isEqualTo(worker);
        }
    }

    /** The worker whose thread is lost is replaced, and nobody else notices. */
    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void aThreadThatNeverReturnsCostsOneWorkerAndNoRequest(int java) throws IOException {
        try (RunningJcorn jcorn = launch("--request-timeout", "3s", "--threads", "4")
                        .workersOn(java)
                        .tolerate("request-timeout|does not return")
                        .start();
                HttpConnection deaf = HttpConnection.open(jcorn.port());
                HttpConnection neighbour = HttpConnection.open(jcorn.port())) {
            long worker = jcorn.anyWorker();
            deaf.send("GET /deaf?600000" + REQUEST);
            assertThat(deaf.receive().status()).isEqualTo(504);
            jcorn.mark();
            // Five seconds are what an interrupted thread has to come back.
            Await.pass(Duration.ofSeconds(4));
            neighbour.send("GET /deaf?2000" + REQUEST);
            jcorn.awaitEvent("GET /deaf\\?600000 of .* does not return");
            assertThat(neighbour.receive().pid())
                    .as("finished by the worker that leaves")
                    .isEqualTo(worker);
            jcorn.awaitEvent("Worker ready");
            Await.until(
                    "another worker serves alone",
                    () -> jcorn.workers().size() == 1 && !jcorn.workers().containsKey(worker));
            assertThat(HttpConnection.get(jcorn.port(), "/").status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void whoFindsTheQueueFullIsAnsweredAtOnce(int java) throws IOException {
        try (RunningJcorn jcorn = launch("--threads", "2", "--queue", "2")
                .workersOn(java)
                .tolerate("Overloaded")
                .start()) {
            List<HttpConnection> clients = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                HttpConnection client = HttpConnection.open(jcorn.port());
                client.send("GET /sleep?1500" + REQUEST);
                clients.add(client);
            }
            List<Integer> statuses = new ArrayList<>();
            long began = System.nanoTime();
            long refusedAfter = 0;
            for (int i = clients.size() - 1; i >= 0; i--) {
                Answer answer = clients.get(i).receive();
                statuses.add(answer.status());
                if (answer.status() == 503) {
                    refusedAfter = Math.max(refusedAfter, System.nanoTime() - began);
                    assertThat(answer.headers()).containsEntry("retry-after", "1");
                    assertThat(answer.last()).isFalse();
                }
                clients.get(i).close();
            }
            assertThat(statuses).containsExactly(503, 503, 503, 503, 503, 503, 200, 200, 200, 200);
            assertThat(refusedAfter)
                    .as("long before anybody else had an answer")
                    .isLessThan(1_000_000_000L);
            jcorn.awaitEvent("Overloaded: answered [0-9]+ requests with 503");
        }
    }

    /** One thread, and a crowd that drips: whoever sends a whole request is served as if he were alone. */
    @Test
    void clientsThatDripHoldUpNobody() throws IOException {
        try (RunningJcorn jcorn = launch("--threads", "1", "--header-timeout", "2s", "--body-timeout", "2s")
                .start()) {
            List<HttpConnection> heads = new ArrayList<>();
            List<HttpConnection> bodies = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                heads.add(HttpConnection.open(jcorn.port()));
                heads.get(i).send("GET / HTTP/1.1\r\nHo");
                bodies.add(HttpConnection.open(jcorn.port()));
                bodies.get(i).send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nbegin");
            }
            long began = System.nanoTime();
            try (HttpConnection quick = HttpConnection.open(jcorn.port())) {
                for (int i = 0; i < 200; i++) {
                    assertThat(quick.get("/").status()).isEqualTo(200);
                }
            }
            assertThat(System.nanoTime() - began).as("200 requests").isLessThan(1_900_000_000L);
            for (int i = 0; i < 50; i++) {
                assertThat(heads.get(i).receive().status()).isEqualTo(408);
                assertThat(bodies.get(i).receive().status()).isEqualTo(408);
                heads.get(i).close();
                bodies.get(i).close();
            }
        }
    }

    @Test
    void aClientThatDoesNotReadIsGivenUpAndItsThreadReturns() throws IOException {
        try (RunningJcorn jcorn =
                        launch("--threads", "1", "--send-timeout", "1s").start();
                HttpConnection deaf = HttpConnection.open(jcorn.port())) {
            deaf.send("GET /big" + REQUEST);
            jcorn.awaitEvent("Cut off the connection of .*: it took too little of a response for too long");
            assertThat(HttpConnection.get(jcorn.port(), "/").status()).isEqualTo(200);
        }
    }

    @Test
    void theEventLoopCannotWatchItself() throws IOException {
        RunningJcorn jcorn = launch("--threads", "0", "--request-timeout", "1s")
                .tolerate("request-timeout")
                .launch();
        assertThat(jcorn.awaitEnd()).isEqualTo(1);
        assertThat(jcorn.log().lines())
                .anyMatch(line -> line.contains("--request-timeout: ") && line.contains("event loop"));
    }
}
