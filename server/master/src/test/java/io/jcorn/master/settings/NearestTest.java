package io.jcorn.master.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {

    private static final List<String> NAMES =
            List.of("workers", "worker-connections", "max-surge", "keep-alive", "pid");

    @Test
    void findsWhatWasMistyped() {
        assertThat(Nearest.of("worker", NAMES)).contains("workers");
        assertThat(Nearest.of("wrokers", NAMES)).contains("workers");
        assertThat(Nearest.of("KEEP_ALIVE", NAMES)).contains("keep-alive");
        assertThat(Nearest.of("keepalive", NAMES)).contains("keep-alive");
        assertThat(Nearest.of("pdi", NAMES)).contains("pid");
        assertThat(Nearest.of("max-surges", NAMES)).contains("max-surge");
    }

    @Test
    void doesNotGuessWildly() {
        assertThat(Nearest.of("reload", NAMES)).isEmpty();
        assertThat(Nearest.of("x", NAMES)).isEmpty();
        assertThat(Nearest.of("", NAMES)).isEmpty();
    }

    @Test
    void aBeginningThatFitsOneNameMeansIt() {
        assertThat(Nearest.of("keep", NAMES)).contains("keep-alive");
        assertThat(Nearest.of("max", NAMES)).contains("max-surge");
        assertThat(Nearest.of("wor", NAMES)).isEmpty();
        assertThat(Nearest.of("ke", NAMES)).isEmpty();
    }

    @Test
    void aTieIsDecidedByTheAlphabet() {
        assertThat(Nearest.of("bat", List.of("cat", "bar", "rat"))).contains("bar");
    }

    @Test
    void distances() {
        assertThat(Nearest.distance("", "abc")).isEqualTo(3);
        assertThat(Nearest.distance("abc", "abc")).isZero();
        assertThat(Nearest.distance("abc", "acb")).isEqualTo(1);
        assertThat(Nearest.distance("kitten", "sitting")).isEqualTo(3);
    }

    @Test
    void aRenamedSettingGoesBeforeASimilarOne() {
        List<String> keys = Settings.all().stream().map(Setting::key).toList();

        assertThat(Renamed.of("pidfile", keys)).contains("pid");
        assertThat(Renamed.of("raw_env", keys)).contains("env");
        assertThat(Renamed.of("port", keys)).contains("bind");
        assertThat(Renamed.of("java-opts", keys)).contains("java-opt");
    }
}
