package io.jcorn.worker.engine;

import io.jcorn.wire.Log;
import io.jcorn.wire.LogLevel;
import io.jcorn.wire.Scoreboard;
import io.jcorn.wire.Scoreboard.Cell;
import io.jcorn.worker.http.Limits;
import io.jcorn.worker.http.RequestRules;
import io.jcorn.worker.pool.LoopRunner;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** Connections of the engine without sockets: everything happens on the event loop, within the call, and time stands still. */
final class Embedded {

    /**
     * What happened on a connection.
     *
     * @param seen what the application saw
     * @param sent what the client got, one character for each byte
     * @param open whether the client may send more
     */
    record Talk(List<Seen> seen, String sent, boolean open) {}

    private final List<Seen> seen = new ArrayList<>();
    private final Engine engine;

    private static EngineSettings settings(Limits limits, RequestRules rules) {
        TestServer.Options options = new TestServer.Options();
        options.limits = limits;
        options.rules = rules;
        return options.settings();
    }

    Embedded(Limits limits, RequestRules rules) {
        Scoreboard scoreboard =
                Scoreboard.over(ByteBuffer.allocateDirect(Scoreboard.BYTES + 8).alignedSlice(8));
        engine = new Engine(
                settings(limits, rules),
                exchange -> {
                    seen.add(Seen.of(exchange));
                    exchange.sendResponseHeaders(200, 2);
                    exchange.getResponseBody().write(new byte[] {'o', 'k'});
                    exchange.close();
                },
                scoreboard,
                scoreboard.row(0),
                Log.to(OutputStream.nullOutputStream(), LogLevel.ERROR, 1, Clock.systemUTC()),
                new TestServer.Options().accessLog,
                loop -> new LoopRunner(),
                Embedded.class.getClassLoader(),
                () -> {},
                null,
                () -> 0);
    }

    /** Sends pieces, perhaps closes the sending side, and says what happened. */
    Talk talk(List<byte[]> pieces, boolean halfCloses) throws Exception {
        long buffers = Leaks.used();
        Talk talk = engine.loop().submit(() -> onLoop(pieces, halfCloses)).get();
        // The close of the channel is heard after this turn of the event loop.
        engine.loop().submit(() -> assertNothingIsLeft(buffers)).get();
        return talk;
    }

    private void assertNothingIsLeft(long buffersBefore) {
        long connections = engine.row().get(Cell.CONNECTIONS);
        long inFlight = engine.row().get(Cell.IN_FLIGHT);
        long buffers = Leaks.used();
        List<String> leaks = Leaks.found();
        if (connections != 0 || inFlight != 0 || buffers != buffersBefore || !leaks.isEmpty()) {
            throw new AssertionError(
                    "its client is gone, and there are left: connections " + connections + ", in flight " + inFlight
                            + ", bytes in buffers " + (buffers - buffersBefore) + ", leaks " + leaks);
        }
    }

    private Talk onLoop(List<byte[]> pieces, boolean halfCloses) {
        seen.clear();
        Duplex channel = new Duplex();
        engine.attend(new Arrival(channel, engine.settings().forwarding()));
        for (byte[] piece : pieces) {
            if (channel.isOpen()) {
                channel.writeInbound(Unpooled.wrappedBuffer(piece));
            }
        }
        if (halfCloses && channel.isOpen()) {
            channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        }
        StringBuilder sent = new StringBuilder();
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            sent.append(out.toString(StandardCharsets.ISO_8859_1));
            out.release();
        }
        boolean open = channel.isOpen() && !channel.outputShut;
        channel.finishAndReleaseAll();
        return new Talk(List.copyOf(seen), sent.toString(), open);
    }

    /** A channel that can be closed by halves, as a socket. */
    private static final class Duplex extends EmbeddedChannel implements DuplexChannel {
        private boolean outputShut;

        @Override
        public boolean isInputShutdown() {
            return false;
        }

        @Override
        public ChannelFuture shutdownInput() {
            return newSucceededFuture();
        }

        @Override
        public ChannelFuture shutdownInput(ChannelPromise promise) {
            return promise.setSuccess();
        }

        @Override
        public boolean isOutputShutdown() {
            return outputShut;
        }

        @Override
        public ChannelFuture shutdownOutput() {
            outputShut = true;
            return newSucceededFuture();
        }

        @Override
        public ChannelFuture shutdownOutput(ChannelPromise promise) {
            outputShut = true;
            return promise.setSuccess();
        }

        @Override
        public boolean isShutdown() {
            return outputShut;
        }

        @Override
        public ChannelFuture shutdown() {
            return shutdownOutput();
        }

        @Override
        public ChannelFuture shutdown(ChannelPromise promise) {
            return shutdownOutput(promise);
        }
    }
}
