package io.jcorn.compatibility;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** The one place where this module waits. */
final class Await {

    private static final long LOOK_EVERY_MILLIS = 10;

    private Await() {}

    /** Waits until something is so; false when it is not so in time. */
    static boolean until(Duration limit, BooleanSupplier condition) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            pause(LOOK_EVERY_MILLIS);
        }
        return true;
    }

    /** Lets time pass between two requests of a client. */
    static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
