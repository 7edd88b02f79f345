package io.jcorn.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostingOptionsTest {

    private static final HostingOptions SPARSE = new HostingOptions(
            WorkerKind.SERVLET,
            "app.war",
            Map.of(),
            ExtraPorts.FAIL,
            Optional.empty(),
            1,
            2,
            3,
            4,
            5,
            6,
            LogLevel.INFO,
            Optional.empty());

    private static final HostingOptions FULL = new HostingOptions(
            WorkerKind.MAIN,
            "/srv/a;b=c%3B.jar",
            Map.of(8080, 9000, 8443, 9443),
            ExtraPorts.SHARE,
            Optional.of("/health?a=b;c=d"),
            10_000,
            2048,
            60_000,
            1_000,
            Long.MAX_VALUE,
            30_000,
            LogLevel.DEBUG,
            Optional.of(Path.of("/var/log/a;b.log")));

    @Test
    void theyComeBackAsTheyAre() {
        assertThat(HostingOptions.fromEnvironment(SPARSE.toEnvironment())).isEqualTo(SPARSE);
        assertThat(HostingOptions.fromEnvironment(FULL.toEnvironment())).isEqualTo(FULL);
    }

    @Test
    void theEnvironmentReadsAsText() {
        assertThat(FULL.toEnvironment().get("JCORN_HOSTING"))
                .startsWith("kind=MAIN;application=/srv/a%3Bb=c%253B.jar;app-port=8080>9000;app-port=8443>9443;"
                        + "extra-ports=SHARE;ready-path=/health?a=b%3Bc=d;worker-connections=10000;");
    }

    @Test
    void aProgramThatNoMasterStartedIsToldSo() {
        assertThatThrownBy(() -> HostingOptions.fromEnvironment(Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("JCORN_HOSTING is missing: only a jcorn master starts this program");
    }

    @ParameterizedTest
    @ValueSource(strings = {"app-port=8080", "app-port=x>1", "app-port=1>", "kind"})
    void whatIsNotOfTheFormIsRefusedByName(String field) {
        Map<String, String> environment = new HashMap<>(SPARSE.toEnvironment());
        environment.merge("JCORN_HOSTING", field, (before, more) -> before + ";" + more);

        assertThatThrownBy(() -> HostingOptions.fromEnvironment(environment))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("JCORN_HOSTING: ");
    }
}
