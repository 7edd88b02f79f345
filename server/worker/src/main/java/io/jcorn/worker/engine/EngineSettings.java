package io.jcorn.worker.engine;

import io.jcorn.wire.Admission;
import io.jcorn.wire.Deadlines;
import io.jcorn.wire.Http2Options;
import io.jcorn.wire.ProxyProtocol;
import io.jcorn.wire.RequestReading;
import io.jcorn.wire.WebSocketOptions;
import io.jcorn.wire.WorkerOptions;
import io.jcorn.wire.forwarded.Forwarding;
import io.jcorn.wire.forwarded.TrustedPeers;
import io.jcorn.worker.http.Limits;
import io.jcorn.worker.http.RequestRules;
import io.jcorn.worker.websocket.WebSocketSettings;
import java.util.concurrent.TimeUnit;

/**
 * What the engine is told.
 *
 * @param limits how large a request may be
 * @param rules where requests may be read less strictly
 * @param rootPath the path under which clients see the application; empty: {@code /}
 * @param http2 whether and how HTTP/2 is spoken
 * @param webSocket what holds for WebSockets
 * @param connections the most client connections at once
 * @param connectionRequests the most requests of one connection; 0: no limit
 * @param bodyBuffer bytes of a body that are collected before the application gets the request
 * @param queue the most requests that wait for the application; 0: no limit
 * @param clients how long clients may take
 * @param turns how long requests may take
 * @param proxies whose PROXY headers are taken
 * @param forwarding whose forwarded headers are believed
 * @param sendfile whether files are sent by the kernel where that is possible
 * @param tlsHandshakeNanos how long a client may take from its connection to the end of the TLS handshake
 * @param beatNanos how often the event loop publishes its heartbeat
 */
public record EngineSettings(
        Limits limits,
        RequestRules rules,
        String rootPath,
        Http2Options http2,
        WebSocketSettings webSocket,
        int connections,
        int connectionRequests,
        int bodyBuffer,
        int queue,
        Clients clients,
        Turns turns,
        Proxies proxies,
        Forwarding forwarding,
        boolean sendfile,
        long tlsHandshakeNanos,
        long beatNanos) {

    /**
     * How long clients may take, in nanoseconds, and how slow they may be on average, in bytes per second.
     *
     * @param keepAlive how long an idle connection stays open; 0 closes after each response
     * @param firstByte how long a fresh connection may be silent
     * @param head how long a head may take from its first byte on
     * @param body how long a body may stand still, and after how long its average counts
     * @param bodyRate what a body has to bring; 0: nothing
     * @param send how long a client may take nothing, and after how long its average counts
     * @param sendRate what a client has to take; 0: nothing
     */
    public record Clients(
            long keepAlive, long firstByte, long head, long body, int bodyRate, long send, int sendRate) {}

    /**
     * How long requests may take, in nanoseconds; 0: as long as they like.
     *
     * @param queue waiting for a thread
     * @param request in the application
     * @param async standing still, left to another thread by the handler
     */
    public record Turns(long queue, long request, long async) {}

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

    private static final long SHORTEST_SWEEP = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long LONGEST_SWEEP = TimeUnit.MILLISECONDS.toNanos(250);

    /** The part of a worker's options that is the engine's. */
    public static EngineSettings of(WorkerOptions options) {
        Deadlines deadlines = options.deadlines();
        Admission admission = options.admission();
        return new EngineSettings(
                new Limits(
                        options.limits().line(),
                        options.limits().fields(),
                        options.limits().fieldSize(),
                        options.limits().head(),
                        options.limits().body()),
                rules(options.reading()),
                options.reading().rootPath(),
                options.http2(),
                webSocket(options.webSocket()),
                options.workerConnections(),
                deadlines.connectionRequests(),
                admission.bodyBuffer(),
                admission.queue(),
                new Clients(
                        nanos(deadlines.keepAliveMillis()),
                        nanos(deadlines.firstByteMillis()),
                        nanos(deadlines.headMillis()),
                        nanos(deadlines.bodyMillis()),
                        deadlines.bodyRate(),
                        nanos(deadlines.sendMillis()),
                        deadlines.sendRate()),
                new Turns(
                        nanos(admission.queueMillis()),
                        nanos(admission.requestMillis()),
                        nanos(admission.asyncMillis())),
                new Proxies(
                        options.proxies().protocol(),
                        TrustedPeers.parse(options.proxies().allowFrom())),
                options.forwarding().forwarding(),
                options.files().sendfile(),
                nanos(deadlines.tlsHandshakeMillis()),
                nanos(options.beatMillis()));
    }

    private static long nanos(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
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
        long[] deadlines = {
            clients.keepAlive,
            clients.firstByte,
            clients.head,
            clients.body,
            clients.send,
            turns.queue,
            turns.request,
            turns.async
        };
        long shortest = 8 * LONGEST_SWEEP;
        for (long deadline : deadlines) {
            shortest = deadline > 0 ? Math.min(shortest, deadline) : shortest;
        }
        return Math.max(SHORTEST_SWEEP, shortest / 8);
    }
}
