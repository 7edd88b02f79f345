package io.jcorn.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.jcorn.wire.Http2Options;
import io.jcorn.wire.Scoreboard.Cell;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The contract of exchanges over HTTP/2. */
@Timeout(60)
class Http2Test {

    static final Http2Options CLEARTEXT = new Http2Options(List.of("http/1.1"), true, 100, 262_144, 16_384, 65_536);

    static List<TestServer.Threads> threads() {
        return TestServer.Threads.available();
    }

    static TestServer server(TestServer.Threads threads, HttpHandler handler) {
        return new TestServer(handler, options -> {
            options.threads = threads;
            options.http2 = CLEARTEXT;
        });
    }

    static TestServer server(HttpHandler handler) {
        return server(TestServer.Threads.POOL, handler);
    }

    static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    static void echo(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            exchange.getRequestBody().transferTo(out);
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void aRequestIsWhatItIsInHttp1(TestServer.Threads threads) throws Exception {
        HttpHandler handler = exchange -> answer(
                exchange,
                200,
                exchange.getProtocol() + " " + exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                        + exchange.getRequestHeaders().getFirst("Host") + " "
                        + exchange.getRequestHeaders().get("Cookie"));
        try (TestServer server = server(threads, handler);
                Http2Client client = new Http2Client(server.address())) {
            client.get(1, "/x?y=1", "cookie", "a=1", "accept", "*/*", "cookie", "b=2");
            Http2Client.Response response = client.response(1);
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.body()).isEqualTo("HTTP/2.0 GET /x?y=1 a [a=1; b=2]");
            assertThat(response.headers()).containsKeys("date", "server").containsEntry("content-length", "32");
            server.until(() -> server.cell(Cell.IN_FLIGHT) == 0);
            assertThat(server.cell(Cell.RESPONSES_2XX)).isEqualTo(1);
            assertThat(server.cell(Cell.CONNECTIONS)).isEqualTo(1);
            assertThat(server.cell(Cell.BYTES_READ)).isGreaterThan(24);
            assertThat(server.cell(Cell.BYTES_WRITTEN)).isGreaterThan(32);
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void bodiesOfAnySizeGoThroughBothWays(TestServer.Threads threads) throws Exception {
        byte[] body = new byte[3 << 20];
        Arrays.fill(body, (byte) 'x');
        try (TestServer server = server(threads, Http2Test::echo);
                Http2Client client = new Http2Client(server.address(), 4, 1 << 20)) {
            client.headers(1, false, Http2Client.request("POST", "/", "content-length", "" + body.length));
            Thread sender = new Thread(() -> upload(client, body));
            sender.start();
            Http2Client.Response response = client.response(1);
            sender.join();
            assertThat(response.body()).hasSize(body.length);
        }
    }

    private static void upload(Http2Client client, byte[] body) {
        try {
            for (int at = 0; at < body.length; at += 16_384) {
                client.awaitWindow(16_384);
                client.data(
                        1,
                        at + 16_384 >= body.length,
                        Arrays.copyOfRange(body, at, Math.min(body.length, at + 16_384)));
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void theBodyOfAHeadIsSwallowedAndErrorsAreAnswered(TestServer.Threads threads) throws Exception {
        HttpHandler handler = exchange -> {
            switch (exchange.getRequestURI().getPath()) {
                case "/error" -> throw new IllegalStateException("oops");
                case "/closed" -> exchange.close();
                case "/empty" -> exchange.sendResponseHeaders(204, -1);
                case "/torn" -> {
                    exchange.sendResponseHeaders(200, 10);
                    exchange.getResponseBody().write('x');
                    exchange.getResponseBody().flush();
                    throw new IllegalStateException("oops");
                }
                default -> answer(exchange, 200, "hello");
            }
        };
        try (TestServer server = server(threads, handler);
                Http2Client client = new Http2Client(server.address())) {
            client.headers(1, true, Http2Client.request("HEAD", "/"));
            Http2Client.Response head = client.response(1);
            assertThat(head.headers()).containsEntry("content-length", "5");
            assertThat(head.body()).isEmpty();
            assertThat(client.get(3, "/error").response(3).status()).isEqualTo(500);
            assertThat(client.get(5, "/empty").response(5).headers()).doesNotContainKey("content-length");
            assertThat(client.get(7, "/closed").await(Http2Client.RST_STREAM).code())
                    .isEqualTo(2);
            assertThat(client.get(9, "/torn").await(Http2Client.RST_STREAM).code())
                    .isEqualTo(2);
            assertThat(client.get(11, "/").response(11).body()).isEqualTo("hello");
            server.until(() -> server.cell(Cell.IN_FLIGHT) == 0);
        }
    }

    @Test
    void requestsOfOneConnectionRunAtOnce() throws Exception {
        CountDownLatch both = new CountDownLatch(2);
        HttpHandler handler = exchange -> {
            both.countDown();
            ProtocolTest.await(both);
            answer(exchange, 200, "ok");
        };
        try (TestServer server = server(handler);
                Http2Client client = new Http2Client(server.address())) {
            client.get(1, "/").get(3, "/");
            assertThat(client.await(Http2Client.HEADERS).stream).isIn(1, 3);
            assertThat(client.await(Http2Client.HEADERS).stream).isIn(1, 3);
        }
    }

    @Test
    void http1IsSpokenOnTheSamePort() throws Exception {
        try (TestServer server = server(exchange -> answer(exchange, 200, exchange.getProtocol()));
                Client client = server.client();
                Client post = server.client();
                Client almost = server.client()) {
            assertThat(client.get("/").response().body()).isEqualTo("HTTP/1.1");
            assertThat(post.post("/", "x").response().body()).isEqualTo("HTTP/1.1");
            almost.send("PR").send("I * HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(almost.response().status()).isBetween(400, 405);
        }
    }

    @Test
    void withoutTheSettingThePrefaceIsARequestLikeAnyOther() throws Exception {
        try (TestServer server = new TestServer(exchange -> answer(exchange, 200, "x"));
                Client client = server.client()) {
            client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
            assertThat(client.response().status()).isEqualTo(505);
        }
    }

    @Test
    void thePrefaceMayComeByteByByte() throws Exception {
        try (TestServer server = server(exchange -> answer(exchange, 200, "ok"));
                Client client = server.client()) {
            for (byte octet : Http2Client.PREFACE) {
                client.send(new byte[] {octet}, 1);
            }
            client.send(Http2Client.bytes(Http2Client.SETTINGS, 0, 0, new byte[0]), 9);
            assertThat(client.exactly(4)[3]).isEqualTo((byte) Http2Client.SETTINGS);
        }
    }

    @Test
    void aClientThatGivesUpIsKnownToTheApplication() throws Exception {
        CountDownLatch began = new CountDownLatch(1);
        CountDownLatch lost = new CountDownLatch(1);
        HttpHandler handler = exchange -> {
            began.countDown();
            try {
                exchange.getRequestBody().readAllBytes();
            } catch (IOException e) {
                lost.countDown();
                throw e;
            }
        };
        try (TestServer server = server(handler);
                Http2Client client = new Http2Client(server.address())) {
            client.await(Http2Client.SETTINGS);
            client.headers(1, false, Http2Client.request("POST", "/"));
            // More than is collected before the application gets to see it.
            for (int part = 0; part < 5; part++) {
                client.data(1, false, new byte[14_000]);
            }
            ProtocolTest.await(began);
            client.frame(Http2Client.RST_STREAM, 0, 1, Http2Client.number(8));
            assertThat(lost.await(10, TimeUnit.SECONDS)).isTrue();
            server.until(() -> server.cell(Cell.IN_FLIGHT) == 0);
            assertThat(server.cell(Cell.APPLICATION_ERRORS)).isZero();
        }
    }

    @Test
    void whoeverWaitsForA100GetsIt() throws Exception {
        try (TestServer server = server(Http2Test::echo);
                Http2Client client = new Http2Client(server.address())) {
            client.headers(1, false, Http2Client.request("POST", "/", "expect", "100-continue"));
            assertThat(client.await(Http2Client.HEADERS).fields).containsEntry(":status", "100");
            client.data(1, true, "body".getBytes(StandardCharsets.US_ASCII));
            assertThat(client.response(1).body()).isEqualTo("body");
        }
    }

    @Test
    void aDrainLosesNothing() throws Exception {
        CountDownLatch began = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        HttpHandler handler = exchange -> {
            began.countDown();
            ProtocolTest.await(release);
            answer(exchange, 200, "whole");
        };
        try (TestServer server = server(handler);
                Http2Client client = new Http2Client(server.address())) {
            client.get(1, "/");
            ProtocolTest.await(began);
            server.engine.drain();
            server.engine.closeGate();
            Http2Client.Frame warning = client.await(Http2Client.GOAWAY);
            assertThat(warning.number(0)).isEqualTo(Integer.MAX_VALUE);
            // Sent before the client could know: it is served.
            client.get(3, "/");
            client.await(Http2Client.PING);
            Http2Client.Frame last = client.await(Http2Client.GOAWAY);
            assertThat(last.number(0)).isEqualTo(3);
            assertThat(last.code()).isZero();
            assertThat(server.drained.getCount()).isEqualTo(1);
            release.countDown();
            client.response(1);
            assertThat(client.atEnd()).isTrue();
            client.socket.close();
            assertThat(server.drained.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(server.cell(Cell.RESPONSES_2XX)).isEqualTo(2);
        }
    }

    @Test
    void aConnectionThatHasHadItsRequestsEndsInGoodOrder() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        HttpHandler handler = exchange -> {
            if (exchange.getRequestURI().getPath().equals("/slow")) {
                ProtocolTest.await(release);
            }
            answer(exchange, 200, "whole");
        };
        try (TestServer server = limited(handler, 3);
                Http2Client client = new Http2Client(server.address())) {
            client.get(1, "/slow");
            assertThat(client.get(3, "/").response(3).body()).isEqualTo("whole");
            Http2Client.Frame warning = client.get(5, "/slow").await(Http2Client.GOAWAY);
            assertThat(warning.number(0)).isEqualTo(Integer.MAX_VALUE);
            assertThat(warning.code()).isZero();
            // Sent before the client could know: it is served.
            client.get(7, "/slow");
            client.await(Http2Client.PING);
            Http2Client.Frame last = client.await(Http2Client.GOAWAY);
            assertThat(last.number(0)).isEqualTo(7);
            assertThat(last.code()).isZero();
            // Not taken, and the client knows it: it sends that again elsewhere.
            client.get(9, "/");
            release.countDown();
            assertThat(ended(client)).containsExactlyInAnyOrder(1, 5, 7);
            assertThat(server.cell(Cell.RESPONSES_2XX)).isEqualTo(4);
            assertThat(server.cell(Cell.REFUSED)).isZero();
        }
    }

    @Test
    void whoDoesNotAnswerIsToldOfTheLastRequestAllTheSame() throws Exception {
        try (TestServer server = limited(exchange -> answer(exchange, 200, "whole"), 1);
                Http2Client client = new Http2Client(server.address())) {
            client.get(1, "/");
            server.until(() -> server.cell(Cell.RESPONSES_2XX) == 1);
            // It has read nothing, so it has not answered the ping.
            server.passes(2_100);
            assertThat(client.await(Http2Client.GOAWAY).number(0)).isEqualTo(Integer.MAX_VALUE);
            assertThat(client.await(Http2Client.GOAWAY).number(0)).isEqualTo(1);
            assertThat(client.atEnd()).isTrue();
        }
    }

    private static TestServer limited(HttpHandler handler, int requests) {
        return new TestServer(handler, options -> {
            options.http2 = CLEARTEXT;
            options.connectionRequests = requests;
        });
    }

    /** Returns the streams whose responses come until the server has ended the connection. */
    private static List<Integer> ended(Http2Client client) throws IOException {
        List<Integer> ended = new ArrayList<>();
        try {
            while (true) {
                Http2Client.Frame frame = client.read();
                if (frame.ends()) {
                    ended.add(frame.stream);
                }
            }
        } catch (EOFException e) {
            return ended;
        }
    }

    @Test
    void anIdleConnectionIsClosedInGoodOrder() throws Exception {
        try (TestServer server = server(exchange -> answer(exchange, 200, "x"));
                Http2Client client = new Http2Client(server.address())) {
            client.get(1, "/").response(1);
            server.onLoop(() -> {});
            server.passes(61_000);
            Http2Client.Frame goAway = client.await(Http2Client.GOAWAY);
            assertThat(goAway.code()).isZero();
            assertThat(goAway.number(0)).isEqualTo(1);
            assertThat(client.atEnd()).isTrue();
        }
    }

    @Test
    void whoIsAbandonedLeavesAtOnce() throws Exception {
        try (TestServer server = server(exchange -> answer(exchange, 200, "x"));
                Http2Client client = new Http2Client(server.address())) {
            client.get(1, "/").response(1);
            server.engine.abandon();
            assertThat(client.await(Http2Client.GOAWAY).code()).isZero();
            assertThat(client.atEnd()).isTrue();
        }
    }
}
