package io.jcorn.worker.engine;

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
    private final Collection<Peer> peers;
    private final BooleanSupplier needed;
    private final LongConsumer others;
    private @Nullable Peer[] swept = {};
    private boolean scheduled;

    /**
     * A sweep that has not begun.
     *
     * @param peers who is looked at; a look may end some of them
     * @param needed whether there is still something to look at, and so another sweep
     * @param others what else looks at the clock, after the peers
     */
    Sweep(
            EventLoop loop,
            long everyNanos,
            LongSupplier clock,
            Collection<Peer> peers,
            BooleanSupplier needed,
            LongConsumer others) {
        this.loop = loop;
        this.everyNanos = everyNanos;
        this.clock = clock;
        this.peers = peers;
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
        // A copy, since a peer may go; always the same array, since there may be thousands of them four times a second.
        swept = peers.toArray(swept);
        for (int i = 0; i < swept.length; i++) {
            Peer peer = swept[i];
            if (peer == null) {
                break;
            }
            swept[i] = null;
            peer.sweep(now);
        }
        others.accept(now);
    }
}
