package io.jcorn.worker.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * Compressor of permessage-deflate (RFC 7692 §7.2.1). Event loop only.
 *
 * <p>Later messages refer to earlier ones unless the client does not want that. That is the sender's choice, message by message:
 * the native memory of a conversation that rests is given back, and its next message refers to none.
 *
 * <p>The JDK's zlib has a window of 15 bits and no other. For a client that asks for a smaller one, as many bytes are compressed by
 * themselves as that window holds: what refers to nothing before them refers to nothing beyond it.
 */
final class MessageDeflater {

    private static final int LEVEL = 6;
    private static final int RSV1 = 4;

    /** What a flush ends in, and a message does not. */
    private static final int TAIL = 0x0000ffff;

    private static final int TAIL_LENGTH = 4;

    /** More than what a flush may put out at once: with less room zlib would repeat it. */
    private static final int ROOM = 64;

    private static final int LARGEST_WINDOW = 15;

    private final boolean forgetful;

    /** How many bytes are compressed before what comes next forgets them. */
    private final int reach;

    private @Nullable Deflater deflater;
    private boolean between = true;

    MessageDeflater(PerMessageDeflate agreed) {
        boolean small = agreed.window() > 0 && agreed.window() < LARGEST_WINDOW;
        this.forgetful = agreed.forgetful() || small;
        this.reach = small ? 1 << agreed.window() : Integer.MAX_VALUE;
    }

    /** Returns a data frame with its payload compressed; both are to be released. RSV1 marks the first of a message. */
    WebSocketFrame deflate(WebSocketFrame frame, ByteBufAllocator allocator) {
        boolean last = frame.isFinalFragment();
        ByteBuf packed = deflate(frame.content(), last, allocator);
        if (frame instanceof TextWebSocketFrame) {
            return new TextWebSocketFrame(last, RSV1, packed);
        }
        return frame instanceof BinaryWebSocketFrame
                ? new BinaryWebSocketFrame(last, RSV1, packed)
                : new ContinuationWebSocketFrame(last, 0, packed);
    }

    private ByteBuf deflate(ByteBuf payload, boolean last, ByteBufAllocator allocator) {
        Deflater deflater = this.deflater;
        if (deflater == null) {
            deflater = new Deflater(LEVEL, true);
            this.deflater = deflater;
        }
        between = last;
        ByteBuf out = allocator.buffer(ROOM + payload.readableBytes() / 2);
        try {
            while (payload.isReadable()) {
                int length = Math.min(payload.readableBytes(), reach);
                deflater.setInput(payload.nioBuffer(payload.readerIndex(), length));
                payload.skipBytes(length);
                flush(deflater, out);
                if (reach < Integer.MAX_VALUE) {
                    deflater.reset();
                }
            }
            if (last) {
                endMessage(out);
            }
        } catch (Throwable thrown) {
            out.release();
            throw thrown;
        }
        if (last && forgetful) {
            deflater.reset();
        }
        return out;
    }

    private static void flush(Deflater deflater, ByteBuf out) {
        int room;
        int length;
        do {
            out.ensureWritable(ROOM);
            room = out.writableBytes();
            length = deflater.deflate(out.nioBuffer(out.writerIndex(), room), Deflater.SYNC_FLUSH);
            out.writerIndex(out.writerIndex() + length);
        } while (length == room);
    }

    /** The tail is left off; of a last frame without content one octet stays, the header of an empty block (§7.2.3.6). */
    private static void endMessage(ByteBuf out) {
        int end = out.writerIndex() - TAIL_LENGTH;
        if (end >= 0 && out.getInt(end) == TAIL) {
            out.writerIndex(end);
        } else {
            out.writeByte(0);
        }
    }

    /** Gives the native memory back unless a message is under way. */
    void rest() {
        if (between) {
            release();
        }
    }

    /** Nothing more is compressed, or from the beginning. */
    void release() {
        Deflater deflater = this.deflater;
        this.deflater = null;
        if (deflater != null) {
            deflater.end();
        }
    }
}
