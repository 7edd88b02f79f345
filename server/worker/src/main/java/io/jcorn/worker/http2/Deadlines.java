package io.jcorn.worker.http2;

import io.jcorn.wire.Scoreboard.Cell;
import io.netty.handler.codec.http2.Http2Error;
import java.util.concurrent.TimeUnit;

/** Since when a connection does what it does, and what is done about it when that is too long. Confined to the event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // Nobody waits for the connection to be closed.
final class Deadlines {

    /** How long a client that was told of the end may still begin streams, and how long an idle one waits while draining. */
    private static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Multiplex multiplex;
    private final Home home;

    /** The window of the whole connection, which its client may keep shut as that of each stream. */
    private final StreamTimeouts connection;

    private boolean pending;

    /** When a stream last began or ended. */
    private long since;

    Deadlines(Multiplex multiplex, Home home) {
        this.multiplex = multiplex;
        this.home = home;
        this.since = home.now();
        this.connection = new StreamTimeouts(home.timeouts());
    }

    /** A stream has begun or ended. */
    void moved() {
        since = home.now();
    }

    void sweep(long now) {
        if (multiplex.shutdown().state() == Shutdown.State.CLOSED) {
            return;
        }
        if (home.stalled(now)
                || connection.responseLate(pending, !multiplex.windows().closed(), multiplex.framed(), now, now)) {
            home.gaveUp(home.remoteAddress(), "it took too little of its responses for too long");
            home.reset();
            return;
        }
        Shutdown shutdown = multiplex.shutdown();
        switch (shutdown.state()) {
            case SERVING -> sweepServing(now);
            case WARNED -> {
                sweepStreams(now);
                if (home.abandoned() || shutdown.age(now) > DRAIN_NANOS) {
                    shutdown.leave();
                }
            }
            case LEAVING -> sweepStreams(now);
            case LINGERING -> {
                if (shutdown.age(now) > LINGER_NANOS) {
                    sweepLingering(shutdown.failed());
                }
            }
            case CLOSED -> {}
        }
    }

    private void sweepLingering(boolean failed) {
        if (home.taken()) {
            multiplex.ctx().close();
        } else if (failed) {
            home.reset();
        }
    }

    private void sweepServing(long now) {
        sweepStreams(now);
        if (multiplex.shutdown().state() != Shutdown.State.SERVING || headersLate(now)) {
            return;
        }
        boolean idle = multiplex.connection().numActiveStreams() == 0;
        if (home.abandoned() || (idle && now - since > idleLimit())) {
            multiplex.shutdown().leave();
        } else if (home.draining() && multiplex.shutdown().served()) {
            multiplex.shutdown().warn();
        }
    }

    private boolean headersLate(long now) {
        long blockSince = multiplex.headersSince();
        boolean late = blockSince != FrameProgress.NONE
                && now - blockSince > home.timeouts().head();
        if (late) {
            home.row().add(Cell.TIMEOUTS_HEAD, 1);
            home.refused(home.remoteAddress(), Http2Error.ENHANCE_YOUR_CALM.name(), "the request's head took too long");
            // What follows cannot be decompressed without it, so this is the end of the connection.
            multiplex.shutdown().fail(Http2Error.ENHANCE_YOUR_CALM);
        }
        return late;
    }

    private long idleLimit() {
        long limit = multiplex.shutdown().served()
                ? home.timeouts().keepAlive()
                : home.timeouts().firstByte();
        return home.draining() ? Math.min(limit, DRAIN_NANOS) : limit;
    }

    private void sweepStreams(long now) {
        pending = false;
        if (multiplex.connection().numActiveStreams() > 0) {
            for (RequestStream request : multiplex.requests()) {
                request.sweep(now);
                pending |= request.outlet().pending();
            }
        }
    }
}
