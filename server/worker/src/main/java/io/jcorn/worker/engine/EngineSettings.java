package io.jcorn.worker.engine;

import io.jcorn.wire.Http2Options;
import io.jcorn.wire.RequestReading;
import io.jcorn.wire.WebSocketOptions;
import io.jcorn.wire.WorkerOptions;
import io.jcorn.worker.http.Limits;
import io.jcorn.worker.http.RequestRules;
import io.jcorn.worker.websocket.WebSocketSettings;
import java.util.concurrent.TimeUnit;

/**
 * What the engine is told; all times in nanoseconds.
 *
 * @param limits how large a request may be
 * @param rules where requests may be read less strictly
 * @param rootPath the path under which clients see the application; empty: {@code /}
 * @param http2 whether and how HTTP/2 is spoken
 * @param connections the most client connections at once
 * @param keepAliveNanos how long an idle connection stays open; 0 closes after each response
 * @param headTimeoutNanos how long a head may take, and how long a body may stand still in either direction
 * @param webSocket what holds for WebSockets
 * @param beatNanos how often the event loop publishes its heartbeat
 */
public record EngineSettings(
        Limits limits,
        RequestRules rules,
        String rootPath,
        Http2Options http2,
        int connections,
        long keepAliveNanos,
        long headTimeoutNanos,
        WebSocketSettings webSocket,
        long beatNanos) {

    /** The part of a worker's options that is the engine's. */
    public static EngineSettings of(WorkerOptions options) {
        return new EngineSettings(
                new Limits(
                        options.limits().line(),
                        options.limits().fields(),
                        options.limits().fieldSize(),
                        options.limits().body()),
                rules(options.reading()),
                options.reading().rootPath(),
                options.http2(),
                options.workerConnections(),
                TimeUnit.MILLISECONDS.toNanos(options.deadlines().keepAliveMillis()),
                TimeUnit.MILLISECONDS.toNanos(options.deadlines().headMillis()),
                webSocket(options.webSocket()),
                TimeUnit.MILLISECONDS.toNanos(options.beatMillis()));
    }

    private static RequestRules rules(RequestReading reading) {
        return new RequestRules(
                reading.obsoleteFolding(),
                reading.unconventionalMethods(),
                reading.unconventionalVersions(),
                reading.casefoldMethods(),
                switch (reading.headerMap()) {
                    case DROP -> RequestRules.HeaderMap.DROP;
                    case REFUSE -> RequestRules.HeaderMap.REFUSE;
                    case DANGEROUS -> RequestRules.HeaderMap.DANGEROUS;
                },
                reading.forwarderHeaders());
    }

    private static WebSocketSettings webSocket(WebSocketOptions options) {
        return new WebSocketSettings(
                options.maxSize(),
                TimeUnit.MILLISECONDS.toNanos(options.pingIntervalMillis()),
                TimeUnit.MILLISECONDS.toNanos(options.pingTimeoutMillis()),
                options.perMessageDeflate());
    }

    /** Returns how often deadlines are looked at: often enough that none is missed by more than an eighth. */
    long sweepNanos() {
        long shortest = keepAliveNanos > 0 ? Math.min(keepAliveNanos, headTimeoutNanos) : headTimeoutNanos;
        return Math.max(TimeUnit.MILLISECONDS.toNanos(10), Math.min(shortest / 8, TimeUnit.MILLISECONDS.toNanos(250)));
    }
}
