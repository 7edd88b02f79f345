package io.jcorn.worker.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import io.jcorn.wire.Log;
import io.jcorn.wire.LogLevel;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The states of a conversation, step by step: the test decides when a task runs and what time it is. */
@SuppressWarnings("FutureReturnValueIgnored") // Looked at by what it does.
class TalkTest {

    private static final String CLOSE_1000 = "88 82 00 00 00 00 03 e8";
    private static final String TEXT_A = "81 81 00 00 00 00 61";

    /** Tasks of the event loop and of the application, run by {@link #settle}. */
    private final Queue<Runnable> tasks = new ArrayDeque<>();

    private final Engine engine = new Engine();
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Ears listener = new Ears();
    private @Nullable Throwable writesFail;
    private boolean stalled;

    /** The engine, as far as a conversation needs one. */
    private final class Engine implements Surroundings {
        final ByteArrayOutputStream logged = new ByteArrayOutputStream();
        final List<Throwable> applicationFailures = new ArrayList<>();
        final List<Throwable> defects = new ArrayList<>();
        long now = 1;
        boolean draining;
        boolean outputEnded;
        boolean cut;

        @Override
        public void execute(Runnable task) {
            tasks.add(task);
        }

        @Override
        public void dispatch(Runnable task) {
            tasks.add(task);
        }

        @Override
        public long now() {
            return now;
        }

        @Override
        public boolean draining() {
            return draining;
        }

        @Override
        public Log log() {
            return Log.to(logged, LogLevel.DEBUG, 1, Clock.systemUTC());
        }

        @Override
        public void failed(Throwable thrown) {
            applicationFailures.add(thrown);
        }

        @Override
        public void defect(String doing, Throwable thrown) {
            defects.add(thrown);
        }

        @Override
        public void endOutput() {
            outputEnded = true;
        }

        @Override
        public void close() {
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }

        @Override
        public boolean allSent() {
            return !stalled;
        }

        @Override
        public void cut() {
            cut = true;
            channel.close();
        }
    }

    /** A listener that asks for nothing by itself. */
    private static class Ears implements WebSocket.Listener {
        final List<String> heard = new ArrayList<>();

        @Nullable
        WebSocket socket;

        WebSocket socket() {
            WebSocket socket = this.socket;
            if (socket == null) {
                throw new AssertionError("not open");
            }
            return socket;
        }

        @Override
        public void onOpen(WebSocket socket) {
            this.socket = socket;
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            heard.add("text " + data);
            if (data.toString().contains("throw")) {
                throw new IllegalStateException("as told");
            }
            return data.toString().contains("answer") ? socket.sendText("yes", true) : null;
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            heard.add("binary " + data.remaining());
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            heard.add("close " + status);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            heard.add("error");
        }
    }

    private final class Failing extends ChannelOutboundHandlerAdapter {
        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            if (writesFail == null) {
                ctx.write(message, promise);
            } else {
                ReferenceCountUtil.release(message);
                promise.setFailure(writesFail);
            }
        }
    }

    private Talk begin(WebSocket.Listener listener, WebSocketSettings settings, String... extensions) throws Exception {
        Headers request = new Headers();
        request.set("Upgrade", "websocket");
        request.set("Connection", "Upgrade");
        request.set("Sec-WebSocket-Version", "13");
        request.set("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
        request.put("Sec-WebSocket-Extensions", List.of(extensions));
        Opening opening = Opening.of("GET", true, request, new Headers(), settings);
        channel.pipeline().addLast(new Failing());
        Talk talk = Talk.begin(channel.pipeline(), opening, settings, engine, listener);
        channel.closeFuture().addListener(closed -> talk.lost());
        settle();
        return talk;
    }

    private Talk begin(String... extensions) throws Exception {
        return begin(listener, new WebSocketSettings(1 << 20, 20, 20, true), extensions);
    }

    private void settle() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
            channel.runPendingTasks();
        }
    }

    private void receive(String hex) {
        channel.writeInbound(Unpooled.wrappedBuffer(HexFormat.ofDelimiter(" ").parseHex(hex)));
    }

    /** Returns all that was sent since the last call, in hexadecimal. */
    private String sent() {
        StringBuilder hex = new StringBuilder();
        for (ByteBuf bytes = channel.readOutbound(); bytes != null; bytes = channel.readOutbound()) {
            hex.append(io.netty.buffer.ByteBufUtil.hexDump(bytes));
            bytes.release();
        }
        return hex.toString();
    }

    @AfterEach
    void nothingIsLeft() {
        channel.close();
        settle();
        channel.checkException();
        channel.releaseOutbound();
        assertThat(channel.inboundMessages()).isEmpty();
    }

    // ---- reading

    @Test
    void aListenerThatTakesNothingIsNotReadForWhateverTheSocketSays() throws Exception {
        begin();
        String frame = "82 fe 80 00 00 00 00 00" + " 00".repeat(0x8000);
        for (int i = 0; i < 8; i++) {
            receive(frame);
        }
        assertThat(channel.config().isAutoRead()).isFalse();
        channel.pipeline().fireChannelWritabilityChanged();
        assertThat(channel.config().isAutoRead()).isFalse();
        listener.socket().request(1);
        settle();
        assertThat(channel.config().isAutoRead()).isFalse();
        listener.socket().request(7);
        settle();
        assertThat(channel.config().isAutoRead()).isTrue();
        assertThat(listener.heard).hasSize(8);
    }

    @Test
    void readingWaitsUntilBothListenerAndClientTakeWhatThereIs() throws Exception {
        begin();
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(1, 10));
        channel.unsafe().outboundBuffer().addMessage(Unpooled.wrappedBuffer(new byte[20]), 20, channel.newPromise());
        assertThat(channel.isWritable()).isFalse();
        channel.runPendingTasks();
        assertThat(channel.config().isAutoRead()).isFalse();
        listener.socket().request(1);
        receive(TEXT_A);
        settle();
        assertThat(listener.heard).containsExactly("text a");
        assertThat(channel.config().isAutoRead()).isFalse();
        channel.flush();
        assertThat(channel.config().isAutoRead()).isTrue();
        assertThat(sent()).hasSize(40);
    }

    @Test
    void whatIsPackedStaysPackedUntilTheListenerHasRoom() throws Exception {
        begin("permessage-deflate");
        // A million zero octets, in one block.
        byte[] packed = new byte[2000];
        java.util.zip.Deflater deflater = new java.util.zip.Deflater(9, true);
        deflater.setInput(new byte[1_000_000]);
        int length = deflater.deflate(packed, 0, packed.length, java.util.zip.Deflater.SYNC_FLUSH) - 4;
        deflater.end();
        String message = "c2 fe " + HexFormat.ofDelimiter(" ").toHexDigits((byte) (length >> 8)) + " "
                + HexFormat.of().toHexDigits((byte) length) + " 00 00 00 00 "
                + HexFormat.ofDelimiter(" ").formatHex(packed, 0, length);
        receive(message + " " + message + " 89 81 00 00 00 00 70 " + CLOSE_1000);
        assertThat(channel.config().isAutoRead()).isFalse();
        // The ping is answered although it will be long before the listener hears of it.
        assertThat(sent()).isEqualTo("8a0170");
        listener.socket().request(4);
        settle();
        assertThat(listener.heard).hasSize(4).containsOnly("binary " + InboundFrames.PIECE);
        channel.close();
        listener.socket().request(100);
        settle();
        // The client is gone meanwhile; what it said before is heard to its end.
        assertThat(listener.heard).hasSize(2 * 16 + 1).endsWith("close 1000");
    }

    // ---- ends

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theListenerIsToldOfOneEnd(boolean staged) throws Exception {
        Ears failing = new Ears() {
            @Override
            public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
                super.onClose(socket, status, reason);
                IllegalStateException failure = new IllegalStateException("no good end");
                if (staged) {
                    return CompletableFuture.failedFuture(failure);
                }
                throw failure;
            }
        };
        begin(failing, new WebSocketSettings(1 << 20, 0, 0, true));
        failing.socket().request(10);
        receive(CLOSE_1000);
        settle();
        channel.close();
        settle();
        assertThat(failing.heard).containsExactly("close 1000");
        assertThat(engine.applicationFailures).hasSize(1);
        assertThat(channel.isActive()).isFalse();
    }

    @Test
    void aListenerWhoseOnErrorFailsHearsNothingMore() throws Exception {
        Ears failing = new Ears() {
            @Override
            public void onError(WebSocket socket, Throwable error) {
                super.onError(socket, error);
                throw new IllegalStateException("again");
            }
        };
        begin(failing, new WebSocketSettings(1 << 20, 0, 0, true));
        failing.socket().request(10);
        receive("81 85 00 00 00 00 74 68 72 6f 77");
        settle();
        channel.close();
        settle();
        assertThat(failing.heard).containsExactly("text throw", "error");
        assertThat(sent()).startsWith("880203f3");
    }

    @Test
    void nothingFollowsAClose() throws Exception {
        Talk talk = begin();
        CompletableFuture<WebSocket> late = listener.socket().sendText("late", true);
        engine.draining = true;
        talk.sweep(engine.now);
        settle();
        assertThat(sent()).startsWith("88").doesNotContain("81046c617465");
        assertThat(late).isCompletedExceptionally();
        assertThat(engine.defects).isEmpty();
    }

    @Test
    void whoeverBreaksOffMayReadWhy() throws Exception {
        Talk talk = begin();
        listener.socket().request(10);
        receive("83 80 00 00 00 00");
        settle();
        assertThat(sent()).startsWith("88").contains("03ea");
        assertThat(listener.heard).containsExactly("error");
        assertThat(engine.outputEnded).isTrue();
        assertThat(channel.isActive()).isTrue();
        assertThat(channel.config().isAutoRead()).isTrue();
        receive(TEXT_A);
        assertThat(listener.heard).containsExactly("error");
        engine.now += TimeUnit.SECONDS.toNanos(3);
        talk.sweep(engine.now);
        assertThat(engine.cut).isTrue();
    }

    @Test
    void anEchoOfACloseThatNobodyTakesIsNotWaitedForForEver() throws Exception {
        Talk talk = begin();
        listener.socket().request(1);
        writesStall();
        receive(CLOSE_1000);
        settle();
        assertThat(channel.isActive()).isTrue();
        engine.now += TimeUnit.SECONDS.toNanos(11);
        talk.sweep(engine.now);
        assertThat(engine.cut).isTrue();
    }

    private void writesStall() {
        stalled = true;
        channel.pipeline().addFirst(new ChannelOutboundHandlerAdapter() {
            @Override
            public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
                ReferenceCountUtil.release(message);
            }
        });
    }

    // ---- whose fault it is

    @Test
    void aClientThatLeavesIsNoErrorOfTheApplication() throws Exception {
        begin();
        listener.socket().request(10);
        writesFail = new ClosedChannelException();
        receive("81 86 00 00 00 00 61 6e 73 77 65 72");
        settle();
        assertThat(listener.heard).containsExactly("text answer");
        assertThat(engine.applicationFailures).isEmpty();
        assertThat(engine.defects).isEmpty();
    }

    @Test
    void aFailureOfTheServerIsNoErrorOfTheApplication() throws Exception {
        begin();
        listener.socket().request(10);
        writesFail = new NoClassDefFoundError("com/example/Optional");
        receive("81 86 00 00 00 00 61 6e 73 77 65 72");
        settle();
        assertThat(engine.applicationFailures).isEmpty();
        assertThat(engine.defects).containsExactly(writesFail);
        assertThat(listener.heard).containsExactly("text answer", "error");
    }

    @Test
    void anApplicationThatSendsAfterItsOwnCloseShouldKnowBetter() throws Exception {
        begin();
        listener.socket().sendClose(1000, "");
        listener.socket().request(1);
        receive("81 86 00 00 00 00 61 6e 73 77 65 72");
        settle();
        assertThat(engine.applicationFailures)
                .singleElement()
                .satisfies(thrown -> assertThat(thrown).hasMessageContaining("the output is closed"));
    }

    // ---- sending

    @Test
    void aBufferThatWasSentIsConsumed() throws Exception {
        begin();
        ByteBuffer data = ByteBuffer.wrap("abc".getBytes(StandardCharsets.UTF_8));
        CompletableFuture<WebSocket> done = listener.socket().sendBinary(data, true);
        settle();
        assertThat(done).isCompleted();
        assertThat(data.hasRemaining()).isFalse();
        assertThat(sent()).isEqualTo("8203616263");
    }

    @Test
    void aReasonArrivesWhole() throws Exception {
        begin();
        String reason = "x".repeat(119) + "\u00e4\u00e4";
        listener.socket().sendClose(1000, reason);
        settle();
        assertThat(sent()).isEqualTo("887d03e8" + HexFormat.of().formatHex(reason.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aSendThatFailsIsAnIOException() throws Exception {
        begin();
        channel.close();
        CompletableFuture<WebSocket> done = listener.socket().sendText("a", true);
        settle();
        assertThat(done).isCompletedExceptionally();
        assertThat(done.handle((socket, thrown) -> thrown)).isCompletedWithValueMatching(IOException.class::isInstance);
    }

    // ---- time

    @Test
    void aFrameThatComesSlowlyIsNoSilence() throws Exception {
        Talk talk = begin();
        for (int i = 0; i < 10; i++) {
            engine.now += 15;
            receive(i == 0 ? "82 fe 01 00 00 00 00 00" : "00 00");
            talk.heard();
            talk.sweep(engine.now);
        }
        assertThat(sent()).isEmpty();
        assertThat(channel.isActive()).isTrue();
    }

    @Test
    void aClientThatIsNotReadIsNotSilent() throws Exception {
        Talk talk = begin();
        for (int i = 0; i < 8; i++) {
            receive("82 fe 80 00 00 00 00 00" + " 00".repeat(0x8000));
        }
        for (int i = 0; i < 10; i++) {
            engine.now += 15;
            talk.sweep(engine.now);
        }
        assertThat(sent()).isEmpty();
        assertThat(channel.isActive()).isTrue();
    }
}
