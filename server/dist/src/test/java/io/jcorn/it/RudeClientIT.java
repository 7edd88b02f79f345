package io.jcorn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients that are killed in the middle of a response: the packaged server gives their connections back, and stops at once. */
class RudeClientIT {

    private static final int CLIENTS = 25;

    private static final String DOWNLOAD = "/download?bytes=100000000";

    @RegisterExtension
    final Workplace place = new Workplace();

    @ParameterizedTest
    @CsvSource({"HTTP/2,8", "HTTP/2,0", "HTTP/1.1,8", "HTTP/1.1,0"})
    void nothingIsLeftOfThem(String protocol, String threads) throws Exception {
        // With a connection that is counted for ever, a stop would take all of the grace period: longer than
        // anybody waits here.
        try (RunningJcorn jcorn = place.jcorn(
                        "--workers",
                        "1",
                        "--threads",
                        threads,
                        "--graceful-timeout",
                        "600",
                        "--http2-cleartext",
                        "prior-knowledge",
                        "--admin-bind",
                        "127.0.0.1:0",
                        Workplace.hello())
                .start()) {
            int admin = Integer.parseInt(
                    jcorn.awaitEvent("Admin at: http://127.0.0.1:([0-9]+)").group(1));
            for (int i = 0; i < CLIENTS; i++) {
                if (protocol.equals("HTTP/2")) {
                    http2(jcorn.port(), i % 2 == 0);
                } else {
                    http1(jcorn.port(), i % 2 == 0);
                }
            }
            Await.until("their connections are given back", () -> {
                String metrics = metrics(admin);
                return metrics.contains("\njcorn_connections_open 0.0\n")
                        && metrics.contains("\njcorn_requests_in_flight 0.0\n");
            });
            assertThat(HttpConnection.get(jcorn.port(), "/plaintext").status()).isEqualTo(200);

            jcorn.signal("TERM");
            jcorn.assertExit(0);
        }
    }

    private static void http2(int port, boolean reset) throws IOException {
        try (Http2Connection client = new Http2Connection(port)) {
            client.get(DOWNLOAD);
            client.die(reset);
        }
    }

    private static void http1(int port, boolean reset) throws IOException {
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
            client.getOutputStream()
                    .write(("GET " + DOWNLOAD + " HTTP/1.1\r\nHost: a\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            client.getInputStream().readNBytes(10_000);
            if (reset) {
                client.setSoLinger(true, 0);
            }
        }
    }

    private static String metrics(int admin) {
        try {
            return HttpConnection.get(admin, "/metrics").body();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
