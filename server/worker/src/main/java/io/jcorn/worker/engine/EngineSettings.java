package io.jcorn.worker.engine;

import io.jcorn.wire.WorkerOptions;
import io.jcorn.worker.http.Limits;
import java.util.concurrent.TimeUnit;

/**
 * What the engine is told; all times in nanoseconds.
 *
 * @param limits how large a request may be
 * @param connections the most client connections at once
 * @param keepAliveNanos how long an idle connection stays open; 0 closes after each response
 * @param headTimeoutNanos how long a head may take, and how long a body may stand still in either direction
 * @param tlsHandshakeNanos how long a client may take from its connection to the end of the TLS handshake
 * @param beatNanos how often the event loop publishes its heartbeat
 */
public record EngineSettings(
        Limits limits,
        int connections,
        long keepAliveNanos,
        long headTimeoutNanos,
        long tlsHandshakeNanos,
        long beatNanos) {

    /** The part of a worker's options that is the engine's. */
    public static EngineSettings of(WorkerOptions options) {
        return new EngineSettings(
                new Limits(
                        options.limits().line(),
                        options.limits().fields(),
                        options.limits().fieldSize(),
                        options.limits().body()),
                options.workerConnections(),
                TimeUnit.MILLISECONDS.toNanos(options.deadlines().keepAliveMillis()),
                TimeUnit.MILLISECONDS.toNanos(options.deadlines().headMillis()),
                TimeUnit.MILLISECONDS.toNanos(options.deadlines().tlsHandshakeMillis()),
                TimeUnit.MILLISECONDS.toNanos(options.beatMillis()));
    }

    /** Returns how often deadlines are looked at: often enough that none is missed by more than an eighth. */
    long sweepNanos() {
        long shortest = keepAliveNanos > 0 ? Math.min(keepAliveNanos, headTimeoutNanos) : headTimeoutNanos;
        return Math.max(TimeUnit.MILLISECONDS.toNanos(10), Math.min(shortest / 8, TimeUnit.MILLISECONDS.toNanos(250)));
    }
}
