package io.jcorn.wire.forwarded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is believed. */
class TrustedPeersTest {

    private static TrustedPeers peers(String... entries) {
        return TrustedPeers.parse(Arrays.asList(entries));
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1, true",
        "127.0.0.1, 127.0.0.2, false",
        "10.0.0.0/8, 10.255.0.1, true",
        "10.0.0.0/8, 11.0.0.1, false",
        "192.168.4.0/22, 192.168.7.255, true",
        "192.168.4.0/22, 192.168.8.0, false",
        "0.0.0.0/0, 203.0.113.1, true",
        "0.0.0.0/0, ::1, false",
        "::1, ::1, true",
        "fd00::/8, fdff::1, true",
        "fd00::/8, fe00::1, false",
        "::/0, 203.0.113.1, false",
        "127.0.0.1, ::ffff:127.0.0.1, true",
        "::ffff:10.0.0.0/104, 10.9.9.9, true",
        "::ffff:10.0.0.0/104, 11.9.9.9, false",
        "192.0.2.8/29, 192.0.2.15, true",
        "192.0.2.8/29, 192.0.2.16, false",
    })
    void networksContainTheirAddresses(String network, String address, boolean trusted) throws Exception {
        InetSocketAddress peer = new InetSocketAddress(InetAddress.getAllByName(address)[0], 1234);
        assertThat(peers("198.51.100.1", network).trusts(peer)).isEqualTo(trusted);
    }

    @Test
    void whoComesByAUnixSocketIsTrustedUnlessNobodyIs() {
        UnixDomainSocketAddress peer = UnixDomainSocketAddress.of("/run/x");
        assertThat(peers("192.0.2.1").trusts(peer)).isTrue();
        assertThat(peers("*").trusts(peer)).isTrue();
        assertThat(peers().trusts(peer)).isFalse();
    }

    @Test
    void nobodyIsNobody() {
        assertThat(peers().none()).isTrue();
        assertThat(peers("*").none()).isFalse();
        assertThat(peers("::1").none()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "10.0.0.0/33",
                "::/129",
                "10.0.0.0/-1",
                "10.0.0.0/x",
                "300.0.0.1",
                "10.0.0",
                "",
                "1:2",
                "unix",
                "010.0.0.1",
                "10.0.0.0/08",
                "fe80::1%eth0",
                "::ffff:10.0.0.0/8"
            })
    void whatIsNoAddressIsRefused(String entry) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> peers(entry))
                .withMessageStartingWith("\"" + entry + "\" ");
        assertThat(TrustedPeers.fault(entry)).isNotEmpty();
    }

    @Test
    void whoWritesAHostAsANetworkIsAskedWhatHeMeans() {
        assertThat(TrustedPeers.fault("192.168.1.1/24"))
                .isEqualTo("names a host and a network at once: the network is 192.168.1.0/24, the host alone is"
                        + " 192.168.1.1");
        assertThat(TrustedPeers.fault("192.168.1.0/24")).isNull();
    }
}
