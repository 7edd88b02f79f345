package io.jcorn.master.metrics;

import io.jcorn.master.arbiter.Journal;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Remembers how the last reload ended. Written by the arbiter's thread, read by any. */
final class LastReload implements Journal {

    /** How a reload can end. */
    enum Result {
        /** There was none yet. */
        NONE,
        /** Every slot has the new generation. */
        COMPLETE,
        /** The new generation did not boot; the one before goes on serving. */
        FAILED,
        /** The configuration or the application could not be read; nothing was changed. */
        REFUSED;

        /** As pages and metrics say it. */
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * The end of a reload.
     *
     * @param at when; null for {@link Result#NONE}
     * @param reason why it did not work; empty when it did
     */
    record Outcome(Result result, @Nullable Instant at, String reason) {}

    private final Clock clock;
    private volatile Outcome outcome = new Outcome(Result.NONE, null, "");

    LastReload(Clock clock) {
        this.clock = clock;
    }

    Outcome outcome() {
        return outcome;
    }

    @Override
    public void promoted(int generation, int workers, long took) {
        if (generation > 1) {
            ended(Result.COMPLETE, "");
        }
    }

    @Override
    public void reloadFailed(int generation, int proven, String reason) {
        ended(Result.FAILED, reason);
    }

    @Override
    public void reloadRefused(String reason) {
        ended(Result.REFUSED, reason);
    }

    private void ended(Result result, String reason) {
        outcome = new Outcome(result, clock.instant().truncatedTo(ChronoUnit.MILLIS), reason);
    }
}
