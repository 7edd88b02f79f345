package io.jcorn.worker.engine;

import io.jcorn.wire.Log;
import io.jcorn.wire.LogLevel;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Log of exceptions of the server's own, a few each second: a client that has found how to cause one must not fill the disk with
 * it. The stack trace is for the debug level. Confined to the event loop.
 */
final class DefectLog {

    /** Lines per second. */
    static final int LINES = 5;

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Log log;
    private final LongSupplier clock;
    private long since;
    private int lines;
    private long untold;

    DefectLog(Log log, LongSupplier clock) {
        this.log = log;
        this.clock = clock;
        this.since = clock.getAsLong() - SECOND;
    }

    /**
     * Tells of a defect, or counts it for the next line.
     *
     * @param doing what the server was at, and for whom
     */
    void add(String doing, Throwable thrown) {
        long now = clock.getAsLong();
        if (now - since >= SECOND) {
            since = now;
            lines = 0;
        }
        if (log.enabled(LogLevel.DEBUG)) {
            log.debug("Defect while " + doing + ": " + trace(thrown));
        }
        if (lines >= LINES) {
            untold++;
            return;
        }
        lines++;
        log.error("The server failed while " + doing + ": " + thrown + place(thrown)
                + (untold == 0 ? "" : " (and " + untold + " more times since the last line like this)"));
        untold = 0;
    }

    private static String place(Throwable thrown) {
        StackTraceElement[] stack = thrown.getStackTrace();
        return stack.length == 0 ? "" : " at " + stack[0];
    }

    private static String trace(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString().stripTrailing();
    }
}
