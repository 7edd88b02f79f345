package io.jcorn.wire.access;

import io.jcorn.wire.Log;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Lines that did not get into the log: counted each, told seldom.
 *
 * <pre>
 *   WORKS ─failed: "cannot be written"─► FAILS ─worked: "written again, N lines lost"─► WORKS
 * </pre>
 *
 * Confined to the writer's thread.
 */
final class Losses {

    private static final long TELL_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final LineFile file;
    private final Log log;
    private final LongConsumer count;
    private boolean fails;
    private long lost;
    private long untold;
    private long toldAt = System.nanoTime() - TELL_NANOS;

    Losses(LineFile file, Log log, LongConsumer count) {
        this.file = file;
        this.log = log;
        this.count = count;
    }

    /** What stands from an index on was not written. */
    void failed(byte[] bytes, int from, int to, @Nullable IOException why) {
        long lines = 0;
        for (int i = from; i < to; i++) {
            lines += bytes[i] == '\n' ? 1 : 0;
        }
        lost += lines;
        count.accept(lines);
        if (!fails) {
            fails = true;
            log.error("The access log (" + file + ") cannot be written: "
                    + (why == null ? "its reader takes nothing" : why.getMessage())
                    + ". Requests are served all the same; their lines are lost until it can");
        }
    }

    /** Everything was written. */
    void worked() {
        if (fails) {
            fails = false;
            log.warning("The access log (" + file + ") is written again; " + lines(lost));
            lost = 0;
        }
    }

    /** Lines came faster than they could be written. */
    void noRoom(long lines) {
        if (lines > 0) {
            untold += lines;
            count.accept(lines);
        }
        long now = System.nanoTime();
        if (untold > 0 && now - toldAt >= TELL_NANOS) {
            log.warning("The access log (" + file + ") cannot keep up with the requests; " + lines(untold));
            untold = 0;
            toldAt = now;
        }
    }

    private static String lines(long count) {
        return count == 1 ? "1 line was lost" : count + " lines were lost";
    }
}
