package io.jcorn.worker.http2;

import io.jcorn.wire.Log;
import io.jcorn.wire.Scoreboard;
import io.jcorn.wire.forwarded.Origin;
import io.jcorn.worker.access.Visit;
import io.jcorn.worker.exchange.Exchange;
import io.jcorn.worker.exchange.Host;
import io.jcorn.worker.exchange.SpoolBudget;
import io.jcorn.worker.http.Limits;
import io.jcorn.worker.http.Refused;
import io.jcorn.worker.http.RequestHead;
import io.jcorn.worker.http.RequestRules;
import io.jcorn.worker.pool.Runner;
import java.net.InetSocketAddress;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** What a connection needs of the worker that it is in. For the event loop, unless said otherwise. */
public interface Home {

    /** Returns what all exchanges have in common. From any thread. */
    Host host();

    /** Returns who runs the application. */
    Runner runner();

    /** Returns how large a request may be. */
    Limits limits();

    /** Returns where requests may be read less strictly. */
    RequestRules rules();

    /** Returns the access log's view of one request. */
    Visit visit();

    /** Returns the worker's log. From any thread. */
    Log log();

    /** Returns the worker's row of the scoreboard. */
    Scoreboard.Row row();

    /** Returns the time in nanoseconds, by the engine's clock. */
    long now();

    /** Whether the calling thread is the event loop. From any thread. */
    boolean onEventLoop();

    /** Runs something on the event loop soon. From any thread. */
    void execute(Runnable task);

    /** Whether the worker finishes what is in flight and takes little new. From any thread. */
    boolean draining();

    /** Whether nobody answers for idle connections any more. */
    boolean abandoned();

    /** Returns how long clients may take. */
    Timeouts timeouts();

    /** Returns how many bytes of a body are collected before the application gets the request. */
    int bodyBuffer();

    /** Returns what is kept of responses in files. */
    SpoolBudget spools();

    /** Whether requests wait for the application because all of its threads have one. */
    boolean crowded();

    /** Returns how many requests a connection may have before its client is asked to open another; 0: any number. */
    int connectionRequests();

    /** Returns the client's address. From any thread. */
    InetSocketAddress remoteAddress();

    /** Returns where a request comes from: what a trusted proxy says of it, or the connection's own ends. From any thread. */
    Origin origin(RequestHead head);

    /**
     * Refuses a request of a trusted proxy that contradicts itself about its client.
     *
     * @throws Refused if it does
     */
    void refuseContradictory(RequestHead head) throws Refused;

    /** Whether the client is a proxy whose word about its own clients is believed. */
    boolean trusted();

    /** Returns the address that the client connected to. From any thread. */
    InetSocketAddress localAddress();

    /** Returns what the TLS handshake agreed upon; null: the connection is not encrypted. From any thread. */
    @Nullable
    SSLSession session();

    /** An exchange began. */
    void began();

    /** Lets the application have an exchange that has begun, or answers it. */
    void submit(Exchange exchange);

    /**
     * Looks at the time of an exchange that is not complete.
     *
     * @param movedAt when a part of its response was last handed over, or it began
     * @param pending whether it is the client that is waited for
     */
    void watch(Exchange exchange, long movedAt, boolean pending, long now);

    /** Nothing more happens between an exchange and its client. */
    void ended(Exchange exchange);

    /** A response with this status was sent. */
    void answered(int status);

    /**
     * A request did not reach the application.
     *
     * @param client who sent it, as far as that is known: its connection's client, or whom a trusted proxy named
     * @param how the status, or the error code of the reset
     */
    void refused(InetSocketAddress client, String how, String reason);

    /**
     * A client takes too little of a response, or of all of them.
     *
     * @param client as in {@link #refused}
     */
    void gaveUp(InetSocketAddress client, String reason);

    /** Something failed on the connection for which its client is not to blame. */
    void defect(Throwable thrown);

    /** Bytes are on their way to the kernel. */
    void wrote(int bytes);

    /** Whether the client has everything that was sent, or what it has not is little. */
    boolean taken();

    /** Whether the kernel has taken nothing for too long although there is something for it. */
    boolean stalled(long now);

    /** Closes the sending side, or the connection where that cannot be, once everything is sent. */
    void endOutput();

    /** Closes the connection once everything is sent and, if that is much, acknowledged. For a client that sends no more. */
    void endConnection();

    /** Ends the connection by a reset: the kernel keeps nothing for a client that was given up. Event loop only. */
    void reset();
}
