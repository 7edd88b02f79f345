package io.jcorn.bench;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpHandler;
import io.jcorn.wire.Log;
import io.jcorn.wire.LogLevel;
import io.jcorn.wire.Scoreboard;
import io.jcorn.wire.forwarded.Origin;
import io.jcorn.worker.exchange.Carrier;
import io.jcorn.worker.exchange.Exchange;
import io.jcorn.worker.exchange.Host;
import io.jcorn.worker.exchange.RootContext;
import io.jcorn.worker.http.Bytes;
import io.jcorn.worker.http.HeadParser;
import io.jcorn.worker.http.Inbox;
import io.jcorn.worker.http.Limits;
import io.jcorn.worker.http.Refused;
import io.jcorn.worker.http.RequestHead;
import io.jcorn.worker.http.RequestRules;
import io.jcorn.worker.http.ResponseHead;
import io.jcorn.worker.http.ResponseHead.Framing;
import io.jcorn.worker.websocket.WebSocketSettings;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A whole request without the socket: parse, exchange, a handler that answers hello, the bytes of the response. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(jvmArgsAppend = {LoopThreads.EXECUTOR, LoopThreads.CLASS, "-Dio.netty.leakDetection.level=disabled"})
public class ExchangeBench implements Carrier {

    private static final byte[] HELLO = "Hello, World!".getBytes(StandardCharsets.US_ASCII);
    private static final InetSocketAddress ADDRESS = new InetSocketAddress(InetAddress.getLoopbackAddress(), 80);
    private static final Origin ORIGIN = new Origin(ADDRESS, "http", null);

    private static final HttpHandler HANDLER = exchange -> {
        exchange.getResponseHeaders().set("Content-Type", "text/plain");
        exchange.sendResponseHeaders(200, HELLO.length);
        exchange.getResponseBody().write(HELLO);
        exchange.close();
    };

    @Param
    private Requests request = Requests.ONE_FIELD;

    private byte[] bytes = {};
    private final Inbox inbox = new Inbox();
    private final HeadParser parser = new HeadParser(new Limits(4094, 100, 8190, 0, 0), RequestRules.STRICT);
    private final Host host = new Host(
            HANDLER,
            new RootContext(HANDLER, "/"),
            Scoreboard.over(ByteBuffer.allocateDirect(Scoreboard.BYTES + 8).alignedSlice(8))
                    .row(0),
            Log.toStandardError(LogLevel.ERROR),
            new WebSocketSettings(0, 0, 0, false),
            false,
            System::nanoTime);
    private Bytes room = new Bytes(512);
    private @Nullable ByteBuf response;

    /** Makes the bytes. */
    @Setup
    public void setUp() {
        bytes = request.bytes();
    }

    /** The whole way. */
    @Benchmark
    public int hello() throws Refused {
        inbox.add(bytes);
        RequestHead head = Objects.requireNonNull(parser.parse(inbox));
        new Exchange(host, this, head, null, 0).run();
        ByteBuf response = Objects.requireNonNull(this.response);
        int length = response.readableBytes();
        response.release();
        return length;
    }

    @Override
    public Origin origin(RequestHead head) {
        return ORIGIN;
    }

    @Override
    public InetSocketAddress localAddress() {
        return ADDRESS;
    }

    @Override
    public @Nullable SSLSession session() {
        return null;
    }

    @Override
    public boolean keepAlive() {
        return true;
    }

    @Override
    public boolean takesFiles() {
        return false;
    }

    @Override
    public void sendFile(FileChannel file, long position, long count) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean onEventLoop() {
        return true;
    }

    @Override
    public Bytes room(int capacity) {
        return room;
    }

    @Override
    public void returned(Bytes room) {
        room.clear();
        this.room = room;
    }

    @Override
    public ByteBuf buffer(int capacity) {
        return PooledByteBufAllocator.DEFAULT.directBuffer(capacity);
    }

    @Override
    public void head(Bytes out, int status, Headers headers, Framing framing, long length, boolean keepAlive) {
        ResponseHead.append(out, status, headers, framing, length, keepAlive, true);
    }

    @Override
    public void send(ByteBuf part, Runnable sent) {
        throw new IllegalStateException("this response leaves in one piece");
    }

    @Override
    public void interim(Exchange exchange, int status, Headers headers) {
        throw new IllegalStateException("nothing is sent before this response");
    }

    @Override
    public void finish(Exchange exchange) {
        response = exchange.takeRemainder();
    }

    @Override
    public void abort(Exchange exchange) {
        throw new IllegalStateException("nothing aborts this");
    }

    @Override
    public void askForBody() {}

    @Override
    public void resumeBody() {}
}
