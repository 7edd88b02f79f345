package io.jcorn.examples.misbehaving;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Takes its time to start: {@code MISBEHAVING_START_MILLIS} milliseconds, 3000 when that is not set.
 *
 * <p>What jcorn does: it waits up to {@code --boot-timeout}. A reload keeps the old workers until the new ones are ready.
 */
public final class SlowStart extends Misbehaving {

    /** Returns late. */
    public SlowStart() {
        String millis = System.getenv().getOrDefault("MISBEHAVING_START_MILLIS", "3000");
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Long.parseLong(millis));
        for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
