package io.jcorn.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jcorn.wire.Handover.InheritedListener;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HandoverTest {

    @Test
    void theEnvironmentReadsAsDocumented() {
        Handover handover = new Handover(
                2,
                7,
                5,
                6,
                9,
                List.of(new InheritedListener(3, "0.0.0.0:9000"), new InheritedListener(4, "unix:/run/a;b.sock")));

        assertThat(handover.toEnvironment())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "JCORN_SLOT", "2",
                        "JCORN_GENERATION", "7",
                        "JCORN_HANDOVER", "control=5;scoreboard=6;row=9;3=0.0.0.0:9000;4=unix:/run/a%3Bb.sock"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1:80",
                "[::1]:9000",
                "[fe80::1%eth0]:9000",
                "unix:/run/app.sock",
                "unix:/tmp/a b/übung=1;2%3B%25.sock",
                "unix:/tmp/%%;;==",
                "unix:@abstract name",
                "unix:/tmp/new\nline"
            })
    void anAddressComesBackAsItIs(String address) {
        Handover handover = new Handover(0, 1, 4, 5, 0, List.of(new InheritedListener(3, address)));

        assertThat(Handover.fromEnvironment(handover.toEnvironment())).isEqualTo(handover);
    }

    @Test
    void thereMayBeNoListenerAndThereMayBeMany() {
        List<InheritedListener> many = new java.util.ArrayList<>();
        for (int i = 0; i < 60; i++) {
            many.add(new InheritedListener(Handover.FIRST_LISTENER + i, "127.0.0.1:" + (1024 + i)));
        }
        for (List<InheritedListener> listeners : List.of(List.<InheritedListener>of(), many)) {
            Handover handover = new Handover(0, 1, 63, 64, 1023, listeners);
            assertThat(Handover.fromEnvironment(handover.toEnvironment())).isEqualTo(handover);
        }
    }

    @Test
    void onlyUnixAddressesAreUnix() {
        assertThat(new InheritedListener(3, "unix:@name").unix()).isTrue();
        assertThat(new InheritedListener(3, "unix:/run/x").unix()).isTrue();
        assertThat(new InheritedListener(3, "[::]:80").unix()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"JCORN_SLOT", "JCORN_GENERATION", "JCORN_HANDOVER"})
    void aProgramThatNoMasterStartedIsToldSo(String missing) {
        Map<String, String> environment = new HashMap<>(new Handover(0, 1, 3, 4, 0, List.of()).toEnvironment());
        environment.remove(missing);

        assertThatThrownBy(() -> Handover.fromEnvironment(environment))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(missing + " is missing: only a jcorn master starts this program");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0000',
            value = {
                "|no key in \"\"",
                ";|no key in \"\"",
                "control|no key in \"control\"",
                "=5|no key in \"=5\"",
                "scoreboard=6;row=0|control is missing",
                "control=5;row=0|scoreboard is missing",
                "control=5;scoreboard=6|row is missing",
                "control=x;scoreboard=6;row=0|\"x\" is not a number",
                "control=;scoreboard=6;row=0|\"\" is not a number",
                "control=99999999999;scoreboard=6;row=0|\"99999999999\" is too large",
                "control=5;scoreboard=-6;row=0|\"-6\" is negative",
                "control=5;scoreboard=6;row=0;3x=127.0.0.1:80|\"3x\" is not a number"
            })
    void whatIsNoHandOverIsRefusedByName(String text, String why) {
        Map<String, String> environment =
                Map.of("JCORN_SLOT", "0", "JCORN_GENERATION", "1", "JCORN_HANDOVER", text == null ? "" : text);

        assertThatThrownBy(() -> Handover.fromEnvironment(environment))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("JCORN_HANDOVER: " + why);
    }

    @Test
    void aSlotThatIsNoNumberIsRefusedByName() {
        Map<String, String> environment = new HashMap<>(new Handover(0, 1, 3, 4, 0, List.of()).toEnvironment());
        environment.put("JCORN_SLOT", "first");

        assertThatThrownBy(() -> Handover.fromEnvironment(environment))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("JCORN_SLOT: \"first\" is not a number");
    }
}
