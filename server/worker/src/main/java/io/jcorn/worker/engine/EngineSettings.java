package io.jcorn.worker.engine;

import io.jcorn.wire.ProxyProtocol;
import io.jcorn.wire.WorkerOptions;
import io.jcorn.wire.forwarded.Forwarding;
import io.jcorn.wire.forwarded.TrustedPeers;
import io.jcorn.worker.http.Limits;
import java.util.concurrent.TimeUnit;

/**
 * What the engine is told; all times in nanoseconds.
 *
 * @param limits how large a request may be
 * @param connections the most client connections at once
 * @param keepAliveNanos how long an idle connection stays open; 0 closes after each response
 * @param headTimeoutNanos how long a head may take, and how long a body may stand still in either direction
 * @param proxies whose PROXY headers are taken
 * @param forwarding whose forwarded headers are believed
 * @param sendfile whether files are sent by the kernel where that is possible
 * @param beatNanos how often the event loop publishes its heartbeat
 */
public record EngineSettings(
        Limits limits,
        int connections,
        long keepAliveNanos,
        long headTimeoutNanos,
        Proxies proxies,
        Forwarding forwarding,
        boolean sendfile,
        long beatNanos) {

    /**
     * Whose PROXY headers are taken.
     *
     * @param protocol which headers
     * @param allowed who has to send one, all others being turned away
     */
    public record Proxies(ProxyProtocol protocol, TrustedPeers allowed) {

        /** Connections begin with the first request. */
        public static final Proxies NONE = new Proxies(ProxyProtocol.OFF, TrustedPeers.NOBODY);

        /** Whether connections begin with a PROXY header. */
        boolean expected() {
            return protocol != ProxyProtocol.OFF;
        }
    }

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
                new Proxies(
                        options.proxies().protocol(),
                        TrustedPeers.parse(options.proxies().allowFrom())),
                options.forwarding().forwarding(),
                options.files().sendfile(),
                TimeUnit.MILLISECONDS.toNanos(options.beatMillis()));
    }

    /** Returns how often deadlines are looked at: often enough that none is missed by more than an eighth. */
    long sweepNanos() {
        long shortest = keepAliveNanos > 0 ? Math.min(keepAliveNanos, headTimeoutNanos) : headTimeoutNanos;
        return Math.max(TimeUnit.MILLISECONDS.toNanos(10), Math.min(shortest / 8, TimeUnit.MILLISECONDS.toNanos(250)));
    }
}
