package io.jcorn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The master's pages about itself. */
class AdminIT {

    @RegisterExtension
    final Workplace place = new Workplace();

    private final HttpClient client = HttpClient.newHttpClient();

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void masterTellsHowItIs(int java) throws Exception {
        try (RunningJcorn jcorn = admin().masterOn(java).start()) {
            String admin = address(jcorn);

            assertThat(ask(admin + "/livez").statusCode()).isEqualTo(200);
            assertThat(ask(admin + "/readyz").statusCode()).isEqualTo(200);
            assertThat(ask(admin + "/status").body()).contains("\"workers_ready\": 2", "\"phase\": \"serving\"");
            assertThat(ask(admin + "/metrics").body())
                    .contains("jcorn_workers{generation=\"1\",state=\"ready\"} 2.0", "jcorn_worker_spawns_total 2.0");
        }
    }

    @Test
    void totalsOutliveTheWorkerThatCountedThem() throws Exception {
        try (RunningJcorn jcorn = admin().tolerate("was sent SIGKILL").start()) {
            String admin = address(jcorn);
            for (int i = 0; i < 20; i++) {
                assertThat(ask("http://127.0.0.1:" + jcorn.port() + "/").statusCode())
                        .isEqualTo(200);
            }
            Await.until("20 requests are counted", () -> answered(admin) == 20);

            jcorn.mark();
            for (long worker : jcorn.workers().keySet()) {
                Proc.signal(worker, "KILL");
            }
            jcorn.awaitEvents("Worker ready", 2);

            assertThat(answered(admin)).isEqualTo(20);
            assertThat(ask(admin + "/metrics").body())
                    .contains("jcorn_worker_exits_total{reason=\"signalled\"} 2.0", "jcorn_worker_spawns_total 4.0");
        }
    }

    @Test
    void isNotReadyButAliveWhileItStops() throws Exception {
        try (RunningJcorn jcorn = admin().start();
                HttpConnection slow = HttpConnection.open(jcorn.port())) {
            String admin = address(jcorn);
            slow.send("GET /slow?ms=3000 HTTP/1.1\r\nHost: a\r\n\r\n");
            Await.until(
                    "the request is in flight",
                    () -> page(admin + "/metrics").contains("\njcorn_requests_in_flight 1.0\n"));

            jcorn.signal("TERM");
            Await.until("the stop shows", () -> page(admin + "/readyz").equals("the server is stopping\n"));

            assertThat(ask(admin + "/readyz").statusCode()).isEqualTo(503);
            assertThat(ask(admin + "/livez").statusCode()).isEqualTo(200);
            assertThat(slow.receive().status()).isEqualTo(200);
            jcorn.assertExit(0);
        }
    }

    @Test
    void workersDoNotInheritItsSocket() throws Exception {
        try (RunningJcorn jcorn = admin().start()) {
            int port = URI.create(address(jcorn)).getPort();
            Set<String> sockets = new HashSet<>();
            Proc.listeners(port).forEach(inode -> sockets.add("socket:[" + inode + "]"));

            assertThat(Proc.descriptors(jcorn.pid()).values()).containsAll(sockets);
            for (long worker : jcorn.workers().keySet()) {
                assertThat(Proc.descriptors(worker).values()).doesNotContainAnyElementsOf(sockets);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0:9901", ":9901", "192.0.2.7:9901", "unix:/tmp/admin", "fd://3"})
    void addressesOfOthersAndOtherKindsAreRefused(String address) throws IOException {
        RunningJcorn jcorn = place.jcorn("--admin-bind", address, Workplace.hello())
                .tolerate("--admin-bind")
                .launch();

        assertThat(jcorn.awaitEnd()).isEqualTo(1);
        assertThat(jcorn.log().lines())
                .hasSize(1)
                .allMatch(line -> line.contains("--admin-bind: ") && line.contains(address));
    }

    private Launch admin() throws IOException {
        return place.jcorn("--workers", "2", "--admin-bind", "127.0.0.1:0", Workplace.hello());
    }

    private static String address(RunningJcorn jcorn) {
        return jcorn.log().lines().stream()
                .filter(line -> line.contains("Admin at: "))
                .map(line -> line.substring(line.indexOf("Admin at: ") + "Admin at: ".length()))
                .findFirst()
                .orElseThrow();
    }

    private long answered(String admin) {
        String name = "jcorn_requests_total{status=\"2xx\"} ";
        return page(admin + "/metrics")
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(name.length())))
                .sum();
    }

    private String page(String url) {
        try {
            return ask(url).body();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(url, e);
        }
    }

    private HttpResponse<String> ask(String url) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
    }
}
