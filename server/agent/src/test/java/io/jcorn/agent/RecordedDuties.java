package io.jcorn.agent;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Writes down what it is told to do. */
class RecordedDuties implements Duties {

    private final BlockingQueue<String> done = new LinkedBlockingQueue<>();

    /** Returns the next duty, null if none comes. */
    @Nullable
    String next() throws InterruptedException {
        return done.poll(20, TimeUnit.SECONDS);
    }

    @Override
    public void drain(long graceMillis, boolean keepAccepting) {
        done.add("drain " + graceMillis + " " + keepAccepting);
    }

    @Override
    public void closeGate() {
        done.add("close gate");
    }

    @Override
    public void activate() {
        done.add("activate");
    }

    @Override
    public void quit() {
        done.add("quit");
    }

    @Override
    public void reopenLogs() {
        done.add("reopen logs");
    }

    @Override
    public void masterDied() {
        done.add("master died");
    }
}
