package io.jcorn.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class ReadBufferTest {

    private final ReadBuffer buffer = new ReadBuffer();

    private ByteBuf read(String bytes) {
        ByteBuf buf = buffer.newHandle().allocate(ByteBufAllocator.DEFAULT);
        return buf.writeBytes(Unpooled.copiedBuffer(bytes, java.nio.charset.StandardCharsets.US_ASCII));
    }

    private static String text(ByteBuf buf) {
        return buf.toString(java.nio.charset.StandardCharsets.US_ASCII);
    }

    @Test
    void oneAfterAnotherHasTheSame() {
        ByteBuf first = read("first");
        assertThat(text(first)).isEqualTo("first");
        first.release();

        ByteBuf second = read("second");

        assertThat(second).isSameAs(first);
        assertThat(text(second)).isEqualTo("second");
        second.release();
    }

    @Test
    void whoKeepsItIsNotDisturbed() {
        ByteBuf kept = read("kept");
        ByteBuf slice = kept.readRetainedSlice(2);
        kept.release();

        ByteBuf other = read("other");

        assertThat(text(slice)).isEqualTo("ke");
        assertThat(text(other)).isEqualTo("other");
        other.release();
        slice.release();
        ByteBuf again = read("again");
        assertThat(again).as("free again").isSameAs(kept);
        again.release();
    }
}
