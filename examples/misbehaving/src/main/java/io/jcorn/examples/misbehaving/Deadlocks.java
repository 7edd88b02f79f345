package io.jcorn.examples.misbehaving;

import com.sun.net.httpserver.HttpExchange;
import java.util.concurrent.CountDownLatch;

/**
 * Two threads, each with the lock that the other one waits for.
 *
 * <p>What jcorn does: as with {@link Hangs}; the thread dump in the log names the deadlock.
 */
public final class Deadlocks extends Misbehaving {

    private final Object accounts = new Object();
    private final Object orders = new Object();

    @Override
    void misbehave(HttpExchange exchange) {
        CountDownLatch bothHoldOne = new CountDownLatch(2);
        Thread other = new Thread(() -> lock(orders, accounts, bothHoldOne), "deadlocks-other");
        other.setDaemon(true);
        other.start();
        lock(accounts, orders, bothHoldOne);
    }

    private static void lock(Object first, Object second, CountDownLatch bothHoldOne) {
        synchronized (first) {
            bothHoldOne.countDown();
            try {
                bothHoldOne.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            synchronized (second) {
                throw new IllegalStateException("the other thread gave its lock away");
            }
        }
    }
}
