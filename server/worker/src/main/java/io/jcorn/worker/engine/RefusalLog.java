package io.jcorn.worker.engine;

import io.jcorn.wire.Log;
import io.jcorn.wire.LogLevel;
import io.jcorn.worker.http.Refused;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Tells of refused requests, a few each second in a line of their own and the rest as a number: whoever sends rubbish as fast as
 * he can must not fill the disk with it. Confined to the event loop.
 */
final class RefusalLog {

    /** Lines per second. */
    static final int LINES = 5;

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Log log;
    private final LongSupplier clock;
    private final Consumer<Runnable> inASecond;
    private final DefectLog defects;
    private long since;
    private int lines;
    private long untold;
    private String latest = "";

    /**
     * A log of nothing yet.
     *
     * @param inASecond runs a task in a second, on the event loop
     */
    RefusalLog(Log log, LongSupplier clock, Consumer<Runnable> inASecond) {
        this.log = log;
        this.clock = clock;
        this.inASecond = inASecond;
        this.defects = new DefectLog(log, clock);
        this.since = clock.getAsLong() - SECOND;
    }

    /**
     * Tells of a refusal now or later.
     *
     * @param client as {@link Arrival#named} names it
     */
    void add(String client, Refused refusal) {
        add(client, Integer.toString(refusal.status()), refusal.reason());
    }

    /**
     * Tells of a refusal now or later.
     *
     * @param client as {@link Arrival#named} names it
     * @param how the status, or the error code of HTTP/2
     */
    void add(String client, String how, String reason) {
        add("Refused a request of " + client + " with " + how + ": ", reason);
    }

    /**
     * Tells of a connection that was closed without a word, now or later.
     *
     * @param client as {@link Arrival#named} names it
     */
    void turnedAway(String client, String reason) {
        add("Turned away a connection of " + client + ": ", reason);
    }

    /**
     * Tells of a client that was given up in the middle of a response, now or later.
     *
     * @param client as {@link Arrival#named} names it
     */
    void cutOff(String client, String reason) {
        add("Cut off the connection of " + client + ": ", reason);
    }

    /**
     * Tells of an exception of the server's own, or counts it.
     *
     * @param doing what the server was at
     * @param client as {@link Arrival#named} names it
     */
    void defect(String doing, String client, Throwable thrown) {
        defects.add(doing + " of " + client, thrown);
    }

    /** Tells of an error of this server's that clients may bring about as often as they like, now or later. */
    void error(String what, String reason) {
        add(LogLevel.ERROR, what, reason);
    }

    private void add(String whom, String reason) {
        add(LogLevel.INFO, whom, reason);
    }

    private void add(LogLevel level, String whom, String reason) {
        long now = clock.getAsLong();
        if (now - since >= SECOND && untold == 0) {
            since = now;
            lines = 0;
        }
        if (lines < LINES) {
            lines++;
            log.write(level, whom + reason);
            return;
        }
        latest = reason;
        if (untold++ == 0) {
            inASecond.accept(this::tell);
        }
    }

    private void tell() {
        log.info("Refused " + untold + " more request" + (untold == 1 ? "" : "s") + " in a second; the latest: "
                + latest);
        untold = 0;
        since = clock.getAsLong();
        lines = 1;
    }
}
