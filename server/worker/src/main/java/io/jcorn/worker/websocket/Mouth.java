package io.jcorn.worker.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.io.IOException;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What the application sends, by the contract of {@link WebSocket}: one message at a time, one control frame at a time, each
 * with a future that completes when its bytes have left for the kernel, on a thread of the application. From any thread.
 *
 * <p>Unlike the JDK's client, which is a client, this may close with any status that RFC 6455 §7.4 lets an endpoint send.
 */
final class Mouth implements WebSocket {

    private static final int LONGEST_CONTROL = 125;

    /** A control frame's payload without the two bytes of the status. */
    private static final int LONGEST_REASON = 123;

    private enum Message {
        NONE,
        TEXT,
        BINARY
    }

    private final Talk talk;
    private final Surroundings surroundings;
    private final String subprotocol;

    /** Guarded by this. */
    private Message message = Message.NONE;

    private boolean messagePending;
    private boolean controlPending;
    private volatile boolean outputClosed;
    private volatile boolean inputClosed;

    /** Whether it was the application that closed. */
    private volatile boolean closedHere;

    Mouth(Talk talk, Surroundings surroundings, String subprotocol) {
        this.talk = talk;
        this.surroundings = surroundings;
        this.subprotocol = subprotocol;
    }

    @Override
    public CompletableFuture<WebSocket> sendText(CharSequence data, boolean last) {
        try {
            ByteBuffer bytes = StandardCharsets.UTF_8
                    .newEncoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .encode(CharBuffer.wrap(data));
            return sendMessage(Message.TEXT, Unpooled.wrappedBuffer(bytes), last);
        } catch (CharacterCodingException e) {
            return CompletableFuture.failedFuture(
                    new IllegalArgumentException("the text has half a surrogate pair, which UTF-8 cannot carry", e));
        }
    }

    @Override
    public CompletableFuture<WebSocket> sendBinary(ByteBuffer data, boolean last) {
        return sendMessage(Message.BINARY, Unpooled.wrappedBuffer(data), last).thenApply(socket -> {
            data.position(data.limit());
            return socket;
        });
    }

    private CompletableFuture<WebSocket> sendMessage(Message kind, ByteBuf payload, boolean last) {
        boolean first;
        synchronized (this) {
            if (outputClosed) {
                return closed();
            }
            if (messagePending) {
                return refused("the last message has not been sent yet: wait for its future");
            }
            if (message != Message.NONE && message != kind) {
                return refused("the last part of a message of the other kind has not been sent");
            }
            first = message == Message.NONE;
            message = last ? Message.NONE : kind;
            messagePending = true;
        }
        return say(frame(kind, first, payload, last), () -> messagePending = false);
    }

    private static WebSocketFrame frame(Message kind, boolean first, ByteBuf payload, boolean last) {
        if (!first) {
            return new ContinuationWebSocketFrame(last, 0, payload);
        }
        return kind == Message.TEXT
                ? new TextWebSocketFrame(last, 0, payload)
                : new BinaryWebSocketFrame(last, 0, payload);
    }

    @Override
    public CompletableFuture<WebSocket> sendPing(ByteBuffer payload) {
        return sendControl(payload, new PingWebSocketFrame(Unpooled.copiedBuffer(payload)));
    }

    @Override
    public CompletableFuture<WebSocket> sendPong(ByteBuffer payload) {
        return sendControl(payload, new PongWebSocketFrame(Unpooled.copiedBuffer(payload)));
    }

    private CompletableFuture<WebSocket> sendControl(ByteBuffer payload, WebSocketFrame frame) {
        if (payload.remaining() > LONGEST_CONTROL) {
            return CompletableFuture.failedFuture(new IllegalArgumentException(
                    "a ping or pong carries at most " + LONGEST_CONTROL + " bytes, not " + payload.remaining()));
        }
        synchronized (this) {
            if (outputClosed) {
                return closed();
            }
            if (controlPending) {
                return refused("the last ping or pong has not been sent yet: wait for its future");
            }
            controlPending = true;
        }
        payload.position(payload.limit());
        return say(frame, () -> controlPending = false);
    }

    @Override
    public CompletableFuture<WebSocket> sendClose(int statusCode, String reason) {
        if (!Talk.sendable(statusCode)) {
            return CompletableFuture.failedFuture(
                    new IllegalArgumentException(statusCode + " is no status that an endpoint may close with"));
        }
        if (reason.getBytes(StandardCharsets.UTF_8).length > LONGEST_REASON) {
            return CompletableFuture.failedFuture(new IllegalArgumentException(
                    "the reason of a close is at most " + LONGEST_REASON + " bytes of UTF-8"));
        }
        if (!closeOutput()) {
            return closed();
        }
        closedHere = true;
        CompletableFuture<WebSocket> sent = new CompletableFuture<>();
        surroundings.execute(() -> talk.sayClose(statusCode, reason, thrown -> complete(sent, thrown)));
        return sent;
    }

    private CompletableFuture<WebSocket> say(WebSocketFrame frame, Runnable free) {
        CompletableFuture<WebSocket> sent = new CompletableFuture<>();
        surroundings.execute(() -> talk.say(frame, thrown -> {
            synchronized (this) {
                free.run();
            }
            complete(sent, thrown);
        }));
        return sent;
    }

    /** What the application has chained to the future is its own code, which must not run on the event loop. */
    private void complete(CompletableFuture<WebSocket> sent, @Nullable Throwable thrown) {
        surroundings.dispatch(() -> {
            if (thrown == null) {
                sent.complete(this);
            } else {
                sent.completeExceptionally(thrown);
            }
        });
    }

    /** An application that has closed should know; that the client or the server has it cannot always know. */
    private CompletableFuture<WebSocket> closed() {
        String reason = "the output is closed";
        return CompletableFuture.failedFuture(closedHere ? new IOException(reason) : new SendFailure(reason, null));
    }

    private static CompletableFuture<WebSocket> refused(String why) {
        return CompletableFuture.failedFuture(new IllegalStateException(why));
    }

    @Override
    public void request(long n) {
        if (n <= 0) {
            throw new IllegalArgumentException("a demand is positive, not " + n);
        }
        talk.ear().request(n);
    }

    @Override
    public String getSubprotocol() {
        return subprotocol;
    }

    @Override
    public boolean isOutputClosed() {
        return outputClosed;
    }

    @Override
    public boolean isInputClosed() {
        return inputClosed;
    }

    @Override
    public void abort() {
        closedHere = true;
        closeOutput();
        closeInput();
        surroundings.execute(talk::abort);
    }

    /** Closes the output; false if it was closed already. */
    synchronized boolean closeOutput() {
        boolean open = !outputClosed;
        outputClosed = true;
        return open;
    }

    void closeInput() {
        inputClosed = true;
    }
}
