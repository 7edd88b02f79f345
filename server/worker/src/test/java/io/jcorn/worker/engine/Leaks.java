package io.jcorn.worker.engine;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.util.ResourceLeakDetector;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Netty's leak detector, which the build sets for all tests of this module ({@code io.netty.customResourceLeakDetector}): what it
 * finds fails the test that is at its end. It knows of a leak only when the collector has found the buffer, so {@link #used}
 * counts, too: the allocator of the tests pools nothing, and its figures are exact.
 */
public final class Leaks<T> extends ResourceLeakDetector<T> {

    private static final Queue<String> FOUND = new ConcurrentLinkedQueue<>();

    /** Netty's codec for HTTP/2 makes buffers that it keeps for ever. Not in this class, of which Netty makes its first buffer's watch. */
    private static final class Kept {
        static final List<Object> BUFFERS =
                List.of(Http2CodecUtil.connectionPrefaceBuf(), new DefaultHttp2FrameWriter());
    }

    /** Made by Netty, by name. */
    public Leaks(Class<?> type, int samplingInterval) {
        super(type, samplingInterval);
    }

    /** The same. */
    @SuppressWarnings("UnusedVariable") // Netty's signature.
    public Leaks(Class<?> type, int samplingInterval, long maxActive) {
        super(type, samplingInterval);
    }

    @Override
    protected boolean needReport() {
        return true;
    }

    @Override
    protected void reportTracedLeak(String type, String records) {
        FOUND.add(type + " was never released; touched at:" + records);
    }

    @Override
    protected void reportUntracedLeak(String type) {
        FOUND.add(type + " was never released");
    }

    /** Returns how many bytes of buffers nobody has given back. */
    static long used() {
        if (!(ByteBufAllocator.DEFAULT instanceof UnpooledByteBufAllocator allocator)
                || ResourceLeakDetector.getLevel() != Level.PARANOID) {
            throw new AssertionError("the tests of the engine count buffers: run them with"
                    + " -Dio.netty.allocator.type=unpooled -Dio.netty.leakDetection.level=paranoid"
                    + " -Dio.netty.customResourceLeakDetector=" + Leaks.class.getName());
        }
        if (Kept.BUFFERS.isEmpty()) {
            throw new AssertionError("made before the first figure");
        }
        return allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory();
    }

    /** Returns the leaks that are known, each once. */
    static List<String> found() {
        // The detector looks at what the collector has found whenever a buffer is made.
        ByteBuf any = ByteBufAllocator.DEFAULT.directBuffer(1);
        any.release();
        List<String> found = new ArrayList<>();
        for (String leak = FOUND.poll(); leak != null; leak = FOUND.poll()) {
            found.add(leak);
        }
        return found;
    }

    /** The same, after the collector has looked for more. */
    static List<String> search() {
        System.gc();
        return found();
    }
}
