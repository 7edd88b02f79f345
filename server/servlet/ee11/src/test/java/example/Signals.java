package example;

import java.util.Objects;
import java.util.concurrent.CountDownLatch;

/**
 * What test and application tell each other. They have this class twice, so it goes through what there is once: the properties of
 * the JVM.
 */
public final class Signals {

    private static final String REACHED = "example.reached";
    private static final String RELEASE = "example.release";

    private Signals() {}

    /** Forgets what was. */
    public static void reset() {
        System.getProperties().put(REACHED, new CountDownLatch(1));
        System.getProperties().put(RELEASE, new CountDownLatch(1));
    }

    /** The application has got to where it waits. */
    static void reached() {
        latch(REACHED).countDown();
    }

    /** Waits until the application has got there. */
    public static void awaitReached() {
        await(REACHED);
    }

    /** Lets the application go on. */
    public static void release() {
        latch(RELEASE).countDown();
    }

    /** Waits until the test lets the application go on. */
    static void await() {
        await(RELEASE);
    }

    private static void await(String name) {
        try {
            latch(name).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static CountDownLatch latch(String name) {
        return (CountDownLatch) Objects.requireNonNull(System.getProperties().get(name));
    }
}
