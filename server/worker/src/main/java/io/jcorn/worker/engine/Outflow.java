package io.jcorn.worker.engine;

import io.jcorn.wire.Scoreboard.Cell;
import io.jcorn.worker.exchange.SpoolFile;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What leaves on a connection, in order. Confined to the event loop.
 *
 * <p>When the application runs on the event loop and writes faster than the client reads, nobody can wait: the rest of that
 * response goes to a file, which the kernel sends afterwards.
 */
@SuppressWarnings("FutureReturnValueIgnored") // What fails here fails the channel, which says so itself.
final class Outflow {

    private final Engine engine;
    private final Channel channel;
    private final Medium medium;
    private @Nullable SpoolFile spool;
    private boolean unflushed;
    private long lastPending;
    private long lastProgress;
    private long movedAt;

    Outflow(Engine engine, Arrival arrival) {
        this.engine = engine;
        this.channel = arrival.channel();
        this.medium = arrival.medium();
    }

    /** Sends a part of a response now. */
    void part(ByteBuf bytes, Runnable sent) {
        engine.row().add(Cell.BYTES_WRITTEN, bytes.readableBytes());
        flush();
        if (spool != null || (engine.runner().onEventLoop() && !channel.isWritable())) {
            keep(bytes);
            sent.run();
            return;
        }
        channel.writeAndFlush(bytes).addListener(left -> sent.run());
    }

    /** Takes the last part of a response, which is sent with the next flush. */
    void last(@Nullable ByteBuf bytes) {
        SpoolFile spool = this.spool;
        this.spool = null;
        if (spool != null) {
            channel.write(medium.file(channel, spool), channel.voidPromise());
            unflushed = true;
        }
        if (bytes != null) {
            engine.row().add(Cell.BYTES_WRITTEN, bytes.readableBytes());
            channel.write(bytes, channel.voidPromise());
            unflushed = true;
        }
    }

    boolean unflushed() {
        return unflushed;
    }

    void flush() {
        if (unflushed) {
            unflushed = false;
            channel.flush();
        }
    }

    /** Whether there is something that the kernel has not taken. */
    boolean pending() {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer != null && !buffer.isEmpty();
    }

    long bytesOnTheWay() {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.totalPendingWriteBytes();
    }

    /** Closes the connection when everything is sent. */
    void thenClose() {
        unflushed = false;
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    /** Closes the sending side when everything is sent: the client reads the response to its end. */
    void thenShutdown() {
        unflushed = false;
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(left -> {
            if (left.isSuccess()) {
                medium.shutdownOutput(channel);
            } else {
                channel.close();
            }
        });
    }

    /**
     * Closes at once in the middle of a response.
     *
     * @param reset whether only a reset tells the client that this is not the end
     */
    void cutOff(boolean reset) {
        discard();
        if (reset) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        } else {
            channel.flush();
        }
        medium.cut(channel);
    }

    /** Forgets what was kept in a file. */
    void discard() {
        SpoolFile spool = this.spool;
        this.spool = null;
        if (spool != null) {
            try {
                spool.close();
            } catch (IOException e) {
                engine.log().debug("A temporary file cannot be closed: " + e);
            }
        }
    }

    /** Whether the client has taken nothing for so long although there is something for it. */
    boolean stalled(long now, long patienceNanos) {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        if (buffer == null || buffer.isEmpty()) {
            lastPending = 0;
            return false;
        }
        long pending = buffer.totalPendingWriteBytes();
        long progress = buffer.currentProgress();
        if (pending != lastPending || progress != lastProgress) {
            lastPending = pending;
            lastProgress = progress;
            movedAt = now;
            return false;
        }
        return now - movedAt > patienceNanos;
    }

    private void keep(ByteBuf bytes) {
        try {
            SpoolFile spool = this.spool;
            if (spool == null) {
                spool = SpoolFile.open();
                this.spool = spool;
            }
            spool.append(bytes.nioBuffer());
        } catch (IOException e) {
            engine.log().error("A response cannot be kept in a temporary file, so it is cut off: " + e);
            cutOff(false);
        } finally {
            bytes.release();
        }
    }
}
