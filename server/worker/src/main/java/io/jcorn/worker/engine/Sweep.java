package io.jcorn.worker.engine;

import io.jcorn.wire.Log;
import io.netty.channel.EventLoop;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** One coarse timer that looks at all deadlines while there are any; no request costs a timer of its own. Event loop only. */
@SuppressWarnings("FutureReturnValueIgnored") // Tasks of the event loop that nobody waits for.
final class Sweep {

    private final EventLoop loop;
    private final long everyNanos;
    private final LongSupplier clock;
    private final Log log;
    private final Collection<Arrival> connections;
    private final BooleanSupplier needed;
    private final LongConsumer others;
    private @Nullable Arrival[] swept = {};
    private boolean scheduled;

    /**
     * A sweep that has not begun.
     *
     * @param connections what is looked at; a look may end some of them
     * @param needed whether there is still something to look at, and so another sweep
     * @param others what else looks at the clock, after the connections
     */
    Sweep(
            EventLoop loop,
            long everyNanos,
            LongSupplier clock,
            Log log,
            Collection<Arrival> connections,
            BooleanSupplier needed,
            LongConsumer others) {
        this.loop = loop;
        this.everyNanos = everyNanos;
        this.clock = clock;
        this.log = log;
        this.connections = connections;
        this.needed = needed;
        this.others = others;
    }

    /** From now on there is something to look at. */
    void start() {
        if (!scheduled) {
            scheduled = true;
            loop.schedule(this::again, everyNanos, TimeUnit.NANOSECONDS);
        }
    }

    private void again() {
        scheduled = false;
        if (needed.getAsBoolean()) {
            start();
        }
        look();
    }

    /** Looks at all deadlines now. */
    void look() {
        long now = clock.getAsLong();
        // A copy, since a connection may go; always the same array, since there may be thousands of them four
        // times a second.
        swept = connections.toArray(swept);
        for (int i = 0; i < swept.length; i++) {
            Arrival connection = swept[i];
            if (connection == null) {
                break;
            }
            swept[i] = null;
            look(connection, now);
        }
        others.accept(now);
    }

    /** One that fails is closed: it must not hide those behind it from this look and all that follow. */
    private void look(Arrival connection, long now) {
        try {
            connection.server().sweep(now);
        } catch (Throwable thrown) {
            log.error("A look at the deadlines of the connection of " + connection.remoteAddress()
                    + " met a defect, so it is closed: " + thrown);
            connection.channel().close();
        }
    }
}
