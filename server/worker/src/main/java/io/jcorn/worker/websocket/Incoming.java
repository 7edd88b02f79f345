package io.jcorn.worker.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Data frames become parts of messages: kinds in order, text as characters although a frame may end in the middle of one
 * (RFC 6455 §5.6, §8.1), no message larger than allowed, counted as it is unpacked. Event loop only.
 */
final class Incoming {

    private enum Message {
        NONE,
        TEXT,
        BINARY
    }

    private static final int NO_UTF8 = 1007;
    private static final int TOO_BIG = 1009;
    private static final int PROTOCOL = 1002;

    private final int maxMessage;
    private final CharsetDecoder utf8 = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    private Message message = Message.NONE;
    private long size;

    /** The bytes of a character whose rest is in the next frame: at most three. */
    private byte[] begun = {};

    Incoming(int maxMessage) {
        this.maxMessage = maxMessage;
    }

    /**
     * Takes a piece of the message that has begun.
     *
     * @param last whether it is the message's last
     * @throws CorruptedWebSocketFrameException if it is not UTF-8, or makes the message too long
     */
    Delivery part(ByteBuf content, boolean last) {
        size += content.readableBytes();
        if (maxMessage > 0 && size > maxMessage) {
            throw corrupted(TOO_BIG, "a message is longer than " + maxMessage + " bytes");
        }
        Delivery part = message == Message.TEXT
                ? new Delivery.Text(text(content, last), last)
                : new Delivery.Binary(binary(content), last);
        if (last) {
            message = Message.NONE;
        }
        return part;
    }

    /**
     * Begins a message with its first frame, or goes on with it.
     *
     * @throws CorruptedWebSocketFrameException if the frame cannot follow what came before
     */
    void begin(WebSocketFrame frame) {
        boolean starts = frame instanceof TextWebSocketFrame || frame instanceof BinaryWebSocketFrame;
        if (starts != (message == Message.NONE)) {
            throw corrupted(
                    PROTOCOL, starts ? "a message begins within another" : "a message is continued that has not begun");
        }
        if (starts) {
            message = frame instanceof TextWebSocketFrame ? Message.TEXT : Message.BINARY;
            size = 0;
            utf8.reset();
            begun = new byte[0];
        }
    }

    private static ByteBuffer binary(ByteBuf content) {
        ByteBuffer copy = ByteBuffer.allocate(content.readableBytes());
        content.getBytes(content.readerIndex(), copy);
        return copy.flip();
    }

    private String text(ByteBuf content, boolean last) {
        ByteBuffer bytes = ByteBuffer.allocate(begun.length + content.readableBytes());
        bytes.put(begun);
        content.getBytes(content.readerIndex(), bytes);
        bytes.flip();
        CharBuffer characters = CharBuffer.allocate(bytes.remaining());
        CoderResult result = utf8.decode(bytes, characters, last);
        if (result.isError()) {
            throw corrupted(NO_UTF8, "a text message is not UTF-8");
        }
        begun = new byte[bytes.remaining()];
        bytes.get(begun);
        return characters.flip().toString();
    }

    /** Nothing more comes. */
    void release() {
        message = Message.NONE;
        begun = new byte[0];
    }

    static CorruptedWebSocketFrameException corrupted(int status, String reason) {
        return new CorruptedWebSocketFrameException(WebSocketCloseStatus.valueOf(status), reason);
    }
}
