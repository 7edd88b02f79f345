package io.jcorn.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.wire.Scoreboard.Cell;
import io.jcorn.worker.engine.TestServer.Threads;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bodies larger than any buffer: all of it arrives, and neither side makes the other keep it. */
class FlowTest {

    private static final int MIB = 1 << 20;

    static List<Threads> threads() {
        return Threads.available();
    }

    private static TestServer server(Threads threads, com.sun.net.httpserver.HttpHandler handler) {
        return new TestServer(handler, options -> options.threads = threads);
    }

    private static byte[] pattern(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31 + (i >>> 13));
        }
        return bytes;
    }

    @ParameterizedTest
    @MethodSource("threads")
    void largeBodiesPassBothWays(Threads threads) throws Exception {
        byte[] body = pattern(8 * MIB);
        try (TestServer server = server(threads, exchange -> {
                    byte[] got = exchange.getRequestBody().readAllBytes();
                    exchange.sendResponseHeaders(200, got.length);
                    exchange.getResponseBody().write(got);
                    exchange.close();
                });
                Client client = server.client()) {
            for (int round = 0; round < 2; round++) {
                Thread sender = sender(client, "Content-Length: " + body.length + "\r\n\r\n", body, false);
                skipHead(client);
                assertThat(Arrays.equals(client.exactly(body.length), body)).isTrue();
                sender.join(10_000);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void chunkedBodiesAreEchoedWhileTheyCome(Threads threads) throws Exception {
        byte[] body = pattern(4 * MIB);
        try (TestServer server = server(threads, exchange -> {
                    exchange.sendResponseHeaders(200, 0);
                    try (InputStream in = exchange.getRequestBody();
                            OutputStream out = exchange.getResponseBody()) {
                        in.transferTo(out);
                    }
                });
                Client client = server.client()) {
            Thread sender = sender(client, "Transfer-Encoding: chunked\r\n\r\n", body, true);
            String got = client.response().body();
            assertThat(got.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1))
                    .isEqualTo(body);
            sender.join(10_000);
        }
    }

    private static Thread sender(Client client, String head, byte[] body, boolean chunked) {
        Thread sender = new Thread(() -> {
            try {
                client.send("POST / HTTP/1.1\r\nHost: a\r\n" + head);
                int step = chunked ? 5000 : body.length;
                for (int at = 0; at < body.length; at += step) {
                    int count = Math.min(step, body.length - at);
                    if (chunked) {
                        client.send(Integer.toHexString(count) + "\r\n");
                    }
                    client.send(Arrays.copyOfRange(body, at, at + count), count);
                    if (chunked) {
                        client.send("\r\n");
                    }
                }
                if (chunked) {
                    client.send("0\r\n\r\n");
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        sender.start();
        return sender;
    }

    private static void skipHead(Client client) throws IOException {
        while (!client.line().isEmpty()) {
            // The head is not what is tested.
        }
    }

    @Test
    void aReaderThatDoesNotReadStopsTheClient() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch began = new CountDownLatch(1);
        byte[] body = pattern(64 * MIB);
        AtomicLong read = new AtomicLong();
        try (TestServer server = server(Threads.POOL, exchange -> {
                    began.countDown();
                    ProtocolTest.await(release);
                    byte[] buffer = new byte[65536];
                    for (int n = exchange.getRequestBody().read(buffer);
                            n > 0;
                            n = exchange.getRequestBody().read(buffer)) {
                        read.addAndGet(n);
                    }
                    exchange.sendResponseHeaders(200, -1);
                });
                Client client = server.client()) {
            Thread sender = sender(client, "Content-Length: " + body.length + "\r\n\r\n", body, false);
            ProtocolTest.await(began);
            // Reading has stopped when the loop comes round a few times without taking a byte.
            long before = -1;
            while (before != server.cell(Cell.BYTES_READ)) {
                before = server.cell(Cell.BYTES_READ);
                for (int i = 0; i < 100; i++) {
                    server.onLoop(() -> {});
                }
            }
            assertThat(before).isLessThan(512 * 1024);
            release.countDown();
            assertThat(client.response().status()).isEqualTo(200);
            assertThat(read.get()).isEqualTo(body.length);
            sender.join(10_000);
        }
    }

    @Test
    void aClientThatDoesNotReadStopsTheWriter() throws Exception {
        byte[] piece = pattern(MIB);
        AtomicLong written = new AtomicLong();
        try (TestServer server = server(Threads.POOL, exchange -> {
                    exchange.sendResponseHeaders(200, 64L * MIB);
                    for (int i = 0; i < 64; i++) {
                        for (int at = 0; at < MIB; at += 4096) {
                            exchange.getResponseBody().write(piece, at, 4096);
                            written.addAndGet(4096);
                        }
                    }
                    exchange.close();
                });
                Client client = server.client()) {
            client.get("/");
            skipHead(client);
            client.exactly(4096);
            long handed = server.cell(Cell.BYTES_WRITTEN);
            long[] pending = new long[1];
            server.onLoop(() -> pending[0] = server.engine.bytesOnTheWay());
            assertThat(handed).isPositive();
            assertThat(pending[0]).isLessThan(512 * 1024);
            for (int i = 0; i < 64; i++) {
                byte[] got = client.exactly(i == 0 ? MIB - 4096 : MIB);
                assertThat(Arrays.equals(got, Arrays.copyOfRange(piece, MIB - got.length, MIB)))
                        .isTrue();
            }
            assertThat(written.get()).isEqualTo(64L * MIB);
        }
    }

    @Test
    void aClientThatNeverReadsIsGivenUp() throws Exception {
        CountDownLatch failed = new CountDownLatch(1);
        try (TestServer server = server(Threads.POOL, exchange -> {
                    exchange.sendResponseHeaders(200, 0);
                    try {
                        while (true) {
                            exchange.getResponseBody().write(new byte[10_000]);
                        }
                    } catch (IOException e) {
                        failed.countDown();
                        throw e;
                    }
                });
                Client client = server.client()) {
            client.get("/");
            server.until(() -> server.cell(Cell.BYTES_WRITTEN) > 128 * 1024);
            // The kernel takes some megabytes; each time that nothing has moved between two looks the client may
            // be given up.
            while (failed.getCount() > 0) {
                server.passes(61_000);
            }
            ProtocolTest.await(failed);
            server.until(() -> server.cell(Cell.CONNECTIONS) == 0);
            assertThat(server.cell(Cell.APPLICATION_ERRORS)).isZero();
        }
    }

    @Test
    void pipelinedResponsesThatNobodyReadsDoNotPileUp() throws Exception {
        byte[] body = pattern(60_000);
        try (TestServer server = server(Threads.LOOP, exchange -> {
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
                Client client = server.client()) {
            int count = 300;
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n".repeat(count));
            server.until(() -> server.cell(Cell.RESPONSES_2XX) > 5);
            long[] pending = new long[1];
            for (int i = 0; i < 100; i++) {
                server.onLoop(() -> pending[0] = Math.max(pending[0], server.engine.bytesOnTheWay()));
            }
            assertThat(pending[0]).isLessThan(512 * 1024);
            for (int i = 0; i < count; i++) {
                assertThat(client.response().body()).hasSize(body.length);
            }
        }
    }
}
