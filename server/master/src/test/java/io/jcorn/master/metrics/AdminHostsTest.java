package io.jcorn.master.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdminHostsTest {

    private static AdminHosts boundTo(String address) throws UnknownHostException {
        return new AdminHosts(InetAddress.getByName(address), "Probe.Example");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.0.0.1:9000",
                "10.0.0.7:80",
                "[::1]",
                "[::1]:9000",
                "localhost",
                "LocalHost:9000",
                "probe.example",
                "probe.example:9000"
            })
    void addressesAndOurOwnNamesAreAnswered(String host) throws UnknownHostException {
        assertThat(boundTo("127.0.0.1").admit(host)).isTrue();
        assertThat(boundTo("::1").admit(host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:9000",
                "localhost.evil.example",
                "127.0.0.1.evil.example",
                "1.2.3.4.5",
                "",
                "[::1].evil.example",
                "a@localhost:1",
                "127.0.0.1:1:2"
            })
    void namesOfStrangersAreNot(String host) throws UnknownHostException {
        assertThat(boundTo("127.0.0.1").admit(host)).isFalse();
        assertThat(boundTo("0.0.0.0").admit(host)).as("on the network").isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "0.0.0.0"})
    void whoNamesNoneIsNoBrowser(String bound) throws UnknownHostException {
        assertThat(boundTo(bound).admit(null)).isTrue();
    }
}
