package io.jcorn.master.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SocketNameTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1:80",
        "::, [::]:80",
        "::1, [::1]:80",
        "fe80:0:0:0:1:0:0:2, [fe80::1:0:0:2]:80",
        "2001:db8:0:1:1:1:1:1, [2001:db8:0:1:1:1:1:1]:80",
        "2001:DB8::, [2001:db8::]:80",
        "::ffff:10.1.2.3, 10.1.2.3:80",
    })
    void addressesAreWrittenAsPeopleDoAndSurviveTheKernelsForm(String address, String text) throws Exception {
        SocketName name = new SocketName.Inet(InetAddress.getByName(address), 80);
        byte[] structure = name.encode();

        assertThat(name).hasToString(text);
        assertThat(SocketName.decode(structure, structure.length)).isEqualTo(name);
    }

    @Test
    void unixNamesSurviveTheKernelsForm() {
        for (SocketName name :
                new SocketName[] {new SocketName.Local("/run/a b.sock"), new SocketName.Abstract("jcorn")}) {
            byte[] structure = name.encode();
            assertThat(SocketName.decode(structure, structure.length)).isEqualTo(name);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1, true",
        "127.0.0.1, 127.0.0.2, false",
        "127.0.0.1, 0.0.0.0,   true",
        "127.0.0.1, ::,        true",
        "127.0.0.1, ::1,       false",
        "::1,       ::,        true",
        "::1,       0.0.0.0,   false",
        "0.0.0.0,   ::,        true",
    })
    void twoListenersOverlap(String one, String other, boolean overlap) throws Exception {
        SocketName.Inet a = new SocketName.Inet(InetAddress.getByName(one), 80);
        SocketName.Inet b = new SocketName.Inet(InetAddress.getByName(other), 80);

        assertThat(a.overlaps(b)).isEqualTo(overlap);
        assertThat(b.overlaps(a)).isEqualTo(overlap);
        assertThat(a.overlaps(new SocketName.Inet(a.address(), 81))).isFalse();
    }
}
