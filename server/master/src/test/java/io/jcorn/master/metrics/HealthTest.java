package io.jcorn.master.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.master.arbiter.Status;
import io.jcorn.master.arbiter.Target.Phase;
import io.jcorn.master.arbiter.WorkerState;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HealthTest {

    @Test
    void livesAsLongAsTheLoopComesRoundInTime() {
        Status status = Views.status(Phase.SERVING, 1);

        assertThat(Health.live(status, status.turnedAt()).status()).isEqualTo(200);
        assertThat(Health.live(status, status.wakeAt() + Health.STUCK_AFTER).status())
                .isEqualTo(200);
        Page stuck = Health.live(status, status.wakeAt() + Health.STUCK_AFTER + 1);
        assertThat(stuck.status()).isEqualTo(503);
        assertThat(stuck.body()).isEqualTo("the master's loop has been stuck for 10001 ms\n");
    }

    @Test
    void livesWithoutAnyWorker() {
        assertThat(Health.live(Views.status(Phase.STOPPING, 4), Views.CLOCK).status())
                .isEqualTo(200);
    }

    @Test
    void oneReadyWorkerIsEnough() {
        Status status = Views.status(
                Phase.SERVING, 2, Views.worker(1, 0, 1, WorkerState.LATE), Views.worker(2, 1, 1, WorkerState.READY));

        assertThat(Health.ready(status)).isEqualTo(Page.text(200, "ok"));
    }

    @Test
    void withoutAReadyWorkerItSaysWhy() {
        Status booting = Views.status(Phase.SERVING, 4, Views.worker(1, 0, 1, WorkerState.SPAWNED));
        Status broken = new Status(booting.target(), false, true, 6, List.of(), 0, 0);

        assertThat(Health.ready(booting)).isEqualTo(Page.text(503, "no worker is ready: 1 of 4 are starting"));
        assertThat(Health.ready(broken))
                .isEqualTo(Page.text(503, "no worker is ready: they crash as soon as they start"));
    }

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"SERVING"})
    void isNotReadyFromTheMomentAStopBegins(Phase phase) {
        Status status = Views.status(phase, 1, Views.worker(1, 0, 1, WorkerState.READY));

        assertThat(Health.ready(status)).isEqualTo(Page.text(503, "the server is stopping"));
    }
}
