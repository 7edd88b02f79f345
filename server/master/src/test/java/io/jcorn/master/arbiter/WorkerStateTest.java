package io.jcorn.master.arbiter;

import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.master.arbiter.WorkerState.Trigger;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every pair of state and trigger. */
class WorkerStateTest {

    @ParameterizedTest
    @CsvSource({
        // from, READY, BOOT_FAILED, LEAVING, DRAINED, CHANNEL_CLOSED, DRAIN_SENT, OVERDUE, DUMPED, KILL_SENT, EXITED
        "SPAWNED,READY,DRAINING,DRAINING,DRAINING,DRAINING,DRAINING,LATE,SPAWNED,KILLED,GONE",
        "READY,READY,DRAINING,DRAINING,DRAINING,DRAINING,DRAINING,LATE,READY,KILLED,GONE",
        "DRAINING,DRAINING,DRAINING,DRAINING,DRAINING,DRAINING,DRAINING,LATE,DRAINING,KILLED,GONE",
        "LATE,LATE,LATE,LATE,LATE,LATE,LATE,LATE,LATE,KILLED,GONE",
        "KILLED,KILLED,KILLED,KILLED,KILLED,KILLED,KILLED,KILLED,KILLED,KILLED,GONE",
        "GONE,GONE,GONE,GONE,GONE,GONE,GONE,GONE,GONE,GONE,GONE"
    })
    void everyPairIsDecided(
            WorkerState from,
            WorkerState onReady,
            WorkerState onBootFailed,
            WorkerState onLeaving,
            WorkerState onDrained,
            WorkerState onChannelClosed,
            WorkerState onDrainSent,
            WorkerState onOverdue,
            WorkerState onDumped,
            WorkerState onKillSent,
            WorkerState onExited) {
        List<WorkerState> expected = List.of(
                onReady,
                onBootFailed,
                onLeaving,
                onDrained,
                onChannelClosed,
                onDrainSent,
                onOverdue,
                onDumped,
                onKillSent,
                onExited);
        for (Trigger trigger : Trigger.values()) {
            assertThat(from.after(trigger)).as("%s × %s", from, trigger).isEqualTo(expected.get(trigger.ordinal()));
        }
    }

    @ParameterizedTest
    @EnumSource(WorkerState.class)
    void nobodyComesBackToServe(WorkerState state) {
        for (Trigger trigger : Trigger.values()) {
            if (!state.live()) {
                assertThat(state.after(trigger).live())
                        .as("%s × %s", state, trigger)
                        .isFalse();
            }
        }
    }

    @Test
    void onlyThoseWhoServeOrWillFillTheirSlot() {
        assertThat(WorkerState.values())
                .filteredOn(WorkerState::live)
                .containsExactly(WorkerState.SPAWNED, WorkerState.READY);
    }
}
