package io.jcorn.worker.engine;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import java.nio.ByteBuffer;

/**
 * One buffer that all connections of an event loop read into, one after another: what is read is copied out of it at once. Whoever
 * keeps it longer, as a protocol that collects its frames does, is not disturbed: meanwhile others get buffers of their own.
 */
final class ReadBuffer implements RecvByteBufAllocator {

    private static final int CAPACITY = 64 << 10;

    /** The JDK's memory, which goes with this object. */
    private final ByteBuf shared = Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(CAPACITY));

    private final RecvByteBufAllocator otherwise = new AdaptiveRecvByteBufAllocator();

    /** Whether the next to read may have it. */
    boolean isFree() {
        return shared.refCnt() == 1;
    }

    @Override
    public ExtendedHandle newHandle() {
        return new Reader((ExtendedHandle) otherwise.newHandle());
    }

    /** What one connection reads into. */
    private final class Reader extends DelegatingHandle implements ExtendedHandle {

        private final ExtendedHandle adaptive;

        Reader(ExtendedHandle adaptive) {
            super(adaptive);
            this.adaptive = adaptive;
        }

        @Override
        public ByteBuf allocate(ByteBufAllocator allocator) {
            return isFree() ? shared.clear().retain() : adaptive.allocate(allocator);
        }

        @Override
        public boolean continueReading(UncheckedBooleanSupplier maybeMoreData) {
            return adaptive.continueReading(maybeMoreData);
        }
    }
}
