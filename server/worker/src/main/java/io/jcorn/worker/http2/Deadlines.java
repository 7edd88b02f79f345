package io.jcorn.worker.http2;

import java.util.concurrent.TimeUnit;

/** Since when a connection does what it does, and what is done about it when that is too long. Confined to the event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // Nobody waits for the connection to be closed.
final class Deadlines {

    /** How long a client that was told of the end may still begin streams, and how long an idle one waits while draining. */
    private static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Multiplex multiplex;
    private final Home home;

    /** When a stream last began or ended. */
    private long since;

    Deadlines(Multiplex multiplex, Home home) {
        this.multiplex = multiplex;
        this.home = home;
        this.since = home.now();
    }

    /** A stream has begun or ended. */
    void moved() {
        since = home.now();
    }

    void sweep(long now) {
        if (home.stalled(now)) {
            multiplex.ctx().close();
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
                    multiplex.ctx().close();
                }
            }
            case CLOSED -> {}
        }
    }

    private void sweepServing(long now) {
        sweepStreams(now);
        boolean idle = multiplex.connection().numActiveStreams() == 0;
        if (home.abandoned() || (idle && now - since > idleLimit())) {
            multiplex.shutdown().leave();
        } else if (home.draining() && multiplex.shutdown().served()) {
            multiplex.shutdown().warn();
        }
    }

    private long idleLimit() {
        long limit = multiplex.shutdown().served() ? home.keepAliveNanos() : home.patienceNanos();
        return home.draining() ? Math.min(limit, DRAIN_NANOS) : limit;
    }

    private void sweepStreams(long now) {
        if (multiplex.connection().numActiveStreams() > 0) {
            for (RequestStream request : multiplex.requests()) {
                request.sweep(now);
            }
        }
    }
}
