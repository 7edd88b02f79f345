package io.jcorn.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class DepartureTest {

    private final Departure departure = new Departure();

    @Test
    void waitsForTheOrderAndThenForTheEnd() throws Exception {
        CompletableFuture<Boolean> end = CompletableFuture.supplyAsync(departure::await);
        assertThat(departure.ordered()).isFalse();
        departure.done();
        departure.within(TimeUnit.HOURS.toNanos(1));
        assertThat(end.get()).isTrue();
        assertThat(departure.ordered()).isTrue();
    }

    @Test
    void givesUpAtTheDeadline() {
        departure.within(TimeUnit.MILLISECONDS.toNanos(1));
        assertThat(departure.await()).isFalse();
        assertThat(departure.remainingMillis()).isZero();
    }

    @Test
    void laterOrdersShortenAndNeverLengthen() throws Exception {
        departure.within(TimeUnit.HOURS.toNanos(1));
        CompletableFuture<Boolean> end = CompletableFuture.supplyAsync(departure::await);
        departure.within(TimeUnit.DAYS.toNanos(1));
        assertThat(departure.remainingMillis()).isLessThanOrEqualTo(TimeUnit.HOURS.toMillis(1));
        departure.within(0);
        assertThat(end.get()).isFalse();
    }

    @Test
    void whatIsDoneIsDoneWhateverTheDeadline() {
        departure.done();
        departure.within(0);
        assertThat(departure.await()).isTrue();
    }
}
