package io.jcorn.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.jcorn.wire.Scoreboard.Cell;
import io.jcorn.worker.engine.TestServer.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that open their windows late or never, and what that costs others: RFC 9113 §5.2 and §10.5. */
@Timeout(60)
class Http2WindowsTest {

    private static final int INITIAL_WINDOW_SIZE = 4;
    private static final int CANCEL = 8;

    private static TestServer server(HttpHandler handler, Consumer<Options> more) {
        return new TestServer(handler, options -> {
            options.http2 = Http2Test.CLEARTEXT;
            more.accept(options);
        });
    }

    /** Answers {@code /N} with N blocks of 16 KiB, and 0 with blocks until it fails. */
    private static void blocks(HttpExchange exchange) throws IOException {
        int count = Integer.parseInt(exchange.getRequestURI().getPath().substring(1));
        exchange.sendResponseHeaders(200, 0);
        for (int i = 0; i < count || count == 0; i++) {
            exchange.getResponseBody().write(new byte[16_384]);
        }
        exchange.close();
    }

    private static List<Http2Client> greedy(TestServer server, int clients, int streams, String path)
            throws IOException {
        List<Http2Client> greedy = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            Http2Client client = new Http2Client(server.address(), INITIAL_WINDOW_SIZE, 0).withoutWindows();
            for (int stream = 0; stream < streams; stream++) {
                client.get(2 * stream + 1, path);
            }
            greedy.add(client);
        }
        return greedy;
    }

    private static void close(List<Http2Client> clients) throws IOException {
        for (Http2Client client : clients) {
            client.close();
        }
    }

    @Test
    void writersThatWaitForWindowsDoNotKeepTheThreads() throws Exception {
        try (TestServer server = server(Http2WindowsTest::blocks, options -> options.threadCount = 4)) {
            List<Http2Client> greedy = greedy(server, 20, 5, "/64");
            try (Http2Client honest = new Http2Client(server.address())) {
                assertThat(honest.get(1, "/1").response(1).body()).hasSize(16_384);
            }
            // All of them are handled, though nobody has read a byte; the last may wait, since nobody
            // needs their threads.
            server.until(() -> server.cell(Cell.IN_FLIGHT) <= 4);
            assertThat(server.cell(Cell.TIMEOUTS_SEND)).isZero();
            close(greedy);
            server.until(() -> server.cell(Cell.CONNECTIONS) == 0);
        }
    }

    @Test
    void whatWasKeptForAClientArrivesWhenItOpensItsWindow() throws Exception {
        CountDownLatch waiting = new CountDownLatch(1);
        AtomicInteger small = new AtomicInteger();
        HttpHandler handler = exchange -> {
            waiting.countDown();
            small.incrementAndGet();
            blocks(exchange);
        };
        try (TestServer server = server(handler, options -> options.threadCount = 1);
                Http2Client slow = new Http2Client(server.address(), INITIAL_WINDOW_SIZE, 1 << 20).withoutWindows();
                Http2Client other = new Http2Client(server.address())) {
            slow.get(1, "/40");
            ProtocolTest.await(waiting);
            // The only thread waits for the window of the connection until another request needs it.
            assertThat(other.get(1, "/1").response(1).body()).hasSize(16_384);
            for (int i = 0; i < 40; i++) {
                slow.frame(Http2Client.WINDOW_UPDATE, 0, 0, Http2Client.number(16_384));
            }
            assertThat(slow.response(1).body()).hasSize(40 * 16_384);
        }
    }

    @Test
    void aWriterWithoutEndIsGivenUpWhenOthersNeedItsThread() throws Exception {
        try (TestServer server = server(Http2WindowsTest::blocks, options -> {
                    options.threadCount = 1;
                });
                Http2Client first = new Http2Client(server.address(), INITIAL_WINDOW_SIZE, 0).withoutWindows();
                Http2Client honest = new Http2Client(server.address())) {
            first.get(1, "/0");
            first.await(Http2Client.HEADERS);
            honest.get(1, "/1");
            CountDownLatch served = new CountDownLatch(1);
            Thread reader = new Thread(() -> {
                try {
                    honest.response(1);
                    served.countDown();
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            reader.start();
            while (served.getCount() > 0 && server.cell(Cell.TIMEOUTS_SEND) == 0) {
                server.passes(300);
            }
            ProtocolTest.await(served);
            assertThat(server.cell(Cell.TIMEOUTS_SEND)).isOne();
            assertThat(first.await(Http2Client.RST_STREAM).code()).isEqualTo(CANCEL);
            assertThat(server.cell(Cell.APPLICATION_ERRORS)).isZero();
            assertThat(server.cell(Cell.REFUSED)).isZero();
        }
    }

    @Test
    void aWriterIsGivenUpAfterSendTimeout() throws Exception {
        try (TestServer server = server(Http2WindowsTest::blocks, options -> options.sendMillis = 30_000);
                Http2Client client = new Http2Client(server.address(), INITIAL_WINDOW_SIZE, 0).withoutWindows()) {
            client.get(1, "/0").await(Http2Client.HEADERS);
            server.passes(20_000);
            server.passes(1_000);
            assertThat(server.cell(Cell.IN_FLIGHT)).isEqualTo(1);
            server.passes(10_000);
            server.passes(1_000);
            assertThat(client.await(Http2Client.RST_STREAM).code()).isEqualTo(CANCEL);
            assertThat(server.cell(Cell.TIMEOUTS_SEND)).isEqualTo(1);
            server.until(() -> server.cell(Cell.IN_FLIGHT) == 0);
        }
    }

    @Test
    void aWindowOpenedByteByByteIsTooSlow() throws Exception {
        try (TestServer server = server(Http2WindowsTest::blocks, options -> {
                    options.sendMillis = 10_000;
                    options.sendRate = 240;
                });
                Http2Client client = new Http2Client(server.address(), INITIAL_WINDOW_SIZE, 0).withoutWindows()) {
            client.get(1, "/1").await(Http2Client.HEADERS);
            for (int i = 0; i < 6 && server.cell(Cell.TIMEOUTS_SEND) == 0; i++) {
                client.frame(Http2Client.WINDOW_UPDATE, 0, 1, Http2Client.number(1));
                client.await(Http2Client.DATA);
                server.passes(3_000);
            }
            assertThat(client.await(Http2Client.RST_STREAM).code()).isEqualTo(CANCEL);
            assertThat(server.cell(Cell.TIMEOUTS_SEND)).isEqualTo(1);
        }
    }

    @Test
    void theWindowOfTheConnectionCountsAsThatOfAStream() throws Exception {
        try (TestServer server = server(Http2WindowsTest::blocks, options -> options.sendMillis = 10_000);
                Http2Client client = new Http2Client(server.address(), INITIAL_WINDOW_SIZE, 1 << 20).withoutWindows()) {
            client.get(1, "/8").get(3, "/8");
            server.until(() -> server.cell(Cell.BYTES_WRITTEN) >= 65_535);
            for (int i = 0; i < 4; i++) {
                server.passes(5_000);
            }
            server.until(() -> server.cell(Cell.CONNECTIONS) == 0);
            assertThat(server.cell(Cell.TIMEOUTS_SEND)).isEqualTo(1);
        }
    }

    @Test
    void aSlowFrameIsMovement() throws Exception {
        try (TestServer server = server(Http2WindowsTest::blocks, options -> {
                    options.sendMillis = 10_000;
                    options.sendRate = 100;
                });
                Http2Client client = new Http2Client(server.address(), INITIAL_WINDOW_SIZE, 0).withoutWindows()) {
            client.get(1, "/1").await(Http2Client.HEADERS);
            for (int i = 0; i < 4; i++) {
                client.frame(Http2Client.WINDOW_UPDATE, 0, 1, Http2Client.number(4_096));
                client.await(Http2Client.DATA);
                server.passes(9_000);
            }
            assertThat(server.cell(Cell.TIMEOUTS_SEND)).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/LONG", "/"})
    void aRefusalNeedsNoWindow(String path) throws Exception {
        try (TestServer server = server(
                        Http2WindowsTest::blocks,
                        options -> options.limits = new io.jcorn.worker.http.Limits(100, 8, 200, 0, 10));
                Http2Client client = new Http2Client(server.address(), INITIAL_WINDOW_SIZE, 0).withoutWindows()) {
            if (path.equals("/")) {
                client.headers(1, false, Http2Client.request("POST", "/", "content-length", "11"));
            } else {
                client.get(1, path.replace("LONG", "x".repeat(200)));
            }
            Http2Client.Frame head = client.await(Http2Client.HEADERS);
            assertThat(head.fields.get(":status")).startsWith("41");
            assertThat(head.ends()).isTrue();
            client.get(3, "/0").await(Http2Client.HEADERS);
            client.frame(Http2Client.RST_STREAM, 0, 3, Http2Client.number(CANCEL));
            // The refused stream is none any more: the connection ends as soon as it is idle.
            server.until(() -> server.cell(Cell.IN_FLIGHT) == 0);
            server.passes(61_000);
            assertThat(client.await(Http2Client.GOAWAY).code()).isZero();
            assertThat(client.atEnd()).isTrue();
        }
    }

    @Test
    void bodiesThatAreCollectedDoNotUseUpTheWindowTogether() throws Exception {
        HttpHandler handler = exchange -> {
            int size = exchange.getRequestBody().readAllBytes().length;
            Http2Test.answer(exchange, 200, "" + size);
        };
        try (TestServer server = server(handler, options -> options.threadCount = 64);
                Http2Client client = new Http2Client(server.address())) {
            // Of each a little less than what is collected: together as much as the window of the connection.
            int streams = 64;
            int piece = 16_384;
            int sent = 0;
            for (int stream = 0; stream < streams; stream++) {
                client.headers(2 * stream + 1, false, Http2Client.request("POST", "/"));
            }
            for (int stream = 0; stream < streams && sent + piece <= 1 << 20; stream++, sent += piece) {
                client.data(2 * stream + 1, false, new byte[piece]);
            }
            assertThat(client.await(Http2Client.WINDOW_UPDATE).stream).isZero();
            while (client.await(Http2Client.WINDOW_UPDATE).stream != 0) {
                // Those of streams do not help: it is the connection's that is used up.
            }
            for (int stream = 0; stream < streams; stream++) {
                client.data(2 * stream + 1, true, new byte[1]);
            }
            assertThat(client.response(1).body()).isEqualTo("16385");
        }
    }

    @Test
    void temporaryFilesAreGoneAfterwards() throws Exception {
        try (TestServer server = server(Http2WindowsTest::blocks, options -> options.threadCount = 1)) {
            long before = descriptors();
            List<Http2Client> greedy = greedy(server, 2, 4, "/64");
            try (Http2Client honest = new Http2Client(server.address())) {
                honest.get(1, "/1").response(1);
            }
            server.until(() -> server.cell(Cell.IN_FLIGHT) <= 1);
            assertThat(descriptors()).isGreaterThan(before);
            close(greedy);
            server.until(() -> server.cell(Cell.CONNECTIONS) == 0);
            server.until(() -> descriptors() <= before);
            AtomicInteger used = new AtomicInteger(-1);
            server.onLoop(() -> used.set((int) server.engine.spools().used()));
            assertThat(used.get()).isZero();
        }
    }

    private static long descriptors() {
        try (var all = Files.list(Path.of("/proc/self/fd"))) {
            return all.filter(fd -> {
                        try {
                            return Files.readSymbolicLink(fd).toString().contains(".spool");
                        } catch (IOException gone) {
                            return false;
                        }
                    })
                    .count();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
