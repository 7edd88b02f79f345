package io.jcorn.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.jcorn.wire.Scoreboard.Cell;
import io.jcorn.worker.engine.Client.Response;
import io.jcorn.worker.engine.TestServer.Threads;
import io.jcorn.worker.http.Limits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** HTTP/1.1 on the wire: framing, connections, refusals, time. */
class ProtocolTest {

    private static final HttpHandler ECHO = exchange -> {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String text = exchange.getRequestURI() + " " + new String(body, StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, text.length());
        exchange.getResponseBody().write(text.getBytes(StandardCharsets.UTF_8));
        exchange.close();
    };

    static List<Threads> threads() {
        return Threads.available();
    }

    private static TestServer server(Threads threads, HttpHandler handler) {
        return new TestServer(handler, options -> options.threads = threads);
    }

    /** One whose application gets a request before its body is there. */
    private static TestServer streaming(HttpHandler handler) {
        return new TestServer(handler, options -> options.bodyBuffer = 0);
    }

    @ParameterizedTest
    @MethodSource("threads")
    void pipelinedRequestsAreAnsweredInOrder(Threads threads) throws Exception {
        try (TestServer server = server(threads, ECHO);
                Client client = server.client()) {
            StringBuilder requests = new StringBuilder();
            for (int i = 0; i < 500; i++) {
                requests.append("POST /").append(i).append(" HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab");
                requests.append("GET /").append(i).append(" HTTP/1.1\r\nHost: a\r\n\r\n");
            }
            client.send(requests.toString());
            for (int i = 0; i < 500; i++) {
                assertThat(client.response().body()).isEqualTo("/" + i + " ab");
                assertThat(client.response().body()).isEqualTo("/" + i + " ");
            }
            assertThat(server.cell(Cell.RESPONSES_2XX)).isEqualTo(1000);
        }
    }

    @Test
    void aPipelinedResponseDoesNotWaitForASlowSuccessor() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try (TestServer server = new TestServer(exchange -> {
                    if (exchange.getRequestURI().getPath().equals("/slow")) {
                        await(release);
                    }
                    ECHO.handle(exchange);
                });
                Client client = server.client()) {
            client.send("GET /fast HTTP/1.1\r\nHost: a\r\n\r\nGET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.response().body()).isEqualTo("/fast ");
            release.countDown();
            assertThat(client.response().body()).isEqualTo("/slow ");
        }
    }

    static void await(CountDownLatch latch) {
        try {
            if (!latch.await(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("never released");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void chunkedRequestsAreDecoded(Threads threads) throws Exception {
        try (TestServer server = server(threads, ECHO);
                Client client = server.client()) {
            for (int i = 0; i < 3; i++) {
                client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
                client.send("2;x\r\nde\r\n0\r\nT: 1\r\n\r\n");
                assertThat(client.response().body()).isEqualTo("/ abcde");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void http10IsClosedAfterTheResponseAndHasNoChunks(Threads threads) throws Exception {
        try (TestServer server = server(threads, exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write("until the end".getBytes(StandardCharsets.UTF_8));
            exchange.close();
        })) {
            for (String connection : List.of("", "Connection: keep-alive\r\n")) {
                try (Client client = server.client()) {
                    Response response = client.send("GET / HTTP/1.0\r\n" + connection + "\r\n")
                            .response();
                    assertThat(response.headers()).doesNotContainKeys("transfer-encoding", "content-length");
                    assertThat(response.header("connection")).isEqualTo("close");
                    assertThat(response.body()).isEqualTo("until the end");
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void http10MayStay(Threads threads) throws Exception {
        try (TestServer server = server(threads, ECHO);
                Client client = server.client()) {
            for (int i = 0; i < 2; i++) {
                Response response = client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                        .response();
                assertThat(response.header("connection")).isEqualTo("keep-alive");
            }
            assertThat(client.send("GET / HTTP/1.0\r\n\r\n").response().body()).isEqualTo("/ ");
            assertThat(client.atEnd()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void aClientThatIsToldToContinueContinues(Threads threads) throws Exception {
        try (TestServer server = server(threads, ECHO);
                Client client = server.client()) {
            client.send("POST /x HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
            assertThat(client.line()).isEqualTo("HTTP/1.1 100 Continue");
            assertThat(client.line()).isEmpty();
            client.send("hello");
            Response response = client.response();
            assertThat(response.body()).isEqualTo("/x hello");
            assertThat(response.header("connection")).isNull();
            assertThat(client.get("/y").response().body()).isEqualTo("/y ");
        }
    }

    /** The answer begins before the body is read. */
    @ParameterizedTest
    @MethodSource("threads")
    void aHandlerMayAnswerWhileItReads(Threads threads) throws Exception {
        HttpHandler streaming = exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().flush();
            exchange.getRequestBody().transferTo(exchange.getResponseBody());
            exchange.close();
        };
        try (TestServer server = server(threads, streaming);
                Client client = server.client()) {
            client.send("POST /x HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
            assertThat(client.line()).isEqualTo("HTTP/1.1 100 Continue");
            assertThat(client.line()).isEmpty();
            client.send("hello");
            Response response = client.response();
            assertThat(response.body()).isEqualTo("hello");
            assertThat(response.header("connection")).isNull();
        }
    }

    @Test
    void aBodyThatNobodyAsksForIsNotAskedFor() throws Exception {
        try (TestServer server = server(Threads.POOL, exchange -> exchange.sendResponseHeaders(403, -1));
                Client client = server.client()) {
            client.send("POST /x HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 100000\r\n\r\n");
            Response response = client.response();
            assertThat(response.status()).isEqualTo(403);
            // Whether the body comes after all is open, so nothing can follow on this connection.
            assertThat(response.header("connection")).isEqualTo("close");
            assertThat(client.atEnd()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void anUnreadBodyIsSkippedWhenItIsSmall(Threads threads) throws Exception {
        try (TestServer server = server(threads, exchange -> exchange.sendResponseHeaders(200, -1));
                Client client = server.client()) {
            for (int i = 0; i < 3; i++) {
                assertThat(client.post("/", "x".repeat(200_000)).response().status())
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void anUnreadBodyThatIsLargeEndsTheConnectionAfterTheResponse() throws Exception {
        try (TestServer server = streaming(exchange -> exchange.sendResponseHeaders(200, -1));
                Client client = server.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\nbegin");
            Response response = client.response();
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.header("connection")).isEqualTo("close");
            assertThat(client.atEnd()).isTrue();
            // What the client was about to send is taken for a while, lest a reset destroys the response on its way.
            client.send(new byte[100_000], 100_000);
        }
    }

    @Test
    void anUnreadChunkedBodyIsNotSkippedForEver() throws Exception {
        try (TestServer server = streaming(exchange -> exchange.sendResponseHeaders(200, -1));
                Client client = server.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
            assertThat(client.response().status()).isEqualTo(200);
            for (int i = 0; i < 65; i++) {
                client.send("100000\r\n" + "x".repeat(1 << 20) + "\r\n");
            }
            assertThat(client.atEnd()).isTrue();
        }
    }

    /** RFC 9112 §9.6: a response that is the last one of its connection says so. */
    @Test
    void aConnectionEndsAfterAnUnreadBodyOnlyWhenTheResponseSaysSo() throws Exception {
        try (TestServer server = streaming(exchange -> exchange.sendResponseHeaders(200, -1));
                Client client = server.client()) {
            // No length is known when the head is made: it promises to go on.
            client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
            Response response = client.response();
            assertThat(response.header("connection")).isNull();
            client.send("100000\r\n" + "x".repeat(1 << 20) + "\r\n0\r\n\r\n");
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 262144\r\n\r\n");
            assertThat(client.response().header("connection")).isNull();
            client.send("x".repeat(262_144));
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n" + "x".repeat(1_000_000));
            assertThat(client.response().header("connection")).isEqualTo("close");
            assertThat(client.atEnd()).isTrue();
        }
    }

    /** A client that drips what nobody wants holds its connection no longer than with a body that is wanted. */
    @Test
    void aBodyThatNobodyWantsHasItsPaceToo() throws Exception {
        try (TestServer server = new TestServer(exchange -> exchange.sendResponseHeaders(200, -1), options -> {
                    options.bodyBuffer = 0;
                    options.bodyMillis = 5_000;
                    options.bodyRate = 1_000;
                });
                Client client = server.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
            assertThat(client.response().status()).isEqualTo(200);
            for (int i = 0; i < 5; i++) {
                long before = server.cell(Cell.BYTES_READ);
                client.send("1\r\nx\r\n");
                server.until(() -> server.cell(Cell.BYTES_READ) > before);
                server.passes(1_500);
            }
            assertThat(client.atEnd()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void refusalsAreAnsweredCountedAndLogged(Threads threads) throws Exception {
        try (TestServer server = server(threads, ECHO)) {
            try (Client client = server.client()) {
                client.get("/before");
                client.send("GET / HTTP/1.1\r\nHost : a\r\n\r\nGET /after HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(client.response().body()).isEqualTo("/before ");
                Response refusal = client.response();
                assertThat(refusal.status()).isEqualTo(400);
                assertThat(refusal.header("connection")).isEqualTo("close");
                assertThat(refusal.body()).startsWith("Bad Request: a header field's name");
                assertThat(client.atEnd()).isTrue();
            }
            assertThat(server.cell(Cell.REFUSED)).isEqualTo(1);
            assertThat(server.cell(Cell.RESPONSES_4XX)).isEqualTo(1);
            assertThat(server.log()).contains("[INFO] Refused a request of").contains("with 400");
            server.until(() -> server.cell(Cell.CONNECTIONS) == 0);
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void aBodyBeyondTheLimitIsRefused(Threads threads) throws Exception {
        try (TestServer server = new TestServer(ECHO, options -> {
            options.threads = threads;
            options.limits = new Limits(4094, 100, 8190, 0, 1000);
        })) {
            try (Client client = server.client()) {
                assertThat(client.post("/", "x".repeat(1000)).response().status())
                        .isEqualTo(200);
                assertThat(client.post("/", "x".repeat(1001)).response().status())
                        .isEqualTo(413);
                assertThat(client.atEnd()).isTrue();
            }
            try (Client client = server.client()) {
                client.send(
                        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n" + "x".repeat(1000));
                client.send("\r\n1\r\n");
                assertThat(client.response().status()).isEqualTo(413);
                assertThat(client.atEnd()).isTrue();
            }
            assertThat(server.log()).doesNotContain("ERROR");
        }
    }

    @Test
    void anApplicationThatIsReadingLearnsOfTheRefusal() throws Exception {
        AtomicReference<String> seen = new AtomicReference<>();
        CountDownLatch began = new CountDownLatch(1);
        try (TestServer server = streaming(exchange -> {
                    try {
                        exchange.getRequestBody().read();
                        began.countDown();
                        exchange.getRequestBody().readAllBytes();
                    } catch (IOException e) {
                        seen.set(e.getMessage());
                        throw e;
                    }
                });
                Client client = server.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
            await(began);
            client.send("oops\r\n");
            Response response = client.response();
            assertThat(response.status()).isEqualTo(400);
            assertThat(response.header("connection")).isEqualTo("close");
            // The answer may be here before the handler hears of the reason.
            server.until(() -> seen.get() != null);
            assertThat(seen.get()).isEqualTo("the body is not in the chunked coding");
            assertThat(client.atEnd()).isTrue();
            assertThat(server.cell(Cell.APPLICATION_ERRORS)).isZero();
            server.until(() -> server.cell(Cell.IN_FLIGHT) == 0);
        }
    }

    @Test
    void theApplicationGetsABodyThatIsSlowToCome() throws Exception {
        try (TestServer server = server(Threads.POOL, ECHO);
                Client client = server.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabc");
            server.passes(200);
            client.send("def");
            assertThat(client.response().body()).isEqualTo("/ abcdef");
        }
    }

    @Test
    void aBodyThatStopsIsA408() throws Exception {
        for (Threads threads : List.of(Threads.POOL, Threads.LOOP)) {
            try (TestServer server = new TestServer(ECHO, options -> {
                        options.threads = threads;
                        options.bodyMillis = 200;
                    });
                    Client client = server.client()) {
                client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabc");
                assertThat(client.response().status()).isEqualTo(408);
                assertThat(client.atEnd()).isTrue();
                assertThat(server.cell(Cell.APPLICATION_ERRORS)).isZero();
            }
        }
    }

    @Test
    void aSlowHeadIsA408() throws Exception {
        try (TestServer server = server(Threads.POOL, ECHO);
                Client client = server.client()) {
            client.send("GET / HTTP/1.1\r\n");
            server.until(() -> server.cell(Cell.BYTES_READ) > 0);
            server.passes(50_000);
            client.send("Host: a\r\n");
            server.until(() -> server.cell(Cell.BYTES_READ) > 20);
            server.passes(11_000);
            assertThat(client.response().status()).isEqualTo(408);
            assertThat(client.atEnd()).isTrue();
        }
    }

    @Test
    void aConnectionThatSaysNothingIsClosedSilently() throws Exception {
        try (TestServer server = server(Threads.POOL, ECHO);
                Client client = server.client()) {
            server.until(() -> server.cell(Cell.CONNECTIONS) == 1);
            server.passes(61_000);
            assertThat(client.atEnd()).isTrue();
        }
    }

    @Test
    void anIdleConnectionIsClosedAfterKeepAlive() throws Exception {
        try (TestServer server = new TestServer(ECHO, options -> options.keepAliveMillis = 2000);
                Client client = server.client()) {
            assertThat(client.get("/").response().status()).isEqualTo(200);
            server.passes(1500);
            assertThat(client.get("/").response().status()).isEqualTo(200);
            server.passes(2100);
            assertThat(client.atEnd()).isTrue();
        }
    }

    @Test
    void withoutKeepAliveEveryResponseCloses() throws Exception {
        try (TestServer server = new TestServer(ECHO, options -> options.keepAliveMillis = 0);
                Client client = server.client()) {
            assertThat(client.get("/").response().header("connection")).isEqualTo("close");
            assertThat(client.atEnd()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void aClientThatSendsNoMoreStillGetsItsResponse(Threads threads) throws Exception {
        try (TestServer server = server(threads, ECHO);
                Client client = server.client()) {
            client.get("/1").get("/2");
            client.socket.shutdownOutput();
            assertThat(client.response().body()).isEqualTo("/1 ");
            assertThat(client.response().body()).isEqualTo("/2 ");
            assertThat(client.atEnd()).isTrue();
            server.until(() -> server.cell(Cell.CONNECTIONS) == 0);
        }
    }

    @Test
    void aClientThatBreaksOffItsBodyIsNoErrorOfTheApplication() throws Exception {
        CountDownLatch began = new CountDownLatch(1);
        try (TestServer server = streaming(exchange -> {
            began.countDown();
            ECHO.handle(exchange);
        })) {
            try (Client client = server.client()) {
                client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabc");
                server.until(() -> server.cell(Cell.IN_FLIGHT) == 1);
                await(began);
            }
            server.until(() -> server.cell(Cell.CONNECTIONS) == 0 && server.cell(Cell.IN_FLIGHT) == 0);
            assertThat(server.cell(Cell.APPLICATION_ERRORS)).isZero();
        }
    }

    @Test
    void aClientThatIsGoneIsNoErrorOfTheApplication() throws Exception {
        CountDownLatch began = new CountDownLatch(1);
        CountDownLatch gone = new CountDownLatch(1);
        AtomicReference<IOException> thrown = new AtomicReference<>();
        try (TestServer server = server(Threads.POOL, exchange -> {
            exchange.sendResponseHeaders(200, 0);
            began.countDown();
            await(gone);
            try {
                while (true) {
                    exchange.getResponseBody().write(new byte[10_000]);
                }
            } catch (IOException e) {
                thrown.set(e);
                throw e;
            }
        })) {
            try (Client client = server.client()) {
                client.get("/");
                await(began);
                client.socket.setSoLinger(true, 0);
            }
            gone.countDown();
            server.until(() -> thrown.get() != null && server.cell(Cell.IN_FLIGHT) == 0);
            assertThat(server.cell(Cell.APPLICATION_ERRORS)).isZero();
            assertThat(server.log()).doesNotContain("ERROR");
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void headsMayComeByteByByte(Threads threads) throws Exception {
        try (TestServer server = server(threads, ECHO);
                Client client = server.client()) {
            String request = "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n";
            for (int i = 0; i < request.length(); i++) {
                client.send(request.substring(i, i + 1));
            }
            assertThat(client.response().body()).isEqualTo("/x a");
        }
    }

    @Test
    void noMoreConnectionsAreAcceptedThanAllowed() throws Exception {
        try (TestServer server = new TestServer(ECHO, options -> options.connections = 2);
                Client first = server.client();
                Client second = server.client()) {
            first.get("/1").response();
            second.get("/2").response();
            try (Client third = server.client()) {
                third.get("/3");
                server.passes(0);
                assertThat(server.cell(Cell.CONNECTIONS)).isEqualTo(2);
                first.socket.close();
                assertThat(third.response().body()).isEqualTo("/3 ");
                assertThat(server.cell(Cell.ACCEPTED)).isEqualTo(3);
            }
        }
    }

    @Test
    void requestsAreCounted() throws Exception {
        try (TestServer server = new TestServer(exchange -> {
                    assertThat(exchange.getRequestMethod()).isEqualTo("GET");
                    exchange.sendResponseHeaders(
                            Integer.parseInt(exchange.getRequestURI().getPath().substring(1)), -1);
                });
                Client client = server.client()) {
            List<Integer> statuses = new ArrayList<>();
            for (int status : new int[] {200, 201, 302, 404, 500}) {
                statuses.add(client.get("/" + status).response().status());
            }
            assertThat(statuses).containsExactly(200, 201, 302, 404, 500);
            server.until(() -> server.cell(Cell.IN_FLIGHT) == 0);
            assertThat(server.cell(Cell.RESPONSES_2XX)).isEqualTo(2);
            assertThat(server.cell(Cell.RESPONSES_3XX)).isEqualTo(1);
            assertThat(server.cell(Cell.RESPONSES_4XX)).isEqualTo(1);
            assertThat(server.cell(Cell.RESPONSES_5XX)).isEqualTo(1);
            assertThat(server.cell(Cell.BYTES_WRITTEN)).isPositive();
            long requests = 0;
            for (int bucket = 0; bucket < io.jcorn.wire.Scoreboard.BUCKETS; bucket++) {
                requests += server.row.latencyBucket(bucket);
            }
            assertThat(requests).isEqualTo(5);
        }
    }

    @Test
    void aHandlerThatClosesInTheMiddleOfItsLengthIsSeen() throws Exception {
        try (TestServer server = new TestServer((HttpExchange exchange) -> {
                    try (exchange) {
                        exchange.sendResponseHeaders(200, 10);
                        exchange.getResponseBody().write(1);
                    }
                });
                Client client = server.client()) {
            client.get("/");
            assertThatThrownBy(client::response).isInstanceOf(IOException.class);
        }
    }
}
