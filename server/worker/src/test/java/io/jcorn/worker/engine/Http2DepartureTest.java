package io.jcorn.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpHandler;
import io.jcorn.wire.Scoreboard.Cell;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that leave without a word, in whatever they were at: everyday life. */
@Timeout(60)
class Http2DepartureTest {

    /** How a client leaves. */
    private enum Way {
        RESET,
        FIN,
        GOAWAY,
        RST_STREAM
    }

    private static final HttpHandler ENDLESS = exchange -> {
        exchange.sendResponseHeaders(200, 0);
        while (true) {
            exchange.getResponseBody().write(new byte[16_384]);
        }
    };

    private static void leave(Http2Client client, Way way) throws IOException {
        switch (way) {
            case RESET -> client.socket.setSoLinger(true, 0);
            case FIN -> {}
            case GOAWAY -> client.frame(Http2Client.GOAWAY, 0, 0, new byte[] {0, 0, 0, 0, 0, 0, 0, 2});
            case RST_STREAM -> client.frame(Http2Client.RST_STREAM, 0, 1, Http2Client.number(8));
        }
        client.close();
    }

    private static void isQuiet(TestServer server) {
        assertThat(server.cell(Cell.REFUSED)).isZero();
        assertThat(server.cell(Cell.APPLICATION_ERRORS)).isZero();
        assertThat(server.cell(Cell.TIMEOUTS_SEND)).isZero();
        assertThat(server.cell(Cell.TIMEOUTS_BODY)).isZero();
        assertThat(server.log().lines().filter(line -> !line.contains("[DEBUG]")))
                .as("lines above debug")
                .isEmpty();
        assertThat(server.log()).doesNotContain("\tat ").doesNotContain("void future");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void inTheMiddleOfAResponse(Way way) throws Exception {
        try (TestServer server = Http2Test.server(ENDLESS)) {
            for (int i = 0; i < 5; i++) {
                Http2Client client = new Http2Client(server.address(), 4, 1 << 20);
                client.frame(Http2Client.WINDOW_UPDATE, 0, 0, Http2Client.number(1 << 20));
                client.get(1, "/").await(Http2Client.DATA);
                leave(client, way);
            }
            server.until(() -> server.cell(Cell.IN_FLIGHT) == 0);
            server.until(() -> server.cell(Cell.CONNECTIONS) == 0);
            assertThat(server.cell(Cell.CLIENT_DISCONNECTS)).isEqualTo(5);
            isQuiet(server);
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void inTheMiddleOfABodyThatIsRead(Way way) throws Exception {
        CountDownLatch told = new CountDownLatch(3);
        AtomicInteger called = new AtomicInteger();
        HttpHandler handler = exchange -> {
            called.incrementAndGet();
            try {
                exchange.getRequestBody().readAllBytes();
            } catch (IOException e) {
                told.countDown();
                throw e;
            }
        };
        try (TestServer server = new TestServer(handler, options -> {
            options.http2 = Http2Test.CLEARTEXT;
            options.bodyBuffer = 0;
        })) {
            for (int i = 0; i < 3; i++) {
                Http2Client client = new Http2Client(server.address());
                client.headers(1, false, Http2Client.request("POST", "/")).data(1, false, new byte[100]);
                int began = i + 1;
                server.until(() -> called.get() == began);
                leave(client, way);
                server.until(() -> server.cell(Cell.IN_FLIGHT) == 0);
            }
            assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
            server.until(() -> server.cell(Cell.CONNECTIONS) == 0);
            assertThat(server.cell(Cell.CLIENT_DISCONNECTS)).isEqualTo(3);
            isQuiet(server);
        }
    }

    @Test
    void aClosedSendingSideEndsTheBodiesThatAreNotComplete() throws Exception {
        AtomicReference<String> seen = new AtomicReference<>();
        HttpHandler handler = exchange -> {
            try {
                exchange.getRequestBody().readAllBytes();
                Http2Test.answer(exchange, 200, "whole");
            } catch (IOException e) {
                seen.set(e.getMessage());
                Http2Test.answer(exchange, 400, "sorry");
            }
        };
        try (TestServer server = new TestServer(handler, options -> {
                    options.http2 = Http2Test.CLEARTEXT;
                    options.bodyBuffer = 1000;
                });
                Http2Client client = new Http2Client(server.address())) {
            // Acknowledged before the sending side is closed, as everything that asks for an answer.
            client.withoutWindows().await(Http2Client.SETTINGS);
            client.headers(1, false, Http2Client.request("POST", "/")).data(1, false, new byte[2000]);
            client.headers(3, false, Http2Client.request("POST", "/")).data(3, false, new byte[10]);
            client.headers(5, false, Http2Client.request("POST", "/")).data(5, true, new byte[10]);
            client.socket.shutdownOutput();
            // No time passes: what was whole is answered, the others are told at once.
            Map<Integer, String> status = new HashMap<>();
            while (status.size() < 3) {
                Http2Client.Frame head = client.await(Http2Client.HEADERS);
                status.put(head.stream, head.fields.get(":status"));
            }
            assertThat(status).containsEntry(1, "400").containsEntry(3, "400").containsEntry(5, "200");
            server.until(() -> server.cell(Cell.IN_FLIGHT) == 0);
            assertThat(seen.get()).contains("closed before");
            assertThat(server.cell(Cell.CLIENT_DISCONNECTS)).isEqualTo(2);
            assertThat(server.cell(Cell.REFUSED)).isZero();
        }
    }

    @Test
    void aClosedSendingSideEndsWhatWaitsForAWindow() throws Exception {
        CountDownLatch lost = new CountDownLatch(1);
        HttpHandler handler = exchange -> {
            try {
                ENDLESS.handle(exchange);
            } finally {
                lost.countDown();
            }
        };
        try (TestServer server = Http2Test.server(handler);
                Http2Client client = new Http2Client(server.address()).withoutWindows()) {
            client.get(1, "/").await(Http2Client.DATA);
            client.socket.shutdownOutput();
            ProtocolTest.await(lost);
            server.until(() -> server.cell(Cell.IN_FLIGHT) == 0);
            assertThat(client.atEnd()).isTrue();
        }
    }
}
