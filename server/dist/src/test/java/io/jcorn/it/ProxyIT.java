package io.jcorn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the packaged server believes of proxies. The test is the proxy. */
class ProxyIT {

    private static final String WHO =
            "exchange.getRemoteAddress() + \" \" + exchange.getAttribute(\"jcorn.scheme\") + \" \""
                    + " + exchange.getAttribute(\"jcorn.host\")";

    private static final String PROXY = "PROXY TCP4 192.0.2.1 198.51.100.2 56324 443\r\n";

    private static final String SAID =
            request("X-Forwarded-For: 203.0.113.9", "X-Forwarded-Proto: https", "X-Forwarded-Host: shop.example");

    @RegisterExtension
    final Workplace place = new Workplace();

    private String app() throws IOException {
        return new App(place.folder(), "who").answering("Who", WHO).folder() + ":Who";
    }

    private static String request(String... fields) {
        String more = fields.length == 0 ? "" : String.join("\r\n", fields) + "\r\n";
        return "GET / HTTP/1.1\r\nHost: here\r\n" + more + "\r\n";
    }

    private static String ask(HttpConnection connection, String request) throws IOException {
        try (connection) {
            connection.send(request);
            return connection.receive().body();
        }
    }

    @Test
    void thisMachineIsBelievedByDefaultAndAReloadChangesWho() throws IOException {
        Path socket = place.folder().resolve("socket");
        Path conf = place.folder().resolve("jcorn.conf");
        Files.writeString(conf, "forwarded-allow-ips = [\"127.0.0.1\"]\n");
        try (RunningJcorn jcorn = place.jcorn(
                        "--config", conf.toString(), "--bind", "127.0.0.1:0", "--bind", "unix:" + socket, app())
                .start()) {
            assertThat(ask(HttpConnection.open(jcorn.port()), SAID)).isEqualTo("/203.0.113.9:0 https shop.example");
            assertThat(ask(HttpConnection.open(UnixDomainSocketAddress.of(socket)), SAID))
                    .isEqualTo("/203.0.113.9:0 https shop.example");
            String torn = SAID.replace("\r\n\r\n", "\r\nX-Forwarded-Ssl: off\r\n\r\n");
            assertThat(ask(HttpConnection.open(jcorn.port()), torn)).contains("contradict each other");

            Files.writeString(conf, "forwarded-allow-ips = []\n");
            jcorn.signal("HUP");
            jcorn.awaitEvent("Reload complete");
            assertThat(ask(HttpConnection.open(jcorn.port()), SAID))
                    .startsWith("/127.0.0.1:")
                    .endsWith(" http here");
            assertThat(ask(HttpConnection.open(UnixDomainSocketAddress.of(socket)), SAID))
                    .isEqualTo("localhost/127.0.0.1:0 http here");
        }
    }

    @Test
    void theProxyProtocolIsRequiredWhereItIsSwitchedOn() throws IOException {
        Path socket = place.folder().resolve("socket");
        try (RunningJcorn jcorn = place.jcorn(
                        "--proxy-protocol=auto", "--bind", "127.0.0.1:0", "--bind", "unix:" + socket, app())
                .start()) {
            String request = request();
            assertThat(ask(HttpConnection.open(jcorn.port()), PROXY + request)).isEqualTo("/192.0.2.1:56324 http here");
            assertThat(ask(HttpConnection.open(UnixDomainSocketAddress.of(socket)), PROXY + request))
                    .isEqualTo("/192.0.2.1:56324 http here");
            assertThat(ask(HttpConnection.open(jcorn.port()), PROXY + SAID))
                    .as("the client is not a trusted proxy")
                    .isEqualTo("/192.0.2.1:56324 http here");
            assertThat(catchThrowable(() -> ask(HttpConnection.open(jcorn.port()), request)))
                    .isInstanceOf(IOException.class);
            jcorn.awaitEvent("Turned away a connection of /127.0.0.1:[0-9]+: it does not begin with a PROXY header");
        }
    }

    @Test
    void whoMayNotSendOneIsTurnedAway() throws IOException {
        try (RunningJcorn jcorn = place.jcorn("--proxy-protocol=v1", "--proxy-allow-from=10.0.0.0/8", app())
                .start()) {
            assertThat(catchThrowable(() -> ask(HttpConnection.open(jcorn.port()), PROXY + SAID)))
                    .isInstanceOf(IOException.class);
            jcorn.awaitEvent("Turned away a connection of /127.0.0.1:[0-9]+: it is not in proxy-allow-from");
        }
    }
}
