package io.jcorn.examples.misbehaving;

import java.util.concurrent.CountDownLatch;

/** Waits for what never comes. */
final class Never {

    private Never() {}

    /** Does not return, not even when interrupted: so do the worst of applications. */
    static void comes() {
        CountDownLatch never = new CountDownLatch(1);
        while (true) {
            try {
                never.await();
            } catch (InterruptedException e) {
                // Ignored: that is the misbehaviour.
            }
        }
    }
}
