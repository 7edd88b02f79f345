package io.jcorn.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import io.jcorn.wire.Scoreboard.Cell;
import io.jcorn.worker.engine.TestServer.Threads;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a client learns that a response is not whole, and what the kernel keeps for a client that does not read. */
class CutOffTest {

    static List<Threads> threads() {
        return Threads.available();
    }

    private static void large(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        for (int i = 0; i < 1000; i++) {
            exchange.getResponseBody().write(new byte[32_000]);
        }
        exchange.close();
    }

    /** A client that has little room for what it does not read. */
    private static Client narrow(TestServer server) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        InetSocketAddress address = server.address();
        socket.connect(address);
        return new Client(socket);
    }

    private static void readToTheEnd(Client client) throws IOException {
        InputStream in = client.socket.getInputStream();
        in.transferTo(OutputStream.nullOutputStream());
    }

    @ParameterizedTest
    @CsvSource({"LOOP,1.0", "LOOP,1.1", "POOL,1.0", "POOL,1.1"})
    void aClientThatIsGivenUpSeesAReset(Threads threads, String version) throws Exception {
        try (TestServer server = new TestServer(CutOffTest::large, options -> {
                    options.threads = threads;
                    options.sendMillis = 5_000;
                });
                Client client = narrow(server)) {
            client.send("GET / HTTP/" + version + "\r\nHost: a\r\n\r\n");
            server.until(() -> server.engine.bytesOnTheWay() > 0);
            while (server.cell(Cell.TIMEOUTS_SEND) == 0) {
                server.passes(5_100);
            }
            server.until(() -> server.cell(Cell.CONNECTIONS) == 0);
            assertThatThrownBy(() -> readToTheEnd(client))
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
        }
    }

    /** RFC 9112 §8: a response that ends with its connection is complete when that is closed well. */
    @ParameterizedTest
    @MethodSource("threads")
    void aResponseThatEndsWithItsConnectionIsResetByTheApplicationsFailure(Threads threads) throws Exception {
        try (TestServer server = new TestServer(
                        exchange -> {
                            exchange.sendResponseHeaders(200, 0);
                            exchange.getResponseBody().write("half".getBytes(StandardCharsets.US_ASCII));
                            exchange.getResponseBody().flush();
                            throw new IllegalStateException("the other half");
                        },
                        options -> options.threads = threads);
                Client client = server.client()) {
            client.send("GET / HTTP/1.0\r\n\r\n");
            assertThatThrownBy(() -> readToTheEnd(client))
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.0", "1.1"})
    void aResponseThatIsWholeEndsWell(String version) throws Exception {
        try (TestServer server = new TestServer(CutOffTest::large);
                Client client = server.client()) {
            client.send("GET / HTTP/" + version + "\r\nHost: a\r\nConnection: close\r\n\r\n");
            readToTheEnd(client);
        }
    }

    /** What was sent is of use, and the missing last chunk tells that it is not all. */
    @ParameterizedTest
    @MethodSource("threads")
    void whatWasSentOfAChunkedResponseArrivesBeforeItsEnd(Threads threads) throws Exception {
        byte[] half = new byte[100_000];
        try (TestServer server = new TestServer(
                        exchange -> {
                            exchange.sendResponseHeaders(200, 0);
                            exchange.getResponseBody().write(half);
                            exchange.getResponseBody().flush();
                            throw new IllegalStateException("the other half");
                        },
                        options -> options.threads = threads);
                Client client = server.client()) {
            // What nobody reads of the request must not turn the end into a reset.
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n" + "x".repeat(100_000));
            assertThatThrownBy(client::response).isInstanceOf(EOFException.class);
            client.socket.close();
            server.until(() -> server.cell(Cell.CONNECTIONS) == 0);
        }
    }

    /** What the kernel has taken is still the connection's: a client that never reads is held to its pace, and counted. */
    @ParameterizedTest
    @CsvSource({"false,Connection: close", "true,Connection: close", "false,X: keep", "true,X: keep"})
    void whatTheKernelKeepsIsCounted(boolean halfCloses, String header) throws Exception {
        byte[] body = new byte[400_000];
        try (TestServer server = new TestServer(
                        exchange -> {
                            exchange.sendResponseHeaders(200, body.length);
                            exchange.getResponseBody().write(body);
                            exchange.close();
                        },
                        options -> {
                            options.sendMillis = 60_000;
                            options.keepAliveMillis = 10_000;
                        });
                Client client = narrow(server)) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n" + header + "\r\n\r\n");
            if (halfCloses) {
                client.socket.shutdownOutput();
            }
            server.until(() -> server.cell(Cell.RESPONSES_2XX) == 1 && server.engine.bytesOnTheWay() == 0);
            for (int i = 0; i < 5; i++) {
                server.passes(11_000);
                assertThat(server.cell(Cell.CONNECTIONS)).isEqualTo(1);
            }
            server.passes(30_000);
            while (server.cell(Cell.TIMEOUTS_SEND) == 0) {
                server.passes(61_000);
            }
            server.until(() -> server.cell(Cell.CONNECTIONS) == 0);
            assertThatThrownBy(() -> readToTheEnd(client))
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whoReadsSlowlyGetsAllAndIsCountedUntilThen(boolean halfCloses) throws Exception {
        byte[] body = new byte[400_000];
        try (TestServer server = new TestServer(exchange -> {
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
                Client client = narrow(server)) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            if (halfCloses) {
                client.socket.shutdownOutput();
            }
            server.until(() -> server.cell(Cell.RESPONSES_2XX) == 1 && server.engine.bytesOnTheWay() == 0);
            server.passes(5_000);
            assertThat(server.cell(Cell.CONNECTIONS)).isEqualTo(1);
            assertThat(client.response().body()).hasSize(body.length);
            assertThat(client.atEnd()).isTrue();
            client.socket.close();
            // It is the sweep that sees it, at the latest.
            while (server.cell(Cell.CONNECTIONS) > 0) {
                server.passes(100);
            }
            assertThat(server.cell(Cell.TIMEOUTS_SEND)).isZero();
        }
    }
}
