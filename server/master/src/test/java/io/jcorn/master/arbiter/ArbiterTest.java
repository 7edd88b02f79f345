package io.jcorn.master.arbiter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jcorn.master.arbiter.Target.Phase;
import io.jcorn.master.posix.Signal;
import io.jcorn.master.posix.WaitStatus;
import io.jcorn.wire.Message;
import io.jcorn.wire.Message.BootFailed.Cause;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Stories with an arbiter, event by event. What must hold in all stories is the simulation's matter. */
class ArbiterTest {

    private static final WaitStatus KILLED = WaitStatus.ofSignal(Signal.KILL);
    private static final WaitStatus CLEAN = WaitStatus.ofExit(0);

    private static Arbiter arbiter(ScriptedWorld world) {
        return world.arbiter();
    }

    @Test
    void theFirstGenerationIsPromotedWhenAllSlotsAreFilled() {
        ScriptedWorld world = new ScriptedWorld(2);
        world.turn();
        assertThat(world.happened()).containsExactly("spawn 101 slot=0 gen=1", "spawn 102 slot=1 gen=1");
        world.ready(102);
        assertThat(world.happened()).isEmpty();
        world.ready(101);
        assertThat(world.happened()).containsExactly("promoted 1", "complete 1 after 0");
    }

    @Test
    void aDeadWorkerIsReplacedInTheSameTurn() {
        ScriptedWorld world = ScriptedWorld.serving(2);
        world.dieNow(101, KILLED);
        assertThat(world.happened()).containsExactly("exited 101 SIGNALLED", "spawn 103 slot=0 gen=1");
    }

    @Test
    void aChildThatIsNobodysWorkerIsReapedQuietly() {
        ScriptedWorld world = ScriptedWorld.serving(1);
        world.dieNow(7, CLEAN);
        assertThat(world.happened()).containsExactly("foreign 7");
    }

    // Suspension.

    @Test
    void aMachineThatWasSuspendedKillsNobody() {
        ScriptedWorld world = ScriptedWorld.serving(2);
        world.dieNow(102, KILLED);
        world.happened();
        // 101 serves, 103 boots; both are silent for an hour, as is the master.
        world.now += 3_600_000;
        world.turn();
        assertThat(world.happened()).containsExactly("suspended");

        world.passInSilence(ScriptedWorld.LIVENESS - 1);
        assertThat(world.happened()).isEmpty();
        world.passInSilence(1);
        assertThat(world.happened())
                .first()
                .asString()
                .startsWith("late 101: its event loop has been silent for 10000");
    }

    @Test
    void aBootingWorkerGetsItsWholeTimeAfterASuspension() {
        ScriptedWorld world = new ScriptedWorld(1);
        world.turn();
        world.pass(1_000);
        world.now += 3_600_000;
        world.turn();
        world.happened();

        world.pass(ScriptedWorld.BOOT - 2_000);
        assertThat(world.happened()).isEmpty();
        world.pass(1_000);
        assertThat(world.happened()).startsWith("late 101: not ready after 30000 ms (boot-timeout)", "DumpRequest 101");
    }

    // The number of workers.

    @Test
    void ttinAndTtouChangeTheNumberByOneDownToOne() {
        ScriptedWorld world = ScriptedWorld.serving(1);
        world.signal(Signal.TTIN);
        assertThat(world.happened()).containsExactly("spawn 102 slot=1 gen=1");
        world.ready(102);
        world.signal(Signal.TTOU);
        assertThat(world.happened()).containsExactly("Drain 102");
        world.signal(Signal.TTOU);
        assertThat(world.happened()).isEmpty();
        assertThat(arbiter(world).target().workers()).isEqualTo(1);
    }

    @Test
    void thereAreNoMoreWorkersThanRowsForThemAndTheirSuccessors() {
        ScriptedWorld world = ScriptedWorld.serving(Arbiter.MOST_WORKERS);
        world.signal(Signal.TTIN);
        assertThat(world.happened()).isEmpty();
        assertThat(arbiter(world).target().workers()).isEqualTo(Arbiter.MOST_WORKERS);
    }

    @Test
    void winchSendsAllWorkersAwayAndHupBringsThemBack() {
        ScriptedWorld world = ScriptedWorld.serving(2);
        world.signal(Signal.WINCH);
        assertThat(world.happened()).containsExactly("Drain 101", "Drain 102");
        world.signal(Signal.TTOU);
        assertThat(arbiter(world).target().workers()).as("less than none").isZero();
        world.die(101, CLEAN);
        world.dieNow(102, CLEAN);
        world.happened();

        world.signal(Signal.HUP);
        world.prepared(2, 2);

        assertThat(world.happened()).containsExactly("prepare 2", "spawn 103 slot=0 gen=2", "spawn 104 slot=1 gen=2");
    }

    @Test
    void afterWinchOneCanComeBackAlone() {
        ScriptedWorld world = ScriptedWorld.serving(1);
        world.signal(Signal.WINCH);
        world.dieNow(101, CLEAN);
        world.happened();
        world.signal(Signal.TTIN);
        assertThat(world.happened()).containsExactly("spawn 102 slot=0 gen=1");
    }

    @Test
    void theOperatorsNumberSurvivesAReload() {
        ScriptedWorld world = ScriptedWorld.serving(2);
        world.signal(Signal.TTIN);
        world.ready(103);
        world.signal(Signal.HUP);
        world.prepared(2, 2);
        assertThat(arbiter(world).target().workers()).isEqualTo(3);
    }

    @Test
    void aChangedConfigurationOverrulesTheOperatorsNumber() {
        ScriptedWorld world = ScriptedWorld.serving(2);
        world.signal(Signal.TTIN);
        world.ready(103);
        world.signal(Signal.HUP);
        world.prepared(2, 4);
        assertThat(arbiter(world).target().workers()).isEqualTo(4);
    }

    @Test
    void aWorkerThatCannotBeToldOfIsReplacedAllTheSame() {
        ScriptedWorld world = ScriptedWorld.serving(2);
        world.journalFails = true;
        world.die(101, WaitStatus.ofSignal(Signal.SEGV));
        assertThatThrownBy(world::turn).isInstanceOf(IllegalStateException.class);
        world.journalFails = false;
        world.turn();
        assertThat(world.happened()).containsExactly("spawn 103 slot=0 gen=1");
    }

    // Reload.

    @Test
    void aReloadDuringAReloadIsDoneAfterIt() {
        ScriptedWorld world = ScriptedWorld.serving(1);
        world.signal(Signal.HUP);
        world.signal(Signal.HUP);
        world.signal(Signal.HUP);
        assertThat(world.happened()).containsExactly("prepare 2", "reload queued", "reload queued");
        world.prepared(2, 1);
        assertThat(world.happened()).contains("prepare 3");
        world.prepared(3, 1);
        assertThat(world.happened()).doesNotContain("prepare 4");
    }

    @Test
    void aGenerationWhoseFilesAreGoneIsMadeAnewOnce() {
        ScriptedWorld world = ScriptedWorld.serving(2);
        world.loseFiles(1);
        world.die(101, WaitStatus.ofSignal(Signal.KILL));
        world.dieNow(102, WaitStatus.ofSignal(Signal.KILL));
        assertThat(world.happened())
                .filteredOn(what -> what.startsWith("prepare") || what.startsWith("spawn"))
                .containsExactly("spawn failed slot=0: its files are gone", "prepare 2");
        world.prepared(2, 2);
        world.ready(103);
        assertThat(world.happened()).doesNotContain("prepare 3", "reload queued");
    }

    @Test
    void aSlotWhoseGenerationIsLostWaitsForTheNextOneAndThatFillsItAtOnce() {
        ScriptedWorld world = ScriptedWorld.serving(2);
        world.loseFiles(1);
        world.dieNow(101, WaitStatus.ofSignal(Signal.KILL));
        assertThat(world.happened())
                .containsExactly("exited 101 SIGNALLED", "spawn failed slot=0: its files are gone", "prepare 2");
        world.pass(10_000);
        assertThat(world.happened()).as("it was said once").isEmpty();
        world.prepared(2, 2);
        assertThat(world.happened()).containsExactly("spawn 103 slot=0 gen=2");
    }

    @Test
    void aLostGenerationIsMadeAnewEverMoreRarelyWhileItsSuccessorsCannotBoot() {
        ScriptedWorld world = ScriptedWorld.serving(1);
        world.loseFiles(1);
        world.dieNow(101, WaitStatus.ofSignal(Signal.KILL));
        int prepared = 1;
        for (int second = 0; second < 60; second++) {
            String next = "prepare " + (prepared + 1);
            if (world.happened().contains(next)) {
                prepared++;
                world.prepared(prepared, 1);
            }
            world.bootFails();
            world.pass(1_000);
        }
        assertThat(prepared).isBetween(4, 9);
    }

    @Test
    void aLostGenerationIsTriedAgainWhenItsSuccessorIsRefused() {
        ScriptedWorld world = ScriptedWorld.serving(1);
        world.loseFiles(1);
        world.dieNow(101, WaitStatus.ofSignal(Signal.KILL));
        world.findFiles(1);
        world.happened();
        world.events.add(new Event.Refused("no such file"));
        world.turn();
        assertThat(world.happened()).containsExactly("refused no such file", "spawn 102 slot=0 gen=1");
    }

    @Test
    void aReloadThatIsRefusedChangesNothingAndTheNextOneIsTried() {
        ScriptedWorld world = ScriptedWorld.serving(1);
        world.signal(Signal.HUP);
        world.happened();
        world.events.add(new Event.Refused("bad configuration"));
        world.turn();
        assertThat(world.happened()).containsExactly("refused bad configuration");
        world.signal(Signal.HUP);
        assertThat(world.happened()).containsExactly("prepare 3");
    }

    @Test
    void aReloadWhoseFirstWorkerCannotBootIsOff() {
        ScriptedWorld world = ScriptedWorld.serving(2);
        world.signal(Signal.HUP);
        world.prepared(2, 2);
        world.happened();
        world.tell(103, new Message.BootFailed(Cause.LOAD, "no such class\n\tat x"));
        assertThat(world.happened()).containsExactly("reload failed 2: no such class");
        world.dieNow(103, WaitStatus.ofExit(4));
        assertThat(world.happened()).containsExactly("exited 103 LOAD_FAILURE", "forget 2");
        assertThat(arbiter(world).target().wanted()).isEqualTo(1);
    }

    @Test
    void aReloadThatFailsBringsTheOldConfigurationBack() {
        ScriptedWorld world = ScriptedWorld.serving(2);
        world.signal(Signal.HUP);
        world.prepared(2, 4);
        assertThat(arbiter(world).target().workers()).isEqualTo(4);
        world.tell(103, new Message.BootFailed(Cause.LOAD, "no such class"));
        assertThat(arbiter(world).target().workers()).isEqualTo(2);
    }

    @Test
    void aReloadThatFailsKeepsTheOperatorsNumber() {
        ScriptedWorld world = ScriptedWorld.serving(2);
        world.signal(Signal.TTIN);
        world.ready(103);
        world.signal(Signal.HUP);
        world.prepared(2, 2);
        world.tell(104, new Message.BootFailed(Cause.LOAD, "no such class"));
        assertThat(arbiter(world).target().workers()).isEqualTo(3);
    }

    @Test
    void killsFromOutsideAreNoCrashLoop() {
        ScriptedWorld world = ScriptedWorld.serving(1);
        for (int pid = 101; pid < 121; pid++) {
            world.happened();
            world.dieNow(pid, WaitStatus.ofSignal(Signal.KILL));
            assertThat(world.happened()).contains("spawn " + (pid + 1) + " slot=0 gen=1");
            world.ready(pid + 1);
        }
        assertThat(arbiter(world).table().crashLoop().open()).isFalse();
    }

    @Test
    void whatIsPreparedForAServerThatStopsIsForgotten() {
        ScriptedWorld world = ScriptedWorld.serving(1);
        world.signal(Signal.HUP);
        world.signal(Signal.TERM);
        world.happened();
        world.prepared(2, 1);
        assertThat(world.happened()).containsExactly("forget 2");
        world.signal(Signal.HUP);
        assertThat(world.happened()).containsExactly("ignored HUP");
    }

    // Stop.

    @Test
    void termDrainsAndEndsWhenTheLastIsGone() {
        ScriptedWorld world = ScriptedWorld.serving(2);
        world.signal(Signal.TERM);
        assertThat(world.happened()).containsExactly("doors shut", "Drain 101", "Drain 102");
        world.pass(Stopping.SETTLED);
        assertThat(world.happened()).containsExactly("CloseGate 101", "CloseGate 102", "doors closed");
        world.die(101, CLEAN);
        world.dieNow(102, CLEAN);
        assertThat(world.happened()).containsExactly("exited 101 CLEAN", "exited 102 CLEAN");
        assertThat(arbiter(world).done()).isTrue();
        assertThat(arbiter(world).verdict()).isNull();
    }

    @ParameterizedTest
    @EnumSource(names = {"TERM", "INT"})
    void aSecondSignalIsInAHurry(Signal second) {
        ScriptedWorld world = ScriptedWorld.serving(1);
        world.signal(Signal.TERM);
        world.happened();
        world.signal(second);
        assertThat(world.happened()).containsExactly("CloseGate 101", "doors closed", "Quit 101");
        world.signal(second);
        assertThat(world.happened()).isEmpty();
        world.pass(Performer.QUIT_PATIENCE);
        assertThat(world.happened()).containsExactly("kill 101");
        world.dieNow(101, KILLED);
        assertThat(world.happened()).containsExactly("exited 101 KILLED_BY_MASTER");
        assertThat(arbiter(world).done()).isTrue();
    }

    @Test
    void inAHurryAfterTheDoorsAreClosedTheyAreNotClosedAgain() {
        ScriptedWorld world = ScriptedWorld.serving(1);
        world.signal(Signal.TERM);
        world.pass(Stopping.SETTLED);
        world.happened();
        world.signal(Signal.TERM);
        assertThat(world.happened()).containsExactly("Quit 101");
    }

    @Test
    void whoDoesNotLeaveInTimeIsWrittenDownAndKilled() {
        ScriptedWorld world = ScriptedWorld.serving(1);
        world.signal(Signal.TERM);
        world.pass(Stopping.SETTLED);
        world.happened();
        world.pass(ScriptedWorld.GRACE + Performer.DRAIN_MARGIN);
        assertThat(world.happened())
                .containsExactly("late 101: did not leave in time (graceful-timeout)", "DumpRequest 101");
        world.pass(Performer.DUMP_PATIENCE);
        assertThat(world.happened()).containsExactly("kill 101");
    }

    // Workers that are late or broken.

    @Test
    void theDumpOfALateWorkerIsItsLastWord() {
        ScriptedWorld world = ScriptedWorld.serving(1);
        world.passInSilence(ScriptedWorld.LIVENESS);
        assertThat(world.happened())
                .containsExactly(
                        "late 101: its event loop has been silent for 10000 ms (timeout)",
                        "DumpRequest 101",
                        "spawn 102 slot=0 gen=1");
        world.tell(101, new Message.Dump("stacks"));
        assertThat(world.happened()).containsExactly("kill 101");
        world.dieNow(101, KILLED);
        assertThat(world.happened()).containsExactly("exited 101 KILLED_BY_MASTER");
    }

    @Test
    void aLateWorkerThatCannotEvenWriteItsDumpIsKilledAllTheSame() {
        ScriptedWorld world = ScriptedWorld.serving(1);
        world.passInSilence(ScriptedWorld.LIVENESS);
        world.ready(102);
        world.happened();
        world.pass(Performer.DUMP_PATIENCE);
        assertThat(world.happened()).containsExactly("kill 101");
        world.pass(Arbiter.EXIT_PATIENCE);
        assertThat(world.happened()).as("a process in the kernel").containsExactly("kill 101");
    }

    @Test
    void aWorkerThatClosesItsChannelIsReplacedAndGivenAMoment() {
        ScriptedWorld world = ScriptedWorld.serving(2);
        world.channelCloses(101);
        assertThat(world.happened()).containsExactly("spawn 103 slot=0 gen=1");
        world.ready(103);
        world.pass(Arbiter.EXIT_PATIENCE);
        assertThat(world.happened()).first().asString().startsWith("late 101");
        world.channelCloses(101);
        world.channelCloses(999);
        assertThat(world.happened()).isEmpty();
    }

    @Test
    void readyAndDrainMayCross() {
        ScriptedWorld world = new ScriptedWorld(1);
        world.turn();
        world.signal(Signal.TERM);
        world.happened();
        world.ready(101);
        assertThat(arbiter(world).status().workers())
                .singleElement()
                .satisfies(worker -> assertThat(worker.state()).isEqualTo(WorkerState.DRAINING));
    }

    @Test
    void aGateThatClosedIsNewsAndNothingElse() {
        ScriptedWorld world = ScriptedWorld.serving(1);

        world.tell(101, new Message.GateClosed(3));
        assertThat(world.happened()).containsExactly("gate closed 101 3 READY");

        world.prepared(2, 1);
        world.ready(102);
        world.happened();
        world.tell(101, new Message.GateClosed(2));
        assertThat(world.happened()).containsExactly("gate closed 101 2 DRAINING");
        world.dieNow(101, WaitStatus.ofExit(143));
        assertThat(world.happened()).contains("exited 101 CLEAN");
    }

    @Test
    void aReloadIsCompleteWhenNoOldWorkerAcceptsAnyMore() {
        ScriptedWorld world = ScriptedWorld.serving(1);
        world.prepared(2, 1);
        world.happened();

        world.ready(102);
        assertThat(world.happened()).containsExactly("Drain 101", "promoted 2");
        world.now += 40;
        world.tell(101, new Message.GateClosed(2));

        assertThat(world.happened()).containsExactly("gate closed 101 2 DRAINING", "complete 2 after 40");
    }

    @Test
    void anOldWorkerThatIsGoneAcceptsNothingWhateverItSaid() {
        ScriptedWorld world = ScriptedWorld.serving(1);
        world.prepared(2, 1);
        world.ready(102);
        world.happened();

        world.dieNow(101, CLEAN);

        assertThat(world.happened()).contains("complete 2 after 0");
    }

    @Test
    void anOldWorkerThatHangsDelaysTheWordUntilItIsKilled() {
        ScriptedWorld world = ScriptedWorld.serving(1);
        world.prepared(2, 1);
        world.ready(102);
        world.happened();

        world.pass(ScriptedWorld.GRACE + Performer.DRAIN_MARGIN);
        assertThat(world.happened())
                .containsExactly("late 101: did not leave in time (graceful-timeout)", "DumpRequest 101");
        world.pass(Performer.DUMP_PATIENCE);

        assertThat(world.happened()).containsExactly("kill 101", "complete 2 after 12000");
    }

    @Test
    void aReloadThatOvertakesAnUnfinishedOneIsToldAfterIt() {
        ScriptedWorld world = ScriptedWorld.serving(1);
        world.prepared(2, 1);
        world.ready(102);
        world.prepared(3, 1);
        world.ready(103);
        world.happened();

        world.tell(102, new Message.Drained(0));
        assertThat(world.happened()).as("the first still accepts").isEmpty();
        world.tell(101, new Message.GateClosed(0));

        assertThat(world.happened())
                .containsExactly("gate closed 101 0 DRAINING", "complete 2 after 0", "complete 3 after 0");
    }

    @Test
    void aWorkerThatSomebodyTerminatedIsReplacedBeforeItIsGone() {
        ScriptedWorld world = ScriptedWorld.serving(1);
        world.tell(101, new Message.Leaving("signal TERM"));
        assertThat(world.happened()).containsExactly("spawn 102 slot=0 gen=1");
        world.tell(101, new Message.Drained(0));
        world.dieNow(101, CLEAN);
        assertThat(world.happened()).containsExactly("exited 101 CLEAN");
    }

    @Test
    void logsAreReopenedEverywhereAndTheUpgradeIsNotThereYet() {
        ScriptedWorld world = ScriptedWorld.serving(2);
        world.signal(Signal.USR1);
        assertThat(world.happened()).containsExactly("ReopenLogs 101", "ReopenLogs 102");
        world.signal(Signal.USR2);
        assertThat(world.happened()).containsExactly("ignored USR2");
    }

    // Giving up.

    @Test
    void aFirstWorkerThatCannotBeSpawnedEndsIt() {
        ScriptedWorld world = new ScriptedWorld(1);
        world.failingSpawns = 1;
        world.turn();
        assertThat(world.happened())
                .containsExactly("spawn failed slot=0: no more processes", "gave up BOOT_FAILURE", "doors closed");
        assertThat(arbiter(world).done()).isTrue();
        assertThat(arbiter(world).verdict()).isNotNull();
    }

    @Test
    void theOthersOfTheFirstRoundMayStillMakeIt() {
        ScriptedWorld world = new ScriptedWorld(2);
        world.failingSpawns = 1;
        world.turn();
        assertThat(world.happened())
                .containsExactly("spawn failed slot=0: no more processes", "spawn 101 slot=1 gen=1");
        world.pass(5_000);
        assertThat(world.happened()).as("nobody knows yet whether it works").isEmpty();
        world.ready(101);
        assertThat(world.happened()).containsExactly("spawn 102 slot=0 gen=1");
    }

    @Test
    void theFirstFailureIsTheVerdictAndTheLastOneEndsIt() {
        ScriptedWorld world = new ScriptedWorld(2);
        world.turn();
        world.tell(101, new Message.BootFailed(Cause.LOAD, "no such class"));
        world.dieNow(101, WaitStatus.ofExit(4));
        assertThat(arbiter(world).done()).isFalse();
        world.dieNow(102, WaitStatus.ofExit(1));
        assertThat(arbiter(world).done()).isTrue();
        assertThat(arbiter(world).verdict()).extracting(Exit::kind).isEqualTo(Exit.Kind.LOAD_FAILURE);
    }

    @Test
    void lastWordsThatNobodyHasReadYetStillCount() {
        ScriptedWorld world = new ScriptedWorld(1);
        world.turn();
        world.unheard(101, new Message.BootFailed(Cause.LOAD, "no such class"));
        world.happened();
        // The exit code alone would be that of a JVM whose heap was full.
        world.dieNow(101, WaitStatus.ofExit(3));
        assertThat(world.happened()).containsExactly("exited 101 LOAD_FAILURE", "gave up LOAD_FAILURE", "doors closed");
    }

    /** The end of file on its channel comes before its exit status. */
    @Test
    void whoEndsBeforeItIsReadyInTheFirstRoundIsNotStartedAgain() {
        ScriptedWorld world = new ScriptedWorld(2);
        world.turn();
        world.happened();
        world.channelCloses(101);
        world.channelCloses(102);
        assertThat(world.happened()).isEmpty();
        world.dieNow(101, WaitStatus.ofExit(1));
        assertThat(world.happened()).containsExactly("exited 101 BOOT_FAILURE");
        world.dieNow(102, WaitStatus.ofExit(1));
        assertThat(world.happened()).containsExactly("exited 102 BOOT_FAILURE", "gave up BOOT_FAILURE", "doors closed");
    }

    @Test
    void whoIsNotReadyInTimeInTheFirstRoundIsNotTriedForAsLongAgain() {
        ScriptedWorld world = new ScriptedWorld(2);
        world.turn();
        world.happened();
        world.pass(ScriptedWorld.BOOT);
        world.pass(Performer.DUMP_PATIENCE);
        assertThat(world.happened())
                .containsExactly(
                        "late 101: not ready after 30000 ms (boot-timeout)",
                        "DumpRequest 101",
                        "late 102: not ready after 30000 ms (boot-timeout)",
                        "DumpRequest 102",
                        "kill 101",
                        "kill 102");
        world.die(101, KILLED);
        world.dieNow(102, KILLED);
        assertThat(world.happened())
                .containsExactly(
                        "exited 101 KILLED_BY_MASTER",
                        "exited 102 KILLED_BY_MASTER",
                        "gave up KILLED_BY_MASTER",
                        "doors closed");
        assertThat(arbiter(world).done()).isTrue();
    }

    /** Its last word and the master's patience may cross, and it may be killed before its word is read. */
    @Test
    void aLateWorkerThatSaysWhyItCannotBootHasFailedAllTheSame() {
        ScriptedWorld world = new ScriptedWorld(2);
        world.turn();
        world.pass(ScriptedWorld.BOOT);
        world.happened();
        world.tell(101, new Message.BootFailed(Cause.BOOT, "it listens elsewhere"));
        world.pass(Performer.DUMP_PATIENCE);
        assertThat(world.happened()).containsExactly("kill 101", "kill 102");
        world.die(101, KILLED);
        world.unheard(102, new Message.BootFailed(Cause.BOOT, "it listens elsewhere"));
        world.dieNow(102, KILLED);
        assertThat(world.happened())
                .containsExactly(
                        "exited 101 BOOT_FAILURE", "exited 102 BOOT_FAILURE", "gave up BOOT_FAILURE", "doors closed");
    }

    @Test
    void aLateCandidateThatSaysWhyItCannotBootEndsTheReload() {
        ScriptedWorld world = ScriptedWorld.serving(1);
        world.prepared(2, 1);
        world.pass(ScriptedWorld.BOOT);
        world.happened();
        world.tell(102, new Message.BootFailed(Cause.BOOT, "it listens elsewhere"));
        assertThat(world.happened()).containsExactly("reload failed 2: it listens elsewhere");
    }

    @Test
    void whoIsKilledFromOutsideInTheFirstRoundIsReplacedWhenThatIsKnown() {
        ScriptedWorld world = new ScriptedWorld(1);
        world.turn();
        world.happened();
        world.channelCloses(101);
        assertThat(world.happened()).isEmpty();
        world.dieNow(101, KILLED);
        assertThat(world.happened()).containsExactly("exited 101 SIGNALLED", "spawn 102 slot=0 gen=1");
    }

    @Test
    void aCandidateThatEndsOnReloadIsNotBootedASecondTime() {
        ScriptedWorld world = ScriptedWorld.serving(2);
        world.prepared(2, 2);
        assertThat(world.happened()).containsExactly("spawn 103 slot=0 gen=2");
        world.channelCloses(103);
        assertThat(world.happened()).isEmpty();
        world.dieNow(103, WaitStatus.ofExit(2));
        assertThat(world.happened())
                .containsExactly(
                        "exited 103 BOOT_FAILURE", "reload failed 2: failed to boot (exit code 2)", "forget 2");
    }

    @Test
    void aCandidateThatIsKilledFromOutsideIsTriedAgain() {
        ScriptedWorld world = ScriptedWorld.serving(1);
        world.prepared(2, 1);
        world.happened();
        world.channelCloses(102);
        world.dieNow(102, KILLED);
        assertThat(world.happened()).containsExactly("exited 102 SIGNALLED", "spawn 103 slot=0 gen=2");
    }

    // The kernel's own kills.

    @Test
    void oneKillByTheKernelExplainsOneDeath() {
        ScriptedWorld world = ScriptedWorld.serving(3);
        world.kernelKills = 2;
        world.die(101, KILLED);
        world.die(102, KILLED);
        world.dieNow(103, KILLED);
        assertThat(world.happened())
                .contains("exited 101 KERNEL_OUT_OF_MEMORY", "exited 102 KERNEL_OUT_OF_MEMORY", "exited 103 SIGNALLED");
    }

    @Test
    void aKillThatHitSomebodyElseExplainsNoLaterDeath() {
        ScriptedWorld world = ScriptedWorld.serving(2);
        world.kernelKills = 2;
        world.dieNow(101, KILLED);
        world.dieNow(102, KILLED);
        assertThat(world.happened()).contains("exited 101 KERNEL_OUT_OF_MEMORY", "exited 102 SIGNALLED");
    }

    @Test
    void aSlotThatKeepsDyingWaitsLongerEachTimeWhileItsSiblingServes() {
        ScriptedWorld world = ScriptedWorld.serving(2);
        long waited = 0;
        int pid = 101;
        for (long expected : List.of(0L, 500L, 1_000L, 2_000L)) {
            world.dieNow(pid, WaitStatus.ofExit(1));
            long before = world.now;
            List<String> happened = world.happened();
            while (happened.stream().noneMatch(what -> what.startsWith("spawn"))) {
                world.pass(Math.max(1, arbiter(world).wakeAt() - world.now));
                happened = world.happened();
            }
            waited += world.now - before;
            assertThat(world.now - before).isEqualTo(expected);
            pid = Integer.parseInt(happened.get(happened.size() - 1).split(" ", -1)[1]);
            world.ready(pid);
        }
        assertThat(waited).isEqualTo(3_500);
        assertThat(arbiter(world).target().phase()).isEqualTo(Phase.SERVING);
    }
}
