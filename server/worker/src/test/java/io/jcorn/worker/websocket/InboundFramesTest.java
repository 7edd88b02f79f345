package io.jcorn.worker.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages through compressor and decompressor, and what they hold in memory. */
class InboundFramesTest {

    private static final int RSV1 = 4;

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
    private final InboundFrames frames = new InboundFrames(1 << 20, true, allocator);

    private static byte[] deflated(byte[] content) {
        Deflater deflater = new Deflater(9, true);
        deflater.setInput(content);
        byte[] packed = new byte[content.length + 100];
        int length = deflater.deflate(packed, 0, packed.length, Deflater.SYNC_FLUSH);
        deflater.end();
        return Arrays.copyOf(packed, length - 4);
    }

    private void add(WebSocketFrame frame) {
        frames.add(frame);
    }

    private static ByteBuf hex(String hex) {
        return Unpooled.wrappedBuffer(HexFormat.ofDelimiter(" ").parseHex(hex));
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        boolean last = false;
        while (!last) {
            if (!(frames.next() instanceof Delivery.Text part)) {
                throw new AssertionError("the message has not ended");
            }
            text.append(part.part());
            last = part.last();
        }
        return text.toString();
    }

    /** The examples of RFC 7692 §7.2.3. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "f2 48 cd c9 c9 07 00",
                "00 05 00 fa ff 48 65 6c 6c 6f 00",
                "f3 48 cd c9 c9 07 00 00",
                "f2 48 05 00 00 00 ff ff ca c9 c9 07 00"
            })
    void theExamplesOfTheSpecificationAreUnpacked(String hex) {
        add(new TextWebSocketFrame(true, RSV1, hex(hex)));
        assertThat(text()).isEqualTo("Hello");
        assertThat(frames.next()).isNull();
    }

    @Test
    void fragmentsAndEmptyMessagesAreUnpacked() {
        add(new TextWebSocketFrame(false, RSV1, hex("f2 48 cd")));
        add(new ContinuationWebSocketFrame(false, 0, Unpooled.EMPTY_BUFFER));
        add(new ContinuationWebSocketFrame(true, 0, hex("c9 c9 07 00")));
        add(new TextWebSocketFrame(true, RSV1, hex("00")));
        add(new TextWebSocketFrame(true, 0, Unpooled.copiedBuffer("plain", StandardCharsets.UTF_8)));
        assertThat(text()).isEqualTo("Hello");
        assertThat(text()).isEmpty();
        assertThat(text()).isEqualTo("plain");
        assertThat(frames.isEmpty()).isTrue();
    }

    @Test
    void aMessageIsUnpackedAsFarAsItIsAskedFor() {
        add(new BinaryWebSocketFrame(true, RSV1, Unpooled.wrappedBuffer(deflated(new byte[1_000_000]))));
        int size = 0;
        for (Delivery.Binary part = next(); part != null; part = next()) {
            assertThat(part.part().remaining()).isLessThanOrEqualTo(InboundFrames.PIECE);
            assertThat(allocator.metric().usedHeapMemory()).isZero();
            size += part.part().remaining();
            assertThat(part.last()).isEqualTo(size == 1_000_000);
        }
        assertThat(size).isEqualTo(1_000_000);
    }

    private Delivery.@Nullable Binary next() {
        return (Delivery.Binary) frames.next();
    }

    @Test
    void aBombIsNotUnpackedBeyondTheLimit() {
        add(new BinaryWebSocketFrame(true, RSV1, Unpooled.wrappedBuffer(deflated(new byte[100 << 20]))));
        long[] unpacked = {0};
        assertThatThrownBy(() -> {
                    for (Delivery.Binary part = next(); part != null; part = next()) {
                        unpacked[0] += part.part().remaining();
                    }
                })
                .isInstanceOfSatisfying(
                        CorruptedWebSocketFrameException.class,
                        failure -> assertThat(failure.closeStatus().code()).isEqualTo(1009));
        assertThat(unpacked[0]).isEqualTo(1 << 20);
        assertThat(allocator.metric().usedHeapMemory()).isZero();
        frames.release();
        assertThat(frames.isEmpty()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"ff ff ff,1007", "06,1007", "00 05 00 00 00,1007"})
    void whatWasNeverCompressedIsInconsistent(String hex, int status) {
        add(new TextWebSocketFrame(true, RSV1, hex(hex)));
        assertThatThrownBy(frames::next)
                .isInstanceOfSatisfying(
                        CorruptedWebSocketFrameException.class,
                        failure -> assertThat(failure.closeStatus().code()).isEqualTo(status));
        assertThat(allocator.metric().usedHeapMemory()).isZero();
        frames.release();
    }

    @Test
    void whatWaitsIsNobodysBuffer() {
        ByteBuf buffer = allocator.heapBuffer().writeBytes(new byte[100]);
        BinaryWebSocketFrame frame = new BinaryWebSocketFrame(true, 0, buffer);
        add(frame);
        frames.keep();
        frame.release();
        assertThat(allocator.metric().usedHeapMemory()).isZero();
        assertThat(next())
                .isNotNull()
                .satisfies(part -> assertThat(part.bytes()).isEqualTo(100));
    }

    /** What the compressor makes of messages in fragments is what the decompressor makes messages of. */
    @ParameterizedTest
    @CsvSource({"true,0", "false,0", "false,15", "true,9", "false,8", "false,12"})
    void whatIsPackedIsUnpacked(boolean forgetful, int window) {
        Random random = new Random(7692);
        MessageDeflater deflater = new MessageDeflater(new PerMessageDeflate(forgetful, window));
        // Without context takeover each message is unpacked by itself; otherwise, as a client would, in one window.
        java.util.zip.Inflater inflater = new java.util.zip.Inflater(true);
        for (int round = 0; round < 300; round++) {
            byte[] message = new byte[random.nextInt(4) == 0 ? random.nextInt(200_000) : random.nextInt(100)];
            if (random.nextBoolean()) {
                random.nextBytes(message);
            }
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            int at = 0;
            boolean first = true;
            boolean last = false;
            while (!last) {
                int length = random.nextInt(3) == 0 ? message.length - at : random.nextInt(message.length - at + 1);
                last = at + length == message.length && random.nextBoolean();
                ByteBuf content = Unpooled.wrappedBuffer(message, at, length);
                WebSocketFrame frame = first
                        ? new BinaryWebSocketFrame(last, 0, content)
                        : new ContinuationWebSocketFrame(last, 0, content);
                WebSocketFrame out = deflater.deflate(frame, allocator);
                assertThat(out.rsv()).isEqualTo(first ? RSV1 : 0);
                out.content().forEachByte(b -> {
                    packed.write(b);
                    return true;
                });
                out.release();
                at += length;
                first = false;
            }
            packed.writeBytes(new byte[] {0, 0, (byte) 0xff, (byte) 0xff});
            assertThat(unpacked(inflater, packed.toByteArray())).isEqualTo(message);
            if (forgetful) {
                inflater.reset();
            }
            if (random.nextInt(10) == 0) {
                deflater.rest();
            }
        }
        inflater.end();
        deflater.release();
        assertThat(allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory())
                .isZero();
    }

    /** A window of 256 bytes must not be left: what repeats itself farther away is packed anew. */
    @Test
    void aSmallWindowIsKept() {
        byte[] noise = new byte[300];
        new Random(7).nextBytes(noise);
        byte[] twice = Arrays.copyOf(noise, 600);
        System.arraycopy(noise, 0, twice, 300, 300);
        assertThat(packedLength(8, twice)).isGreaterThan(600);
        assertThat(packedLength(15, twice)).isLessThan(400);
        assertThat(packedLength(9, new byte[100_000])).isLessThan(5_000);
    }

    private int packedLength(int window, byte[] message) {
        MessageDeflater deflater = new MessageDeflater(new PerMessageDeflate(false, window));
        WebSocketFrame packed =
                deflater.deflate(new BinaryWebSocketFrame(true, 0, Unpooled.wrappedBuffer(message)), allocator);
        int length = packed.content().readableBytes();
        packed.release();
        deflater.release();
        return length;
    }

    private static byte[] unpacked(java.util.zip.Inflater inflater, byte[] packed) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] piece = new byte[4096];
        inflater.setInput(packed);
        try {
            for (int length = inflater.inflate(piece); length > 0; length = inflater.inflate(piece)) {
                out.write(piece, 0, length);
            }
        } catch (java.util.zip.DataFormatException e) {
            throw new AssertionError(e);
        }
        assertThat(inflater.getRemaining()).isZero();
        return out.toByteArray();
    }
}
