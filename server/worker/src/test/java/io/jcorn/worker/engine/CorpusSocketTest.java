package io.jcorn.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.wire.Scoreboard.Cell;
import io.jcorn.worker.engine.Client.Response;
import io.jcorn.worker.engine.TestServer.Threads;
import io.jcorn.worker.http.Corpus;
import io.jcorn.worker.http.Corpus.Case;
import io.jcorn.worker.http.Corpus.End;
import io.jcorn.worker.http.Message;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The corpus through a socket: what the application sees, what the client sees, what is counted. The application runs on the event
 * loop, or in a pool whose clock stands still, so that no application is given a request whose body is not complete.
 */
class CorpusSocketTest {

    private static final Map<String, Served> SERVERS = new LinkedHashMap<>();

    /** A server and what its application has seen. */
    private record Served(TestServer server, ConcurrentLinkedQueue<Seen> seen) {}

    /** Nobody has said yet that the peer of a socket is trusted, so those cases are the parsers' only. */
    static Stream<Case> cases() {
        return Corpus.cases().filter(request -> !request.peerTrusted());
    }

    private static Served serverFor(Case request, Threads threads) {
        return SERVERS.computeIfAbsent(threads + request.settings().toString(), key -> {
            ConcurrentLinkedQueue<Seen> seen = new ConcurrentLinkedQueue<>();
            return new Served(
                    new TestServer(
                            exchange -> {
                                seen.add(Seen.of(exchange));
                                exchange.sendResponseHeaders(200, 2);
                                exchange.getResponseBody().write(new byte[] {'o', 'k'});
                                exchange.close();
                            },
                            options -> {
                                options.threads = threads;
                                options.limits = request.limits();
                                options.rules = request.rules();
                                options.clockStands = true;
                            }),
                    seen);
        });
    }

    @AfterAll
    static void close() {
        // The last one first: each one's descriptors were counted while those before it were open.
        List<Served> servers = new ArrayList<>(SERVERS.values());
        Collections.reverse(servers);
        servers.forEach(served -> served.server().close());
        SERVERS.clear();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void inOnePieceOnTheLoop(Case request) throws Exception {
        run(request, Threads.LOOP, request.copy().length);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void inOnePieceInAPool(Case request) throws Exception {
        run(request, Threads.POOL, request.copy().length);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void byteByByte(Case request) throws Exception {
        run(request, Threads.LOOP, request.copy().length < 2000 ? 1 : 97);
    }

    private static void run(Case request, Threads threads, int piece) throws Exception {
        Served served = serverFor(request, threads);
        TestServer server = served.server();
        served.seen().clear();
        long refused = refused(server);
        try (Client client = server.client()) {
            send(client, request.copy(), piece);
            if (request.halfCloses()) {
                client.socket.shutdownOutput();
            }
            for (Message message : request.messages()) {
                Response response = response(client, message.method());
                assertThat(response.status()).isEqualTo(200);
                assertThat(response.header("connection")).isEqualTo(connection(message));
            }
            if (request.end() == End.REFUSED) {
                refusal(request, client);
            }
            if (request.end() == End.OPEN) {
                assertThat(response(client.get("/probe"), "GET").status()).isEqualTo(200);
            } else {
                assertThat(client.atEnd()).isTrue();
            }
        }
        server.until(() -> server.cell(Cell.CONNECTIONS) == 0 && server.cell(Cell.IN_FLIGHT) == 0);
        assertThat(refused(server) - refused).isEqualTo(request.end() == End.REFUSED ? 1 : 0);
        List<Seen> expected =
                new ArrayList<>(request.messages().stream().map(Seen::of).toList());
        List<Seen> seen = new ArrayList<>(served.seen());
        if (request.end() == End.OPEN) {
            assertThat(seen.remove(seen.size() - 1).target()).isEqualTo("/probe");
        }
        assertThat(seen).isEqualTo(expected);
        assertThat(server.cell(Cell.APPLICATION_ERRORS)).isZero();
    }

    /** Requests that were no requests, or broke off. */
    private static long refused(TestServer server) {
        return server.cell(Cell.REFUSED) + server.cell(Cell.CLIENT_DISCONNECTS);
    }

    /** A server that has refused already may have closed while this still sends; what it said is still to be read. */
    private static void send(Client client, byte[] bytes, int piece) {
        try {
            for (int at = 0; at < bytes.length; at += piece) {
                int count = Math.min(piece, bytes.length - at);
                client.send(Arrays.copyOfRange(bytes, at, at + count), count);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageMatching(".*(reset|Broken pipe).*");
        }
    }

    private static Response response(Client client, String method) throws IOException {
        Response response = client.response(!method.equals("HEAD"));
        return response.status() == 100 ? response(client, method) : response;
    }

    private static String connection(Message message) {
        if (!message.persistent()) {
            return "close";
        }
        return message.http11() ? null : "keep-alive";
    }

    private static void refusal(Case request, Client client) throws IOException {
        boolean head = request.copy()[0] == 'H' && request.messages().isEmpty();
        Response refusal = response(client, head ? "HEAD" : "GET");
        assertThat(refusal.status()).isEqualTo(request.status());
        assertThat(refusal.header("connection")).isEqualTo("close");
        if (!head) {
            assertThat(refusal.body()).contains(request.reason());
        }
    }
}
