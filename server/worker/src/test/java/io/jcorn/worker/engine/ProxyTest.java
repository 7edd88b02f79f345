package io.jcorn.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpHandler;
import io.jcorn.wire.ProxyProtocol;
import io.jcorn.wire.Scoreboard.Cell;
import io.jcorn.wire.forwarded.ForwardedHeader;
import io.jcorn.wire.forwarded.Forwarding;
import io.jcorn.wire.forwarded.SchemeHeader;
import io.jcorn.wire.forwarded.TrustedPeers;
import io.jcorn.worker.proxy.Header;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the application and the engine make of what proxies say. */
@Timeout(30)
class ProxyTest {

    private static final String LINE = "PROXY TCP4 192.0.2.1 198.51.100.2 56324 443\r\n";

    /** Answers who asks whom, and how. */
    private static final HttpHandler WHO = exchange -> {
        byte[] answer = (exchange.getRemoteAddress() + " " + exchange.getLocalAddress() + " "
                        + exchange.getAttribute("jcorn.scheme") + " " + exchange.getAttribute("jcorn.host"))
                .getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    };

    private static TestServer proxied(ProxyProtocol protocol, String... allowed) {
        return new TestServer(
                WHO,
                options ->
                        options.proxies = new EngineSettings.Proxies(protocol, TrustedPeers.parse(List.of(allowed))));
    }

    private static TestServer forwarded(String... trusted) {
        return new TestServer(WHO, options -> options.forwarding = forwarding(trusted));
    }

    static Forwarding forwarding(String... trusted) {
        return new Forwarding(
                TrustedPeers.parse(List.of(trusted)),
                ForwardedHeader.AUTO,
                List.of(new SchemeHeader("X-FORWARDED-PROTO", "https"), new SchemeHeader("X-FORWARDED-SSL", "on")));
    }

    private static String get(TestServer server, String before, String... fields) throws IOException {
        try (Client client = server.client()) {
            client.send(before + "GET / HTTP/1.1\r\nHost: here\r\n" + String.join("", fields) + "\r\n");
            return client.response().body();
        }
    }

    /** Whether a connection is closed without an answer when it begins so. */
    private static boolean turnedAway(TestServer server, String start) throws IOException {
        try (Client client = server.client()) {
            client.send(start);
            return client.atEnd();
        } catch (java.net.SocketException reset) {
            // What was not read makes the kernel say it in this way.
            return true;
        }
    }

    @Test
    void theHeaderTellsBothEnds() throws IOException {
        try (TestServer server = proxied(ProxyProtocol.AUTO, "127.0.0.0/8")) {
            assertThat(get(server, LINE)).isEqualTo("/192.0.2.1:56324 /198.51.100.2:443 http here");
            byte[] tls = {1, 0, 0, 0, 0};
            byte[] header = Header.of("2001:db8::1", 1, "2001:db8::2", 2)
                    .vector(0x20, tls)
                    .build();
            assertThat(get(server, new String(header, StandardCharsets.ISO_8859_1)))
                    .isEqualTo("/[2001:db8:0:0:0:0:0:1]:1 /[2001:db8:0:0:0:0:0:2]:2 https here");
            assertThat(get(server, "PROXY UNKNOWN\r\n")).startsWith("/127.0.0.1:");
            assertThat(get(server, new String(Header.of(0x20, 0).build(), StandardCharsets.ISO_8859_1)))
                    .startsWith("/127.0.0.1:");
        }
    }

    @Test
    void theHeaderMayComeInPiecesAndIsGivenOnce() throws Exception {
        try (TestServer server = proxied(ProxyProtocol.V1, "*");
                Client client = server.client()) {
            for (int i = 0; i < LINE.length(); i++) {
                client.send(LINE.substring(i, i + 1));
                server.onLoop(() -> {});
            }
            for (int i = 0; i < 3; i++) {
                client.get("/");
                assertThat(client.response().body()).startsWith("/192.0.2.1:56324 ");
            }
            assertThat(server.cell(Cell.CONNECTIONS)).isEqualTo(1);
            client.send(LINE);
            assertThat(client.response().status()).isEqualTo(400);
        }
    }

    @Test
    void whoDoesNotBeginWithAHeaderIsTurnedAway() throws Exception {
        try (TestServer server = proxied(ProxyProtocol.V2, "127.0.0.1")) {
            assertThat(turnedAway(server, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")).isTrue();
            assertThat(turnedAway(server, LINE)).isTrue();
            assertThat(turnedAway(
                            server,
                            new String(
                                    Header.of("192.0.2.1", 1, "192.0.2.2", 2)
                                            .checksum(1)
                                            .build(),
                                    StandardCharsets.ISO_8859_1)))
                    .isTrue();
            server.until(() -> server.cell(Cell.CONNECTIONS) == 0);
            assertThat(server.cell(Cell.REFUSED)).isEqualTo(3);
            assertThat(server.log())
                    .contains("Turned away a connection of /127.0.0.1:")
                    .contains("it does not begin with a PROXY header of version 2")
                    .contains("the PROXY header's checksum is wrong");
        }
    }

    @Test
    void whoIsNotAllowedIsTurnedAwayWithWhateverHeader() throws Exception {
        try (TestServer server = proxied(ProxyProtocol.AUTO, "10.0.0.0/8", "::1")) {
            assertThat(turnedAway(server, LINE + "GET / HTTP/1.1\r\nHost: a\r\n\r\n"))
                    .isTrue();
            assertThat(turnedAway(server, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")).isTrue();
            assertThat(turnedAway(server, "")).isTrue();
            server.until(() -> server.cell(Cell.CONNECTIONS) == 0);
            assertThat(server.log()).contains("it is not in proxy-allow-from");
            assertThat(server.cell(Cell.RESPONSES_2XX)).isZero();
        }
    }

    @Test
    void withoutTheSettingAHeaderIsNoRequest() throws IOException {
        try (TestServer server = new TestServer(WHO);
                Client client = server.client()) {
            client.send(LINE + "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.response().status()).isEqualTo(400);
        }
    }

    @Test
    void aHeaderThatDoesNotComeIsNotWaitedForLong() throws Exception {
        try (TestServer server = new TestServer(WHO, options -> {
                    options.clockStands = true;
                    options.proxies = new EngineSettings.Proxies(ProxyProtocol.AUTO, TrustedPeers.parse(List.of("*")));
                });
                Client silent = server.client();
                Client slow = server.client()) {
            slow.send("PROXY TCP4");
            server.until(() -> server.cell(Cell.BYTES_READ) == 10 && server.cell(Cell.CONNECTIONS) == 2);
            server.passes(4_900);
            assertThat(server.cell(Cell.CONNECTIONS)).isEqualTo(2);
            server.passes(200);
            assertThat(silent.atEnd()).isTrue();
            assertThat(slow.atEnd()).isTrue();
            server.until(() -> server.cell(Cell.CONNECTIONS) == 0);
        }
    }

    @Test
    void whoClosesBeforeTheHeaderLeavesNothing() throws Exception {
        try (TestServer server = proxied(ProxyProtocol.AUTO, "*")) {
            try (Client client = server.client()) {
                client.send("PROXY ");
                server.until(() -> server.cell(Cell.BYTES_READ) == 6);
                client.socket.shutdownOutput();
                assertThat(client.atEnd()).isTrue();
            }
            server.until(() -> server.cell(Cell.CONNECTIONS) == 0);
        }
    }

    @Test
    void drainingWaitsForNoHeader() throws Exception {
        try (TestServer server = proxied(ProxyProtocol.AUTO, "*");
                Client client = server.client();
                Client late = server.client()) {
            server.until(() -> server.cell(Cell.CONNECTIONS) == 2);
            server.engine.closeGate();
            server.engine.drain();
            client.send(LINE).get("/");
            assertThat(client.response().header("connection")).isEqualTo("close");
            server.passes(2_100);
            assertThat(late.atEnd()).isTrue();
            server.drained.await();
        }
    }

    @Test
    void trustedPeersTellTheClientSchemeAndHost() throws IOException {
        try (TestServer server = forwarded("127.0.0.1", "10.0.0.0/8")) {
            assertThat(get(server, "")).startsWith("/127.0.0.1:").endsWith(" http here");
            assertThat(get(server, "", "X-Forwarded-For: 203.0.113.66, 192.0.2.1\r\n", "x-forwarded-for: 10.0.0.1\r\n"))
                    .startsWith("/192.0.2.1:0 /127.0.0.1:")
                    .endsWith(" http here");
            assertThat(get(server, "", "X-Forwarded-Proto: https\r\n", "X-Forwarded-Host: shop.example\r\n"))
                    .startsWith("/127.0.0.1:")
                    .endsWith(" https shop.example");
            assertThat(get(server, "", "Forwarded: for=\"[2001:db8::1]:47\";proto=https;host=shop.example\r\n"))
                    .startsWith("/[2001:db8:0:0:0:0:0:1]:47 ")
                    .endsWith(" https shop.example");
        }
    }

    @Test
    void whatOthersSayIsSeenAndNotBelieved() throws IOException {
        HttpHandler echo = exchange -> {
            byte[] answer = (exchange.getRemoteAddress().getAddress().getHostAddress() + " "
                            + exchange.getAttribute("jcorn.scheme") + " "
                            + exchange.getRequestHeaders().get("X-forwarded-for"))
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        };
        try (TestServer server = new TestServer(echo, options -> options.forwarding = forwarding("10.0.0.0/8"))) {
            assertThat(get(
                            server,
                            "",
                            "X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Ssl: off\r\n"))
                    .isEqualTo("127.0.0.1 http [192.0.2.1]");
        }
    }

    @Test
    void contradictionsOfTrustedPeersAreRefused() throws IOException {
        String torn = "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Ssl: off\r\n\r\n";
        try (TestServer server = forwarded("127.0.0.1");
                Client client = server.client()) {
            client.send(torn);
            Client.Response response = client.response();
            assertThat(response.status()).isEqualTo(400);
            assertThat(response.body()).contains("contradict each other");
            assertThat(client.atEnd()).isTrue();
        }
    }

    @Test
    void aRefusalNamesTheClientAndByWhomItCame() throws Exception {
        String large = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n";
        String torn = "X-Forwarded-Proto: https\r\nX-Forwarded-Ssl: off\r\n";
        try (TestServer server = new TestServer(WHO, options -> {
            options.proxies = new EngineSettings.Proxies(ProxyProtocol.AUTO, TrustedPeers.parse(List.of("*")));
            options.forwarding = forwarding("127.0.0.1", "192.0.2.1");
            options.http2 = Http2Test.CLEARTEXT;
            options.limits = new io.jcorn.worker.http.Limits(4094, 100, 8190, 0, 4);
        })) {
            String local = new String(Header.of(0x20, 0).build(), StandardCharsets.ISO_8859_1);
            for (String request : List.of(
                    local + large + "X-Forwarded-For: 192.0.2.7\r\n\r\n",
                    local + "GET / HTTP/1.1\r\nHost: a\r\nForwarded: for=\"192.0.2.8:47\"\r\n" + torn + "\r\n",
                    LINE + large + "\r\n",
                    LINE.replace("192.0.2.1", "192.0.2.9") + "GET / HTTP/1.1\r\n\r\n")) {
                try (Client client = server.client()) {
                    assertThat(client.send(request).response().status()).isIn(400, 413);
                }
            }
            assertThat(server.log().lines().filter(line -> line.contains("Refused a request of ")))
                    .satisfiesExactly(
                            line -> assertThat(line).matches(".* of /192.0.2.7 via /127.0.0.1:[0-9]+ with 413: .*"),
                            line -> assertThat(line).matches(".* of /192.0.2.8:47 via /127.0.0.1:[0-9]+ with 400: .*"),
                            line -> assertThat(line)
                                    .matches(".* of /192.0.2.1:56324 via /127.0.0.1:[0-9]+ with 413: .*"),
                            line -> assertThat(line)
                                    .matches(".* of /192.0.2.9:56324 via /127.0.0.1:[0-9]+ with 400: .*"));
        }
        try (TestServer server = overHttp2("127.0.0.1");
                Http2Client client = new Http2Client(server.address())) {
            String[] contradiction = {"x-forwarded-for", "::1", "x-forwarded-proto", "https", "x-forwarded-ssl", "off"};
            assertThat(client.get(1, "/", contradiction).response(1).status()).isEqualTo(400);
            assertThat(server.log())
                    .containsPattern("Refused a request of /0:0:0:0:0:0:0:1 via /127.0.0.1:[0-9]+ with 400: ");
        }
        try (TestServer server = new TestServer(WHO);
                Client client = server.client()) {
            client.send("GET / HTTP/1.1\r\n\r\n").response();
            assertThat(server.log()).containsPattern("Refused a request of /127.0.0.1:[0-9]+ with 400: ");
        }
    }

    /** Behind a load balancer that only passes bytes on, the client is whom that names, and may be a proxy himself. */
    @Test
    void theClientOfTheHeaderIsWhoIsTrustedOrNot() throws IOException {
        try (TestServer server = new TestServer(WHO, options -> {
            options.proxies = new EngineSettings.Proxies(ProxyProtocol.AUTO, TrustedPeers.parse(List.of("*")));
            options.forwarding = forwarding("127.0.0.1", "192.0.2.1");
        })) {
            String said = "X-Forwarded-For: 203.0.113.9\r\n";
            assertThat(get(server, LINE, said)).startsWith("/203.0.113.9:0 /198.51.100.2:443 ");
            assertThat(get(server, LINE.replace("192.0.2.1", "192.0.2.9"), said))
                    .startsWith("/192.0.2.9:56324 ");
            assertThat(get(server, "PROXY UNKNOWN\r\n", said)).startsWith("/127.0.0.1:");
            assertThat(get(server, new String(Header.of(0x20, 0).build(), StandardCharsets.ISO_8859_1), said))
                    .startsWith("/203.0.113.9:0 ");
        }
    }

    @Test
    void theApplicationsOwnAttributesComeFirst() throws IOException {
        HttpHandler handler = exchange -> {
            Object before = exchange.getAttribute("jcorn.scheme");
            exchange.setAttribute("jcorn.scheme", "mine");
            byte[] answer = (before + " " + exchange.getAttribute("jcorn.scheme") + " "
                            + exchange.getAttribute("other"))
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        };
        try (TestServer server = new TestServer(handler)) {
            assertThat(get(server, "")).isEqualTo("http mine null");
        }
    }

    /** Answers HTTP/2 too, with the names of the fields that are about the path. */
    private static TestServer overHttp2(String... trusted) {
        HttpHandler handler = exchange -> {
            if (exchange.getRequestURI().getPath().equals("/names")) {
                byte[] names = (exchange.getRequestHeaders().getFirst("Script_name") + " "
                                + exchange.getRequestHeaders().getFirst("Some_name"))
                        .getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, names.length);
                exchange.getResponseBody().write(names);
                exchange.close();
            } else {
                WHO.handle(exchange);
            }
        };
        return new TestServer(handler, options -> {
            options.forwarding = forwarding(trusted);
            options.http2 = Http2Test.CLEARTEXT;
        });
    }

    @Test
    void streamsOfHttp2AreForwardedAsWell() throws Exception {
        String[] said = {"x-forwarded-for", "192.0.2.7", "x-forwarded-proto", "https"};
        try (TestServer server = overHttp2("127.0.0.1");
                Http2Client client = new Http2Client(server.address())) {
            assertThat(client.get(1, "/", said).response(1).body())
                    .startsWith("/192.0.2.7:0 ")
                    .endsWith(" https a");
            assertThat(client.get(3, "/").response(3).body())
                    .startsWith("/127.0.0.1:")
                    .endsWith(" http a");
            assertThat(client.get(5, "/", "x-forwarded-proto", "https", "x-forwarded-ssl", "off")
                            .response(5)
                            .status())
                    .isEqualTo(400);
            assertThat(client.get(7, "/", said).response(7).status()).isEqualTo(200);
        }
        try (TestServer server = overHttp2("10.0.0.0/8");
                Http2Client client = new Http2Client(server.address())) {
            assertThat(client.get(1, "/", said).response(1).body())
                    .startsWith("/127.0.0.1:")
                    .endsWith(" http a");
        }
    }

    @Test
    void forwarderHeadersAreForTrustedPeersOnly() throws Exception {
        String[] fields = {"script_name", "/shop", "some_name", "x"};
        String request = "GET /names HTTP/1.1\r\nHost: a\r\nSCRIPT_NAME: /shop\r\nSome_Name: x\r\n\r\n";
        for (String trusted : List.of("127.0.0.1", "10.0.0.0/8")) {
            String seen = trusted.equals("127.0.0.1") ? "/shop null" : "null null";
            try (TestServer server = overHttp2(trusted);
                    Client client = server.client();
                    Http2Client streams = new Http2Client(server.address())) {
                assertThat(client.send(request).response().body()).isEqualTo(seen);
                assertThat(streams.get(1, "/names", fields).response(1).body()).isEqualTo(seen);
            }
        }
    }

    @Test
    void behindThePreambleHttp2IsSpokenToo() throws Exception {
        try (TestServer server = new TestServer(WHO, options -> {
                    options.proxies = new EngineSettings.Proxies(ProxyProtocol.V1, TrustedPeers.parse(List.of("*")));
                    options.http2 = Http2Test.CLEARTEXT;
                });
                Client client = server.client()) {
            byte[] start = (LINE + new String(Http2Client.PREFACE, StandardCharsets.US_ASCII))
                    .getBytes(StandardCharsets.US_ASCII);
            client.send(start, start.length);
            client.send(Http2Client.bytes(Http2Client.SETTINGS, 0, 0, new byte[0]), 9);
            assertThat(client.exactly(4)[3]).isEqualTo((byte) Http2Client.SETTINGS);
        }
    }
}
