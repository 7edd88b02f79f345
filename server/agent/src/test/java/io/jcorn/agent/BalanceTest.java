package io.jcorn.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.wire.Scoreboard;
import io.jcorn.wire.Scoreboard.Cell;
import io.jcorn.wire.Scoreboard.WorkerPhase;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BalanceTest {

    private static final long NOW = TimeUnit.SECONDS.toNanos(1000);

    private final Scoreboard scoreboard =
            Scoreboard.over(ByteBuffer.allocateDirect(Scoreboard.BYTES + 8).alignedSlice(8));

    @BeforeEach
    void own() {
        row(5, WorkerPhase.SERVING, 0);
    }

    private void row(int index, WorkerPhase phase, int connections) {
        Scoreboard.Row row = scoreboard.row(index);
        row.phase(phase);
        row.set(Cell.CONNECTIONS, connections);
        row.set(Cell.BEAT, NOW);
    }

    private boolean yields(int connections) {
        return new Balance(scoreboard, scoreboard.row(5), 1).shouldYield(connections, NOW);
    }

    @Test
    void aLoneWorkerNeverYields() {
        assertThat(yields(1_000_000)).isFalse();
    }

    @Test
    void aWorkerAboveTheAverageYields() {
        row(0, WorkerPhase.SERVING, 10);
        row(1, WorkerPhase.SERVING, 10);
        assertThat(yields(10)).isFalse();
        assertThat(yields(11)).isFalse();
        assertThat(yields(12)).isTrue();
    }

    @Test
    void theFirstConnectionsAreTakenByWhoeverIsThere() {
        row(0, WorkerPhase.SERVING, 0);
        assertThat(yields(1)).isFalse();
        assertThat(yields(2)).isFalse();
        assertThat(yields(3)).isTrue();
    }

    @Test
    void whoeverDoesNotServeDoesNotCount() {
        row(0, WorkerPhase.BOOTING, 0);
        row(1, WorkerPhase.DRAINING, 0);
        row(2, WorkerPhase.FREE, 0);
        row(3, WorkerPhase.SERVING, 0);
        scoreboard.row(3).set(Cell.BEAT, NOW - TimeUnit.SECONDS.toNanos(10));
        assertThat(yields(100)).isFalse();
    }

    @Test
    void othersHaveRoomWhereNobodyWaits() {
        Balance balance = new Balance(scoreboard, scoreboard.row(5), 1);
        assertThat(balance.othersServe(NOW)).isFalse();
        assertThat(balance.othersHaveRoom(NOW)).isFalse();
        row(0, WorkerPhase.SERVING, 10);
        row(1, WorkerPhase.DRAINING, 10);
        scoreboard.row(0).set(Cell.QUEUED, 1);
        long later = NOW + TimeUnit.SECONDS.toNanos(1);
        assertThat(balance.othersServe(later)).isTrue();
        assertThat(balance.othersHaveRoom(later)).isFalse();
        scoreboard.row(0).set(Cell.QUEUED, 0);
        assertThat(balance.othersHaveRoom(later)).isTrue();
        assertThat(balance.othersHaveRoom(NOW + TimeUnit.SECONDS.toNanos(10)))
                .as("it does not beat any more")
                .isFalse();
    }

    @Test
    void aWorkerThatDrainsTakesWhatIsLeft() {
        row(0, WorkerPhase.SERVING, 0);
        row(5, WorkerPhase.DRAINING, 0);
        assertThat(yields(100)).isFalse();
    }
}
