package io.jcorn.agent.adopt;

import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.agent.adopt.ClientConnections.Sockets;
import io.jcorn.wire.Scoreboard;
import io.jcorn.wire.Scoreboard.Cell;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientConnectionsTest {

    private static final int BYTES = 100;

    /** Nobody is young any more. */
    private static final long LATER = TimeUnit.HOURS.toNanos(1);

    private static final long STILL = TimeUnit.MILLISECONDS.toNanos(100);

    private final List<Integer> halfClosed = new ArrayList<>();
    private final Set<Integer> unread = new HashSet<>();
    private final Set<Integer> full = new HashSet<>();
    private final Sockets sockets = new Sockets() {
        @Override
        public boolean unread(int number) {
            return unread.contains(number);
        }

        @Override
        public boolean full(int number) {
            return full.contains(number);
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
    private long now = System.nanoTime() + LATER;

    @Test
    void countsWhatIsOpenAndWhatEverWas() {
        connections.accepted(20);
        connections.accepted(7_000);
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
        connections.closing(1_000_000);
        assertThat(connections.open()).isEqualTo(1);
        connections.closing(20);
        connections.closing(20);
        assertThat(connections.open()).isZero();
    }

    @Test
    void aNumberThatComesAgainWithoutACloseIsNotCountedTwice() {
        connections.accepted(20);
        read(20);
        connections.accepted(20);
        assertThat(connections.open()).isEqualTo(1);
        assertThat(connections.owed()).isZero();
    }

    @Test
    void anAnswerIsOwedFromTheReadToTheWrite() {
        connections.accepted(20);
        connections.accepted(2_000);
        assertThat(connections.owed()).isZero();
        read(20);
        read(2_000);
        read(20);
        assertThat(connections.owed()).isEqualTo(2);
        write(20);
        assertThat(connections.owed()).isEqualTo(1);
        connections.closing(2_000);
        assertThat(connections.owed()).isZero();
    }

    @Test
    void whatIsNoClientIsNotNoted() {
        connections.accepted(20);
        assertThat(connections.of(21)).isNull();
        assertThat(connections.of(1_000_000)).isNull();
        assertThat(connections.of(-1)).isNull();
    }

    @Test
    void whatIsIdleForAWhileIsEnded() {
        end();
        connections.accepted(20);
        read(20);
        write(20);
        assertThat(look()).as("it has just moved").isEqualTo(1);
        now += STILL / 2;
        write(20);
        assertThat(look()).as("it has moved again").isEqualTo(1);
        now += STILL;
        assertThat(look()).isZero();
        assertThat(halfClosed).containsExactly(20);
        assertThat(connections.ended()).isEqualTo(1);
        connections.closing(20);
        assertThat(connections.ended()).isZero();
        assertThat(look()).isZero();
        assertThat(halfClosed).hasSize(1);
    }

    @Test
    void whatIsOwedOrHalfSentOrNotYetReadIsNotEnded() {
        end();
        for (int number = 20; number < 24; number++) {
            connections.accepted(number);
        }
        read(20);
        full.add(21);
        unread.add(22);
        look();
        now += STILL;
        assertThat(look()).isEqualTo(3);
        assertThat(halfClosed).containsExactly(23);
        write(20);
        full.clear();
        unread.clear();
        assertThat(connections.endIdle(now, 0, true)).as("21 may go on").isEqualTo(1);
        now += STILL;
        assertThat(connections.endIdle(now, 0, true)).isZero();
        assertThat(halfClosed).containsExactly(23, 20, 22, 21);
    }

    @Test
    void aClientThatHasJustComeGetsItsTime() {
        end();
        connections.accepted(20);
        now -= LATER;
        assertThat(connections.endIdle(now, 0, true)).isEqualTo(1);
        now += LATER;
        assertThat(connections.endIdle(now, 0, true)).isZero();
    }

    @Test
    void aRequestThatComesAfterTheEndIsNotSeenByTheApplicationButCounted() {
        connections.accepted(20);
        connections.accepted(21);
        connections.accepted(22);
        end();
        assertThat(connections.endIdle(now, 0, true)).isZero();
        assertThat(read(20)).isEqualTo(ClientConnections.END);
        assertThat(read(20)).isEqualTo(ClientConnections.END);
        assertThat(connections.owed()).isZero();
        unread.add(21);
        connections.closing(20);
        connections.closing(21);
        connections.closing(22);
        assertThat(connections.crossed()).isEqualTo(2);
    }

    @Test
    void whatWasReadBeforeIsAnswered() {
        connections.accepted(20);
        end();
        assertThat(read(20)).isEqualTo(BYTES);
        assertThat(connections.endIdle(now, 0, true)).isEqualTo(1);
        assertThat(halfClosed).isEmpty();
        write(20);
        connections.closing(20);
        assertThat(connections.crossed()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http/2", "upgraded", "unseen"})
    void whatIsNotUnderstoodIsNeverEnded(String what) {
        end();
        if (what.equals("unseen")) {
            connections.acceptedUnseen(20);
        } else {
            connections.accepted(20);
            connections.read(of(20), BYTES, what.equals("http/2") ? ClientConnection.PREFACE : 0);
            of(20).writing(ClientConnection.STATUS_LINE, what.equals("upgraded") ? ClientConnection.SWITCHING : 0);
        }
        assertThat(connections.endIdle(now, 0, true)).isEqualTo(1);
        assertThat(connections.endIdle(now, 0, false)).isZero();
        now += LATER;
        assertThat(connections.endIdle(now, 0, true)).isEqualTo(what.equals("unseen") ? 1 : 0);
        assertThat(connections.owed()).isZero();
        assertThat(halfClosed).isEmpty();
    }

    @Test
    void quietIsMade() {
        connections.accepted(20);
        read(20);
        assertThat(Quiet.make(connections, sockets, 30)).isFalse();
        assertThat(halfClosed).isEmpty();
        Thread answer = new Thread(() -> {
            write(20);
            connections.closing(20);
        });
        answer.start();
        assertThat(Quiet.make(connections, sockets, 60_000)).isTrue();
    }

    @Test
    void theLessTimeIsLeftTheLessStillItHasToBe() {
        assertThat(Quiet.stillNanos(0)).isEqualTo(STILL);
        assertThat(Quiet.stillNanos(TimeUnit.SECONDS.toNanos(3))).isBetween(1L, STILL);
        assertThat(Quiet.stillNanos(TimeUnit.SECONDS.toNanos(5))).isZero();
    }

    private void end() {
        connections.beginToEnd(sockets);
    }

    private int look() {
        return connections.endIdle(now, STILL, true);
    }

    private int read(int number) {
        return connections.read(of(number), BYTES, 0);
    }

    private void write(int number) {
        of(number).writing(0, 0);
    }

    private ClientConnection of(int number) {
        return Objects.requireNonNull(connections.of(number));
    }
}
