package io.jcorn.master.metrics;

import io.jcorn.master.arbiter.Status;
import io.jcorn.master.arbiter.Target;
import io.jcorn.master.arbiter.Target.Phase;
import io.jcorn.master.arbiter.WorkerState;
import io.jcorn.wire.Scoreboard;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;

/** What the pages are made of, for tests. */
final class Views {

    static final Instant STARTED = Instant.parse("2026-11-21T19:00:00Z");
    static final Instant NOW = Instant.parse("2026-11-21T19:01:00Z");

    /** {@link #NOW} by the arbiter's clock. */
    static final long CLOCK = 100_000;

    /** {@link #STARTED} by the arbiter's clock: the wall clock was set forward by a second meanwhile. */
    static final long STARTED_AT = CLOCK - 59_000;

    private Views() {}

    static Scoreboard scoreboard() {
        return Scoreboard.over(ByteBuffer.allocateDirect(Scoreboard.BYTES));
    }

    static Status.Worker worker(long id, int slot, int generation, WorkerState state) {
        return new Status.Worker(id, slot, generation, 4711 + (int) id, state, CLOCK - 500, CLOCK - 2_000, "");
    }

    static Target target(Phase phase, int workers) {
        return new Target(phase, workers, 1, 1, true, true, 1, 0);
    }

    static Status status(Phase phase, int workers, Status.Worker... present) {
        return new Status(target(phase, workers), false, false, 0, List.of(present), CLOCK - 10, CLOCK + 4_990);
    }

    static ServerView view(Status status, Tally tally, AcceptQueue... queues) {
        LastReload.Outcome none = new LastReload.Outcome(LastReload.Result.NONE, null, "");
        return view(status, tally, none, queues);
    }

    static ServerView view(Status status, Tally tally, LastReload.Outcome reload, AcceptQueue... queues) {
        return new ServerView(
                "0.1.0", 7312, STARTED, STARTED_AT, NOW, CLOCK, status, tally.read(), List.of(queues), reload);
    }
}
