package io.jcorn.agent;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Ends the process within a bound, whatever shutdown hooks the application has installed. */
public final class Ending {

    /** How long shutdown hooks may take when there is no time left, in milliseconds. */
    public static final long QUICK_MILLIS = 1000;

    private Ending() {}

    /**
     * Runs the shutdown hooks and ends the process. Does not return.
     *
     * @param code the exit code
     * @param hooksMillis how long the hooks may take, in milliseconds
     */
    public static void exit(int code, long hooksMillis) {
        Thread exit = new Thread(() -> System.exit(code), "jcorn-exit");
        exit.setDaemon(true);
        exit.start();
        try {
            exit.join(hooksMillis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(code);
    }

    /** Ends the process after so many milliseconds, without shutdown hooks. Does not return. */
    public static void haltAfter(long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        for (long left = millis; left > 0; left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(left));
        }
        Runtime.getRuntime().halt(1);
    }
}
