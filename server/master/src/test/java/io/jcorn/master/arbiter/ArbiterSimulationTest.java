package io.jcorn.master.arbiter;

import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

/**
 * Drives the whole arbiter through random histories on a {@link SimulatedWorld}.
 *
 * <p>To replay a failure: {@code ./mvnw -pl server/master -am test -Dtest=ArbiterSimulationTest -Djcorn.seed=SEED
 * -Dsurefire.failIfNoSpecifiedTests=false}
 */
class ArbiterSimulationTest {

    private static final long HISTORIES = Long.getLong("jcorn.histories", 100_000);

    @Test
    void noHistoryBreaksAnInvariant() {
        Long seed = Long.getLong("jcorn.seed");
        if (seed != null) {
            run(seed, true);
            return;
        }
        for (long each = 0; each < HISTORIES; each++) {
            run(each, false);
        }
    }

    private static void run(long seed, boolean recording) {
        SimulatedWorld world = new SimulatedWorld(seed, recording);
        LongSupplier clock = world::now;
        Arbiter arbiter = new Arbiter(world.events, world, world, world, world, clock, world.policy);
        world.govern(arbiter);
        try {
            for (int step = 0; step < 40 && !arbiter.done(); step++) {
                world.step();
            }
            endsWell(world, arbiter);
        } catch (AssertionError | RuntimeException e) {
            world.history().forEach(System.err::println);
            throw new AssertionError(
                    "seed " + seed + ": " + e.getMessage() + " (replay with -Djcorn.seed=" + seed + ")", e);
        }
    }

    /** Whatever happened: once nothing goes wrong any more, all slots fill, and a stop ends everything in bounded time. */
    private static void endsWell(SimulatedWorld world, Arbiter arbiter) {
        world.beKind();
        world.pass(400_000);
        if (!arbiter.done() && arbiter.target().phase() == Target.Phase.SERVING) {
            int ready = arbiter.table().count(WorkerState.READY);
            world.expect(
                    ready == arbiter.target().workers(),
                    ready + " ready of " + arbiter.target().workers());
            world.expect(arbiter.table().all().size() == ready, "others beside the ready workers");
            world.expect(
                    arbiter.table().generations().size() == 1,
                    "old generations kept: " + arbiter.table().generations());
        }
        if (!arbiter.done()) {
            world.signal(io.jcorn.master.posix.Signal.TERM);
            world.pass(60_000);
            world.expect(arbiter.done(), "does not stop");
        }
    }
}
