package io.jcorn.agent.adopt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jcorn.wire.Handover.InheritedListener;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeldPortsTest {

    private static HeldPorts holding(Map<Integer, Integer> appPorts, String... addresses) {
        List<InheritedListener> listeners = new java.util.ArrayList<>();
        for (String address : addresses) {
            listeners.add(new InheritedListener(3 + listeners.size(), address));
        }
        return new HeldPorts(listeners, appPorts);
    }

    private static String meant(HeldPorts ports, String host, int port) throws UnknownHostException {
        HeldPorts.Held held = ports.held(InetAddress.getByName(host), port);
        return held == null ? "none" : held.address();
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:9000, 127.0.0.1, 9000, 127.0.0.1:9000",
        "127.0.0.1:9000, 0.0.0.0,   9000, 127.0.0.1:9000",
        "127.0.0.1:9000, ::,        9000, 127.0.0.1:9000",
        "127.0.0.1:9000, ::1,       9000, 127.0.0.1:9000",
        "0.0.0.0:9000,   10.1.2.3,  9000, 0.0.0.0:9000",
        "[::]:9000,      127.0.0.1, 9000, [::]:9000",
        "[::]:9000,      0.0.0.0,   9000, [::]:9000",
        "[::1]:9000,     127.0.0.1, 9000, [::1]:9000",
        "127.0.0.1:9000, 10.1.2.3,  9000, none",
        "10.1.2.4:9000,  10.1.2.3,  9000, none",
        "127.0.0.1:9000, 127.0.0.1, 9001, none"
    })
    void aBindMeansAListenerWhosePortIsEqualAndWhoseAddressMeets(String held, String host, int port, String meant)
            throws UnknownHostException {
        assertThat(meant(holding(Map.of(), held), host, port)).isEqualTo(meant);
    }

    @Test
    void anExactAddressIsPreferredToOneThatMeets() throws UnknownHostException {
        HeldPorts ports = holding(Map.of(), "10.0.0.1:80", "127.0.0.1:80", "[::1]:80");
        assertThat(meant(ports, "::1", 80)).isEqualTo("[::1]:80");
        assertThat(meant(ports, "127.0.0.1", 80)).isEqualTo("127.0.0.1:80");
        assertThat(meant(ports, "0.0.0.0", 80)).isEqualTo("10.0.0.1:80");
    }

    @Test
    void aPortOfTheApplicationIsMapped() throws UnknownHostException {
        HeldPorts ports = holding(Map.of(8080, 9000, 8443, 9443), "0.0.0.0:9000", "0.0.0.0:9443");
        assertThat(meant(ports, "0.0.0.0", 8080)).isEqualTo("0.0.0.0:9000");
        assertThat(meant(ports, "127.0.0.1", 8443)).isEqualTo("0.0.0.0:9443");
        assertThat(meant(ports, "127.0.0.1", 9000)).isEqualTo("0.0.0.0:9000");
        assertThat(meant(ports, "127.0.0.1", 80)).isEqualTo("none");
    }

    @Test
    void unixSocketsAreMeantByTheirPath() {
        HeldPorts ports = holding(Map.of(), "unix:/run/app.sock", "unix:@abstract", "127.0.0.1:1");
        assertThat(ports.unix("/run/app.sock")).isEqualTo(new InheritedListener(3, "unix:/run/app.sock"));
        assertThat(ports.unix("/run/other.sock")).isNull();
        assertThat(ports.describe()).isEqualTo("127.0.0.1:1, unix:/run/app.sock, unix:@abstract");
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1", "127.0.0.1:x", "no.such.name.invalid:80"})
    void whatIsNoAddressIsRefused(String address) {
        assertThatThrownBy(() -> holding(Map.of(), address))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(address);
    }
}
