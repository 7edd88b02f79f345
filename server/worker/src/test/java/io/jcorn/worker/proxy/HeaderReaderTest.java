package io.jcorn.worker.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jcorn.wire.ProxyProtocol;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** PROXY headers as bytes. */
class HeaderReaderTest {

    private static final String AFTER = "GET / HTTP/1.1\r\n\r\n";

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] concat(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }

    private static String text(Introduction introduction) {
        return introduction.client() + " " + introduction.destination() + (introduction.secure() ? " tls" : "")
                + (introduction.ofProxy() ? " local" : "");
    }

    /** Reads a header with a request behind it, cut in two at a place, and checks that the request is left alone. */
    private static String read(ProxyProtocol protocol, byte[] header, int cut) throws Malformed {
        byte[] all = concat(header, latin1(AFTER));
        HeaderReader reader = new HeaderReader(protocol);
        int taken = reader.read(all, 0, cut);
        if (cut < header.length) {
            assertThat(reader.introduction()).isNull();
            assertThat(taken).isEqualTo(cut);
        }
        taken += reader.read(all, taken, all.length - taken);
        assertThat(taken).isEqualTo(header.length);
        Introduction introduction = reader.introduction();
        if (introduction == null) {
            throw new AssertionError("it is not complete");
        }
        return text(introduction);
    }

    private static void readEverywhereCut(byte[] header, String said) throws Malformed {
        for (int cut = 0; cut <= header.length + AFTER.length(); cut++) {
            assertThat(read(ProxyProtocol.AUTO, header, cut))
                    .as("cut at %s", cut)
                    .isEqualTo(said);
        }
    }

    static Stream<List<String>> lines() {
        return Stream.of(
                List.of("TCP4 192.0.2.1 198.51.100.2 56324 443", "/192.0.2.1:56324 /198.51.100.2:443"),
                List.of(
                        "TCP4 255.255.255.255 255.255.255.255 65535 65535",
                        "/255.255.255.255:65535 /255.255.255.255:65535"),
                List.of("TCP4 0.0.0.0 0.0.0.0 0 0", "/0.0.0.0:0 /0.0.0.0:0"),
                List.of("TCP6 2001:db8::1 ::1 1 2", "/[2001:db8:0:0:0:0:0:1]:1 /[0:0:0:0:0:0:0:1]:2"),
                List.of("TCP6 ::ffff:192.0.2.1 ::1 1 2", "/192.0.2.1:1 /[0:0:0:0:0:0:0:1]:2"),
                List.of("UNKNOWN", "null null"),
                List.of("UNKNOWN whatever it is \t\0", "null null"),
                List.of(
                        "UNKNOWN ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535",
                        "null null"));
    }

    @ParameterizedTest
    @MethodSource("lines")
    void linesAreReadWhereverTheyAreCut(List<String> line) throws Malformed {
        readEverywhereCut(latin1("PROXY " + line.get(0) + "\r\n"), line.get(1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n",
                "PROXY\r\n",
                "PROXY TCP4\r\n",
                "PROXY \r\n",
                "PROXY  TCP4 192.0.2.1 192.0.2.2 1 2\r\n",
                "PROXY TCP4  192.0.2.1 192.0.2.2 1 2\r\n",
                "PROXY TCP4 192.0.2.1 192.0.2.2 1 2 \r\n",
                "PROXY TCP4 192.0.2.1 192.0.2.2 1 2 3\r\n",
                "PROXY TCP4 192.0.2.1 192.0.2.2 1\r\n",
                "PROXY tcp4 192.0.2.1 192.0.2.2 1 2\r\n",
                "proxy TCP4 192.0.2.1 192.0.2.2 1 2\r\n",
                "PROXY UDP4 192.0.2.1 192.0.2.2 1 2\r\n",
                "PROXY UNKNOWN2\r\n",
                "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\n",
                "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\r\n",
                "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\rX",
                "PROXY UNKNOWN \r \r\n",
                "PROXY UNKNOWN \n \r\n",
                "PROXY TCP4 192.0.2.1 192.0.2.2 01 2\r\n",
                "PROXY TCP4 192.0.2.1 192.0.2.2 1 65536\r\n",
                "PROXY TCP4 192.0.2.1 192.0.2.2 -1 2\r\n",
                "PROXY TCP4 192.0.2.1 192.0.2.2 +1 2\r\n",
                "PROXY TCP4 192.0.2.01 192.0.2.2 1 2\r\n",
                "PROXY TCP4 192.0.2 192.0.2.2 1 2\r\n",
                "PROXY TCP4 192.0.2.256 192.0.2.2 1 2\r\n",
                "PROXY TCP4 localhost 192.0.2.2 1 2\r\n",
                "PROXY TCP4 ::1 ::1 1 2\r\n",
                "PROXY TCP6 192.0.2.1 ::1 1 2\r\n",
                "PROXY TCP6 fe80::1%1 ::1 1 2\r\n",
                "PROXY TCP6 [::1] ::1 1 2\r\n",
                "\r\n\r\n\0\r\nQUIX\n",
                "\0",
                "X"
            })
    void whatIsNoLineIsRefused(String line) {
        assertRefused(ProxyProtocol.AUTO, latin1(line));
    }

    private static void assertRefused(ProxyProtocol protocol, byte[] header) {
        for (int cut : new int[] {0, 1, header.length / 2, header.length}) {
            HeaderReader reader = new HeaderReader(protocol);
            assertThatThrownBy(() -> {
                        reader.read(header, 0, cut);
                        reader.read(header, cut, header.length - cut);
                    })
                    .isInstanceOf(Malformed.class);
            assertThat(reader.introduction()).isNull();
        }
    }

    @Test
    void aLineHas107BytesAtMost() throws Malformed {
        String longest = "PROXY UNKNOWN " + "x".repeat(107 - 14 - 2);
        readEverywhereCut(latin1(longest + "\r\n"), "null null");
        assertRefused(ProxyProtocol.V1, latin1(longest + "x\r\n"));
        assertRefused(ProxyProtocol.V1, latin1(longest + "xx"));
    }

    @Test
    void blocksAreReadWhereverTheyAreCut() throws Malformed {
        readEverywhereCut(
                Header.of("192.0.2.1", 56324, "198.51.100.2", 443).build(), "/192.0.2.1:56324 /198.51.100.2:443");
        readEverywhereCut(
                Header.of("2001:db8::1", 65535, "::1", 0).build(),
                "/[2001:db8:0:0:0:0:0:1]:65535 /[0:0:0:0:0:0:0:1]:0");
        readEverywhereCut(Header.of("192.0.2.1", 1, "192.0.2.2", 2).family(0x12).build(), "/192.0.2.1:1 /192.0.2.2:2");
        readEverywhereCut(Header.of(0x20, 0).build(), "null null local");
        readEverywhereCut(Header.of(0x20, 0xff).bytes((byte) 7, (byte) 8).build(), "null null local");
        readEverywhereCut(Header.of(0x21, 0).build(), "null null");
        readEverywhereCut(Header.of(0x21, 0).bytes(new byte[7]).build(), "null null");
        readEverywhereCut(Header.of(0x21, 0x31).bytes(new byte[216]).build(), "null null");
    }

    @Test
    void vectorsAreReadWhereverTheyAreCut() throws Malformed {
        byte[] tls = {1, 0, 0, 0, 0, 0x21, 0, 7, 'T', 'L', 'S', 'v', '1', '.', '3'};
        Header header = Header.of("192.0.2.1", 1, "192.0.2.2", 2)
                .vector(1, latin1("h2"))
                .vector(4)
                .vector(0x20, tls)
                .vector(0xea, new byte[300])
                .checksum(0);
        readEverywhereCut(header.build(), "/192.0.2.1:1 /192.0.2.2:2 tls");
        byte[] noClient = {0, 0, 0, 0, 0};
        readEverywhereCut(
                Header.of("192.0.2.1", 1, "192.0.2.2", 2).vector(0x20, noClient).build(), "/192.0.2.1:1 /192.0.2.2:2");
    }

    static Stream<Header> wrongBlocks() {
        Stream.Builder<Header> wrong = Stream.builder();
        for (int command = 0; command < 256; command++) {
            if (command != 0x20 && command != 0x21) {
                wrong.add(Header.of(command, 0x11).bytes(new byte[12]));
            }
        }
        for (int family = 0; family < 256; family++) {
            boolean known =
                    family == 0 || (family >> 4 >= 1 && family >> 4 <= 3 && (family & 15) >= 1 && (family & 15) <= 2);
            if (!known) {
                wrong.add(Header.of(0x21, family).bytes(new byte[216]));
            }
        }
        return Stream.concat(
                wrong.build(),
                Stream.of(
                        Header.of(0x21, 0x11).bytes(new byte[11]),
                        Header.of(0x21, 0x21).bytes(new byte[35]),
                        Header.of(0x21, 0x31).bytes(new byte[215]),
                        Header.of(0x21, 0x11),
                        client().bytes((byte) 4),
                        client().bytes((byte) 4, (byte) 0),
                        client().bytes((byte) 4, (byte) 0, (byte) 1),
                        client().bytes((byte) 4, (byte) 255, (byte) 255, (byte) 0),
                        client().vector(4, (byte) 1).bytes((byte) 4, (byte) 0, (byte) 9),
                        client().vector(0x20, new byte[4]),
                        client().vector(0x20, new byte[] {1, 0, 0, 0, 0, 0x21, 0}),
                        client().vector(0x20, new byte[] {1, 0, 0, 0, 0, 0x21, 0, 2, 'x'}),
                        client().vector(3, new byte[3]),
                        client().vector(3, new byte[5]),
                        client().vector(3, new byte[4]),
                        client().checksum(1),
                        client().checksum(0x80000000),
                        client().checksum(0).checksum(0),
                        client().length((16 << 10) + 1),
                        client().length(65535)));
    }

    private static Header client() {
        return Header.of("192.0.2.1", 1, "192.0.2.2", 2);
    }

    @ParameterizedTest
    @MethodSource("wrongBlocks")
    void wrongBlocksAreRefused(Header header) {
        assertRefused(ProxyProtocol.V2, header.build());
    }

    @Test
    void onlyTheChosenVersionIsTaken() throws Malformed {
        byte[] line = latin1("PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n");
        byte[] block = client().build();
        assertThat(read(ProxyProtocol.V1, line, 0)).isEqualTo(read(ProxyProtocol.V2, block, 0));
        assertRefused(ProxyProtocol.V2, line);
        assertRefused(ProxyProtocol.V1, block);
        assertThatThrownBy(() -> new HeaderReader(ProxyProtocol.V2).read(line, 0, 1))
                .hasMessage("it does not begin with a PROXY header of version 2");
    }

    /** Whatever comes: an answer or a refusal, no other exception, and never more bytes than a header may have. */
    @Test
    void noiseIsRefusedOrRead() {
        Random random = new Random(11);
        byte[] block = client().vector(0x20, new byte[] {1, 0, 0, 0, 0, 0x21, 0, 1, 'x'})
                .checksum(0)
                .build();
        byte[] line = latin1("PROXY TCP6 2001:db8::1 ::1 1 2\r\n");
        int read = 0;
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = (random.nextBoolean() ? block : line).clone();
            for (int changes = random.nextInt(4); changes > 0; changes--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            HeaderReader reader = new HeaderReader(ProxyProtocol.AUTO);
            try {
                int taken = reader.read(bytes, 0, bytes.length);
                assertThat(taken).isBetween(1, bytes.length);
                read += reader.introduction() == null ? 0 : 1;
            } catch (Malformed e) {
                assertThat(e.reason()).isNotEmpty();
            }
        }
        assertThat(read).isGreaterThan(50_000);
    }
}
