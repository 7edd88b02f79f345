package io.jcorn.wire.forwarded;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is believed of a trusted peer. Trusted are 10.0.0.0/8 and fd00::/8. */
class ForwardingTest {

    private static final List<SchemeHeader> SCHEMES = List.of(
            new SchemeHeader("X-FORWARDED-PROTOCOL", "ssl"),
            new SchemeHeader("X-FORWARDED-PROTO", "https"),
            new SchemeHeader("X-FORWARDED-SSL", "on"));

    private static Forwarding forwarding(ForwardedHeader header) {
        return new Forwarding(TrustedPeers.parse(List.of("10.0.0.0/8", "fd00::/8")), header, SCHEMES);
    }

    /** Lines as {@code name: value}, separated by {@code /}. */
    private static HeaderLines lines(String text) {
        return name -> {
            List<String> values = new ArrayList<>();
            for (String line : text.split(" / ", -1)) {
                int colon = line.indexOf(": ");
                if (colon > 0 && line.substring(0, colon).equalsIgnoreCase(name)) {
                    values.add(line.substring(colon + 2));
                }
            }
            return values;
        };
    }

    private static String text(Origin origin) {
        InetSocketAddress client = origin.client();
        String address = client == null ? "-" : client.getAddress().getHostAddress() + " " + client.getPort();
        return address + ", " + origin.scheme() + ", " + origin.authority();
    }

    private static String origin(ForwardedHeader header, String lines) {
        return text(forwarding(header).origin(lines(lines)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "X-Forwarded-For: 192.0.2.1                                   | 192.0.2.1 0",
                "X-Forwarded-For: 192.0.2.1:4711                              | 192.0.2.1 4711",
                "X-Forwarded-For: 2001:db8::1                                 | 2001:db8:0:0:0:0:0:1 0",
                "X-Forwarded-For: [2001:db8::1]                               | 2001:db8:0:0:0:0:0:1 0",
                "X-Forwarded-For: [2001:db8::1]:65535                         | 2001:db8:0:0:0:0:0:1 65535",
                "X-Forwarded-For: ::ffff:192.0.2.1                            | 192.0.2.1 0",
                // What the client invents stands before its own address.
                "X-Forwarded-For: 203.0.113.66, 192.0.2.1                     | 192.0.2.1 0",
                "X-Forwarded-For: 10.6.6.6, 192.0.2.1                         | 192.0.2.1 0",
                "X-Forwarded-For: 192.0.2.1, 10.0.0.2,10.0.0.3                | 192.0.2.1 0",
                "X-Forwarded-For: 203.0.113.66 / X-Forwarded-For: 192.0.2.1, 10.0.0.2 | 192.0.2.1 0",
                "X-Forwarded-For: 192.0.2.1 / X-Forwarded-For: 10.0.0.2       | 192.0.2.1 0",
                "X-Forwarded-For: 10.0.0.2, 10.0.0.3                          | 10.0.0.2 0",
                "X-Forwarded-For: 192.0.2.1, fd00::7                          | 192.0.2.1 0",
                "X-Forwarded-For: , ,192.0.2.1 ,,                             | 192.0.2.1 0",
                // Entries that are no address: the proxy that wrote them is the last one known.
                "X-Forwarded-For: unknown                                     | -",
                "X-Forwarded-For: 192.0.2.1, unknown                          | -",
                "X-Forwarded-For: 192.0.2.1, unknown, 10.0.0.3                | 10.0.0.3 0",
                "X-Forwarded-For: 192.0.2.1, _hidden, 10.0.0.3                | 10.0.0.3 0",
                "X-Forwarded-For: localhost                                   | -",
                "X-Forwarded-For: 127.1                                       | -",
                "X-Forwarded-For: 192.0.2.1:                                  | -",
                "X-Forwarded-For: 192.0.2.1:65536                             | -",
                "X-Forwarded-For: 192.0.2.1:0x50                              | -",
                "X-Forwarded-For: [192.0.2.1]                                 | -",
                "X-Forwarded-For: [2001:db8::1                                | -",
                "X-Forwarded-For: fe80::1%eth0                                | -",
                "X-Forwarded-For: \"192.0.2.1\"                               | -",
                "X-Forwarded-For: 192.0.2.1 10.0.0.1                          | -",
                "X-Real-Ip: 192.0.2.1                                         | -",
                "Forwarded: for=192.0.2.1                                     | 192.0.2.1 0",
                "Forwarded: For=\"192.0.2.1:4711\"                            | 192.0.2.1 4711",
                "Forwarded: for=\"[2001:db8::1]:4711\"                        | 2001:db8:0:0:0:0:0:1 4711",
                "Forwarded: for=\"[2001:db8::1]\"                             | 2001:db8:0:0:0:0:0:1 0",
                "Forwarded: for=\"192.0.2.1:_port\"                           | 192.0.2.1 0",
                "Forwarded: for=\"192.0\\.2.1\"                               | 192.0.2.1 0",
                "Forwarded: for=192.0.2.1;by=10.0.0.1, for=10.0.0.2           | 192.0.2.1 0",
                "Forwarded: for=192.0.2.1 / Forwarded: for=10.0.0.2           | 192.0.2.1 0",
                "Forwarded: for=203.0.113.66, for=192.0.2.1                   | 192.0.2.1 0",
                "Forwarded: for=unknown                                       | -",
                "Forwarded: for=_secret, for=10.0.0.2                         | 10.0.0.2 0",
                "Forwarded: for=2001:db8::1                                   | -",
                "Forwarded: by=192.0.2.1                                      | -",
                "Forwarded: for=192.0.2.1;for=192.0.2.2                       | -",
                "Forwarded: for = 192.0.2.1                                   | -",
                "Forwarded: for=\"192.0.2.1                                   | -",
                "Forwarded: for=\"                                            | -",
                "Forwarded: for=\"\\\"                                        | -",
                // A client that leaves a quotation mark open hides nothing of what its proxy adds.
                "Forwarded: for=\", for=192.0.2.1                             | 192.0.2.1 0",
                "Forwarded: for=\"x\\, for=192.0.2.1                          | 192.0.2.1 0",
                "Forwarded: for=\" / Forwarded: for=192.0.2.1                 | 192.0.2.1 0",
                "Forwarded: for=\"10.0.0.9, for=\"192.0.2.1:1\"               | 192.0.2.1 1",
                // Who writes one kind passes on the other.
                "Forwarded: for=203.0.113.66 / X-Forwarded-For: 192.0.2.1     | 192.0.2.1 0",
            })
    void theClient(String lines, String client) {
        assertThat(origin(ForwardedHeader.AUTO, lines)).startsWith(client + ", ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "X-Forwarded-Proto: https                                            | https",
                "x-forwarded-proto: http                                             | http",
                "X-Forwarded-Proto: HTTPS                                            | http",
                "X-Forwarded-Proto: https, http                                      | http",
                "X-Forwarded-Ssl: on                                                 | https",
                "X-Forwarded-Protocol: ssl / X-Forwarded-Proto: https                | https",
                "X-Forwarded-Proto: https / X-Forwarded-Proto: https                 | https",
                "X-Forwarded-Ssl: off                                                | http",
                "Accept: */*                                                         | null",
                "Forwarded: for=192.0.2.1;proto=https                                | https",
                "Forwarded: proto=HTTPS                                              | https",
                "Forwarded: for=192.0.2.1;proto=gopher                               | null",
                "Forwarded: for=192.0.2.1;proto=https, for=10.0.0.2;proto=http       | https",
                "Forwarded: for=203.0.113.66;proto=https, for=192.0.2.1;proto=http   | http",
                "Forwarded: for=192.0.2.1 / X-Forwarded-Proto: https                 | https",
            })
    void theScheme(String lines, String scheme) {
        assertThat(origin(ForwardedHeader.AUTO, lines).split(", ", -1)[1]).isEqualTo(scheme);
        assertThat(forwarding(ForwardedHeader.AUTO).contradictory(lines(lines))).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "X-Forwarded-Host: shop.example                                              | shop.example",
                "X-Forwarded-Host: shop.example:8443                                         | shop.example:8443",
                "X-Forwarded-Host: [2001:db8::1]:8443                                        | [2001:db8::1]:8443",
                "X-Forwarded-Host: evil.example, shop.example                                | shop.example",
                "X-Forwarded-Host: shop.example / X-Forwarded-Port: 8080                     | shop.example:8080",
                "X-Forwarded-Host: shop.example / X-Forwarded-Port: 80                       | shop.example",
                "X-Forwarded-Host: shop.example / X-Forwarded-Port: 443                      | shop.example:443",
                "X-Forwarded-Host: a / X-Forwarded-Port: 443 / X-Forwarded-Proto: https      | a",
                "X-Forwarded-Host: shop.example:1 / X-Forwarded-Port: 2                      | shop.example:1",
                "X-Forwarded-Host: shop.example / X-Forwarded-Port: -1                       | shop.example",
                "X-Forwarded-Host: shop.example/evil                                         | null",
                "X-Forwarded-Host: user@shop.example                                         | null",
                "X-Forwarded-Host: shop.example:port                                         | null",
                "X-Forwarded-Host: [shop]                                                    | null",
                "X-Forwarded-Port: 8443                                                      | null",
                "Forwarded: for=192.0.2.1;host=shop.example                                  | shop.example",
                "Forwarded: for=192.0.2.1;host=\"shop.example:8443\"                         | shop.example:8443",
                "Forwarded: for=192.0.2.1;host=\"a b\"                                       | null",
                "Forwarded: for=192.0.2.1 / X-Forwarded-Host: evil.example                   | null",
            })
    void theHost(String lines, String authority) {
        assertThat(origin(ForwardedHeader.AUTO, lines).split(", ", -1)[2]).isEqualTo(authority);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "X-Forwarded-Proto: https / X-Forwarded-Ssl: off",
                "X-Forwarded-Proto: http / X-Forwarded-Ssl: on",
                "X-Forwarded-Proto: https / X-Forwarded-Proto: http",
                "X-Forwarded-Proto: https / X-Forwarded-Protocol: https",
            })
    void contradictions(String lines) {
        assertThat(forwarding(ForwardedHeader.AUTO).contradictory(lines(lines))).isTrue();
        assertThat(forwarding(ForwardedHeader.X_FORWARDED).contradictory(lines(lines)))
                .isTrue();
        assertThat(forwarding(ForwardedHeader.FORWARDED).contradictory(lines(lines)))
                .isFalse();
    }

    @Test
    void oneKindMayBeChosen() {
        String both = "X-Forwarded-For: 192.0.2.1 / X-Forwarded-Proto: https / X-Forwarded-Host: x.example"
                + " / Forwarded: for=192.0.2.2;host=f.example;proto=http";
        assertThat(origin(ForwardedHeader.AUTO, both)).isEqualTo("192.0.2.1 0, https, x.example");
        assertThat(origin(ForwardedHeader.X_FORWARDED, both)).isEqualTo("192.0.2.1 0, https, x.example");
        assertThat(origin(ForwardedHeader.FORWARDED, both)).isEqualTo("192.0.2.2 0, http, f.example");
        assertThat(origin(ForwardedHeader.FORWARDED, "X-Forwarded-For: 192.0.2.1 / X-Forwarded-Proto: https"))
                .isEqualTo("-, null, null");
        assertThat(origin(ForwardedHeader.X_FORWARDED, "Forwarded: for=192.0.2.2"))
                .isEqualTo("-, null, null");
    }

    /** Whatever a client writes: what its proxy adds behind it is what counts. */
    @Test
    void noInventionHidesTheClient() {
        Random random = new Random(9);
        String letters = "fFor=192.0.2.66,;\" \\\t[]:_unkow10.1";
        Forwarding forwarding = forwarding(ForwardedHeader.AUTO);
        for (int i = 0; i < 100_000; i++) {
            StringBuilder invented = new StringBuilder();
            for (int length = random.nextInt(40); length > 0; length--) {
                invented.append(letters.charAt(random.nextInt(letters.length())));
            }
            boolean standard = random.nextBoolean();
            String added = standard ? "for=198.51.100.7" : "198.51.100.7";
            List<String> values =
                    random.nextBoolean() ? List.of(invented + ", " + added) : List.of(invented.toString(), added);
            Origin origin = forwarding.origin(
                    name -> name.equals(standard ? "forwarded" : "x-forwarded-for") ? values : List.of());
            assertThat(origin.client())
                    .as("%s", values)
                    .isEqualTo(new InetSocketAddress(IpLiteral.address(new byte[] {(byte) 198, 51, 100, 7}), 0));
        }
    }
}
