package io.jcorn.master.arbiter;

import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.master.arbiter.Reconciler.Plan;
import io.jcorn.master.arbiter.Target.Phase;
import io.jcorn.master.arbiter.WorkerState.Trigger;
import io.jcorn.wire.Message.Gate;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The decisions one by one; the simulation covers their combinations. */
class ReconcilerTest {

    private static final long NOW = 10_000;
    private static final long LATER = 90_000;

    private final WorkerTable table = new WorkerTable();

    private static Target serving(int workers, int wanted, int proven) {
        boolean everReady = proven != 0;
        return new Target(Phase.SERVING, workers, wanted, proven, wanted == proven && everReady, everReady, 1, 0);
    }

    private WorkerHandle worker(int slot, int generation, Trigger... triggers) {
        long id = table.nextId();
        WorkerHandle worker =
                new WorkerHandle(id, slot, generation, table.takeRow(), 100 + (int) id, NOW - 1_000, LATER);
        for (Trigger trigger : triggers) {
            worker.apply(trigger, NOW - 500);
        }
        table.add(worker);
        table.generations().add(generation);
        return worker;
    }

    private List<Action> plan(Target target) {
        return Reconciler.plan(table, target, NOW).actions();
    }

    @Test
    void emptySlotsAreFilled() {
        assertThat(plan(serving(3, 1, 0)))
                .containsExactly(new Action.Spawn(0, 1), new Action.Spawn(1, 1), new Action.Spawn(2, 1));
    }

    @Test
    void aDyingWorkersSlotIsFilledBeforeItIsGone() {
        worker(0, 1, Trigger.READY);
        worker(1, 1, Trigger.READY, Trigger.LEAVING);
        assertThat(plan(serving(2, 1, 1))).containsExactly(new Action.Spawn(1, 1));
    }

    @Test
    void aReloadStartsWithOneWorker() {
        worker(0, 1, Trigger.READY);
        worker(1, 1, Trigger.READY);
        assertThat(plan(serving(2, 2, 1))).containsExactly(new Action.Spawn(0, 2));
    }

    @Test
    void theOldOneLeavesWhenTheNewOneIsReadyAndTheNextIsStarted() {
        WorkerHandle old = worker(0, 1, Trigger.READY);
        worker(1, 1, Trigger.READY);
        worker(0, 2, Trigger.READY);
        Target target = serving(2, 2, 1).sawReady(2);
        assertThat(plan(target))
                .containsExactly(new Action.Drain(old, Gate.CLOSE, "replaced by generation 2"), new Action.Spawn(1, 2));
    }

    @Test
    void theOldOneStaysWhileTheNewOneBoots() {
        worker(0, 1, Trigger.READY);
        worker(0, 2);
        assertThat(plan(serving(1, 2, 1))).isEmpty();
    }

    @Test
    void withoutSurgeOneMakesRoom() {
        WorkerHandle first = worker(0, 1, Trigger.READY);
        worker(1, 1, Trigger.READY);
        Target target = new Target(Phase.SERVING, 2, 2, 1, false, true, 0, 1);
        assertThat(plan(target))
                .containsExactly(
                        new Action.Drain(first, Gate.CLOSE, "making room for generation 2"), new Action.Spawn(0, 2));
    }

    @Test
    void aWorkerThatDiesDuringAReloadIsReplacedByWhatIsKnownToWork() {
        worker(1, 1, Trigger.READY);
        worker(1, 2);
        assertThat(plan(serving(2, 2, 1))).containsExactly(new Action.Spawn(0, 1));
    }

    @Test
    void whoStillBootsForAFailedReloadIsDismissed() {
        worker(0, 1, Trigger.READY);
        WorkerHandle candidate = worker(0, 2);
        assertThat(plan(serving(1, 1, 1)))
                .containsExactly(new Action.Drain(candidate, Gate.CLOSE, "generation 2 is not wanted any more"));
    }

    @Test
    void aFinishedReloadIsPromotedAndThenForgotten() {
        worker(0, 2, Trigger.READY);
        WorkerHandle leaving = worker(0, 1, Trigger.READY, Trigger.DRAIN_SENT);
        assertThat(plan(serving(1, 2, 1).sawReady(2))).containsExactly(new Action.Promote(2));
        assertThat(plan(serving(1, 2, 2))).isEmpty();
        table.remove(leaving);
        assertThat(plan(serving(1, 2, 2))).containsExactly(new Action.Forget(1));
    }

    @Test
    void fewerWorkersMeansTheHighestSlotsLeave() {
        worker(0, 1, Trigger.READY);
        WorkerHandle surplus = worker(1, 1, Trigger.READY);
        assertThat(plan(serving(1, 1, 1)))
                .containsExactly(new Action.Drain(surplus, Gate.CLOSE, "fewer workers are wanted"));
    }

    @Test
    void scalingDownWaitsUntilTheOthersAreReady() {
        worker(0, 1);
        worker(1, 1, Trigger.READY);
        assertThat(plan(serving(1, 1, 1))).isEmpty();
    }

    @Test
    void whoIsOverdueIsDumpedAndReplacedAtOnce() {
        WorkerHandle silent = worker(0, 1, Trigger.READY);
        silent.deadline(NOW);
        assertThat(plan(serving(1, 1, 1))).containsExactly(new Action.Dump(silent), new Action.Spawn(0, 1));
    }

    @Test
    void whoIsLateTooLongIsKilled() {
        WorkerHandle late = worker(0, 1, Trigger.READY, Trigger.OVERDUE);
        late.deadline(NOW);
        worker(0, 1, Trigger.READY);
        assertThat(plan(serving(1, 1, 1))).containsExactly(new Action.Kill(late));
    }

    @Test
    void nobodyIsRespawnedWhileTheFirstRoundIsOpenAndTheLastToFailEndsIt() {
        WorkerHandle hopeful = worker(1, 1);
        table.countFailedBoot();
        assertThat(plan(serving(2, 1, 0))).isEmpty();
        table.remove(hopeful);
        assertThat(plan(serving(2, 1, 0))).containsExactly(new Action.GiveUp());
    }

    @Test
    void whoHungUpOrIsLateBeforeAnybodyWasReadyIsNotRespawned() {
        worker(0, 1, Trigger.CHANNEL_CLOSED);
        worker(1, 1);
        assertThat(plan(serving(2, 1, 0))).as("hung up, not reaped").isEmpty();

        WorkerHandle overdue = worker(2, 1);
        overdue.deadline(NOW);
        assertThat(plan(serving(3, 1, 0))).containsExactly(new Action.Dump(overdue));
        overdue.apply(Trigger.OVERDUE, NOW);
        overdue.deadline(LATER);
        assertThat(plan(serving(3, 1, 0))).as("late").isEmpty();
        overdue.apply(Trigger.KILL_SENT, NOW);
        assertThat(plan(serving(3, 1, 0))).as("killed, not reaped").isEmpty();
    }

    @Test
    void whoWasToldToLeaveOrSaidSoInTheFirstRoundIsReplaced() {
        WorkerHandle asked = worker(0, 1, Trigger.DRAIN_SENT);
        asked.markAsked();
        worker(1, 1, Trigger.LEAVING);
        assertThat(plan(serving(2, 1, 0))).containsExactly(new Action.Spawn(0, 1), new Action.Spawn(1, 1));
    }

    @Test
    void aReloadWhoseWorkerIsAboutToFailTriesNoSecondOne() {
        worker(0, 1, Trigger.READY);
        worker(1, 1, Trigger.READY);
        WorkerHandle candidate = worker(0, 2);
        candidate.deadline(NOW);
        assertThat(plan(serving(2, 2, 1))).as("overdue").containsExactly(new Action.Dump(candidate));
        candidate.apply(Trigger.OVERDUE, NOW);
        candidate.deadline(LATER);
        assertThat(plan(serving(2, 2, 1))).as("late").isEmpty();

        table.remove(candidate);
        worker(0, 2, Trigger.CHANNEL_CLOSED);
        assertThat(plan(serving(2, 2, 1))).as("hung up, not reaped").isEmpty();
    }

    @Test
    void whereRoomWasMadeForAWorkerThatIsAboutToFailTheProvenOneComesBack() {
        worker(0, 2, Trigger.CHANNEL_CLOSED);
        Target target = new Target(Phase.SERVING, 1, 2, 1, false, true, 0, 1);
        assertThat(plan(target)).containsExactly(new Action.Spawn(0, 1));

        worker(1, 1, Trigger.READY);
        target = new Target(Phase.SERVING, 2, 2, 1, false, true, 0, 1);
        assertThat(plan(target)).as("and no more room is made").containsExactly(new Action.Spawn(0, 1));
    }

    @Test
    void aFailingSlotWaitsAndThePlanSaysHowLong() {
        worker(1, 1, Trigger.READY);
        table.crashLoop().failed(0, 2, NOW);
        table.crashLoop().failed(0, 2, NOW);
        Plan plan = Reconciler.plan(table, serving(2, 1, 1), NOW);
        assertThat(plan.actions()).isEmpty();
        assertThat(plan.wakeAt()).isEqualTo(NOW + CrashLoop.FIRST_DELAY);
    }

    @Test
    void aStopDrainsEverybodyAndEndsWhenNobodyIsLeft() {
        WorkerHandle ready = worker(0, 1, Trigger.READY);
        Target emptying = serving(1, 1, 1).phase(Phase.EMPTYING);
        assertThat(plan(emptying)).containsExactly(new Action.Drain(ready, Gate.KEEP_OPEN, "the server stops"));
        ready.apply(Trigger.DRAIN_SENT, NOW);
        assertThat(plan(emptying.phase(Phase.STOPPING))).isEmpty();
        table.remove(ready);
        assertThat(plan(emptying)).as("the queues come first").isEmpty();
        assertThat(plan(emptying.phase(Phase.STOPPING))).containsExactly(new Action.Halt());
    }

    @Test
    void aQuickStopTellsEverybodyOnceAndKillsWhoDoesNotLeave() {
        WorkerHandle draining = worker(0, 1, Trigger.READY, Trigger.DRAIN_SENT);
        Target quitting = serving(1, 1, 1).phase(Phase.QUITTING);
        assertThat(plan(quitting)).containsExactly(new Action.Quit(draining, "the server stops"));
        draining.markQuitSent();
        assertThat(plan(quitting)).isEmpty();
        draining.deadline(NOW);
        assertThat(plan(quitting)).containsExactly(new Action.Kill(draining));
    }
}
