package io.jcorn.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ThreadDumpTest {

    @Test
    void itBeginsWithTheHeapAndNamesEveryThread() {
        String text = ThreadDump.text();

        assertThat(text.lines().findFirst().orElseThrow())
                .matches("heap: \\d+ MiB used, \\d+ MiB committed, \\d+ MiB at most");
        assertThat(text)
                .contains("\"" + Thread.currentThread().getName() + "\" #")
                .contains("io.jcorn.agent.ThreadDumpTest.itBeginsWithTheHeapAndNamesEveryThread(")
                .doesNotContain("DEADLOCK");
    }

    @Test
    void itSaysWhoHoldsWhatAndWhoWaits() throws InterruptedException {
        Object monitor = new Object();
        Thread waiting = new Thread(
                () -> {
                    synchronized (monitor) {
                        monitor.notifyAll();
                    }
                },
                "waiting");
        String text;
        synchronized (monitor) {
            waiting.start();
            awaitState(waiting, Thread.State.BLOCKED);
            text = ThreadDump.text();
        }
        waiting.join();

        String lock = "java.lang.Object@" + Integer.toHexString(System.identityHashCode(monitor));
        assertThat(text)
                .contains("\"waiting\" #")
                .contains("BLOCKED on " + lock + " held by \""
                        + Thread.currentThread().getName() + "\"")
                .contains("    - locked " + lock);
    }

    @Test
    void aDeadlockIsSaidFirst() throws InterruptedException {
        // Locks that can be interrupted: the threads are to end with the test.
        ReentrantLock one = new ReentrantLock();
        ReentrantLock two = new ReentrantLock();
        CountDownLatch bothHeld = new CountDownLatch(2);
        List<Thread> threads = new ArrayList<>();
        threads.add(new Thread(() -> lockBoth(one, two, bothHeld), "left"));
        threads.add(new Thread(() -> lockBoth(two, one, bothHeld), "right"));
        threads.forEach(Thread::start);
        while (!one.hasQueuedThreads() || !two.hasQueuedThreads()) {
            Thread.onSpinWait();
        }
        for (Thread thread : threads) {
            awaitState(thread, Thread.State.WAITING);
        }

        String text = ThreadDump.text();

        for (Thread thread : threads) {
            thread.interrupt();
            thread.join();
        }
        assertThat(text.lines().skip(1).findFirst()).hasValue("DEADLOCK between 2 threads:");
        assertThat(text).containsPattern("\"left\" waits for \\S+, which \"right\" holds");
        assertThat(text).containsPattern("\"right\" waits for \\S+, which \"left\" holds");
        assertThat(text).containsPattern("- locked java.util.concurrent.locks.ReentrantLock");
    }

    private static void lockBoth(ReentrantLock first, ReentrantLock second, CountDownLatch bothHeld) {
        first.lock();
        try {
            bothHeld.countDown();
            bothHeld.await();
            second.lockInterruptibly();
            second.unlock();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            first.unlock();
        }
    }

    private static void awaitState(Thread thread, Thread.State state) {
        while (thread.getState() != state) {
            Thread.onSpinWait();
        }
    }
}
