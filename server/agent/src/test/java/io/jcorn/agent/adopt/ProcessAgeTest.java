package io.jcorn.agent.adopt;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class ProcessAgeTest {

    @Test
    void isTheDifferenceOfUptimeAndStart() {
        String stat = "42 (a) b (c)) S 1 42 42 0 -1 4194304 1 0 0 0 1 2 0 0 20 0 12 0 123456 9 9 184 4194304\n";
        assertThat(ProcessAge.millis(stat, "1240.06 2000.00\n")).isEqualTo(1_240_060 - 1_234_560);
        assertThat(ProcessAge.millis(stat, "1234.00 2000.00\n")).isZero();
    }

    @Test
    void isWhatTheJvmSaysOfItself() {
        long said = ManagementFactory.getRuntimeMXBean().getUptime();
        assertThat(ProcessAge.millis()).isBetween(said - 100, said + 60_000);
    }
}
