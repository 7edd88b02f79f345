package io.jcorn.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpHandler;
import io.jcorn.wire.Http2Options;
import io.jcorn.wire.Scoreboard.Cell;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Attacks, each of which has to cost the attacker its connection, and us little. */
@Timeout(60)
class Http2AbuseTest {

    private static final int ENHANCE_YOUR_CALM = 11;
    private static final int REFUSED_STREAM = 7;
    private static final int CANCEL = 8;

    private static final HttpHandler OK = exchange -> {
        exchange.getRequestBody().readAllBytes();
        Http2Test.answer(exchange, 200, "ok");
    };

    /** One step of an attack. */
    private interface Step {
        byte[] bytes(Http2Client client, int turn) throws IOException;
    }

    /** Sends a flood in one piece or until it breaks, and expects to be told to calm down. */
    private static void calmed(HttpHandler handler, int turns, Step step) throws Exception {
        try (TestServer server = Http2Test.server(handler);
                Http2Client client = new Http2Client(server.address())) {
            ByteArrayOutputStream flood = new ByteArrayOutputStream();
            for (int turn = 0; turn < turns; turn++) {
                flood.write(step.bytes(client, turn));
            }
            client.raw(flood.toByteArray());
            assertThat(client.await(Http2Client.GOAWAY).code()).isEqualTo(ENHANCE_YOUR_CALM);
            assertThat(client.atEnd()).isTrue();
            server.until(() -> server.cell(Cell.IN_FLIGHT) == 0);
            assertThat(server.engine.bytesOnTheWay()).isZero();
            assertThat(server.cell(Cell.REFUSED)).isPositive();
        }
    }

    private static byte[] both(byte[] first, byte[] second) {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(first);
        both.writeBytes(second);
        return both.toByteArray();
    }

    private static byte[] request(Http2Client client, int turn, boolean end) throws IOException {
        int flags = Http2Client.END_HEADERS | (end ? Http2Client.END_STREAM : 0);
        return Http2Client.bytes(
                Http2Client.HEADERS, flags, 2 * turn + 1, client.block(Http2Client.request(end ? "GET" : "POST", "/")));
    }

    @Test
    void pingsSettingsAndPriorities() throws Exception {
        calmed(OK, 3000, (client, turn) -> Http2Client.bytes(Http2Client.PING, 0, 0, new byte[8]));
        calmed(OK, 3000, (client, turn) -> Http2Client.bytes(Http2Client.SETTINGS, 0, 0, new byte[0]));
        calmed(OK, 3000, (client, turn) -> Http2Client.bytes(Http2Client.PRIORITY, 0, 1, new byte[] {0, 0, 0, 3, 9}));
        calmed(OK, 3000, (client, turn) -> Http2Client.bytes(0x42, 0, 0, new byte[1]));
    }

    @Test
    void streamsThatDependOnThemselves() throws Exception {
        calmed(OK, 3000, (client, turn) -> Http2Client.bytes(Http2Client.PRIORITY, 0, 3, new byte[] {0, 0, 0, 3, 9}));
    }

    @Test
    void windowsOpenedByteByByte() throws Exception {
        calmed(OK, 3000, (client, turn) -> Http2Client.bytes(Http2Client.WINDOW_UPDATE, 0, 0, Http2Client.number(1)));
    }

    @Test
    void emptyData() throws Exception {
        calmed(
                OK,
                1000,
                (client, turn) ->
                        turn == 0 ? request(client, 0, false) : Http2Client.bytes(Http2Client.DATA, 0, 1, new byte[0]));
        calmed(
                OK,
                3000,
                (client, turn) ->
                        turn == 0 ? request(client, 0, false) : Http2Client.bytes(Http2Client.DATA, 0, 1, new byte[1]));
    }

    @Test
    void continuationsWithoutEnd() throws Exception {
        calmed(
                OK,
                100,
                (client, turn) -> Http2Client.bytes(
                        turn == 0 ? Http2Client.HEADERS : Http2Client.CONTINUATION, 0, 1, new byte[] {(byte) 0x82}));
        // Large ones are bounded by what they may add up to: the list's own limit.
        try (TestServer server = Http2Test.server(OK);
                Http2Client client = new Http2Client(server.address())) {
            client.raw(Http2Client.bytes(Http2Client.HEADERS, 0, 1, new byte[16_384]));
            for (int i = 0; i < 5; i++) {
                client.raw(Http2Client.bytes(Http2Client.CONTINUATION, 0, 1, new byte[16_384]));
            }
            client.await(Http2Client.GOAWAY);
        }
    }

    @Test
    void aBombOfFieldsIsAnswered431AndTheConnectionLives() throws Exception {
        try (TestServer server = Http2Test.server(OK);
                Http2Client client = new Http2Client(server.address())) {
            // One field of 4 kB in the table, then a byte for each time that it is repeated.
            byte[] first = client.block(Http2Client.request("GET", "/", "x", "y".repeat(3900)));
            byte[] bomb = new byte[10_000];
            java.util.Arrays.fill(bomb, (byte) 0xbe);
            client.frame(Http2Client.HEADERS, 5, 1, both(first, bomb));
            assertThat(client.response(1).status()).isEqualTo(431);
            assertThat(client.get(3, "/").response(3).body()).isEqualTo("ok");
        }
    }

    @Test
    void streamsThatAreTakenBackAtOnce() throws Exception {
        AtomicInteger handled = new AtomicInteger();
        HttpHandler handler = exchange -> {
            handled.incrementAndGet();
            Http2Test.answer(exchange, 200, "ok");
        };
        calmed(
                handler,
                2000,
                (client, turn) -> both(
                        request(client, turn, true),
                        Http2Client.bytes(Http2Client.RST_STREAM, 0, 2 * turn + 1, Http2Client.number(CANCEL))));
        assertThat(handled.get()).isLessThan(500);
    }

    @Test
    void streamsThatMakeUsResetThem() throws Exception {
        // MadeYouReset: a window of zero added to each stream is an error of the stream, which we reset.
        calmed(
                OK,
                2000,
                (client, turn) -> both(
                        request(client, turn, false),
                        Http2Client.bytes(Http2Client.WINDOW_UPDATE, 0, 2 * turn + 1, Http2Client.number(0))));
        calmed(
                OK,
                2000,
                (client, turn) -> Http2Client.bytes(
                        Http2Client.HEADERS,
                        5,
                        2 * turn + 1,
                        client.block(Http2Client.request("GET", "/", "Bad", "x"))));
    }

    @Test
    void handlersOfResetStreamsCountUntilTheyReturn() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger running = new AtomicInteger();
        HttpHandler handler = exchange -> {
            running.incrementAndGet();
            ProtocolTest.await(release);
            Http2Test.answer(exchange, 200, "ok");
        };
        try (TestServer server = new TestServer(handler, options -> {
                    options.http2 = new Http2Options(List.of("http/1.1"), true, 4, 262_144, 16_384, 65_536);
                    options.threadCount = 64;
                });
                Http2Client client = new Http2Client(server.address())) {
            for (int turn = 0; turn < 8; turn++) {
                client.raw(request(client, turn, true));
                int now = turn + 1;
                server.until(() -> running.get() == now);
                client.frame(Http2Client.RST_STREAM, 0, 2 * turn + 1, Http2Client.number(CANCEL));
            }
            client.raw(request(client, 8, true));
            assertThat(client.await(Http2Client.RST_STREAM).code()).isEqualTo(REFUSED_STREAM);
            assertThat(running.get()).isEqualTo(8);
            assertThat(server.cell(Cell.IN_FLIGHT)).isZero();
            release.countDown();
            AtomicInteger next = new AtomicInteger(19);
            server.until(() -> {
                int id = next.getAndAdd(2);
                try {
                    return client.get(id, "/").response(id) != null;
                } catch (IOException e) {
                    return false;
                }
            });
        }
    }

    @Test
    void moreStreamsThanAllowedAreRefusedBeforeAnySettingIsAcknowledged() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        HttpHandler handler = exchange -> {
            ProtocolTest.await(release);
            Http2Test.answer(exchange, 200, "ok");
        };
        try (TestServer server = new TestServer(
                        handler,
                        options -> options.http2 =
                                new Http2Options(List.of("http/1.1"), true, 4, 262_144, 16_384, 65_536));
                Http2Client client = new Http2Client(server.address())) {
            for (int turn = 0; turn < 5; turn++) {
                client.raw(request(client, turn, true));
            }
            Http2Client.Frame reset = client.await(Http2Client.RST_STREAM);
            assertThat(reset.stream).isEqualTo(9);
            assertThat(reset.code()).isEqualTo(REFUSED_STREAM);
            release.countDown();
            assertThat(client.response(7).body()).isEqualTo("ok");
        }
    }

    @Test
    void whoNeverOpensItsWindowLosesTheStream() throws Exception {
        try (TestServer server = Http2Test.server(exchange -> Http2Test.answer(exchange, 200, "x".repeat(10_000)));
                Http2Client client = new Http2Client(server.address(), 4, 0).withoutWindows()) {
            client.get(1, "/");
            client.await(Http2Client.HEADERS);
            server.until(() -> server.cell(Cell.IN_FLIGHT) == 0);
            server.passes(30_000);
            server.passes(31_000);
            assertThat(client.await(Http2Client.RST_STREAM).code()).isEqualTo(CANCEL);
        }
    }

    @Test
    void aWriterWaitsForTheWindowAndTheLoopDoesNot() throws Exception {
        AtomicInteger written = new AtomicInteger();
        HttpHandler handler = exchange -> {
            if (exchange.getRequestURI().getPath().equals("/small")) {
                Http2Test.answer(exchange, 200, "small");
                return;
            }
            exchange.sendResponseHeaders(200, 0);
            for (int i = 0; i < 100; i++) {
                exchange.getResponseBody().write(new byte[16_384]);
                written.incrementAndGet();
            }
            exchange.close();
        };
        try (TestServer server = Http2Test.server(handler);
                Http2Client client = new Http2Client(server.address()).withoutWindows()) {
            client.get(1, "/");
            // 64 kB of window, and 128 kB that may wait here.
            server.until(() -> written.get() >= 8);
            client.frame(Http2Client.WINDOW_UPDATE, 0, 0, Http2Client.number(16));
            assertThat(written.get()).isLessThan(20);
            for (int i = 0; i < 110; i++) {
                client.frame(Http2Client.WINDOW_UPDATE, 0, 0, Http2Client.number(16_384));
                client.frame(Http2Client.WINDOW_UPDATE, 0, 1, Http2Client.number(16_384));
            }
            assertThat(client.response(1).body()).hasSize(100 * 16_384);
            assertThat(client.get(3, "/small").response(3).body()).isEqualTo("small");
        }
    }

    @Test
    void aBodyThatNobodyReadsTakesItsWindowAndNoMore() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        HttpHandler handler = exchange -> {
            ProtocolTest.await(release);
            exchange.getRequestBody().readAllBytes();
            Http2Test.answer(exchange, 200, "ok");
        };
        try (TestServer server = Http2Test.server(handler);
                Http2Client client = new Http2Client(server.address())) {
            client.headers(1, false, Http2Client.request("POST", "/"));
            for (int i = 0; i < 16; i++) {
                client.data(1, false, new byte[16_384]);
            }
            client.data(1, false, new byte[1]);
            assertThat(client.await(Http2Client.RST_STREAM).code()).isEqualTo(3);
            release.countDown();
        }
    }
}
