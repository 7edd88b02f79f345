package io.jcorn.worker.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.zip.DataFormatException;
import org.jspecify.annotations.Nullable;

/**
 * Queue of received frames. They become deliveries one by one when somebody {@linkplain #next asks}, and a compressed message
 * piece by piece: what nobody has room for stays packed. Event loop only.
 */
final class InboundFrames {

    /** The most that is unpacked at once. */
    static final int PIECE = 64 << 10;

    private static final int RSV1 = 4;
    private static final int NO_STATUS = 1005;
    private static final int PROTOCOL = 1002;
    private static final int INCONSISTENT = 1007;

    private final Incoming message;
    private final @Nullable MessageInflater inflater;
    private final ByteBufAllocator allocator;
    private final Deque<WebSocketFrame> waiting = new ArrayDeque<>(4);
    private boolean compressed;
    private boolean last;

    /**
     * An empty queue.
     *
     * @param maxMessage the longest message in bytes, unpacked; 0: no limit
     * @param inflate whether compression was agreed on
     */
    InboundFrames(int maxMessage, boolean inflate, ByteBufAllocator allocator) {
        this.message = new Incoming(maxMessage);
        this.inflater = inflate ? new MessageInflater() : null;
        this.allocator = allocator;
    }

    /** Adds a frame, which stays its owner's until {@link #keep} or until it is taken. */
    void add(WebSocketFrame frame) {
        waiting.add(frame);
    }

    /** Copies the frame that was added last, if it still waits, into memory that nobody has to give back. */
    void keep() {
        WebSocketFrame frame = waiting.pollLast();
        if (frame != null) {
            waiting.addLast(frame.replace(Unpooled.wrappedBuffer(ByteBufUtil.getBytes(frame.content()))));
        }
    }

    /** Whether nothing waits, neither frames nor the rest of one. */
    boolean isEmpty() {
        return waiting.isEmpty() && !unpacking();
    }

    /**
     * Returns what is to be delivered next, or null if nothing is here.
     *
     * @throws CorruptedWebSocketFrameException if the connection has to fail, with the status that says why
     */
    @Nullable
    Delivery next() {
        Delivery next = null;
        while (next == null && !isEmpty()) {
            next = unpacking() ? unpacked() : take(waiting.remove());
        }
        return next;
    }

    private @Nullable Delivery take(WebSocketFrame frame) {
        if (frame instanceof CloseWebSocketFrame close) {
            requireReserved(frame, 0);
            return closing(close);
        }
        if (frame instanceof PingWebSocketFrame) {
            requireReserved(frame, 0);
            return new Delivery.Ping(copy(frame.content()));
        }
        if (frame instanceof PongWebSocketFrame) {
            requireReserved(frame, 0);
            return new Delivery.Pong(copy(frame.content()));
        }
        return data(frame);
    }

    private static Delivery closing(CloseWebSocketFrame close) {
        int status = close.statusCode();
        if (status >= 0 && !Talk.sendable(status)) {
            throw Incoming.corrupted(PROTOCOL, "a Close has the status " + status + ", which no endpoint may send");
        }
        String reason = close.reasonText();
        return new Delivery.Close(status < 0 ? NO_STATUS : status, reason == null ? "" : reason);
    }

    /** RFC 7692 §6: RSV1 of a message's first frame says that the message is compressed; no other frame may have it. */
    private @Nullable Delivery data(WebSocketFrame frame) {
        boolean first = !(frame instanceof ContinuationWebSocketFrame);
        requireReserved(frame, first && inflater != null ? RSV1 : 0);
        message.begin(frame);
        if (first) {
            compressed = frame.rsv() == RSV1;
        }
        last = frame.isFinalFragment();
        MessageInflater inflater = this.inflater;
        if (!compressed || inflater == null) {
            return message.part(frame.content(), last);
        }
        inflater.input(ByteBufUtil.getBytes(frame.content()), last);
        return null;
    }

    private static void requireReserved(WebSocketFrame frame, int allowed) {
        if ((frame.rsv() & ~allowed) != 0) {
            throw Incoming.corrupted(PROTOCOL, "a frame has a reserved bit that nothing was agreed on");
        }
    }

    private boolean unpacking() {
        return inflater != null && inflater.busy();
    }

    private @Nullable Delivery unpacked() {
        MessageInflater inflater = this.inflater;
        if (inflater == null) {
            return null;
        }
        ByteBuf piece = allocator.heapBuffer(PIECE, PIECE);
        try {
            inflater.inflate(piece);
            boolean end = last && !inflater.busy();
            return piece.isReadable() || end ? message.part(piece, end) : null;
        } catch (DataFormatException e) {
            throw Incoming.corrupted(INCONSISTENT, "a message cannot be unpacked: " + e.getMessage());
        } finally {
            piece.release();
        }
    }

    private static ByteBuffer copy(ByteBuf content) {
        return ByteBuffer.wrap(ByteBufUtil.getBytes(content));
    }

    /** Forgets everything. */
    void release() {
        waiting.clear();
        message.release();
        if (inflater != null) {
            inflater.release();
        }
    }
}
