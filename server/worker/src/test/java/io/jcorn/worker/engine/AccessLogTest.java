package io.jcorn.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpHandler;
import io.jcorn.wire.AccessLogOptions;
import io.jcorn.wire.AccessLogOptions.Output;
import io.jcorn.wire.Log;
import io.jcorn.wire.LogLevel;
import io.jcorn.wire.Scoreboard;
import io.jcorn.wire.Scoreboard.Cell;
import io.jcorn.wire.access.AccessFormatter.Identity;
import io.jcorn.wire.access.Flights;
import io.jcorn.worker.access.AccessLog;
import io.jcorn.worker.access.Visit;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the access log says of requests, however they end. */
class AccessLogTest {

    private static final String SHORT = "%(h)s \"%(r)s\" %(s)s %(b)s \"%({end}j)s\"";

    private final Path file;
    private final Flights flights = Flights.inMemory(1);
    private final Scoreboard.Row losses =
            Scoreboard.over(ByteBuffer.allocateDirect(Scoreboard.BYTES)).row(0);

    AccessLogTest(@TempDir Path folder) {
        file = folder.resolve("access.log");
    }

    private AccessLog accessLog(String format) throws IOException {
        return AccessLog.open(
                new AccessLogOptions(Output.FILE, Optional.of(file), format),
                Optional.empty(),
                flights.recorder(0),
                losses,
                new Identity(4711, 2, 3, Map.of()),
                Log.toStandardError(LogLevel.CRITICAL));
    }

    private interface Conversation {
        void with(TestServer server) throws Exception;
    }

    private List<String> lines(String format, HttpHandler handler, Conversation conversation) throws Exception {
        return lines(format, handler, options -> {}, conversation);
    }

    private List<String> lines(
            String format, HttpHandler handler, Consumer<TestServer.Options> choose, Conversation conversation)
            throws Exception {
        AccessLog accessLog = accessLog(format);
        try (TestServer server = new TestServer(handler, options -> {
            choose.accept(options);
            options.accessLog = accessLog;
        })) {
            conversation.with(server);
            accessLog.close(10_000);
        }
        return Files.readAllLines(file);
    }

    private static HttpHandler hello() {
        return exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("X-Color", "blue \"1\"");
            exchange.sendResponseHeaders(200, 5);
            exchange.getResponseBody().write("hello".getBytes(StandardCharsets.US_ASCII));
            exchange.close();
        };
    }

    @ParameterizedTest
    @EnumSource
    void aLineForEachResponse(TestServer.Threads threads) throws Exception {
        if (!TestServer.Threads.available().contains(threads)) {
            return;
        }
        String format = "%(h)s %(u)s \"%(r)s\" %(s)s %(b)s \"%(f)s\" \"%(a)s\" \"%({X-Color}o)s\" %({host}i)s %(D)s";
        assertThat(lines(format, hello(), options -> options.threads = threads, server -> {
                    try (Client client = server.client()) {
                        client.send("\r\nGET /a%20b?c=\"\" HTTP/1.1\r\nHost: a\r\n\r\n".replace("\"", "%22"))
                                .response();
                        client.send(
                                        "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nReferer: http://r/\r\nUser-Agent:"
                                                + " curl \"8\"\r\nAuthorization: Basic YW4gbjpzZWNyZXQ=\r\n\r\nabc")
                                .response();
                        client.send("HEAD /h HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                                .response(false);
                    }
                }))
                .satisfiesExactly(
                        line -> assertThat(line)
                                .matches("127\\.0\\.0\\.1 - \"GET /a%20b\\?c=%22%22 HTTP/1\\.1\" 200 5 \"-\" \"-\""
                                        + " \"blue \\\\x221\\\\x22\" a [0-9]+"),
                        line -> assertThat(line)
                                .matches("127\\.0\\.0\\.1 an\\\\x20n \"POST /x HTTP/1\\.1\" 200 5 \"http://r/\""
                                        + " \"curl \\\\x228\\\\x22\" \"blue \\\\x221\\\\x22\" a [0-9]+"),
                        line -> assertThat(line)
                                .matches("127\\.0\\.0\\.1 - \"HEAD /h HTTP/1\\.0\" 200 0 \"-\" \"-\""
                                        + " \"blue \\\\x221\\\\x22\" - [0-9]+"));
        assertThat(flights.unlogged(0)).isEmpty();
    }

    @Test
    void theFramingOfChunksIsNotCounted() throws Exception {
        HttpHandler handler = exchange -> {
            exchange.sendResponseHeaders(200, 0);
            OutputStream out = exchange.getResponseBody();
            for (int i = 0; i < 10; i++) {
                out.write(new byte[10_000]);
                out.flush();
            }
            exchange.close();
        };
        assertThat(lines(SHORT, handler, server -> {
                    try (Client client = server.client()) {
                        assertThat(client.get("/").response().body()).hasSize(100_000);
                    }
                }))
                .containsExactly("127.0.0.1 \"GET / HTTP/1.1\" 200 100000 \"-\"");
    }

    @Test
    void theClientIsWhomATrustedProxyNames() throws Exception {
        String request = "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 192.0.2.7\r\n\r\n";
        assertThat(lines(
                        "%(h)s %(s)s",
                        hello(),
                        options -> {
                            options.forwarding = ProxyTest.forwarding("127.0.0.1");
                            options.http2 = Http2Test.CLEARTEXT;
                            options.limits = new io.jcorn.worker.http.Limits(4094, 100, 8190, 0, 4);
                        },
                        server -> {
                            try (Client client = server.client();
                                    Http2Client streams = new Http2Client(server.address())) {
                                client.send(request).response();
                                client.get("/").response();
                                // A client on the proxy's own machine, whose port the proxy does not tell.
                                client.send("GET / HTTP/1.1\r\nHost: a\r\nForwarded: for=127.0.0.1\r\n\r\n")
                                        .response();
                                client.send("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: ::1\r\n\r\n")
                                        .response();
                                streams.get(1, "/", "x-forwarded-for", "192.0.2.8")
                                        .response(1);
                                String[] large = {"x-forwarded-for", "192.0.2.9", "content-length", "5"};
                                streams.headers(3, false, Http2Client.request("POST", "/", large))
                                        .response(3);
                            }
                        }))
                .containsExactly(
                        "192.0.2.7 200",
                        "127.0.0.1 200",
                        "127.0.0.1 200",
                        "0:0:0:0:0:0:0:1 200",
                        "192.0.2.8 200",
                        "192.0.2.9 413");
    }

    @Test
    void onlyTheClientsOfAUnixSocketHaveNoAddress() throws IOException {
        AccessLog accessLog = accessLog("%(h)s");
        InetSocketAddress equal = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        for (InetSocketAddress client : List.of(Visit.NAMELESS, equal, Visit.NAMELESS)) {
            new Visit(accessLog).refused(400, client, new byte[0], 0, "on purpose", 0);
        }
        accessLog.close(10_000);
        assertThat(Files.readAllLines(file)).containsExactly("-", "127.0.0.1", "-");
    }

    @Test
    void bytesOfResponsesOverHttp2Count() throws Exception {
        assertThat(lines(
                        "%(r)s %(s)s %(b)s",
                        hello(), options -> options.http2 = Http2Test.CLEARTEXT, server -> {
                            try (Http2Client client = new Http2Client(server.address())) {
                                client.get(1, "/whole");
                                assertThat(client.response(1).body()).isEqualTo("hello");
                                server.until(() -> server.cell(Cell.RESPONSES_2XX) == 1);
                            }
                        }))
                .containsExactly("GET /whole HTTP/2.0 200 5");
    }

    @Test
    void bytesThatTheKernelSendsCountToo(@TempDir Path folder) throws Exception {
        Path sent = Files.write(folder.resolve("sent"), new byte[300_000]);
        HttpHandler handler = exchange -> {
            exchange.setAttribute("jcorn.sendfile.file", sent);
            exchange.setAttribute("jcorn.sendfile.start", 1);
            exchange.sendResponseHeaders(200, 299_999);
        };
        assertThat(lines(
                        "%(s)s %(b)s",
                        handler, server -> {
                            try (Client client = server.client()) {
                                assertThat(client.get("/").response().body()).hasSize(299_999);
                                // The file has left before the response is told to be complete.
                                server.until(() -> server.cell(Cell.RESPONSES_2XX) == 1);
                            }
                        }))
                .containsExactly("200 299999");
    }

    @Test
    void errorsOfTheApplicationAreResponsesToo() throws Exception {
        assertThat(lines(
                        SHORT,
                        exchange -> {
                            throw new IllegalStateException("on purpose");
                        },
                        server -> {
                            try (Client client = server.client()) {
                                assertThat(client.get("/").response().status()).isEqualTo(500);
                            }
                        }))
                .containsExactly("127.0.0.1 \"GET / HTTP/1.1\" 500 22 \"-\"");
    }

    @Test
    void whatTheEngineRefusesIsLoggedAsFarAsItCame() throws Exception {
        assertThat(lines(
                        SHORT,
                        hello(),
                        options -> options.limits = new io.jcorn.worker.http.Limits(60, 2, 100, 0, 4),
                        server -> {
                            try (Client client = server.client()) {
                                client.send("GET /\u00e9\"\u001b[31m HTTP/1.1\r\n\r\n")
                                        .response();
                            }
                            try (Client client = server.client()) {
                                client.send("GET /ok HTTP/1.1\r\nHost: a\r\nA: b\r\nC: d\r\n\r\n")
                                        .response();
                            }
                            try (Client client = server.client()) {
                                client.get("/first").response();
                                client.send("GET /" + "x".repeat(100) + " HTTP/1.1\r\n")
                                        .response();
                            }
                            try (Client client = server.client()) {
                                client.post("/big", "12345").response();
                            }
                            try (Client client = server.client()) {
                                long before = server.cell(Cell.BYTES_READ);
                                client.send("PRI * HT");
                                server.until(() -> server.cell(Cell.BYTES_READ) == before + 8);
                                server.passes(70_000);
                                client.response();
                            }
                        }))
                .satisfiesExactly(
                        line -> assertThat(line)
                                .matches("127\\.0\\.0\\.1 \"GET /\\\\xE9\\\\x22\\\\x1B\\[31m HTTP/1\\.1\" 400 [0-9]+"
                                        + " \"the request target has a byte it must not have: 0xE9 at offset 1\""),
                        line -> assertThat(line)
                                .matches("127\\.0\\.0\\.1 \"GET /ok HTTP/1\\.1\" 431 [0-9]+ \".*more than 2.*\""),
                        line -> assertThat(line).isEqualTo("127.0.0.1 \"GET /first HTTP/1.1\" 200 5 \"-\""),
                        line -> assertThat(line)
                                .matches("127\\.0\\.0\\.1 \"GET /x{100} HTTP/1\\.1\" 414 [0-9]+ \".*\""),
                        line -> assertThat(line).matches("127\\.0\\.0\\.1 \"POST /big HTTP/1\\.1\" 413 [0-9]+ \".*\""),
                        line -> assertThat(line)
                                .matches("127\\.0\\.0\\.1 \"PRI \\* HT\" 408 [0-9]+ \".*took too long\""));
        assertThat(flights.unlogged(0)).isEmpty();
    }

    @Test
    void aClientThatGoesAwayIs499UntilItHasSeenAStatus() throws Exception {
        CountDownLatch arrived = new CountDownLatch(2);
        CountDownLatch gone = new CountDownLatch(1);
        HttpHandler handler = exchange -> {
            if (exchange.getRequestURI().getPath().equals("/begun")) {
                exchange.sendResponseHeaders(202, 100);
                exchange.getResponseBody().write(new byte[40]);
                exchange.getResponseBody().flush();
            }
            arrived.countDown();
            await(gone);
            exchange.close();
        };
        assertThat(lines(SHORT, handler, server -> {
                    try (Client begun = server.client();
                            Client silent = server.client()) {
                        begun.get("/begun").line();
                        silent.get("/silent");
                        arrived.await();
                        assertThat(flights.inFlight(0)).hasSize(2);
                        // What a closed socket sends is no end of the conversation yet: the client may still read.
                        begun.socket.setSoLinger(true, 0);
                        silent.socket.setSoLinger(true, 0);
                    }
                    server.until(() -> server.cell(Cell.IN_FLIGHT) == 0);
                    gone.countDown();
                }))
                .containsExactlyInAnyOrder(
                        "127.0.0.1 \"GET /begun HTTP/1.1\" 202 40 \"the client closed the connection\"",
                        "127.0.0.1 \"GET /silent HTTP/1.1\" 499 0 \"the client closed the connection\"");
        assertThat(flights.inFlight(0)).isEmpty();
    }

    @Test
    void anExchangeThatTheApplicationAbandonsHasNoStatus() throws Exception {
        assertThat(lines(SHORT, com.sun.net.httpserver.HttpExchange::close, server -> {
                    try (Client client = server.client()) {
                        assertThat(client.get("/").atEnd()).isTrue();
                    }
                }))
                .containsExactly("127.0.0.1 \"GET / HTTP/1.1\" 000 0 \"cut off by the application\"");
    }

    @Test
    void whatIsUnfinishedWhenTheWorkerLeavesIsTheMastersToTell() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        HttpHandler handler = exchange -> {
            arrived.countDown();
            await(end);
        };
        AccessLog accessLog = accessLog(SHORT);
        try (TestServer server = new TestServer(handler, options -> options.accessLog = accessLog);
                Client client = server.client()) {
            client.get("/");
            arrived.await();
            accessLog.close(10_000);
            end.countDown();
            client.socket.setSoLinger(true, 0);
            client.socket.close();
            server.until(() -> server.cell(Cell.IN_FLIGHT) == 0);
        }
        assertThat(file).isEmptyFile();
        assertThat(flights.inFlight(0)).hasSize(1);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void noByteThatAClientSendsBreaksALine() throws Exception {
        Random random = new Random(7);
        int rounds = 300;
        List<String> lines = lines(AccessLogOptions.COMBINED, hello(), server -> {
            for (int round = 0; round < rounds; round++) {
                byte[] target = new byte[1 + random.nextInt(20)];
                random.nextBytes(target);
                String hostile = new String(target, StandardCharsets.ISO_8859_1);
                String field = hostile.replaceAll("[\\x00-\\x08\\x0a-\\x1f\\x7f]", "\"");
                try (Client client = server.client()) {
                    String line =
                            round % 2 == 0 ? "/" : hostile.replace("\r", "").replace("\n", "") + "\u0001";
                    client.send("GET " + line + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\nReferer: " + field
                                    + "\r\nUser-Agent: \" 200 0 \"" + field + "\r\nAuthorization: Basic "
                                    + java.util.Base64.getEncoder().encodeToString(target) + "\r\n\r\n")
                            .response();
                }
            }
        });
        Pattern combined = Pattern.compile(
                "127\\.0\\.0\\.1 - [!-~]+ \\[[^]]+] \"[ -!#-~]*\" (?:200 5|400 [0-9]+) \"[ -!#-~]*\" \"[ -!#-~]*\"");
        assertThat(lines)
                .hasSize(rounds)
                .allMatch(line -> combined.matcher(line).matches());
    }
}
