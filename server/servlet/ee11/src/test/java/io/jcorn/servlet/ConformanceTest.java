package io.jcorn.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import example.Echo;
import example.Fails;
import example.Vault;
import io.jcorn.servlet.RunningServer.Options;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Where Jetty and the specifications differ; what the corpus shows is in {@link CorpusTest}. */
@SuppressWarnings("NullAway.Init")
@Timeout(60)
class ConformanceTest {

    private static final byte[] LOOPBACK_6 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

    @TempDir
    Path folder;

    private Options options;

    @BeforeEach
    void writeApplication() throws Exception {
        options = Options.of(TestArchive.war(Echo.class, Fails.class, Vault.class)
                .file("vault/gold.txt", "gold")
                .file("100%.txt", "whole")
                .write(folder.resolve("app.war")));
    }

    private static String answer(RunningServer server, String request) throws IOException {
        return answer(InetAddress.getLoopbackAddress(), server, request);
    }

    private static String answer(InetAddress address, RunningServer server, String request) throws IOException {
        try (Socket socket = new Socket(address, server.port())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private static String get(String target) {
        return "GET " + target + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    }

    @Test
    void anEncodedPercentSignIsDecodedOnce() throws Exception {
        try (RunningServer server = RunningServer.start(options)) {
            assertThat(answer(server, get("/echo/100%25.txt")))
                    .startsWith("HTTP/1.1 200")
                    .contains("path=/100%.txt ")
                    .contains("uri=/echo/100%25.txt ");
            assertThat(answer(server, get("/echo/%2541"))).contains("path=/%41 ");
            assertThat(answer(server, get("/100%25.txt"))).endsWith("whole");
            for (String refused : new String[] {"/a%2fb", "/%2e%2e/a", "/..;/a", "/a%5cb", "/a%00", "/a;x/../b%2F"}) {
                assertThat(answer(server, get("/echo" + refused))).as(refused).startsWith("HTTP/1.1 400");
            }
        }
    }

    @Test
    void emptySegmentsAreMappedWithoutThem() throws Exception {
        try (RunningServer server = RunningServer.start(options)) {
            assertThat(answer(server, get("//echo//a///b/")))
                    .startsWith("HTTP/1.1 200")
                    .contains("path=/a/b/ ")
                    .contains("uri=//echo//a///b/ ");
            assertThat(answer(server, get("/echo//evil.example/x"))).contains("path=/evil.example/x");
            for (String door : new String[] {"/vault/gold.txt", "//vault/gold.txt", "/vault//gold.txt", "///vault"}) {
                assertThat(answer(server, get(door))).as(door).startsWith("HTTP/1.1 403");
            }
        }
        try (RunningServer server = RunningServer.start(options.contextPath("/shop"))) {
            assertThat(answer(server, get("//shop/echo/a"))).contains("context=/shop path=/a ");
        }
    }

    @Test
    void theServerAsAWholeAnswersOptions() throws Exception {
        try (RunningServer server = RunningServer.start(options.contextPath("/shop"))) {
            assertThat(answer(server, "OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 200")
                    .containsIgnoringCase("content-length: 0");
        }
    }

    @Test
    void addressesHaveNoBrackets() throws Exception {
        try (RunningServer server =
                RunningServer.start(options.listeners("[::1]:0").forwardedAllowIps("::1"))) {
            InetAddress address = InetAddress.getByAddress(LOOPBACK_6);
            assertThat(answer(address, server, get("/echo/")))
                    .contains("local=0:0:0:0:0:0:0:1,")
                    .contains("remote=0:0:0:0:0:0:0:1 ")
                    .doesNotContain("[0:");
            String forwarded = get("/echo/").replace("Host: a", "Host: a\r\nX-Forwarded-For: 2001:db8::5");
            assertThat(answer(address, server, forwarded))
                    .contains("remote=2001:db8:0:0:0:0:0:5 ")
                    .contains(",2001:db8:0:0:0:0:0:5 ");
        }
    }

    @Test
    void nobodyOfHttp10IsToldToContinue() throws Exception {
        try (RunningServer server = RunningServer.start(options)) {
            String body = "Expect: 100-continue\r\nContent-Length: 2\r\n\r\nok";
            assertThat(answer(server, "POST /echo/ HTTP/1.0\r\n" + body)).startsWith("HTTP/1.1 200");
            try (RawClient client = new RawClient(server.port())) {
                client.send("POST /echo/ HTTP/1.1\r\nHost: a\r\n" + body.substring(0, body.length() - 2));
                assertThat(client.head()).startsWith("http/1.1 100");
                client.send("ok");
                assertThat(client.head()).startsWith("http/1.1 200");
            }
        }
    }

    @Test
    void aTruncatedResponseThatOnlyTheEndDelimitsIsReset() throws Exception {
        try (RunningServer server = RunningServer.start(options)) {
            for (String head : new String[] {"HTTP/1.0\r\n", "HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"}) {
                String request = "GET /fails?late " + head + "\r\n";
                assertThatThrownBy(() -> {
                            String whole = answer(server, request);
                            // Chunks tell by themselves that the last one is missing.
                            assertThat(whole).contains("chunked").doesNotContain("\r\n0\r\n");
                            throw new SocketException("as good as reset");
                        })
                        .isInstanceOf(SocketException.class)
                        .hasMessageContaining("reset");
            }
        }
    }

    @Test
    void aConnectionHasItsNumberOfRequests() throws Exception {
        try (RunningServer server = RunningServer.start(options.connectionRequests(2));
                RawClient client = new RawClient(server.port())) {
            client.get("/echo/");
            assertThat(client.head()).startsWith("http/1.1 200").doesNotContain("connection: close");
            client.get("/echo/");
            assertThat(client.head()).startsWith("http/1.1 200").contains("connection: close");
            assertThat(client.closed()).isTrue();
        }
    }
}
