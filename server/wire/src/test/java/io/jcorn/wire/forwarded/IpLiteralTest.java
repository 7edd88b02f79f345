package io.jcorn.wire.forwarded;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses as literals. */
class IpLiteralTest {

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1",
        "0.0.0.0, 0.0.0.0",
        "255.255.255.255, 255.255.255.255",
        "::, 0:0:0:0:0:0:0:0",
        "::1, 0:0:0:0:0:0:0:1",
        "1::, 1:0:0:0:0:0:0:0",
        "2001:DB8::a:b, 2001:db8:0:0:0:0:a:b",
        "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
        "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
        "::2:3:4:5:6:7:8, 0:2:3:4:5:6:7:8",
        "::ffff:192.0.2.1, 192.0.2.1",
        "1:2:3:4:5:6:1.2.3.4, 1:2:3:4:5:6:102:304",
        "64:ff9b::192.0.2.33, 64:ff9b:0:0:0:0:c000:221",
    })
    void addressesAreRead(String text, String address) {
        assertThat(IpLiteral.parse(text)).hasToString("/" + address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                ":",
                ":::",
                "1",
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.4.",
                ".1.2.3.4",
                "01.2.3.4",
                "1.2.3.04",
                "256.1.1.1",
                "1.2.3.-4",
                "1.2.3.+4",
                "1.2.3. 4",
                "0x1.2.3.4",
                "1..2.3",
                "localhost",
                "1:2",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7:8::",
                "::1:2:3:4:5:6:7:8",
                "1::2::3",
                ":1:2:3:4:5:6:7:8",
                "1:2:3:4:5:6:7:8:",
                "::1:",
                "12345::",
                "::g",
                "fe80::1%1",
                "[::1]",
                "::1.2.3",
                "1.2.3.4::",
                "::1.2.3.4:5",
                "1:2:3:4:5:6:7:1.2.3.4",
                "::1.2.3.4.5",
                "::-1",
                "\u0661::",
                "1.2.3.\u0664"
            })
    void whatIsNoAddressIsNone(String text) {
        assertThat(IpLiteral.parse(text)).isNull();
    }

    /** The JDK writes what it reads; so what it writes has to be read alike. */
    @Test
    void whatTheJdkWritesIsReadBack() {
        Random random = new Random(7);
        for (int i = 0; i < 10_000; i++) {
            byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
            random.nextBytes(bytes);
            InetAddress address = IpLiteral.address(bytes);
            assertThat(IpLiteral.parse(address.getHostAddress())).isEqualTo(address);
        }
    }

    @Test
    void noiseIsNeverAnError() {
        Random random = new Random(8);
        String letters = "0123456789abcdef:::....%[]x/";
        for (int i = 0; i < 200_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(20); length > 0; length--) {
                text.append(letters.charAt(random.nextInt(letters.length())));
            }
            IpLiteral.parse(text.toString());
        }
    }
}
