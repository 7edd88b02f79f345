package io.jcorn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * What the users of a server saw.
 *
 * @param ok requests that were answered as they should be
 * @param losses requests that failed, by kind; kinds that did not happen are absent
 * @param answersByPid how many answers each worker gave
 * @param lossesByPid failures on connections that had been used before, by the worker that had answered on them; 0: on others
 * @param generations the generations that answered
 * @param samples what happened, for the first failures
 */
public record LoadReport(
        long ok,
        Map<Loss, Long> losses,
        SortedMap<Long, Long> answersByPid,
        SortedMap<Long, Long> lossesByPid,
        SortedSet<Integer> generations,
        List<String> samples) {

    /** Returns how many requests failed in one way. */
    public long count(Loss loss) {
        return losses.getOrDefault(loss, 0L);
    }

    /** Returns how many requests failed in another way than being refused. */
    public long lost() {
        return losses.values().stream().mapToLong(Long::longValue).sum() - count(Loss.REFUSED);
    }

    /** Asserts that every request was answered, and that there were any. */
    public LoadReport assertPerfect() {
        assertThat(losses).as(toString()).isEmpty();
        assertThat(ok).isPositive();
        return this;
    }

    /**
     * Asserts that no request was lost, but for those that crossed the end of their idle connection: a server that is not ours
     * decides itself when it closes those.
     */
    public LoadReport assertPerfectButClosedIdle() {
        assertThat(count(Loss.REFUSED)).as(toString()).isZero();
        return assertOnlyRefusedOrClosedIdle();
    }

    /** Asserts that whoever was let in was answered: after a listener is closed, connections may be refused. */
    public LoadReport assertOnlyRefused() {
        assertThat(lost()).as(toString()).isZero();
        assertThat(ok).isPositive();
        return this;
    }

    /** Asserts that no request that a worker had begun to answer, or was to answer first on its connection, was lost. */
    public LoadReport assertOnlyRefusedOrClosedIdle() {
        assertThat(lost() - count(Loss.CLOSED_IDLE)).as(toString()).isZero();
        assertThat(ok).isPositive();
        return this;
    }

    /** Asserts that nothing failed but what had to, with these workers that were killed. */
    public LoadReport assertLostOnlyWith(List<Long> killed, long inFlight) {
        assertThat(count(Loss.REFUSED)).as(toString()).isZero();
        assertThat(lost()).as(toString()).isLessThanOrEqualTo(inFlight);
        assertThat(lossesByPid.keySet()).as(toString()).allMatch(pid -> pid == 0 || killed.contains(pid));
        return this;
    }
}
