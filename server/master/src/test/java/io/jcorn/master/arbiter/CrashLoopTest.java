package io.jcorn.master.arbiter;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CrashLoopTest {

    private static final long NOW = 1_000_000;

    private final CrashLoop loop = new CrashLoop();

    @Test
    void theFirstFailureCostsNothing() {
        loop.failed(0, 4, NOW);
        assertThat(loop.earliest(0)).isLessThanOrEqualTo(NOW);
    }

    @Test
    void theWaitDoublesUpToTheCap() {
        long[] waits = new long[9];
        for (int failure = 0; failure < waits.length; failure++) {
            // Far enough apart for the breaker not to open.
            long now = NOW + failure * 100_000L;
            loop.failed(0, 4, now);
            waits[failure] = loop.earliest(0) - now;
        }
        assertThat(waits).containsExactly(0, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000);
    }

    @Test
    void oneSlotDoesNotSufferForAnother() {
        loop.failed(0, 4, NOW);
        loop.failed(0, 4, NOW);
        assertThat(loop.earliest(1)).isLessThanOrEqualTo(NOW);
    }

    @Test
    void theBreakerOpensOnceAndAllowsOneTrialPerPeriod() {
        boolean opened = false;
        for (int failure = 0; failure < 6; failure++) {
            assertThat(opened).isFalse();
            opened = loop.failed(failure % 2, 2, NOW);
        }
        assertThat(opened).isTrue();
        assertThat(loop.failed(0, 2, NOW)).as("told once").isFalse();
        assertThat(loop.earliest(1)).isEqualTo(NOW + CrashLoop.TRIAL_EVERY);
        assertThat(loop.earliest(7)).as("a slot that never failed").isLessThanOrEqualTo(NOW);

        long trial = NOW + CrashLoop.TRIAL_EVERY;
        loop.spawned(1, trial);
        assertThat(loop.earliest(0)).isEqualTo(trial + CrashLoop.TRIAL_EVERY);
    }

    @Test
    void failuresThatAreLongAgoDoNotOpenTheBreaker() {
        for (int failure = 0; failure < 20; failure++) {
            assertThat(loop.failed(0, 1, NOW + failure * 20_000L)).isFalse();
        }
    }

    @Test
    void whoLastsEndsTheLoop() {
        for (int failure = 0; failure < 6; failure++) {
            loop.failed(0, 1, NOW);
        }
        assertThat(loop.lasted(0)).as("closed the breaker").isTrue();
        assertThat(loop.open()).isFalse();
        assertThat(loop.earliest(0)).isLessThanOrEqualTo(NOW);
        assertThat(loop.lasted(0)).as("closed it already").isFalse();
    }

    @Test
    void newCodeGetsAFreshChance() {
        for (int failure = 0; failure < 9; failure++) {
            loop.failed(0, 1, NOW);
        }
        loop.reset();
        assertThat(loop.open()).isFalse();
        assertThat(loop.failuresInARow(0)).isZero();
        assertThat(loop.earliest(0)).isLessThanOrEqualTo(NOW);
    }
}
