package io.jcorn.worker.engine;

import com.sun.net.httpserver.HttpHandler;
import io.jcorn.wire.Http2Options;
import io.jcorn.wire.Log;
import io.jcorn.wire.LogLevel;
import io.jcorn.wire.Scoreboard;
import io.jcorn.wire.Scoreboard.Cell;
import io.jcorn.wire.Scoreboard.WorkerPhase;
import io.jcorn.wire.access.FlightRecorder;
import io.jcorn.wire.forwarded.ForwardedHeader;
import io.jcorn.wire.forwarded.Forwarding;
import io.jcorn.wire.forwarded.TrustedPeers;
import io.jcorn.worker.access.AccessLog;
import io.jcorn.worker.http.Limits;
import io.jcorn.worker.http.RequestRules;
import io.jcorn.worker.pool.BatchPool;
import io.jcorn.worker.pool.LoopRunner;
import io.jcorn.worker.pool.Runner;
import io.jcorn.worker.pool.VirtualRunner;
import io.jcorn.worker.tls.TestTls;
import io.jcorn.worker.tls.Tls;
import io.jcorn.worker.websocket.WebSocketSettings;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollServerSocketChannel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The engine in this process, on a port of its own, with a clock that the test may move.
 *
 * <p>{@link #close} asserts what must be so after every test: once no client is connected any more, no connection and no request is
 * counted, a stop takes no time, and all buffers and descriptors are given back. A test whose clients stay says so.
 */
@SuppressWarnings("FutureReturnValueIgnored") // The table of connections says when a channel is closed.
final class TestServer implements AutoCloseable {

    /** Who runs the handlers of a test. */
    enum Threads {
        LOOP,
        POOL,
        VIRTUAL;

        static List<Threads> available() {
            return Runtime.version().feature() >= 21 ? List.of(values()) : List.of(LOOP, POOL);
        }

        Function<EventLoop, Runner> runner(int count, Scoreboard.Row row) {
            ClassLoader loader = TestServer.class.getClassLoader();
            return switch (this) {
                case LOOP -> loop -> new LoopRunner();
                case POOL -> loop -> new BatchPool(loop, count, loader, row);
                case VIRTUAL -> loop -> VirtualRunner.create(loader);
            };
        }
    }

    /** What a test may set. */
    static final class Options {
        Threads threads = Threads.POOL;
        int threadCount = 4;
        Limits limits = new Limits(4094, 100, 8190, 0, 0);
        RequestRules rules = RequestRules.STRICT;
        String rootPath = "";
        Http2Options http2 = Http2Options.OFF;
        int connections = 1000;
        long keepAliveMillis = 60_000;
        int connectionRequests = 0;
        long firstByteMillis = 60_000;
        long headTimeoutMillis = 60_000;
        EngineSettings.Proxies proxies = EngineSettings.Proxies.NONE;
        Forwarding forwarding = new Forwarding(TrustedPeers.NOBODY, ForwardedHeader.AUTO, List.of());
        boolean sendfile = true;
        long tlsHandshakeMillis = 60_000;

        @Nullable
        Tls tls;

        long bodyMillis = 60_000;
        int bodyRate = 0;
        long sendMillis = 60_000;
        int sendRate = 0;
        int bodyBuffer = 64 << 10;
        int queue = 0;
        long queueMillis = 0;
        long requestMillis = 0;
        long asyncMillis = 300_000;
        WebSocketSettings webSocket = new WebSocketSettings(1 << 20, 0, 0, true);
        int otherConnections = -1;
        AccessLog accessLog = AccessLog.none(FlightRecorder.inMemory());

        /** Whether time goes by on {@link TestServer#passes} only. */
        boolean clockStands;

        EngineSettings settings() {
            return new EngineSettings(
                    limits,
                    rules,
                    rootPath,
                    http2,
                    webSocket,
                    connections,
                    connectionRequests,
                    bodyBuffer,
                    queue,
                    new EngineSettings.Clients(
                            nanos(keepAliveMillis),
                            nanos(firstByteMillis),
                            nanos(headTimeoutMillis),
                            nanos(bodyMillis),
                            bodyRate,
                            nanos(sendMillis),
                            sendRate),
                    new EngineSettings.Turns(nanos(queueMillis), nanos(requestMillis), nanos(asyncMillis)),
                    proxies,
                    forwarding,
                    sendfile,
                    nanos(tlsHandshakeMillis),
                    nanos(1000));
        }

        private static long nanos(long millis) {
            return TimeUnit.MILLISECONDS.toNanos(millis);
        }
    }

    /** Why {@link #clientsStay}. */
    static final String JDK_CLIENT =
            "the JDK's client keeps connections, and a selector, and has no close before Java 21";

    /** Longer than anything takes on a machine that is busy with other things. */
    private static final long DEADLINE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final long buffersBefore = Leaks.used();
    private final Descriptors descriptorsBefore = Descriptors.now();
    private @Nullable String clientsStay;

    final Scoreboard scoreboard =
            Scoreboard.over(ByteBuffer.allocateDirect(Scoreboard.BYTES + 8).alignedSlice(8));
    final Scoreboard.Row row = scoreboard.row(0);
    final Engine engine;
    final CountDownLatch drained = new CountDownLatch(1);
    private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
    private final AtomicLong ahead = new AtomicLong();
    private final InetSocketAddress address;
    private final @Nullable Tls tls;

    TestServer(HttpHandler handler) {
        this(handler, options -> {});
    }

    TestServer(HttpHandler handler, Consumer<Options> choose) {
        Options options = new Options();
        choose.accept(options);
        tls = options.tls;
        row.phase(WorkerPhase.SERVING);
        engine = new Engine(
                options.settings(),
                handler,
                scoreboard,
                row,
                Log.to(logged, LogLevel.DEBUG, 1, Clock.systemUTC()),
                options.accessLog,
                options.threads.runner(options.threadCount, row),
                TestServer.class.getClassLoader(),
                drained::countDown,
                options.tls,
                options.clockStands ? ahead::get : () -> System.nanoTime() + ahead.get());
        EpollServerSocketChannel listener = new EpollServerSocketChannel();
        try {
            engine.open(List.of(listener));
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .sync();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        address = listener.localAddress();
    }

    Client client() throws IOException {
        return new Client(address);
    }

    InetSocketAddress address() {
        return address;
    }

    /** Moves the engine's clock and lets it look at all deadlines. */
    void passes(long millis) throws InterruptedException {
        clockMoves(millis);
        onLoop(engine::sweep);
    }

    /** Moves the engine's clock, and tells nobody. */
    void clockMoves(long millis) {
        ahead.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    void onLoop(Runnable action) throws InterruptedException {
        engine.loop().submit(action).sync();
    }

    long cell(Cell cell) {
        return row.get(cell);
    }

    String log() {
        return logged.toString(StandardCharsets.UTF_8);
    }

    /** Waits until something is so that another thread brings about soon. */
    void until(BooleanSupplier condition) throws InterruptedException {
        until("what the test waits for", condition);
    }

    private void until(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + DEADLINE_NANOS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(what + " did not come about within "
                        + TimeUnit.NANOSECONDS.toSeconds(DEADLINE_NANOS) + " seconds; connections: "
                        + cell(Cell.CONNECTIONS) + ", in flight: " + cell(Cell.IN_FLIGHT) + ", accepted: "
                        + cell(Cell.ACCEPTED) + "; log:\n" + log());
            }
            if (engine.loop().isShutdown()) {
                Thread.onSpinWait();
            } else {
                onLoop(() -> {});
            }
        }
    }

    /**
     * Clients of this test are still connected at its end, and cannot be closed by it: the server closes their connections.
     *
     * @param why in words, for whoever reads the test
     */
    void clientsStay(String why) {
        clientsStay = why;
    }

    @Override
    public void close() {
        try {
            // A test may have ended the loop itself.
            if (!engine.loop().isShuttingDown()) {
                assertNothingIsCounted();
            }
        } catch (InterruptedException e) {
            throw new AssertionError("the test was interrupted", e);
        } finally {
            engine.shutdown();
            engine.loop().terminationFuture().awaitUninterruptibly();
            if (tls != null) {
                TestTls.release(tls);
            }
        }
        assertAllGivenBack();
    }

    private void assertNothingIsCounted() throws InterruptedException {
        if (clientsStay != null) {
            onLoop(() -> List.copyOf(engine.connections().all())
                    .forEach(connection -> connection.channel().close()));
        }
        until(
                "that without clients nothing is counted",
                () -> cell(Cell.CONNECTIONS) == 0 && cell(Cell.IN_FLIGHT) == 0);
        // Nothing is in flight, so there is nothing that a stop could wait for.
        engine.abandon();
        until("a stop", () -> drained.getCount() == 0);
        onLoop(() -> assertReadBufferIsFree());
    }

    private void assertReadBufferIsFree() {
        if (!engine.readBufferIsFree()) {
            throw new AssertionError("somebody keeps a part of the read buffer, so that nobody uses it any more");
        }
    }

    private void assertAllGivenBack() {
        try {
            until("that all buffers are given back", () -> Leaks.used() <= buffersBefore);
            if (clientsStay == null) {
                until("that all descriptors are closed", () -> Descriptors.now().within(descriptorsBefore));
            }
        } catch (InterruptedException e) {
            throw new AssertionError("the test was interrupted", e);
        } catch (AssertionError e) {
            throw new AssertionError(
                    "buffers: " + Leaks.used() + " bytes, " + buffersBefore + " before; descriptors: "
                            + Descriptors.now() + ", before " + descriptorsBefore + "; leaks: " + Leaks.search(),
                    e);
        }
        List<String> leaks = Leaks.found();
        if (!leaks.isEmpty()) {
            throw new AssertionError("leaks, of this test or one before it: " + leaks);
        }
    }
}
