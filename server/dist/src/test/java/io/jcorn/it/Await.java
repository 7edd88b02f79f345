package io.jcorn.it;

import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The one place where a test waits. What it waits for is always an event that others bring about; the deadline is there for
 * a program that is broken, and is never part of what is tested.
 */
public final class Await {

    /** Longer than anything takes on a machine that is busy with other things. */
    public static final Duration DEADLINE = Duration.ofMinutes(3);

    private static final long LOOK_EVERY_MILLIS = 5;

    private Await() {}

    /**
     * Waits until something is so.
     *
     * @param what for the message when it never is
     */
    public static void until(String what, BooleanSupplier condition) {
        value(what, () -> condition.getAsBoolean() ? Optional.of(true) : Optional.empty());
    }

    /**
     * Waits until there is a value, and returns it.
     *
     * @param what for the message when there never is
     */
    public static <T> T value(String what, Supplier<Optional<T>> look) {
        Optional<T> value = within(DEADLINE, look);
        return value.orElseThrow(() -> new AssertionError("waited " + DEADLINE.toSeconds() + " s in vain: " + what));
    }

    /** Lets time pass: only for tests of what happens when time has passed. */
    static void pass(Duration time) {
        within(time, Optional::empty);
    }

    /** Waits for a value no longer than a given time; empty when that passed. */
    static <T> Optional<T> within(Duration limit, Supplier<Optional<T>> look) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            Optional<T> value = look.get();
            if (value.isPresent() || System.nanoTime() > deadline) {
                return value;
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK_EVERY_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("the test was interrupted", e);
        }
    }
}
