package io.jcorn.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpHandler;
import io.jcorn.wire.Scoreboard.Cell;
import io.jcorn.worker.engine.TestServer.Options;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings mean over HTTP/2 what they mean over HTTP/1.1. */
@Timeout(60)
class Http2SettingsTest {

    private static final int ENHANCE_YOUR_CALM = 11;

    private static final HttpHandler ECHO = exchange -> {
        byte[] body = exchange.getRequestBody().readAllBytes();
        Http2Test.answer(exchange, 200, "read " + body.length);
    };

    private static TestServer server(HttpHandler handler, Consumer<Options> more) {
        return new TestServer(handler, options -> {
            options.http2 = Http2Test.CLEARTEXT;
            more.accept(options);
        });
    }

    private static void read(TestServer server, long bytes) throws InterruptedException {
        server.until(() -> server.cell(Cell.BYTES_READ) >= bytes);
    }

    @Test
    void withoutABodyBufferTheApplicationHasTheRequestBeforeItsBody() throws Exception {
        HttpHandler handler = exchange -> Http2Test.answer(exchange, 200, "early");
        try (TestServer server = server(handler, options -> options.bodyBuffer = 0);
                Http2Client client = new Http2Client(server.address())) {
            client.headers(1, false, Http2Client.request("POST", "/")).data(1, false, new byte[10]);
            assertThat(client.response(1).body()).isEqualTo("early");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 40_000, 65_536, 131_072})
    void aBodyIsCollectedUpToTheBuffer(int buffer) throws Exception {
        CountDownLatch called = new CountDownLatch(1);
        HttpHandler handler = exchange -> {
            called.countDown();
            ECHO.handle(exchange);
        };
        try (TestServer server = server(handler, options -> options.bodyBuffer = buffer);
                Http2Client client = new Http2Client(server.address())) {
            client.await(Http2Client.SETTINGS);
            client.headers(1, false, Http2Client.request("POST", "/"));
            int sent = 0;
            for (; sent + 1000 < buffer; sent += 1000) {
                client.data(1, false, new byte[1000]);
            }
            long soFar = sent;
            read(server, soFar);
            assertThat(called.getCount()).isEqualTo(1);
            client.data(1, false, new byte[1000]);
            ProtocolTest.await(called);
            client.data(1, true, new byte[0]);
            assertThat(client.response(1).body()).isEqualTo("read " + (sent + 1000));
        }
    }

    @Test
    void aSmallBodyThatIsAskedForIsCollectedToo() throws Exception {
        CountDownLatch called = new CountDownLatch(1);
        HttpHandler handler = exchange -> {
            called.countDown();
            ECHO.handle(exchange);
        };
        try (TestServer server = server(handler, options -> {});
                Http2Client client = new Http2Client(server.address())) {
            client.headers(1, false, Http2Client.request("POST", "/", "expect", "100-continue", "content-length", "4"));
            assertThat(client.await(Http2Client.HEADERS).fields).containsEntry(":status", "100");
            assertThat(called.getCount()).isEqualTo(1);
            client.data(1, true, new byte[4]);
            assertThat(client.response(1).body()).isEqualTo("read 4");
        }
    }

    @Test
    void aBodyThatStandsStillIsLate() throws Exception {
        try (TestServer server = server(ECHO, options -> options.bodyMillis = 30_000);
                Http2Client client = new Http2Client(server.address())) {
            client.headers(1, false, Http2Client.request("POST", "/")).data(1, false, new byte[100]);
            read(server, 100);
            server.passes(0);
            server.passes(29_000);
            assertThat(server.cell(Cell.TIMEOUTS_BODY)).isZero();
            server.passes(2_000);
            assertThat(client.response(1).status()).isEqualTo(408);
            assertThat(server.cell(Cell.TIMEOUTS_BODY)).isEqualTo(1);
            server.until(() -> server.cell(Cell.IN_FLIGHT) == 0);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 65_536})
    void aBodyThatDripsIsTooSlow(int buffer) throws Exception {
        try (TestServer server = server(ECHO, options -> {
                    options.bodyBuffer = buffer;
                    options.bodyMillis = 10_000;
                    options.bodyRate = 240;
                });
                Http2Client client = new Http2Client(server.address())) {
            client.headers(1, false, Http2Client.request("POST", "/"));
            long before = server.cell(Cell.BYTES_READ);
            for (int i = 1; i < 6 && server.cell(Cell.TIMEOUTS_BODY) == 0; i++) {
                client.data(1, false, new byte[1]);
                read(server, before + 10L * i);
                server.passes(3_000);
            }
            assertThat(server.cell(Cell.TIMEOUTS_BODY)).isEqualTo(1);
            assertThat(client.response(1).status()).isEqualTo(408);
            server.until(() -> server.cell(Cell.IN_FLIGHT) == 0);
        }
    }

    @Test
    void aBodyInLargeFramesMayBeSlow() throws Exception {
        try (TestServer server = server(ECHO, options -> {
                    options.bodyMillis = 10_000;
                    options.bodyRate = 240;
                });
                Http2Client client = new Http2Client(server.address())) {
            client.headers(1, false, Http2Client.request("POST", "/"));
            byte[] frame = Http2Client.bytes(Http2Client.DATA, 1, 1, new byte[16_384]);
            int step = 2731;
            long before = server.cell(Cell.BYTES_READ);
            for (int at = 0; at < frame.length; at += step) {
                byte[] piece = java.util.Arrays.copyOfRange(frame, at, Math.min(frame.length, at + step));
                client.raw(piece);
                read(server, before + at + piece.length);
                server.passes(at + step < frame.length ? 9_000 : 0);
            }
            assertThat(client.response(1).body()).isEqualTo("read 16384");
            assertThat(server.cell(Cell.TIMEOUTS_BODY)).isZero();
        }
    }

    @Test
    void anApplicationThatDoesNotReadIsNotBlamedOnTheClient() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        HttpHandler handler = exchange -> {
            ProtocolTest.await(go);
            ECHO.handle(exchange);
        };
        try (TestServer server = server(handler, options -> {
                    options.bodyMillis = 10_000;
                    options.bodyRate = 240;
                });
                Http2Client client = new Http2Client(server.address())) {
            client.headers(1, false, Http2Client.request("POST", "/"));
            // All that the window allows.
            for (int sent = 0; sent < 65_535; sent += 13_107) {
                client.data(1, false, new byte[13_107]);
            }
            read(server, 65_535);
            server.passes(9_000);
            server.passes(9_000);
            server.passes(9_000);
            assertThat(server.cell(Cell.TIMEOUTS_BODY)).isZero();
            go.countDown();
            client.data(1, true, new byte[0]);
            assertThat(client.response(1).body()).isEqualTo("read 65535");
        }
    }

    @Test
    void aFreshConnectionMayBeSilentForFirstByteTimeout() throws Exception {
        try (TestServer server = server(ECHO, options -> {
                    options.firstByteMillis = 5_000;
                    options.bodyMillis = 60_000;
                });
                Http2Client client = new Http2Client(server.address())) {
            client.await(Http2Client.SETTINGS);
            server.passes(4_000);
            assertThat(server.cell(Cell.CONNECTIONS)).isEqualTo(1);
            server.passes(2_000);
            assertThat(client.await(Http2Client.GOAWAY).code()).isZero();
            assertThat(client.atEnd()).isTrue();
        }
    }

    @Test
    void aHeaderBlockThatDripsIsNotGivenMoreTimeForThat() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        HttpHandler handler = exchange -> {
            ProtocolTest.await(release);
            Http2Test.answer(exchange, 200, "x");
        };
        try (TestServer server = server(handler, options -> options.headTimeoutMillis = 10_000);
                Http2Client client = new Http2Client(server.address())) {
            // Another request is under way all the time.
            client.get(1, "/").frame(Http2Client.HEADERS, 1, 3, client.block(":method", "GET"));
            long before = server.cell(Cell.BYTES_READ);
            for (int i = 1; i <= 3; i++) {
                client.frame(Http2Client.CONTINUATION, 0, 3, new byte[] {(byte) 0x82});
                read(server, before + 10L * i);
                server.passes(4_000);
            }
            assertThat(client.await(Http2Client.GOAWAY).code()).isEqualTo(ENHANCE_YOUR_CALM);
            assertThat(client.atEnd()).isTrue();
            assertThat(server.cell(Cell.TIMEOUTS_HEAD)).isEqualTo(1);
            release.countDown();
            server.until(() -> server.cell(Cell.IN_FLIGHT) == 0);
        }
    }

    @Test
    void whatWaitsForTheClientIsNotLeftUnfinished() throws Exception {
        CountDownLatch written = new CountDownLatch(1);
        HttpHandler handler = exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(new byte[40_000]);
            written.countDown();
            // Left to nobody: async-timeout would end it, were it not for the client that takes nothing.
        };
        try (TestServer server = server(handler, options -> {
                    options.asyncMillis = 5_000;
                    options.sendMillis = 30_000;
                });
                Http2Client client = new Http2Client(server.address(), 4, 0).withoutWindows()) {
            client.get(1, "/").await(Http2Client.HEADERS);
            ProtocolTest.await(written);
            server.passes(10_000);
            assertThat(server.cell(Cell.REQUEST_TIMEOUTS)).isZero();
            server.passes(25_000);
            assertThat(client.await(Http2Client.RST_STREAM).code()).isEqualTo(8);
            assertThat(server.cell(Cell.TIMEOUTS_SEND)).isEqualTo(1);
        }
    }

    @Test
    void whoReadsNothingAtAllIsReset() throws Exception {
        HttpHandler handler = exchange -> {
            exchange.sendResponseHeaders(200, 0);
            for (int i = 0; i < 2000; i++) {
                exchange.getResponseBody().write(new byte[16_384]);
            }
            exchange.close();
        };
        try (TestServer server = server(handler, options -> options.sendMillis = 5_000);
                Http2Client client = new Http2Client(server.address(), 4, Integer.MAX_VALUE).withoutWindows()) {
            client.frame(Http2Client.WINDOW_UPDATE, 0, 0, Http2Client.number(0x7fff0000 - 65_535));
            client.get(1, "/");
            server.until(() -> server.engine.bytesOnTheWay() > 0);
            for (int i = 0; i < 10 && server.cell(Cell.CONNECTIONS) > 0; i++) {
                server.passes(2_000);
            }
            server.until(() -> server.cell(Cell.CONNECTIONS) == 0);
            assertThat(server.cell(Cell.TIMEOUTS_SEND)).isEqualTo(1);
            assertThat(readToTheEnd(client)).isInstanceOf(SocketException.class).hasMessageContaining("reset");
            assertThat(server.cell(Cell.APPLICATION_ERRORS)).isZero();
        }
    }

    private static IOException readToTheEnd(Http2Client client) {
        try {
            while (true) {
                client.read();
            }
        } catch (EOFException end) {
            return end;
        } catch (IOException e) {
            return e;
        }
    }

    @Test
    void aFullQueueAndAnOldRequestAreAnswered503() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger called = new AtomicInteger();
        HttpHandler handler = exchange -> {
            called.incrementAndGet();
            ProtocolTest.await(release);
            Http2Test.answer(exchange, 200, "x");
        };
        try (TestServer server = server(handler, options -> {
                    options.threadCount = 1;
                    options.queue = 1;
                    options.queueMillis = 5_000;
                });
                Http2Client client = new Http2Client(server.address())) {
            client.get(1, "/");
            server.until(() -> called.get() == 1);
            client.get(3, "/").get(5, "/");
            Http2Client.Response full = client.response(5);
            assertThat(full.status()).isEqualTo(503);
            assertThat(full.headers()).containsKey("retry-after");
            server.passes(6_000);
            assertThat(client.response(3).status()).isEqualTo(503);
            release.countDown();
            assertThat(client.response(1).status()).isEqualTo(200);
            assertThat(called.get()).isEqualTo(1);
        }
    }
}
