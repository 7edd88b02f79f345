package io.jcorn.worker.engine;

import com.sun.net.httpserver.HttpHandler;
import io.jcorn.agent.Balance;
import io.jcorn.wire.Log;
import io.jcorn.wire.Scoreboard;
import io.jcorn.wire.Scoreboard.Cell;
import io.jcorn.worker.access.AccessLog;
import io.jcorn.worker.exchange.Exchange;
import io.jcorn.worker.exchange.Host;
import io.jcorn.worker.exchange.RootContext;
import io.jcorn.worker.exchange.SpoolBudget;
import io.jcorn.worker.http.HeadParser;
import io.jcorn.worker.pool.Runner;
import io.jcorn.worker.tls.Tls;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP server of a worker: one event loop on inherited listeners.
 *
 * <pre>
 *   SERVING ──drain──► DRAINING ──gate closed and no connection left──► drained
 *                         │  every response says Connection: close; an idle connection may ask once more
 *                         └─ abandon: idle connections are closed at once, as nobody answers for them any more
 * </pre>
 *
 * <p>Public methods may be called from any thread and never wait for the event loop, which may be stuck in the application.
 * Everything else runs on the event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Tasks of the event loop that nobody waits for.
public final class Engine {

    /** How long a connection may be idle while draining before it is closed: a busy client asks again sooner. */
    static final long DRAIN_IDLE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final EngineSettings settings;
    private final Scoreboard.Row row;
    private final Log log;
    private final AccessLog accessLog;
    private final LongSupplier clock;
    private final MultiThreadIoEventLoopGroup group;
    private final EventLoop loop;
    private final Gate gate;
    private final @Nullable Tls tls;
    private final Reception reception;
    private final Balance balance;
    private final Host host;
    private final Runner runner;
    private final Watch watch;
    private final Anteroom anteroom;
    private final Runnable drained;
    private final RefusalLog refusals;
    private final SpoolBudget spools = new SpoolBudget();
    private final LateFlush lateFlush;
    private final Sweep sweep;

    /** Null with TLS, which keeps what it has read until a record is complete. */
    private final @Nullable ReadBuffer readBuffer;

    /** Confined to the event loop, as everything below that is not volatile. */
    private final ConnectionTable connections;

    private @Nullable HeadParser spareParser;
    private volatile Runnable whenLoopEnds = () -> {};
    private volatile boolean shut;
    private volatile boolean draining;
    private boolean abandoned;
    private boolean handingOver;

    /**
     * An engine that serves nothing yet.
     *
     * @param scoreboard where the other workers' connections are seen
     * @param row this worker's own row
     * @param accessLog told of every request
     * @param runner makes what runs the application, for the event loop
     * @param contextLoader the application's class loader
     * @param drained run on the event loop once it drains, the gate is closed and no connection is left; more than once
     * @param tls what to speak on all listeners; null: plain HTTP
     * @param clock nanoseconds that never go back, as {@link System#nanoTime}
     */
    public Engine(
            EngineSettings settings,
            HttpHandler handler,
            Scoreboard scoreboard,
            Scoreboard.Row row,
            Log log,
            AccessLog accessLog,
            Function<EventLoop, Runner> runner,
            ClassLoader contextLoader,
            Runnable drained,
            @Nullable Tls tls,
            LongSupplier clock) {
        this.settings = settings;
        this.row = row;
        this.log = log;
        this.accessLog = accessLog;
        this.connections = new ConnectionTable(row, log);
        this.drained = drained;
        this.clock = clock;
        boolean watched = settings.turns().request() > 0;
        this.host = new Host(
                handler, new RootContext(handler, settings.rootPath()), row, log, settings.webSocket(), watched, clock);
        ThreadFactory threads = task -> loopThread(() -> live(task), contextLoader);
        this.group = new MultiThreadIoEventLoopGroup(1, threads, EpollIoHandler.newFactory());
        this.loop = group.next();
        this.tls = tls;
        this.reception = new Reception(this, tls);
        if (tls != null) {
            tls.watch(this::execute);
        }
        this.gate = new Gate(loop, row, log, this::welcome);
        this.balance = new Balance(scoreboard, row, settings.beatNanos());
        this.runner = runner.apply(loop);
        this.refusals = new RefusalLog(log, clock, task -> loop.schedule(task, 1, TimeUnit.SECONDS));
        this.watch = new Watch(this);
        this.anteroom = new Anteroom(this, this.runner);
        this.lateFlush = new LateFlush(loop);
        this.readBuffer = tls == null ? new ReadBuffer() : null;
        this.sweep = new Sweep(loop, settings.sweepNanos(), clock, log, connections.all(), this::sweeping, this::swept);
    }

    private static Thread loopThread(Runnable task, ClassLoader contextLoader) {
        Thread thread = new FastThreadLocalThread(task, "jcorn-loop");
        thread.setDaemon(true);
        thread.setContextClassLoader(contextLoader);
        return thread;
    }

    /** What is left of a process whose event loop has ended serves nobody, and knows it not. */
    private void live(Runnable loop) {
        String how = "it returned";
        try {
            loop.run();
        } catch (Throwable thrown) {
            how = thrown.toString();
        }
        if (!shut) {
            log.critical("A defect in jcorn: the event loop has ended, and the worker with it: " + how);
            whenLoopEnds.run();
        }
    }

    /** Says what to do when the event loop ends by itself, on its thread. Before {@link #open}. */
    public void whenLoopEnds(Runnable done) {
        whenLoopEnds = done;
    }

    /**
     * Begins to accept from listeners and waits until it does.
     *
     * @param listeners not registered yet; those that are not bound yet must be bound by the caller afterwards
     */
    public void open(List<ServerChannel> listeners) throws InterruptedException {
        loop.submit(() -> listeners.forEach(gate::add)).sync();
        for (ServerChannel listener : listeners) {
            loop.register(listener).sync();
        }
    }

    /** Runs something on the event loop at once and then again and again: the heartbeat. */
    public void beat(Runnable pulse) {
        loop.scheduleAtFixedRate(pulse, 0, settings.beatNanos(), TimeUnit.NANOSECONDS);
    }

    /** Says whom to tell, once, when the application has kept a thread for good. Before {@link #open}. */
    public void whenSpoilt(Consumer<String> told) {
        watch.whenSpoilt(told);
    }

    /** Says whom to tell, once, on the event loop, how many connections are open when no more are accepted. Before {@link #open}. */
    public void whenGateClosed(IntConsumer told) {
        gate.whenClosed(() -> told.accept(connections.size()));
    }

    /** Every response from now on closes its connection; when none is left, {@code drained} is run. */
    public void drain() {
        draining = true;
        execute(() -> {
            sweep.look();
            checkDrained();
        });
    }

    /** Drains, but accepts until another worker does: nobody has to wait for the one that is started in the place of this. */
    public void handOver() {
        draining = true;
        execute(() -> {
            handingOver = true;
            sweep.start();
            sweep.look();
        });
    }

    /** Accepts nothing more. */
    public void closeGate() {
        execute(() -> {
            gate.close();
            checkDrained();
        });
    }

    /** Closes gate and idle connections at once; what is in flight goes on. */
    public void abandon() {
        draining = true;
        execute(() -> {
            gate.close();
            abandoned = true;
            sweep.look();
            checkDrained();
        });
    }

    /** Ends the event loop without finishing anything. */
    public void shutdown() {
        shut = true;
        runner.close();
        if (tls != null) {
            tls.close();
        }
        group.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    }

    // ---- what connections need of the engine; event loop only, unless said otherwise

    EngineSettings settings() {
        return settings;
    }

    Scoreboard.Row row() {
        return row;
    }

    Log log() {
        return log;
    }

    AccessLog accessLog() {
        return accessLog;
    }

    /** Returns what responses of this worker take in temporary files. */
    SpoolBudget spools() {
        return spools;
    }

    RefusalLog refusals() {
        return refusals;
    }

    Host host() {
        return host;
    }

    Runner runner() {
        return runner;
    }

    Reception reception() {
        return reception;
    }

    EventLoop loop() {
        return loop;
    }

    ConnectionTable connections() {
        return connections;
    }

    /** Whether nobody keeps a part of the buffer that all connections read into. */
    boolean readBufferIsFree() {
        return readBuffer == null || readBuffer.isFree();
    }

    /** From any thread. */
    boolean onEventLoop() {
        return loop.inEventLoop();
    }

    /** Runs something on the event loop soon; nothing, when the worker is already leaving. From any thread. */
    void execute(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            log.debug("Nothing is sent any more: the worker is leaving");
        }
    }

    long now() {
        return clock.getAsLong();
    }

    boolean abandoned() {
        return abandoned;
    }

    /** Returns a parser of heads that nobody uses. */
    HeadParser takeParser() {
        HeadParser parser = spareParser;
        spareParser = null;
        return parser == null ? new HeadParser(settings.limits(), settings.rules()) : parser;
    }

    /** Takes a parser back that is between two heads. One is kept: most heads arrive in one piece. */
    void returnParser(HeadParser parser) {
        spareParser = parser;
    }

    /** From any thread. */
    boolean draining() {
        return draining;
    }

    void began(Arrival connection) {
        connections.began(connection);
    }

    /** Lets the application have an exchange that has begun, or answers it. */
    void submit(Exchange exchange, long now) {
        anteroom.submit(exchange, now);
    }

    /** Nothing more happens between an exchange and its client. */
    void ended(Arrival connection, Exchange exchange) {
        connections.ended(connection);
        watch.answered(exchange);
    }

    Watch watch() {
        return watch;
    }

    /** Counts a response by its status. */
    void answered(int status) {
        Cell kind = switch (status / 100) {
            case 1 -> Cell.RESPONSES_1XX;
            case 2 -> Cell.RESPONSES_2XX;
            case 3 -> Cell.RESPONSES_3XX;
            case 4 -> Cell.RESPONSES_4XX;
            default -> Cell.RESPONSES_5XX;
        };
        row.add(kind, 1);
    }

    /** What serves a connection hands it on. Where the successor cannot begin, nothing serves it, so it is closed. */
    void succeed(Arrival connection, Supplier<Peer> successor) {
        try {
            connection.servedBy(successor.get());
        } catch (Throwable thrown) {
            log.error("The connection of " + connection.remoteAddress() + " is closed, since what was agreed on cannot"
                    + " be spoken: " + thrown);
            connection.channel().close();
        }
    }

    /** Flushes a connection a little later: more of its pipelined requests are about to be answered. */
    void flushSoon(Connection connection) {
        lateFlush.add(connection);
    }

    private void welcome(Channel channel) {
        if (readBuffer != null) {
            channel.config().setRecvByteBufAllocator(readBuffer);
        }
        attend(new Arrival(channel, settings.forwarding()));
        loop.register(channel).addListener(registered -> {
            if (!registered.isSuccess()) {
                log.warning("A connection cannot be served: " + registered.cause());
                channel.unsafe().close(channel.voidPromise());
            }
        });
        gate.atLimit(connections.size() >= settings.connections());
        if (ahead()) {
            gate.standBack(this::ahead);
        } else if (crowded()) {
            gate.whileCrowded(this::crowded);
        }
        sweep.start();
    }

    /** Counts a connection until its channel is closed. */
    void attend(Arrival connection) {
        connection.servedBy(reception.receive(connection));
        connections.add(connection);
        // Later, but before the pipeline hears of it: whoever closes the channel may be in the middle of something.
        connection.channel().closeFuture().addListener(closed -> execute(() -> gone(connection)));
    }

    private void gone(Arrival connection) {
        connections.remove(connection);
        gate.atLimit(connections.size() >= settings.connections());
        checkDrained();
    }

    private boolean ahead() {
        return balance.shouldYield(connections.size(), System.nanoTime());
    }

    /** While the server stops, what waits in the accept queue is served here or nowhere. */
    private boolean crowded() {
        return runner.full() && !draining && balance.othersHaveRoom(System.nanoTime());
    }

    /** Returns how many bytes of responses the kernel has not taken yet, over all connections. */
    long bytesOnTheWay() {
        return connections.bytesOnTheWay();
    }

    /** Looks at all deadlines now. */
    void sweep() {
        sweep.look();
    }

    private boolean sweeping() {
        return !connections.isEmpty() || watch.busy() || (handingOver && !gate.isClosed());
    }

    private void swept(long now) {
        anteroom.sweep(now);
        watch.sweep(now);
        if (handingOver && !gate.isClosed() && balance.othersServe(System.nanoTime())) {
            gate.close();
            checkDrained();
        }
    }

    private void checkDrained() {
        if (draining && gate.isClosed() && connections.isEmpty()) {
            drained.run();
        }
    }
}
