package io.jcorn.agent.adopt;

import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.wire.Scoreboard;
import io.jcorn.wire.Scoreboard.Cell;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ClientConnectionsTest {

    private final Scoreboard scoreboard =
            Scoreboard.over(ByteBuffer.allocateDirect(Scoreboard.BYTES + 8).alignedSlice(8));
    private final Scoreboard.Row row = scoreboard.row(7);
    private final ClientConnections connections = new ClientConnections(row);

    @Test
    void countsWhatIsOpenAndWhatEverWas() {
        connections.accepted(20);
        connections.accepted(70);
        connections.closing(20);
        connections.accepted(20);
        assertThat(connections.open()).isEqualTo(2);
        assertThat(row.get(Cell.CONNECTIONS)).isEqualTo(2);
        assertThat(row.get(Cell.ACCEPTED)).isEqualTo(3);
    }

    @Test
    void whatIsClosedButNoClientDoesNotCount() {
        connections.closing(20);
        connections.accepted(20);
        connections.closing(21);
        connections.closing(-1);
        assertThat(connections.open()).isEqualTo(1);
        connections.closing(20);
        connections.closing(20);
        assertThat(connections.open()).isZero();
    }

    @Test
    void aNumberThatComesAgainWithoutACloseIsNotCountedTwice() {
        connections.accepted(20);
        connections.accepted(20);
        assertThat(connections.open()).isEqualTo(1);
    }

    @Test
    @Timeout(20)
    void whoWaitsForNoneIsWokenByTheLast() throws InterruptedException {
        connections.accepted(20);
        connections.accepted(21);
        Thread closer = new Thread(() -> {
            connections.closing(20);
            connections.closing(21);
        });
        closer.start();
        connections.awaitNone(60_000);
        assertThat(connections.open()).isZero();
        closer.join();
    }

    @Test
    void whoWaitsForNoneWaitsNoLongerThanAllowed() throws InterruptedException {
        connections.accepted(20);
        connections.awaitNone(1);
        assertThat(connections.open()).isEqualTo(1);
    }
}
