package io.jcorn.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import example.Echo;
import example.Later;
import example.Signals;
import io.jcorn.servlet.RunningServer.Options;
import io.jcorn.wire.WorkerOptions.Threads;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of requests before the application sees them: limits, forwarded addresses, connections. */
@SuppressWarnings("NullAway.Init")
@Timeout(60)
class RequestsTest {

    @TempDir
    Path folder;

    private Options options;

    @BeforeEach
    void writeApplication() throws Exception {
        options = Options.of(
                TestArchive.war(Echo.class, Later.class, Signals.class).write(folder.resolve("app.war")));
    }

    private static String head(RunningServer server, String request) throws Exception {
        try (RawClient client = new RawClient(server.port())) {
            client.send(request);
            return client.head();
        }
    }

    /** The tests' servers allow lines of 500 bytes, 20 fields, 300 bytes each. */
    @Test
    void headsAreLimited() throws Exception {
        try (RunningServer server = RunningServer.start(options)) {
            String host = " HTTP/1.1\r\nHost: test\r\n";
            String longest = "/echo/" + "x".repeat(500 - "GET /echo/ HTTP/1.1".length());
            assertThat(head(server, "GET " + longest + host + "\r\n")).startsWith("http/1.1 200");
            assertThat(head(server, "GET " + longest + "y" + host + "\r\n")).startsWith("http/1.1 414");
            assertThat(head(server, "GET /" + "x".repeat(100_000) + host + "\r\n"))
                    .startsWith("http/1.1 414");

            assertThat(head(server, "GET /echo/" + host + "X: y\r\n".repeat(19) + "\r\n"))
                    .startsWith("http/1.1 200");
            assertThat(head(server, "GET /echo/" + host + "X: y\r\n".repeat(20) + "\r\n"))
                    .startsWith("http/1.1 431");

            String value = "v".repeat(300 - "X: ".length());
            assertThat(head(server, "GET /echo/" + host + "X: " + value + "\r\n\r\n"))
                    .startsWith("http/1.1 200");
            assertThat(head(server, "GET /echo/" + host + "X: " + value + "v\r\n\r\n"))
                    .startsWith("http/1.1 431");
            assertThat(head(server, "GET /echo/" + host + "X: " + "v".repeat(100_000) + "\r\n\r\n"))
                    .startsWith("http/1.1 431");
        }
    }

    @Test
    void bodiesAreLimited() throws Exception {
        try (RunningServer server = RunningServer.start(options.limitRequestBody(1000))) {
            HttpRequest.Builder request = HttpRequest.newBuilder(server.uri("/echo/"));
            byte[] longest = new byte[1000];
            byte[] tooLong = new byte[1001];
            assertThat(server.send(request.POST(HttpRequest.BodyPublishers.ofByteArray(longest))
                                    .build())
                            .body())
                    .contains("body=1000");
            assertThat(server.send(request.POST(HttpRequest.BodyPublishers.ofByteArray(tooLong))
                                    .build())
                            .statusCode())
                    .isEqualTo(413);
            String chunked = "POST /echo/ HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n"
                    + "x".repeat(1001) + "\r\n0\r\n\r\n";
            assertThat(head(server, chunked)).startsWith("http/1.1 413");
        }
    }

    @Test
    void theServerDoesNotTellWhatItIs() throws Exception {
        try (RunningServer server = RunningServer.start(options)) {
            assertThat(server.get("/echo/").headers().map()).doesNotContainKeys("server", "x-powered-by");
            assertThat(head(server, "nonsense\r\n\r\n"))
                    .startsWith("http/1.1 400")
                    .doesNotContain("jetty");
        }
    }

    @Test
    void onlyWhoIsTrustedMayForward() throws Exception {
        String[] forwarded = {
            "X-Forwarded-For", "203.0.113.7", "X-Forwarded-Proto", "https", "X-Forwarded-Host", "shop.test"
        };
        String believed = "remote=203.0.113.7 scheme=https server=shop.test";
        String own = "remote=127.0.0.1 scheme=http server=127.0.0.1";
        try (RunningServer nobody = RunningServer.start(options);
                RunningServer others = RunningServer.start(options.forwardedAllowIps("10.0.0.0/8", "::1"));
                RunningServer us = RunningServer.start(options.forwardedAllowIps("10.0.0.0/8", "127.0.0.0/8"));
                RunningServer all = RunningServer.start(options.forwardedAllowIps("*"))) {
            assertThat(nobody.get("/echo/", forwarded).body()).contains(own);
            assertThat(others.get("/echo/", forwarded).body()).contains(own);
            assertThat(us.get("/echo/", forwarded).body()).contains(believed);
            assertThat(all.get("/echo/", forwarded).body()).contains(believed);
            assertThat(us.get("/echo/", "Forwarded", "for=203.0.113.7;proto=https;host=shop.test")
                            .body())
                    .contains(believed);
            assertThat(us.get("/echo/", "X-Forwarded-For", "198.51.100.66, 203.0.113.7, 127.0.0.9")
                            .body())
                    .contains("remote=203.0.113.7 scheme=http server=127.0.0.1");
            String[] torn = {"X-Forwarded-Proto", "https", "X-Forwarded-Ssl", "off"};
            assertThat(us.get("/echo/", torn).statusCode()).isEqualTo(400);
            assertThat(others.get("/echo/", torn).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void whoIsTrustedHasToBeAnAddress() {
        assertThatThrownBy(() -> RunningServer.start(options.forwardedAllowIps("proxy.example"))
                        .close())
                .hasMessageContaining("\"proxy.example\" is no address");
    }

    @Test
    void asManyRequestsRunAtOnceAsThereAreThreads() throws Exception {
        Signals.reset();
        try (RunningServer server = RunningServer.start(options.threads(Threads.Kind.POOL, 2));
                RawClient busy = new RawClient(server.port());
                RawClient waiting = new RawClient(server.port())) {
            busy.get("/later");
            Signals.awaitReached();
            for (int i = 0; i < 20; i++) {
                assertThat(server.get("/echo/").statusCode()).isEqualTo(200);
            }
            waiting.get("/later");
            Signals.release();
            assertThat(busy.head()).startsWith("http/1.1 200");
            assertThat(waiting.head()).startsWith("http/1.1 200");
        }
    }

    @Test
    void oneThreadSuffices() throws Exception {
        try (RunningServer server = RunningServer.start(options.threads(Threads.Kind.POOL, 1))) {
            HttpRequest upload = HttpRequest.newBuilder(server.uri("/echo/"))
                    .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[1_000_000]))
                    .build();
            for (int i = 0; i < 20; i++) {
                assertThat(server.send(upload).body()).contains("body=1000000");
            }
        }
    }

    @Test
    void idleConnectionsAreClosed() throws Exception {
        try (RunningServer server = RunningServer.start(options.keepAliveMillis(300));
                RawClient client = new RawClient(server.port())) {
            client.get("/echo/");
            assertThat(client.head()).startsWith("http/1.1 200").doesNotContain("connection: close");
            assertThat(client.closed()).isTrue();
        }
    }

    @Test
    void withoutKeepAliveEachResponseIsTheLast() throws Exception {
        try (RunningServer server = RunningServer.start(options.keepAliveMillis(0));
                RawClient client = new RawClient(server.port())) {
            client.get("/echo/");
            assertThat(client.head()).startsWith("http/1.1 200").contains("connection: close");
            assertThat(client.closed()).isTrue();
        }
    }

    @Test
    void aSlowAnswerIsNotIdle() throws Exception {
        Signals.reset();
        // Long enough that a connection which has only just been made is not idle for so long.
        try (RunningServer server = RunningServer.start(options.keepAliveMillis(1000));
                RawClient client = new RawClient(server.port());
                RawClient other = new RawClient(server.port())) {
            client.get("/later?async=1");
            Signals.awaitReached();
            // The kept connection that is closed meanwhile shows that the time has passed.
            other.get("/echo/");
            other.head();
            assertThat(other.closed()).isTrue();
            Signals.release();
            assertThat(client.head()).startsWith("http/1.1 200");
        }
    }

    @Test
    void aUnixSocketIsServedAndItsPathIsLeftAlone() throws Exception {
        Path path = folder.resolve("s");
        try (RunningServer server = RunningServer.start(options.listeners("unix:" + path));
                SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(path));
            channel.write(ByteBuffer.wrap("GET /echo/ HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.ISO_8859_1)));
            try (InputStream in = Channels.newInputStream(channel)) {
                assertThat(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1))
                        .startsWith("HTTP/1.1 200");
            }
            assertThat(server.port()).isEqualTo(-1);
        }
        assertThat(Files.exists(path)).isTrue();
    }

    @Test
    void severalListenersAreServed() throws Exception {
        try (RunningServer server = RunningServer.start(options.listeners("127.0.0.1:0", "[::1]:0"))) {
            assertThat(server.server().ports()).hasSize(2).doesNotContain(0, -1);
        }
    }
}
