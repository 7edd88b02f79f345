package io.jcorn.master.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jcorn.master.listen.BindException;
import io.jcorn.master.settings.BindAddress;
import io.jcorn.wire.Log;
import io.jcorn.wire.LogLevel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdminServerTest {

    private static final int PID = (int) ProcessHandle.current().pid();

    private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
    private final Log log = Log.to(logged, LogLevel.INFO, PID, Clock.systemUTC());
    private final HttpClient client = HttpClient.newHttpClient();
    private AdminServer server;

    @BeforeEach
    void start() throws BindException {
        server = AdminServer.bind(new BindAddress.Tcp("127.0.0.1", 0), PID, log);
        server.start(path -> switch (path) {
            case "/readyz" -> Page.text(503, "no worker is ready: é");
            case "/defect" -> throw new IllegalStateException("on purpose");
            case "/empty" -> new Page(200, "text/plain", "");
            default -> Page.text(200, "at " + path);
        });
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void saysWhereItListens() {
        assertThat(server.url()).matches("http://127\\.0\\.0\\.1:[1-9][0-9]*");
    }

    @Test
    void answersGet() throws Exception {
        HttpResponse<String> answer = ask("GET", "/readyz");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).isEqualTo("no worker is ready: é\n");
        assertThat(header(answer, "Content-Type")).isEqualTo("text/plain; charset=utf-8");
        assertThat(header(answer, "Cache-Control")).isEqualTo("no-store");
        assertThat(header(answer, "Content-Length")).isEqualTo("23");
    }

    @Test
    void aNameOfAStrangerIsNotAnswered() throws Exception {
        int port = URI.create(server.url()).getPort();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream()
                    .write("GET /readyz HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 421 ").doesNotContain("no worker is ready");
        }
    }

    @Test
    void answersHeadWithTheLengthAndNoBody() throws Exception {
        HttpResponse<String> answer = ask("HEAD", "/readyz");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).isEmpty();
        assertThat(header(answer, "Content-Length")).isEqualTo("23");
        assertThat(header(answer, "Cache-Control")).isEqualTo("no-store");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "get"})
    void refusesOtherMethods(String method) throws Exception {
        HttpResponse<String> answer = ask(method, "/readyz");

        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(header(answer, "Allow")).isEqualTo("GET, HEAD");
        assertThat(header(answer, "Cache-Control")).isEqualTo("no-store");
    }

    @Test
    void theQueryIsNoPartOfThePath() throws Exception {
        assertThat(ask("GET", "/livez?verbose").body()).isEqualTo("at /livez\n");
    }

    @Test
    void anEmptyPageEndsTheResponse() throws Exception {
        assertThat(ask("GET", "/empty").body()).isEmpty();
        assertThat(ask("GET", "/livez").statusCode()).isEqualTo(200);
    }

    @Test
    void clientsThatDawdleKeepNoProbeWaiting() throws Exception {
        URI server = URI.create(this.server.url());
        List<Socket> dawdlers = new ArrayList<>();
        try {
            for (int i = 0; i < 8; i++) {
                Socket dawdler = new Socket(server.getHost(), server.getPort());
                dawdlers.add(dawdler);
                dawdler.getOutputStream().write("GET /livez HT".getBytes(StandardCharsets.US_ASCII));
            }

            assertThat(ask("GET", "/livez").statusCode()).isEqualTo(200);
        } finally {
            for (Socket dawdler : dawdlers) {
                dawdler.close();
            }
        }
    }

    @Test
    void aDefectInAPageIsAnsweredAndLogged() throws Exception {
        assertThat(ask("GET", "/defect").statusCode()).isEqualTo(500);
        assertThat(ask("HEAD", "/defect").statusCode()).isEqualTo(500);
        assertThat(logged.toString(StandardCharsets.UTF_8)).contains("/defect", "on purpose");
    }

    @Test
    void aPortInUseNamesItsHolder() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            BindAddress.Tcp address = new BindAddress.Tcp("127.0.0.1", taken.getLocalPort());

            assertThatThrownBy(() -> AdminServer.bind(address, PID, log))
                    .isInstanceOf(BindException.class)
                    .hasMessageStartingWith("admin-bind: Cannot listen on " + address)
                    .hasMessageContaining("EADDRINUSE");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-such-host.invalid", "192.0.2.7"})
    void anAddressThatCannotBeHadSaysWhy(String host) {
        BindAddress.Tcp address = new BindAddress.Tcp(host, 0);

        assertThatThrownBy(() -> AdminServer.bind(address, PID, log))
                .isInstanceOf(BindException.class)
                .hasMessageStartingWith("admin-bind: Cannot listen on " + host)
                .hasMessageContaining("this machine");
    }

    private HttpResponse<String> ask(String method, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + path))
                .method(method, BodyPublishers.noBody())
                .timeout(Duration.ofSeconds(30))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }
}
