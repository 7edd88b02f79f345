package io.jcorn.worker.http2;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ConductTest {

    private final Conduct conduct = new Conduct(5);

    private int resetsUntilTheEnd() {
        int resets = 0;
        while (conduct.owes(Conduct.RESET)) {
            resets++;
        }
        return resets;
    }

    @Test
    void nobodyGoesOnForEver() {
        assertThat(resetsUntilTheEnd()).isEqualTo(200);
    }

    @Test
    void whoWorksForEachResetIsForgiven() {
        for (int i = 0; i < 100_000; i++) {
            assertThat(conduct.owes(Conduct.RESET)).isTrue();
            conduct.earns(Conduct.EXCHANGE);
        }
    }

    @Test
    void meritIsNotSavedUp() {
        conduct.earns(1_000_000);
        conduct.forgive(TimeUnit.HOURS.toNanos(1));
        assertThat(resetsUntilTheEnd()).isEqualTo(200);
    }

    @Test
    void timeForgivesAtItsOwnPaceHoweverOftenItIsAsked() {
        resetsUntilTheEnd();
        long now = 5;
        for (int i = 0; i < 1000; i++) {
            now += TimeUnit.MILLISECONDS.toNanos(1);
            conduct.forgive(now);
        }
        // Twenty resets' worth in a second, less the one that was too much.
        assertThat(resetsUntilTheEnd()).isBetween(0, 19);
        conduct.forgive(now + TimeUnit.SECONDS.toNanos(20));
        assertThat(resetsUntilTheEnd()).isGreaterThan(100);
    }

    @Test
    void dataPaysForTheWindowsThatItNeeds() {
        for (int i = 0; i < 100_000; i++) {
            conduct.sent(32 << 10);
            for (int update = 0; update < 16; update++) {
                assertThat(conduct.owes(Conduct.WINDOW)).isTrue();
            }
        }
    }
}
