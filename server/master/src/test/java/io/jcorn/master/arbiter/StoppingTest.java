package io.jcorn.master.arbiter;

import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.master.posix.Signal;
import io.jcorn.master.posix.WaitStatus;
import io.jcorn.wire.Message;
import org.junit.jupiter.api.Test;

/** When the listeners are closed. */
class StoppingTest {

    private static final String CLOSED = "doors closed";

    private static ScriptedWorld stopping(boolean queueEmpty) {
        ScriptedWorld world = ScriptedWorld.serving(1);
        world.queueEmpty = queueEmpty;
        world.signal(Signal.TERM);
        assertThat(world.happened()).containsExactly("doors shut", "Drain 101");
        return world;
    }

    @Test
    void aQueueThatIsEmptyMustStaySoForAMoment() {
        ScriptedWorld world = stopping(true);
        world.pass(Stopping.SETTLED - 1);
        assertThat(world.happened()).isEmpty();
        world.pass(1);
        assertThat(world.happened()).containsExactly("CloseGate 101", CLOSED);
        world.pass(1_000);
        assertThat(world.happened()).isEmpty();
    }

    @Test
    void whoeverComesInMeanwhileStartsTheMomentAgain() {
        ScriptedWorld world = stopping(true);
        world.pass(15);
        world.queueEmpty = false;
        world.pass(10);
        world.queueEmpty = true;
        // It is looked at every few milliseconds.
        world.pass(Stopping.SETTLED - Stopping.LOOK_EVERY);
        assertThat(world.happened()).isEmpty();
        world.pass(Stopping.LOOK_EVERY);
        assertThat(world.happened()).containsExactly("CloseGate 101", CLOSED);
    }

    @Test
    void timeInWhichNobodyLookedProvesNothing() {
        ScriptedWorld world = stopping(true);
        world.now += 100;
        world.turn();
        assertThat(world.happened()).isEmpty();
        world.pass(Stopping.SETTLED);
        assertThat(world.happened()).containsExactly("CloseGate 101", CLOSED);
    }

    @Test
    void aQueueThatNeverEmptiesIsClosedInTheEnd() {
        ScriptedWorld world = stopping(false);
        world.pass(Stopping.LONGEST - 1);
        assertThat(world.happened()).isEmpty();
        world.pass(1);
        assertThat(world.happened()).containsExactly("CloseGate 101", CLOSED);
    }

    @Test
    void nobodyWaitsLongerThanTheGrace() {
        WorkerTable table = new WorkerTable();
        ScriptedWorld world = ScriptedWorld.serving(1);
        Stopping stopping = new Stopping(table, world, world, world);
        world.queueEmpty = false;
        table.add(Handles.ready());
        Target target = world.arbiter().target().phase(stopping.begin(new Policy(1, 1, 0, 1, 1, 300), 1_000));

        assertThat(stopping.whenEmptied(target, 1_299).phase()).isEqualTo(Target.Phase.EMPTYING);
        assertThat(stopping.whenEmptied(target, 1_300).phase()).isEqualTo(Target.Phase.STOPPING);
    }

    @Test
    void whereNobodyAcceptsNobodyWaits() {
        ScriptedWorld world = stopping(false);
        world.dieNow(101, WaitStatus.ofSignal(Signal.KILL));
        assertThat(world.happened()).containsExactly("exited 101 SIGNALLED", CLOSED);
        assertThat(world.arbiter().done()).isTrue();
    }

    @Test
    void workersThatStillBootAcceptNobody() {
        ScriptedWorld world = new ScriptedWorld(1);
        world.turn();
        world.queueEmpty = false;
        world.happened();
        world.signal(Signal.TERM);
        assertThat(world.happened()).contains("doors shut", CLOSED, "Drain 101");
    }

    @Test
    void aQuickStopWaitsForNoQueue() {
        ScriptedWorld world = ScriptedWorld.serving(1);
        world.queueEmpty = false;
        world.signal(Signal.INT);
        assertThat(world.happened()).containsExactly("CloseGate 101", CLOSED, "Quit 101");
    }

    @Test
    void whoLeavesByHimselfIsWaitedForToo() {
        ScriptedWorld world = ScriptedWorld.serving(2);
        world.tell(102, new Message.Leaving("signal TERM"));
        world.queueEmpty = false;
        world.happened();
        world.signal(Signal.TERM);
        assertThat(world.happened()).startsWith("doors shut").doesNotContain(CLOSED, "Drain 102");
    }
}
