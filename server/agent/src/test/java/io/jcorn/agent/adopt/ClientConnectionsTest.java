package io.jcorn.agent.adopt;

import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.wire.Scoreboard;
import io.jcorn.wire.Scoreboard.Cell;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ClientConnectionsTest {

    private final List<Integer> halfClosed = new ArrayList<>();
    private final Set<Integer> unread = new HashSet<>();
    private final Quiet.Sockets sockets = new Quiet.Sockets() {
        @Override
        public boolean unread(int number) {
            return unread.contains(number);
        }

        @Override
        public void halfClose(int number) {
            halfClosed.add(number);
        }
    };
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
        assertThat(Quiet.await(connections, sockets, 60_000)).isTrue();
        connections.read(20);
        assertThat(Quiet.await(connections, sockets, 30)).isFalse();
        Thread answer = new Thread(() -> connections.wrote(20));
        answer.start();
        assertThat(Quiet.await(connections, sockets, 60_000)).isTrue();
        connections.read(20);
        connections.closing(20);
        assertThat(Quiet.await(connections, sockets, 60_000)).isTrue();
    }

    @Test
    void whatWasNotReadYetIsNotQuiet() {
        connections.accepted(20);
        connections.accepted(21);
        unread.add(21);
        assertThat(Quiet.await(connections, sockets, 150)).isFalse();
        unread.remove(21);
        assertThat(Quiet.await(connections, sockets, 60_000)).isTrue();
    }

    @Test
    void quietIsMadeByHalfClosingWhatIsIdle() {
        for (int number = 20; number < 24; number++) {
            connections.accepted(number);
        }
        connections.read(21);
        unread.add(22);
        connections.closing(23);
        assertThat(Quiet.make(connections, sockets, 30)).isFalse();
        assertThat(halfClosed).containsExactly(20);

        connections.wrote(21);
        unread.remove(22);
        assertThat(Quiet.make(connections, sockets, 60_000)).isTrue();
        assertThat(halfClosed).containsExactly(20, 21, 22);
    }

    @Test
    void whoseReadsAreNotSeenIsNotHalfClosed() {
        connections.acceptedUnseen(20);
        assertThat(Quiet.make(connections, sockets, 60_000)).isTrue();
        assertThat(halfClosed).isEmpty();
    }
}
