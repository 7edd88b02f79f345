package io.jcorn.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpsExchange;
import io.jcorn.testing.TestCertificate;
import io.jcorn.wire.FileOptions;
import io.jcorn.wire.Log;
import io.jcorn.wire.LogLevel;
import io.jcorn.wire.ProxyProtocol;
import io.jcorn.wire.Scoreboard.Cell;
import io.jcorn.wire.forwarded.TrustedPeers;
import io.jcorn.worker.files.Mounts;
import io.jcorn.worker.tls.TestTls;
import io.jcorn.worker.tls.TestTls.Crypto;
import io.jcorn.worker.tls.Tls;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What is spoken inside TLS, as ALPN decides it. The client is the JDK's. */
class TlsAlpnTest {

    private static final int MIB = 1 << 20;

    private final TestTls certificates;
    private final TestCertificate authority =
            TestCertificate.of("Authority").authority().make();
    private final TlsClients clients = new TlsClients(authority);

    TlsAlpnTest(@TempDir Path folder) throws IOException {
        certificates = new TestTls(folder)
                .certificate(
                        "a",
                        TestCertificate.of("here")
                                .names("127.0.0.1")
                                .by(authority)
                                .make());
    }

    private TestServer server(Crypto provider, HttpHandler handler, String... alpn) throws IOException {
        Log log = Log.to(OutputStream.nullOutputStream(), LogLevel.INFO, 1, Clock.systemUTC());
        Tls tls = certificates.alpn(alpn).tls(provider, log);
        return new TestServer(handler, options -> options.tls = tls);
    }

    /** Says in a header what it sees, and gives the body back. */
    private static void echo(HttpExchange exchange) throws IOException {
        String tls = exchange instanceof HttpsExchange secure
                ? secure.getSSLSession().getProtocol()
                : "plain";
        exchange.getResponseHeaders().set("Seen", exchange.getProtocol() + " " + tls);
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            exchange.getRequestBody().transferTo(out);
        }
    }

    private HttpResponse<byte[]> post(TestServer server, Version wanted, byte[] body)
            throws IOException, InterruptedException {
        server.clientsStay(TestServer.JDK_CLIENT);
        HttpClient client = HttpClient.newBuilder()
                .sslContext(clients.context())
                .version(wanted)
                .build();
        URI uri = URI.create("https://127.0.0.1:" + server.address().getPort() + "/");
        return client.send(
                HttpRequest.newBuilder(uri)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    @ParameterizedTest
    @CsvSource({
        "BORING,HTTP_2,HTTP/2.0 TLSv1.3",
        "BORING,HTTP_1_1,HTTP/1.1 TLSv1.3",
        "JDK,HTTP_2,HTTP/2.0 TLSv1.3",
        "JDK,HTTP_1_1,HTTP/1.1 TLSv1.3"
    })
    void theClientChooses(Crypto provider, Version wanted, String seen) throws Exception {
        byte[] body = new byte[MIB];
        new Random(1).nextBytes(body);
        try (TestServer server = server(provider, TlsAlpnTest::echo, "h2", "http/1.1")) {
            HttpResponse<byte[]> answer = post(server, wanted, body);
            assertThat(answer.version()).isEqualTo(wanted);
            assertThat(answer.headers().firstValue("Seen")).contains(seen);
            assertThat(answer.body()).isEqualTo(body);
            assertThat(server.cell(Cell.TLS_HANDSHAKES)).isOne();
            assertThat(server.cell(Cell.CONNECTIONS)).isOne();
        }
    }

    @ParameterizedTest
    @CsvSource({"BORING,http/1.1", "JDK,http/1.1", "BORING,http/1.1;h2", "JDK,http/1.1;h2"})
    void theServerPrefers(Crypto provider, String offered) throws Exception {
        try (TestServer server = server(provider, TlsAlpnTest::echo, offered.split(";", -1))) {
            assertThat(post(server, Version.HTTP_2, new byte[1]).version()).isEqualTo(Version.HTTP_1_1);
        }
    }

    /** The client here takes an end without close_notify for an error: reading to the end would throw. */
    @ParameterizedTest
    @EnumSource
    void anHttp2ConnectionEndsWithCloseNotify(Crypto provider) throws Exception {
        try (TestServer server = server(provider, TlsAlpnTest::echo, "h2", "http/1.1");
                SSLSocket socket = clients.socket(server.address())) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2"});
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            assertThat(socket.getApplicationProtocol()).isEqualTo("h2");
            byte[] preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
            socket.getOutputStream().write(preface);
            socket.getOutputStream().write(HexFormat.of().parseHex("000000" + "04" + "00" + "00000000"));
            socket.getOutputStream()
                    .write(HexFormat.of().parseHex("000008" + "07" + "00" + "00000000" + "00".repeat(8)));
            byte[] frames = socket.getInputStream().readAllBytes();
            assertThat(frames[3]).as("SETTINGS come first").isEqualTo((byte) 4);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aWebSocketGoesThroughTls(Crypto provider) throws Exception {
        HttpHandler handler = exchange -> {
            exchange.setAttribute("java.net.http.WebSocket.Listener", new Echo());
            exchange.sendResponseHeaders(101, -1);
        };
        try (TestServer server = server(provider, handler, "h2", "http/1.1")) {
            Heard heard = new Heard();
            server.clientsStay(TestServer.JDK_CLIENT);
            WebSocket socket = HttpClient.newBuilder()
                    .sslContext(clients.context())
                    .build()
                    .newWebSocketBuilder()
                    .buildAsync(URI.create("wss://127.0.0.1:" + server.address().getPort() + "/"), heard)
                    .get(20, TimeUnit.SECONDS);
            socket.sendText("hello", true).get(20, TimeUnit.SECONDS);
            assertThat(heard.text.get(20, TimeUnit.SECONDS)).isEqualTo("hello");
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "bye").get(20, TimeUnit.SECONDS);
            assertThat(heard.status.get(20, TimeUnit.SECONDS)).isEqualTo(WebSocket.NORMAL_CLOSURE);
            server.until(() -> server.cell(Cell.CONNECTIONS) == 0);
        }
    }

    private static final class Echo implements WebSocket.Listener {
        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            return socket.sendText(data, last).thenRun(() -> socket.request(1));
        }
    }

    private static final class Heard implements WebSocket.Listener {
        private final CompletableFuture<String> text = new CompletableFuture<>();
        private final CompletableFuture<Integer> status = new CompletableFuture<>();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.complete(data.toString());
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            status.complete(code);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            text.completeExceptionally(error);
            status.completeExceptionally(error);
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void filesAreServedInsideTls(Version version, @TempDir Path folder) throws Exception {
        byte[] content = new byte[MIB];
        new Random(1).nextBytes(content);
        Files.write(folder.resolve("big.bin"), content);
        FileOptions options = new FileOptions(List.of(new FileOptions.Mount("/files", folder)), Optional.empty(), true);
        HttpHandler mounts = new Mounts(options, TlsAlpnTest::echo);
        try (TestServer server = server(Crypto.BORING, mounts, "h2", "http/1.1")) {
            server.clientsStay(TestServer.JDK_CLIENT);
            HttpClient client = HttpClient.newBuilder()
                    .sslContext(clients.context())
                    .version(version)
                    .build();
            URI uri = URI.create("https://127.0.0.1:" + server.address().getPort() + "/files/big.bin");
            HttpResponse<byte[]> response =
                    client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofByteArray());
            assertThat(response.version()).isEqualTo(version);
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).isEqualTo(content);
        }
    }

    /** The header is in clear, and what it says holds inside TLS. */
    @ParameterizedTest
    @EnumSource(Crypto.class)
    void theProxyHeaderComesBeforeTheHandshake(Crypto provider) throws Exception {
        Log log = Log.to(OutputStream.nullOutputStream(), LogLevel.INFO, 1, Clock.systemUTC());
        Tls tls = certificates.alpn("http/1.1").tls(provider, log);
        HttpHandler handler = exchange -> {
            String seen = exchange.getRemoteAddress() + " " + exchange.getAttribute("jcorn.scheme");
            exchange.sendResponseHeaders(200, seen.length());
            exchange.getResponseBody().write(seen.getBytes(StandardCharsets.US_ASCII));
            exchange.close();
        };
        try (TestServer server = new TestServer(handler, options -> {
                    options.tls = tls;
                    options.proxies = new EngineSettings.Proxies(ProxyProtocol.V1, TrustedPeers.parse(List.of("*")));
                });
                Socket plain = new Socket(
                        server.address().getAddress(), server.address().getPort())) {
            plain.setSoTimeout(20_000);
            plain.getOutputStream()
                    .write("PROXY TCP4 192.0.2.1 192.0.2.2 1234 443\r\n".getBytes(StandardCharsets.US_ASCII));
            SSLSocket socket = (SSLSocket) clients.context()
                    .getSocketFactory()
                    .createSocket(plain, "127.0.0.1", server.address().getPort(), true);
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(answer).startsWith("HTTP/1.1 200").endsWith("/192.0.2.1:1234 https");
        }
    }
}
