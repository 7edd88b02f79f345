package io.jcorn.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpsExchange;
import io.jcorn.testing.TestCertificate;
import io.jcorn.wire.AccessLogOptions;
import io.jcorn.wire.AccessLogOptions.Output;
import io.jcorn.wire.Log;
import io.jcorn.wire.LogLevel;
import io.jcorn.wire.Scoreboard;
import io.jcorn.wire.Scoreboard.Cell;
import io.jcorn.wire.TlsCipher;
import io.jcorn.wire.TlsOptions.ClientCertificates;
import io.jcorn.wire.TlsOptions.TlsVersion;
import io.jcorn.wire.access.AccessFormatter.Identity;
import io.jcorn.wire.access.FlightRecorder;
import io.jcorn.worker.access.AccessLog;
import io.jcorn.worker.engine.TestServer.Threads;
import io.jcorn.worker.tls.TestTls;
import io.jcorn.worker.tls.TestTls.Crypto;
import io.jcorn.worker.tls.Tls;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The engine behind TLS, with both providers. The client is the JDK's. */
class TlsTest {

    private static final int MIB = 1 << 20;

    private final TestTls certificates;
    private final TestCertificate authority =
            TestCertificate.of("Authority").authority().make();
    private final TestCertificate server =
            TestCertificate.of("a.example").names("a.example").by(authority).make();
    private final TlsClients clients = new TlsClients(authority);
    private final ByteArrayOutputStream told = new ByteArrayOutputStream();

    private @Nullable Tls tls;

    TlsTest(@TempDir Path folder) throws IOException {
        certificates = new TestTls(folder).certificate("a", server);
    }

    private TestServer server(Crypto provider, HttpHandler handler) throws IOException {
        return server(provider, Threads.POOL, handler);
    }

    private TestServer server(Crypto provider, Threads threads, HttpHandler handler) throws IOException {
        Tls tls = certificates.tls(provider, Log.to(told, LogLevel.INFO, 1, Clock.systemUTC()));
        this.tls = tls;
        return new TestServer(handler, options -> {
            options.tls = tls;
            options.threads = threads;
            options.tlsHandshakeMillis = 10_000;
            options.headTimeoutMillis = 60_000;
            options.bodyBuffer = 0;
        });
    }

    private String told() {
        return told.toString(StandardCharsets.UTF_8);
    }

    private static void answer(HttpExchange exchange, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static void describe(HttpExchange exchange) throws IOException {
        if (exchange instanceof HttpsExchange secure) {
            answer(
                    exchange,
                    secure.getSSLSession().getProtocol() + " "
                            + secure.getSSLSession().getCipherSuite());
        } else {
            answer(exchange, "plain");
        }
    }

    // ---- what is agreed upon

    @ParameterizedTest
    @CsvSource({"BORING,TLSv1.2", "BORING,TLSv1.3", "JDK,TLSv1.2", "JDK,TLSv1.3"})
    void bothVersionsAreSpokenAndTheHandlerSeesWhich(Crypto provider, String version) throws Exception {
        try (TestServer server = server(provider, TlsTest::describe);
                Client client = clients.versions(version).connect(server.address())) {
            for (int round = 0; round < 3; round++) {
                assertThat(client.get("/").response().body()).startsWith(version + " TLS_");
            }
            assertThat(server.cell(Cell.TLS_HANDSHAKES)).isOne();
            assertThat(server.cell(Cell.CONNECTIONS)).isOne();
        }
    }

    @Test
    void withoutTlsTheExchangeIsNoHttpsExchange() throws Exception {
        try (TestServer server = new TestServer(TlsTest::describe);
                Client client = server.client()) {
            assertThat(client.get("/").response().body()).isEqualTo("plain");
        }
    }

    @ParameterizedTest
    @EnumSource
    void oldVersionsAreRefused(Crypto provider) throws Exception {
        certificates.least(TlsVersion.V1_3);
        try (TestServer server = server(provider, TlsTest::describe)) {
            assertThatThrownBy(() -> clients.versions("TLSv1.2").connect(server.address()))
                    .isInstanceOf(SSLException.class);
            server.until(() -> server.cell(Cell.TLS_FAILURES) == 1);
            server.until(() -> server.cell(Cell.CONNECTIONS) == 0);
            assertThat(told()).contains("A TLS handshake failed");
        }
    }

    @ParameterizedTest
    @EnumSource
    void onlyTheSuitesOfTheListAreSpoken(Crypto provider) throws Exception {
        certificates.ciphers(TlsCipher.ECDHE_ECDSA_AES256_GCM_SHA384);
        try (TestServer server = server(provider, TlsTest::describe)) {
            clients.versions("TLSv1.2");
            try (Client client = clients.connect(server.address())) {
                assertThat(client.get("/").response().body()).endsWith("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384");
            }
            clients.suites("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
            assertThatThrownBy(() -> clients.connect(server.address())).isInstanceOf(SSLException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theProtocolIsAgreedUpon(Crypto provider) throws Exception {
        try (TestServer server = server(provider, TlsTest::describe);
                SSLSocket socket = clients.socket(server.address())) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"spdy/9", "http/1.1"});
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            assertThat(socket.getApplicationProtocol()).isEqualTo("http/1.1");
        }
    }

    @ParameterizedTest
    @EnumSource
    void theNameChoosesTheCertificate(Crypto provider) throws Exception {
        certificates.certificate(
                "b",
                TestCertificate.of("b").names("*.b.example").rsa().by(authority).make());
        try (TestServer server = server(provider, TlsTest::describe)) {
            for (String version : List.of("TLSv1.2", "TLSv1.3")) {
                clients.versions(version);
                assertThat(subject(server, "x.b.example")).isEqualTo("CN=b");
                assertThat(subject(server, "a.example")).isEqualTo("CN=a.example");
                assertThat(subject(server, "nobody.example")).isEqualTo("CN=a.example");
            }
        }
    }

    private String subject(TestServer server, String host) throws IOException {
        // A session that is resumed shows the certificate of before.
        try (SSLSocket socket = clients.shows(null).socket(server.address())) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(host)));
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                    .getSubjectX500Principal()
                    .getName();
        }
    }

    // ---- client certificates

    @ParameterizedTest
    @CsvSource({
        "BORING,REQUIRED,TLSv1.2",
        "BORING,REQUIRED,TLSv1.3",
        "JDK,REQUIRED,TLSv1.3",
        "BORING,OPTIONAL,TLSv1.3",
        "JDK,OPTIONAL,TLSv1.2",
    })
    void whoHasNoGoodCertificateStaysOutside(Crypto provider, ClientCertificates wanted, String version)
            throws Exception {
        certificates.clients(wanted, authority);
        clients.versions(version);
        HttpHandler handler = exchange -> {
            try {
                X509Certificate shown = (X509Certificate)
                        ((HttpsExchange) exchange).getSSLSession().getPeerCertificates()[0];
                answer(exchange, shown.getSubjectX500Principal().getName());
            } catch (SSLException e) {
                answer(exchange, "nobody");
            }
        };
        try (TestServer server = server(provider, handler)) {
            clients.shows(TestCertificate.of("friend").by(authority).make());
            assertThat(body(server)).isEqualTo("CN=friend");
            // One who calls itself what the server knows: the client would not even show another.
            TestCertificate liar = TestCertificate.of("Authority").authority().make();
            clients.shows(TestCertificate.of("stranger").by(liar).make());
            assertThatThrownBy(() -> body(server)).isInstanceOf(IOException.class);
            clients.shows(null);
            if (wanted == ClientCertificates.OPTIONAL) {
                assertThat(body(server)).isEqualTo("nobody");
            } else {
                assertThatThrownBy(() -> body(server)).isInstanceOf(IOException.class);
            }
            server.until(() -> server.cell(Cell.CONNECTIONS) == 0);
        }
    }

    private String body(TestServer server) throws IOException {
        try (Client client = clients.connect(server.address())) {
            return client.get("/").response().body();
        }
    }

    // ---- what does not speak TLS

    @Test
    void plainHttpIsToldWhereItIs() throws Exception {
        try (TestServer server = server(Crypto.BORING, TlsTest::describe);
                Client client = server.client()) {
            Client.Response response = client.get("/").response();

            assertThat(response.status()).isEqualTo(400);
            assertThat(response.body()).contains("this port speaks HTTPS");
            assertThat(response.header("connection")).isEqualTo("close");
            assertThat(client.atEnd()).isTrue();
            assertThat(server.cell(Cell.REFUSED)).isOne();
            assertThat(server.cell(Cell.TLS_FAILURES)).isZero();
        }
    }

    @Test
    void plainHttpHasItsLineInTheAccessLog(@TempDir Path folder) throws Exception {
        Log log = Log.to(told, LogLevel.INFO, 1, Clock.systemUTC());
        Path file = folder.resolve("access.log");
        AccessLog accessLog = AccessLog.open(
                new AccessLogOptions(
                        Output.FILE, Optional.of(file), "%(h)s \"%(r)s\" %(s)s %(b)s \"%({host}i)s\" \"%({end}j)s\""),
                Optional.empty(),
                FlightRecorder.inMemory(),
                Scoreboard.over(ByteBuffer.allocateDirect(Scoreboard.BYTES)).row(0),
                new Identity(4711, 2, 3, Map.of()),
                log);
        Tls tls = certificates.tls(Crypto.JDK, log);
        try (TestServer server = new TestServer(TlsTest::describe, options -> {
            options.tls = tls;
            options.accessLog = accessLog;
        })) {
            for (String request : List.of("GET /a?b=\"1\" HTTP/1.1\r\nHost: a\r\n\r\n", "OH" + "!".repeat(3000))) {
                try (Client client = server.client()) {
                    client.send(request).response();
                }
            }
            accessLog.close(10_000);
        }
        String rest = "\" 400 36 \"-\" \"this port speaks HTTPS\"";
        assertThat(Files.readAllLines(file))
                .containsExactly(
                        "127.0.0.1 \"GET /a?b=\\x221\\x22 HTTP/1.1" + rest, "127.0.0.1 \"OH" + "!".repeat(1022) + rest);
    }

    @Test
    void noiseIsClosedCountedAndToldOnce() throws Exception {
        try (TestServer server = server(Crypto.BORING, TlsTest::describe)) {
            for (int i = 0; i < 20; i++) {
                try (Client client = server.client()) {
                    client.send(i % 2 == 0 ? "\u0000\u0001" : "\u0016\u0003\u0001\u0000\u0005hello");
                    try {
                        client.socket.getInputStream().readAllBytes();
                    } catch (IOException e) {
                        // A reset is an end as well.
                        assertThat(e).hasMessageContaining("reset");
                    }
                }
            }
            server.until(() -> server.cell(Cell.TLS_FAILURES) == 20);
            server.until(() -> server.cell(Cell.CONNECTIONS) == 0);
            assertThat(told().lines().filter(line -> line.contains("A TLS handshake failed")))
                    .hasSize(1);
        }
    }

    @Test
    void whoDoesNotFinishTheHandshakeIsClosed() throws Exception {
        try (TestServer server = server(Crypto.BORING, TlsTest::describe);
                Client silent = server.client();
                Client begun = server.client()) {
            begun.send("\u0016\u0003\u0001");
            server.until(() -> server.cell(Cell.CONNECTIONS) == 2);
            try (Client later = server.client()) {
                // What came before this has been read by now.
                assertThat(later.get("/").response().status()).isEqualTo(400);
            }
            server.until(() -> server.cell(Cell.CONNECTIONS) == 2);
            server.passes(9_000);
            assertThat(server.cell(Cell.CONNECTIONS)).isEqualTo(2);
            server.passes(2_000);
            assertThat(silent.atEnd()).isTrue();
            assertThat(begun.atEnd()).isTrue();
            server.until(() -> server.cell(Cell.CONNECTIONS) == 0);
            assertThat(server.cell(Cell.TLS_FAILURES)).isOne();
        }
    }

    // ---- how it flows and ends

    @ParameterizedTest
    @CsvSource({"BORING,POOL", "BORING,LOOP", "JDK,POOL", "JDK,LOOP"})
    void largeBodiesPassBothWays(Crypto provider, Threads threads) throws Exception {
        byte[] body = new byte[4 * MIB];
        for (int i = 0; i < body.length; i++) {
            body[i] = (byte) (i * 31 + (i >>> 13));
        }
        try (TestServer server = server(provider, threads, exchange -> {
                    byte[] got = exchange.getRequestBody().readAllBytes();
                    exchange.sendResponseHeaders(200, 0);
                    try (OutputStream out = exchange.getResponseBody()) {
                        for (int at = 0; at < got.length; at += 64 << 10) {
                            out.write(got, at, 64 << 10);
                        }
                    }
                });
                Client client = clients.connect(server.address())) {
            for (int round = 0; round < 2; round++) {
                client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length + "\r\n\r\n");
                client.send(body, body.length);
                // After a response that went by way of a file the connection goes on.
                byte[] got = client.response().body().getBytes(StandardCharsets.ISO_8859_1);
                assertThat(Arrays.equals(got, body)).isTrue();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"BORING,TLSv1.2", "BORING,TLSv1.3", "JDK,TLSv1.2", "JDK,TLSv1.3"})
    void theEndIsSaidBeforeItComes(Crypto provider, String version) throws Exception {
        clients.versions(version);
        try (TestServer server = server(provider, exchange -> answer(exchange, "done"));
                Client client = clients.connect(server.address())) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            assertThat(client.response().body()).isEqualTo("done");
            // The client throws where there was no close_notify.
            assertThat(client.atEnd()).isTrue();
        }
        try (TestServer server = server(provider, exchange -> answer(exchange, "done"));
                Client client = clients.connect(server.address())) {
            // A body that nobody reads: the server closes its half and lets the client finish.
            client.send("POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 999999\r\n\r\nx");
            assertThat(client.response().body()).isEqualTo("done");
            assertThat(client.atEnd()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"BORING,HTTP/1.0", "BORING,HTTP/1.1", "JDK,HTTP/1.0", "JDK,HTTP/1.1"})
    void aResponseThatIsCutOffLooksCutOff(Crypto provider, String protocol) throws Exception {
        try (TestServer server = server(provider, exchange -> {
                    exchange.sendResponseHeaders(200, 0);
                    exchange.getResponseBody().write("half".getBytes(StandardCharsets.US_ASCII));
                    exchange.getResponseBody().flush();
                    throw new IllegalStateException("in the middle");
                });
                Client client = clients.connect(server.address())) {
            client.send("GET / " + protocol + "\r\nHost: a\r\n\r\n");
            InputStream in = client.socket.getInputStream();
            // Neither an end of file that looks like the end of the body, nor a last chunk.
            assertThatThrownBy(in::readAllBytes).isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDrainLosesNothing(Crypto provider) throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        try (TestServer server = server(provider, exchange -> {
                    entered.countDown();
                    try {
                        answer.await();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                    answer(exchange, "whole");
                });
                Client client = clients.connect(server.address());
                Client waiting = server.client()) {
            client.get("/");
            assertThat(entered.await(10, TimeUnit.SECONDS)).as(server.log()).isTrue();
            server.until(() -> server.cell(Cell.CONNECTIONS) == 2);
            server.engine.closeGate();
            server.engine.drain();
            server.passes(3_000);
            // Who has not begun to speak has nothing to lose.
            assertThat(waiting.atEnd()).isTrue();
            answer.countDown();
            Client.Response response = client.response();
            assertThat(response.body()).isEqualTo("whole");
            assertThat(response.header("connection")).isEqualTo("close");
            assertThat(client.atEnd()).isTrue();
            assertThat(server.drained.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aClientThatVanishesInTheMiddleIsForgotten(Crypto provider) throws Exception {
        try (TestServer server = server(provider, exchange -> {
            exchange.getRequestBody().readAllBytes();
            answer(exchange, "never");
        })) {
            Socket plain =
                    new Socket(server.address().getAddress(), server.address().getPort());
            SSLSocket socket = clients.over(plain);
            socket.getOutputStream()
                    .write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nx"
                            .getBytes(StandardCharsets.US_ASCII));
            server.until(() -> server.cell(Cell.IN_FLIGHT) == 1);
            plain.close();
            server.until(() -> server.cell(Cell.CONNECTIONS) == 0 && server.cell(Cell.IN_FLIGHT) == 0);
        }
    }

    // ---- certificates that change, sessions that go on

    @ParameterizedTest
    @EnumSource
    void newFilesCountForNewConnections(Crypto provider) throws Exception {
        try (TestServer server = server(provider, exchange -> answer(exchange, "still here"));
                Client old = clients.connect(server.address())) {
            old.get("/").response();
            Tls tls = Objects.requireNonNull(this.tls);
            TestCertificate renewed = TestCertificate.of("renewed")
                    .names("a.example")
                    .by(authority)
                    .make();

            Files.writeString(certificates.folder().resolve("a.pem"), renewed.pem());
            TestTls.look(tls, server.engine::execute);
            assertThat(told()).contains("does not belong to the certificate", "former certificates stay in use");
            TestTls.look(tls, server.engine::execute);
            assertThat(told().split("does not belong", -1)).as("told once").hasSize(2);
            assertThat(subject(server, "a.example")).isEqualTo("CN=a.example");

            certificates.write("a", renewed);
            TestTls.look(tls, server.engine::execute);
            server.onLoop(() -> {});
            assertThat(subject(server, "a.example")).isEqualTo("CN=renewed");
            assertThat(told()).contains("New certificates are in use: CN=renewed for a.example, until ");
            assertThat(old.get("/").response().body()).isEqualTo("still here");
        }
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.2", "TLSv1.3"})
    void anotherWorkerResumesTheSession(String version) throws Exception {
        clients.versions(version);
        try (TestServer one = server(Crypto.BORING, TlsTest::describe);
                TestServer two = server(Crypto.BORING, TlsTest::describe)) {
            long first = clients.sessionCreated(one.address());
            assertThat(clients.sessionCreated(two.address())).as("resumed").isEqualTo(first);

            // Other authorities: who got in by the old ones has to show a certificate again.
            certificates.clients(ClientCertificates.OPTIONAL, authority);
            try (TestServer other = server(Crypto.BORING, TlsTest::describe)) {
                assertThat(clients.sessionCreated(other.address()))
                        .as("met anew")
                        .isNotEqualTo(first);
            }
        }
    }
}
