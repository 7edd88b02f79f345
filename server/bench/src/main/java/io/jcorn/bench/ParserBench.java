package io.jcorn.bench;

import io.jcorn.worker.http.HeadParser;
import io.jcorn.worker.http.Inbox;
import io.jcorn.worker.http.Limits;
import io.jcorn.worker.http.Refused;
import io.jcorn.worker.http.RequestHead;
import io.jcorn.worker.http.RequestRules;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.util.ReferenceCountUtil;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** From bytes to a checked head. The codec of Netty, which checks less, in a channel of its own for comparison. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ParserBench {

    @Param
    private Requests request = Requests.ONE_FIELD;

    private byte[] bytes = {};
    private ByteBuf buffer = Unpooled.EMPTY_BUFFER;
    private final Inbox inbox = new Inbox();
    private final HeadParser parser = new HeadParser(new Limits(4094, 100, 8190, 0, 0), RequestRules.STRICT);
    private final EmbeddedChannel channel = new EmbeddedChannel(new HttpRequestDecoder());

    /** Makes the bytes. */
    @Setup
    public void setUp() {
        bytes = request.bytes();
        buffer = Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(bytes));
    }

    /** Only the parse. */
    @Benchmark
    public RequestHead head() throws Refused {
        inbox.add(bytes);
        return Objects.requireNonNull(parser.parse(inbox));
    }

    /** The parse, and what a typical handler asks for: the path, and one header field. */
    @Benchmark
    public int headAndUse() throws Refused {
        inbox.add(bytes);
        RequestHead head = Objects.requireNonNull(parser.parse(inbox));
        String host = head.first("Host");
        return head.uri().getPath().length() + (host == null ? 0 : host.length());
    }

    /** Netty's HttpRequestDecoder with its default validation; the cost of an embedded channel is in it. */
    @Benchmark
    public int codec() {
        channel.writeInbound(buffer.resetReaderIndex().retain());
        HttpRequest head = channel.readInbound();
        ReferenceCountUtil.release(channel.readInbound());
        return head.uri().length();
    }
}
