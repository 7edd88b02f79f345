package io.jcorn.worker.engine;

import io.jcorn.wire.Log;
import io.jcorn.wire.Scoreboard;
import io.jcorn.wire.Scoreboard.Cell;
import io.jcorn.wire.forwarded.Origin;
import io.jcorn.worker.access.Visit;
import io.jcorn.worker.exchange.Exchange;
import io.jcorn.worker.exchange.Host;
import io.jcorn.worker.exchange.SpoolBudget;
import io.jcorn.worker.http.Limits;
import io.jcorn.worker.http.Refused;
import io.jcorn.worker.http.RequestHead;
import io.jcorn.worker.http.RequestRules;
import io.jcorn.worker.http2.Home;
import io.jcorn.worker.http2.Multiplex;
import io.jcorn.worker.http2.Timeouts;
import io.jcorn.worker.pool.Runner;
import java.net.InetSocketAddress;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** A connection that speaks HTTP/2, as the engine sees it, and the engine, as such a connection sees it. */
final class Http2Peer implements Peer, Home {

    private final Engine engine;
    private final Arrival arrival;
    private final Outflow outflow;
    private final Timeouts timeouts;
    private final Multiplex multiplex;

    private Http2Peer(Engine engine, Arrival arrival) {
        this.engine = engine;
        this.arrival = arrival;
        this.outflow = new Outflow(engine, arrival);
        EngineSettings.Clients clients = engine.settings().clients();
        this.timeouts = new Timeouts(
                clients.keepAlive(),
                clients.firstByte(),
                clients.head(),
                clients.body(),
                clients.bodyRate(),
                clients.send(),
                clients.sendRate());
        this.multiplex = Multiplex.on(
                arrival.channel().pipeline(), this, engine.settings().http2());
    }

    /** Lets a connection speak HTTP/2 from the client's preface on, which must not have been read yet. */
    static Http2Peer on(Engine engine, Arrival arrival) {
        return new Http2Peer(engine, arrival);
    }

    // ---- for the engine

    @Override
    public void sweep(long now) {
        multiplex.sweep(now);
    }

    @Override
    public long bytesOnTheWay() {
        return outflow.bytesOnTheWay();
    }

    @Override
    public void lost() {
        multiplex.lost();
    }

    // ---- for the connection

    @Override
    public Host host() {
        return engine.host();
    }

    @Override
    public Runner runner() {
        return engine.runner();
    }

    @Override
    public Limits limits() {
        return engine.settings().limits();
    }

    @Override
    public RequestRules rules() {
        return engine.settings().rules();
    }

    @Override
    public Visit visit() {
        return new Visit(engine.accessLog());
    }

    @Override
    public Log log() {
        return engine.log();
    }

    @Override
    public Scoreboard.Row row() {
        return engine.row();
    }

    @Override
    public long now() {
        return engine.now();
    }

    @Override
    public boolean onEventLoop() {
        return engine.onEventLoop();
    }

    @Override
    public void execute(Runnable task) {
        engine.execute(task);
    }

    @Override
    public boolean draining() {
        return engine.draining();
    }

    @Override
    public boolean abandoned() {
        return engine.abandoned();
    }

    @Override
    public Timeouts timeouts() {
        return timeouts;
    }

    @Override
    public int bodyBuffer() {
        return engine.settings().bodyBuffer();
    }

    @Override
    public SpoolBudget spools() {
        return engine.spools();
    }

    @Override
    public boolean crowded() {
        return engine.runner().full();
    }

    @Override
    public int connectionRequests() {
        return engine.settings().connectionRequests();
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return arrival.remoteAddress();
    }

    @Override
    public Origin origin(RequestHead head) {
        return arrival.origin(head);
    }

    @Override
    public void refuseContradictory(RequestHead head) throws Refused {
        arrival.refuseContradictory(head);
    }

    @Override
    public boolean trusted() {
        return arrival.trusted();
    }

    @Override
    public InetSocketAddress localAddress() {
        return arrival.localAddress();
    }

    @Override
    public @Nullable SSLSession session() {
        return arrival.session();
    }

    @Override
    public void began() {
        engine.began(arrival);
    }

    @Override
    public void submit(Exchange exchange) {
        engine.submit(exchange, engine.now());
    }

    @Override
    public void watch(Exchange exchange, long movedAt, boolean pending, long now) {
        engine.watch().look(exchange, movedAt, pending, now);
    }

    @Override
    public void ended(Exchange exchange) {
        engine.ended(arrival, exchange);
    }

    @Override
    public void answered(int status) {
        engine.answered(status);
    }

    @Override
    public void refused(InetSocketAddress client, String how, String reason) {
        engine.row().add(Cell.REFUSED, 1);
        engine.refusals().add(arrival.named(client), how, reason);
    }

    @Override
    public void gaveUp(InetSocketAddress client, String reason) {
        engine.row().add(Cell.TIMEOUTS_SEND, 1);
        engine.refusals().cutOff(arrival.named(client), reason);
    }

    @Override
    public void defect(Throwable thrown) {
        engine.refusals().defect("Error on the HTTP/2 connection", arrival.named(arrival.remoteAddress()), thrown);
    }

    @Override
    public void wrote(int bytes) {
        outflow.passed(bytes);
    }

    @Override
    public boolean taken() {
        return outflow.taken();
    }

    @Override
    public boolean stalled(long now) {
        return outflow.tooSlow(now, engine.settings().clients());
    }

    @Override
    public void endOutput() {
        outflow.thenShutdown();
    }

    @Override
    public void endConnection() {
        outflow.thenClose();
    }

    @Override
    public void reset() {
        outflow.reset();
    }
}
