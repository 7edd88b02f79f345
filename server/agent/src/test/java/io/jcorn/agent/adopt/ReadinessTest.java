package io.jcorn.agent.adopt;

import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.agent.adopt.Readiness.Verdict;
import org.junit.jupiter.api.Test;

class ReadinessTest {

    private static final long START = 1_000;
    private static final long PATIENCE = 60_000;

    private final Adoptions adoptions = new Adoptions();
    private final Readiness readiness = new Readiness(adoptions, START, PATIENCE);
    private final Object key = new Object();

    private Adopted listens() {
        Adopted adopted = adoptions.add(key, 12, "127.0.0.1:9000");
        adopted.markListens();
        return adopted;
    }

    @Test
    void whoIsOnlyBoundDoesNotListen() {
        adoptions.add(key, 12, "127.0.0.1:9000");
        assertThat(readiness.step(START + 500)).isEqualTo(Verdict.NOTHING);
        assertThat(readiness.step(START + 1_000)).isEqualTo(Verdict.NOTHING);
    }

    @Test
    void whoListensForAMomentServes() {
        listens();
        assertThat(readiness.step(START + 500)).isEqualTo(Verdict.NOTHING);
        assertThat(readiness.restMillis(START + 500)).isEqualTo(Readiness.SETTLED_MILLIS);
        assertThat(readiness.step(START + 599)).isEqualTo(Verdict.NOTHING);
        assertThat(readiness.step(START + 600)).isEqualTo(Verdict.LISTENS);
        assertThat(readiness.step(START + 601)).isEqualTo(Verdict.NOTHING);
    }

    @Test
    void whoAcceptsServesAtOnce() {
        listens().markUsed();
        assertThat(readiness.step(START + 500)).isEqualTo(Verdict.LISTENS);
    }

    @Test
    void whoOnlyTriesAPortDoesNotServe() {
        Adopted probe = listens();
        assertThat(readiness.step(START + 500)).isEqualTo(Verdict.NOTHING);
        probe.markClosed();
        assertThat(readiness.step(START + 600)).isEqualTo(Verdict.NOTHING);
        assertThat(readiness.step(START + 5_000)).isEqualTo(Verdict.NOTHING);

        Object second = new Object();
        adoptions.add(second, 12, "127.0.0.1:9000").markListens();
        assertThat(readiness.step(START + 5_001)).isEqualTo(Verdict.NOTHING);
        assertThat(readiness.step(START + 5_101)).isEqualTo(Verdict.LISTENS);
        assertThat(second).isNotNull();
    }

    @Test
    void whoDoesNotListenInTimeIsOverdueOnce() {
        assertThat(readiness.restMillis(START + 10)).isEqualTo(PATIENCE - 10);
        assertThat(readiness.step(START + PATIENCE - 1)).isEqualTo(Verdict.NOTHING);
        assertThat(readiness.step(START + PATIENCE)).isEqualTo(Verdict.OVERDUE);
        assertThat(readiness.step(START + PATIENCE + 1)).isEqualTo(Verdict.NOTHING);
        assertThat(readiness.restMillis(START + PATIENCE + 1)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void whoListensButDoesNotAnswerIsOverdueToo() {
        listens().markUsed();
        assertThat(readiness.step(START + 1)).isEqualTo(Verdict.LISTENS);
        assertThat(readiness.restMillis(START + 1)).isEqualTo(PATIENCE - 1);
        assertThat(readiness.step(START + PATIENCE)).isEqualTo(Verdict.OVERDUE);
        assertThat(readiness.step(START + PATIENCE + 1)).isEqualTo(Verdict.NOTHING);
    }

    @Test
    void whoServesIsOverdueNoMore() {
        listens().markUsed();
        assertThat(readiness.step(START + 1)).isEqualTo(Verdict.LISTENS);
        readiness.served();
        assertThat(readiness.restMillis(START + 1)).isEqualTo(Long.MAX_VALUE);
        assertThat(readiness.step(START + PATIENCE)).isEqualTo(Verdict.NOTHING);
    }

    @Test
    void whoClosesItsSocketsForTooLongIsDeaf() {
        Adopted adopted = listens();
        adopted.markUsed();
        assertThat(readiness.step(START + 1)).isEqualTo(Verdict.LISTENS);
        readiness.served();
        adopted.markClosed();
        assertThat(readiness.step(START + 1_000)).isEqualTo(Verdict.NOTHING);
        assertThat(readiness.step(START + 1_000 + PATIENCE - 1)).isEqualTo(Verdict.NOTHING);
        assertThat(readiness.step(START + 1_000 + PATIENCE)).isEqualTo(Verdict.DEAF);
        assertThat(readiness.step(START + 1_001 + PATIENCE)).isEqualTo(Verdict.NOTHING);
        assertThat(readiness.restMillis(START + 1_001 + PATIENCE)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void whoOpensAnotherInTimeIsNot() {
        Adopted first = listens();
        first.markUsed();
        assertThat(readiness.step(START + 1)).isEqualTo(Verdict.LISTENS);
        readiness.served();
        first.markClosed();
        assertThat(readiness.step(START + 1_000)).isEqualTo(Verdict.NOTHING);
        Object again = new Object();
        adoptions.add(again, 12, "127.0.0.1:9000").markListens();
        assertThat(readiness.step(START + 2_000)).isEqualTo(Verdict.NOTHING);
        assertThat(readiness.step(START + 2_000 + PATIENCE)).isEqualTo(Verdict.NOTHING);
        assertThat(again).isNotNull();
    }

    @Test
    void portsThatNobodyHoldsAreToldOnceTheyListen() {
        readiness.bound(key, 8080, 8082);
        assertThat(readiness.elsewhere()).isEmpty();
        assertThat(readiness.listensElsewhere(new Object())).isNull();
        assertThat(readiness.listensElsewhere(key)).isEqualTo(new Readiness.ExtraPort(8080, 8082));
        assertThat(readiness.listensElsewhere(key)).isNull();
        assertThat(readiness.elsewhere()).containsExactly(8080);
    }

    @Test
    void whoListensOnAnotherPortAloneIsToldAfterAWhileAndOnce() {
        readiness.bound(key, 8080, 8080);
        assertThat(readiness.step(START + 100)).isEqualTo(Verdict.NOTHING);
        readiness.listensElsewhere(key);
        assertThat(readiness.step(START + 200)).isEqualTo(Verdict.NOTHING);
        assertThat(readiness.restMillis(START + 200)).isEqualTo(Readiness.ELSEWHERE_MILLIS);
        assertThat(readiness.step(START + 200 + Readiness.ELSEWHERE_MILLIS - 1)).isEqualTo(Verdict.NOTHING);
        assertThat(readiness.step(START + 200 + Readiness.ELSEWHERE_MILLIS)).isEqualTo(Verdict.ELSEWHERE);
        assertThat(readiness.step(START + 201 + Readiness.ELSEWHERE_MILLIS)).isEqualTo(Verdict.NOTHING);
        assertThat(readiness.restMillis(START + 6_000)).isEqualTo(PATIENCE - 6_000);
        assertThat(readiness.step(START + PATIENCE)).isEqualTo(Verdict.OVERDUE);
    }

    @Test
    void theTimeForThatCountsFromTheLastPort() {
        Object second = new Object();
        readiness.bound(key, 8080, 8080);
        readiness.bound(second, 8081, 8081);
        readiness.listensElsewhere(key);
        assertThat(readiness.step(START)).isEqualTo(Verdict.NOTHING);
        readiness.listensElsewhere(second);
        assertThat(readiness.step(START + 4_000)).isEqualTo(Verdict.NOTHING);
        assertThat(readiness.step(START + Readiness.ELSEWHERE_MILLIS)).isEqualTo(Verdict.NOTHING);
        assertThat(readiness.step(START + 4_000 + Readiness.ELSEWHERE_MILLIS)).isEqualTo(Verdict.ELSEWHERE);
        assertThat(second).isNotNull();
    }

    @Test
    void whoListensOnTheHeldPortTooIsNotToldThat() {
        readiness.bound(key, 8080, 8080);
        readiness.listensElsewhere(key);
        assertThat(readiness.step(START)).isEqualTo(Verdict.NOTHING);
        Object held = new Object();
        Adopted adopted = adoptions.add(held, 12, "127.0.0.1:9000");
        adopted.markListens();
        adopted.markUsed();
        assertThat(readiness.step(START + 100)).isEqualTo(Verdict.LISTENS);
        readiness.served();
        assertThat(readiness.step(START + 100 + Readiness.ELSEWHERE_MILLIS)).isEqualTo(Verdict.NOTHING);
        assertThat(readiness.restMillis(START + 7_000)).isEqualTo(Long.MAX_VALUE);
        assertThat(held).isNotNull();
    }

    @Test
    void thePortOfTheJvmsManagementIsNotTakenForTheApplications() {
        System.setProperty("com.sun.management.jmxremote.port", "9010");
        try {
            readiness.bound(key, 9010, 9010);
            assertThat(readiness.listensElsewhere(key)).isEqualTo(new Readiness.ExtraPort(9010, 9010));
            assertThat(readiness.elsewhere()).isEmpty();
            assertThat(readiness.step(START)).isEqualTo(Verdict.NOTHING);
            assertThat(readiness.step(START + 2 * Readiness.ELSEWHERE_MILLIS)).isEqualTo(Verdict.NOTHING);
        } finally {
            System.clearProperty("com.sun.management.jmxremote.port");
        }
    }
}
