package io.jcorn.master.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jcorn.wire.forwarded.ForwardedHeader;
import io.jcorn.wire.forwarded.SchemeHeader;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be said about proxies. */
class ProxyTypesTest {

    private static final Path BASE = Path.of("/base");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "::1",
                "10.0.0.0/8",
                "fd00::/8",
                "*",
                "::ffff:10.0.0.1",
                "0.0.0.0/0",
                "2001:db8::1/128"
            })
    void proxies(String text) {
        assertThat(read(ProxyTypes.peers(), text)).containsExactly(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "localhost    | is no address",
                "256.0.0.1    | is no address",
                "10.0.0       | is no address",
                "1:::2        | is no address",
                "10.0.0.0/33  | has no number of bits from 0 to 32 after the slash",
                "fd00::/129   | has no number of bits from 0 to 128 after the slash",
                "10.0.0.0/    | has no number of bits from 0 to 32 after the slash",
                "10.*         | is no address",
                "010.0.0.1    | is no address",
                "unix         | is no address",
                "10.0.0.1/8   | names a host and a network at once: the network is 10.0.0.0/8, the host alone is 10.0.0.1",
            })
    void proxiesThatAreRefused(String text, String why) {
        refused(
                ProxyTypes.peers(),
                text,
                "\"" + text + "\" " + why + ". Allowed: addresses, networks such as 10.0.0.0/8, or * for everybody");
    }

    @Test
    void nobodyMayBeBelieved() throws ConfigurationException {
        Sources sources = new Sources(Path.of("/nowhere"));

        assertThat(sources.resolve().get(ProxySettings.FORWARDED_ALLOW_IPS)).containsExactly("127.0.0.1", "::1");
        assertThat(sources.variable("FORWARDED_ALLOW_IPS", "10.0.0.1,10.0.0.2")
                        .resolve()
                        .get(ProxySettings.FORWARDED_ALLOW_IPS))
                .containsExactly("10.0.0.1", "10.0.0.2");
        assertThat(sources.flag(ProxySettings.FORWARDED_ALLOW_IPS, "").resolve().get(ProxySettings.FORWARDED_ALLOW_IPS))
                .isEmpty();
    }

    @Test
    void schemeHeaders() throws ConfigurationException {
        Sources sources = new Sources(Path.of("/nowhere"));

        assertThat(sources.resolve().get(ProxySettings.SECURE_SCHEME_HEADERS))
                .extracting(SchemeHeader::toString)
                .containsExactly("X-FORWARDED-PROTOCOL=ssl", "X-FORWARDED-PROTO=https", "X-FORWARDED-SSL=on");
        assertThat(read(ProxyTypes.schemeHeaders(), "Front-End-Https=on, X-A=b=c"))
                .containsExactly(new SchemeHeader("Front-End-Https", "on"), new SchemeHeader("X-A", "b=c"));
        assertThat(read(ProxyTypes.schemeHeaders(), "")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"https", "=https", "X-A=", "X A=b", "X:A=b", "X-A=b\u00fc", "X-A= b"})
    void schemeHeadersThatAreRefused(String text) {
        refused(
                ProxyTypes.schemeHeaders(),
                text,
                "\"" + text + "\" is not a header and a value. Allowed: the name of a header and its value for https,"
                        + " such as X-FORWARDED-PROTO=https");
    }

    @Test
    void choicesOfTwoWords() {
        assertThat(read(ScalarTypes.choice("KIND", ForwardedHeader.class), "x-forwarded"))
                .isEqualTo(ForwardedHeader.X_FORWARDED);
        assertThat(ScalarTypes.choice("KIND", ForwardedHeader.class).allowed())
                .isEqualTo("auto, x-forwarded or forwarded");
    }

    private static <T> T read(SettingType<T> type, String text) {
        return type.read(type.split(text, false), BASE);
    }

    private static void refused(SettingType<?> type, String text, String message) {
        assertThatThrownBy(() -> type.read(List.of(text), BASE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
