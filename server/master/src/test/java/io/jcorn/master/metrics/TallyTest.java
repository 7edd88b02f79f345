package io.jcorn.master.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.wire.Scoreboard;
import io.jcorn.wire.Scoreboard.Cell;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class TallyTest {

    private final Scoreboard scoreboard = Views.scoreboard();
    private final Tally tally = new Tally();

    @Test
    void sumsThePresentAndTellsEachOfThem() {
        join(1, 0).set(Cell.ACCEPTED, 3);
        join(2, 1).set(Cell.ACCEPTED, 4);

        Tally.Reading reading = tally.read();

        assertThat(reading.total().get(Cell.ACCEPTED)).isEqualTo(7);
        assertThat(reading.workers()).containsOnlyKeys(1L, 2L);
        assertThat(reading.workers())
                .hasEntrySatisfying(
                        2L, counts -> assertThat(counts.get(Cell.ACCEPTED)).isEqualTo(4));
    }

    @Test
    void totalsOutliveAWorkerAndWhatItWasDoingDoesNot() {
        Scoreboard.Row row = join(1, 0);
        Counts.TOTALS.forEach(cell -> row.set(cell, 10 + cell.ordinal()));
        row.set(Cell.CONNECTIONS, 5);
        row.set(Cell.IN_FLIGHT, 2);
        row.recordLatency(1_500_000);
        long latencySum = row.get(Cell.LATENCY_SUM);

        leave(1, row);

        Counts total = tally.read().total();
        Counts.TOTALS.stream()
                .filter(cell -> cell != Cell.LATENCY_SUM)
                .forEach(cell -> assertThat(total.get(cell)).as(cell.name()).isEqualTo(10 + cell.ordinal()));
        assertThat(total.get(Cell.LATENCY_SUM)).isEqualTo(latencySum);
        assertThat(total.latencyBucket(11)).isEqualTo(1);
        assertThat(total.get(Cell.CONNECTIONS)).isZero();
        assertThat(total.get(Cell.IN_FLIGHT)).isZero();
        assertThat(tally.read().workers()).isEmpty();
    }

    @Test
    void whoseRowIsGivenToAnotherIsNotCountedTwice() {
        Scoreboard.Row row = join(1, 0);
        row.set(Cell.ACCEPTED, 3);
        leave(1, row);
        join(2, 0).set(Cell.ACCEPTED, 4);

        assertThat(tally.read().total().get(Cell.ACCEPTED)).isEqualTo(7);
        tally.departed(1);
        assertThat(tally.read().total().get(Cell.ACCEPTED)).isEqualTo(7);
    }

    /** As a wild write of native code leaves it. */
    @Test
    void whatCannotBeACountIsNone() {
        Scoreboard.Row wild = join(1, 0);
        Counts.TOTALS.forEach(cell -> wild.set(cell, cell.ordinal() % 2 == 0 ? -1 : Long.MAX_VALUE));
        wild.set(Cell.CONNECTIONS, -5);
        join(2, 1).set(Cell.ACCEPTED, 4);

        Counts total = tally.read().total();
        assertThat(total.get(Cell.ACCEPTED)).isEqualTo(4);
        assertThat(total.get(Cell.CONNECTIONS)).isZero();
        assertThat(total.requests()).isZero();

        leave(1, wild);
        assertThat(tally.read().total().get(Cell.ACCEPTED)).isEqualTo(4);
    }

    /** A reader in the middle of births and deaths sees every number once: never less than before, never too much. */
    @Test
    void neverGoesBackWhileWorkersDie() throws Exception {
        int lives = 20_000;
        AtomicBoolean over = new AtomicBoolean();
        CompletableFuture<Long> reader = CompletableFuture.supplyAsync(() -> {
            long before = 0;
            while (!over.get()) {
                Counts total = tally.read().total();
                long accepted = total.get(Cell.ACCEPTED);
                if (accepted < before || accepted > 5L * lives) {
                    throw new AssertionError(before + " became " + accepted);
                }
                before = accepted;
            }
            return before;
        });
        for (long worker = 1; worker <= lives && !reader.isDone(); worker++) {
            Scoreboard.Row row = join(worker, (int) (worker % 3));
            row.set(Cell.ACCEPTED, 2);
            row.set(Cell.ACCEPTED, 5);
            leave(worker, row);
        }
        over.set(true);

        assertThat(reader.get(60, TimeUnit.SECONDS)).isLessThanOrEqualTo(5L * lives);
        assertThat(tally.read().total().get(Cell.ACCEPTED)).isEqualTo(5L * lives);
    }

    private Scoreboard.Row join(long worker, int index) {
        Scoreboard.Row row = scoreboard.row(index);
        tally.joined(worker, row);
        return row;
    }

    /** As the crew does it: the tally first, then the row is cleared for the next. */
    private void leave(long worker, Scoreboard.Row row) {
        tally.departed(worker);
        row.clear();
    }
}
