package io.jcorn.agent.adopt;

import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.agent.Balance;
import io.jcorn.wire.Scoreboard;
import io.jcorn.wire.Scoreboard.Cell;
import io.jcorn.wire.Scoreboard.WorkerPhase;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AcceptGateTest {

    private static final int LIMIT = 10;

    private final Scoreboard scoreboard =
            Scoreboard.over(ByteBuffer.allocateDirect(Scoreboard.BYTES + 8).alignedSlice(8));
    private final Scoreboard.Row own = scoreboard.row(0);
    private final Scoreboard.Row other = scoreboard.row(1);
    private final ClientConnections connections = new ClientConnections(own);
    private final AcceptGate gate =
            new AcceptGate(own, new Balance(scoreboard, own, TimeUnit.SECONDS.toNanos(1)), connections, LIMIT);

    @BeforeEach
    void bothServe() {
        own.phase(WorkerPhase.SERVING);
        other.phase(WorkerPhase.SERVING);
        other.set(Cell.BEAT, System.nanoTime());
        other.set(Cell.CONNECTIONS, LIMIT);
    }

    @Test
    void isClosedUntilItIsOpened() {
        assertThat(gate.mayAccept()).isFalse();
        gate.open();
        assertThat(gate.mayAccept()).isTrue();
    }

    @Test
    void staysShut() {
        gate.open();
        gate.shut();
        gate.open();
        assertThat(gate.mayAccept()).isFalse();
    }

    @Test
    void holdsAtTheLimit() {
        gate.open();
        for (int i = 0; i < LIMIT; i++) {
            assertThat(gate.mayAccept()).isTrue();
            connections.accepted(100 + i);
        }
        assertThat(gate.mayAccept()).isFalse();
        connections.closing(105);
        assertThat(gate.mayAccept()).isTrue();
    }

    @Test
    void standsBackWhileOthersHaveLessButNotForEver() {
        gate.open();
        other.set(Cell.CONNECTIONS, 0);
        for (int i = 0; i < 5; i++) {
            connections.accepted(100 + i);
        }
        int refused = 0;
        while (!gate.mayAccept()) {
            refused++;
            assertThat(refused).isLessThan(1_000);
        }
        assertThat(refused).isEqualTo(10);
        assertThat(own.get(Cell.ACCEPT_PAUSES)).isEqualTo(10);
    }

    @Test
    void doesNotStandBackForWhoDoesNotServe() {
        gate.open();
        other.phase(WorkerPhase.DRAINING);
        other.set(Cell.CONNECTIONS, 0);
        for (int i = 0; i < 5; i++) {
            connections.accepted(100 + i);
        }
        assertThat(gate.mayAccept()).isTrue();
    }
}
