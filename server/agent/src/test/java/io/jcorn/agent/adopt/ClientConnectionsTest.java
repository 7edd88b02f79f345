package io.jcorn.agent.adopt;

import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.wire.Scoreboard;
import io.jcorn.wire.Scoreboard.Cell;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

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
    void anAnswerIsOwedFromTheReadToTheWrite() {
        connections.accepted(20);
        connections.accepted(2_000);
        assertThat(connections.owed()).isZero();
        connections.read(20);
        connections.read(2_000);
        connections.read(20);
        assertThat(connections.owed()).isEqualTo(2);
        connections.wrote(20);
        assertThat(connections.owed()).isEqualTo(1);
        connections.closing(2_000);
        assertThat(connections.owed()).isZero();
    }

    @Test
    void whatHappensOnOtherDescriptorsOwesNothing() {
        connections.accepted(20);
        connections.read(21);
        connections.read(1_000_000);
        connections.wrote(-1);
        assertThat(connections.owed()).isZero();
        assertThat(connections.look().quiet()).isTrue();
    }

    @Test
    void twoLooksTellWhetherAnythingHappened() {
        connections.accepted(20);
        ClientConnections.Look first = connections.look();
        assertThat(connections.look().sameAs(first)).isTrue();
        connections.read(20);
        connections.wrote(20);
        ClientConnections.Look second = connections.look();
        assertThat(second.quiet()).isTrue();
        assertThat(second.sameAs(first)).isFalse();
        connections.read(20);
        assertThat(connections.look().quiet()).isFalse();
    }

    @Test
    void whoseReadsAreNotSeenIsNeverQuiet() {
        connections.acceptedUnseen(20);
        assertThat(connections.look().quiet()).isFalse();
        connections.closing(20);
        assertThat(connections.look().quiet()).isTrue();
        connections.accepted(20);
        assertThat(connections.look().quiet()).isTrue();
    }

    @Test
    void quietComesWhenNothingIsOwed() {
        connections.accepted(20);
        assertThat(Quiet.await(connections, number -> false, 60_000)).isTrue();
        connections.read(20);
        assertThat(Quiet.await(connections, number -> false, 30)).isFalse();
        Thread answer = new Thread(() -> connections.wrote(20));
        answer.start();
        assertThat(Quiet.await(connections, number -> false, 60_000)).isTrue();
        connections.read(20);
        connections.closing(20);
        assertThat(Quiet.await(connections, number -> false, 60_000)).isTrue();
    }

    @Test
    void whatWasNotReadYetIsNotQuiet() {
        connections.accepted(20);
        connections.accepted(21);
        assertThat(Quiet.await(connections, number -> number == 21, 150)).isFalse();
        connections.closing(21);
        assertThat(Quiet.await(connections, number -> number == 21, 60_000)).isTrue();
    }
}
