package io.jcorn.worker.engine;

import io.jcorn.wire.Scoreboard.Cell;
import io.jcorn.worker.exchange.Pace;
import io.jcorn.worker.exchange.SpoolFile;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.FileRegion;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.RawUnixChannelOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * What leaves on a connection, in order. Confined to the event loop.
 *
 * <p>When the application runs on the event loop and writes faster than the client reads, nobody can wait: the rest of that
 * response goes to a file, which the kernel sends afterwards.
 */
@SuppressWarnings("FutureReturnValueIgnored") // What fails here fails the channel, which says so itself.
final class Outflow {

    /** tcp(7): {@code struct tcp_info} as far as {@code tcpi_notsent_bytes}, which Linux has since 4.6. */
    private static final RawUnixChannelOption TCP_INFO = new RawUnixChannelOption("TCP_INFO", 6, 11, 148);

    private static final int UNACKED = 24;
    private static final int BYTES_ACKED = 120;
    private static final int NOT_SENT = 144;

    /** What the kernel may keep of a response, for a client that does not read it, when the connection is closed. */
    private static final int TRIFLE = 64 << 10;

    private final Engine engine;
    private final Channel channel;
    private final Medium medium;
    private @Nullable SpoolFile spool;
    private boolean unflushed;
    private int files;

    /** Whether something was handed over since a look found nothing left. */
    private boolean used;

    private long written;
    private boolean ending;
    private boolean ended;
    private boolean closing;
    private boolean resetOnClose;
    private @Nullable Pace pace;

    Outflow(Engine engine, Arrival arrival) {
        this.engine = engine;
        this.channel = arrival.channel();
        this.medium = arrival.medium();
    }

    /** Sends a part of a response now. */
    void part(ByteBuf bytes, Runnable sent) {
        count(bytes);
        flush();
        if (spool != null || (engine.runner().onEventLoop() && !channel.isWritable())) {
            keep(bytes);
            sent.run();
            return;
        }
        channel.writeAndFlush(bytes).addListener(left -> sent.run());
    }

    /** Sends a file as a part of a response now. */
    void file(FileRegion region, Runnable sent) {
        engine.row().add(Cell.BYTES_WRITTEN, region.count());
        emptySpool();
        used = true;
        files++;
        unflushed = false;
        channel.writeAndFlush(region).addListener(left -> {
            files--;
            written += region.count();
            sent.run();
        });
    }

    /** Whether another response may be prepared. Netty counts no bytes for a file, but each one keeps a descriptor open. */
    boolean hasRoom() {
        return files == 0 && channel.isWritable();
    }

    private void emptySpool() {
        SpoolFile spool = this.spool;
        this.spool = null;
        if (spool != null) {
            channel.write(medium.file(channel, spool), channel.voidPromise());
            unflushed = true;
        }
    }

    /** Takes the last part of a response, which is sent with the next flush. */
    void last(@Nullable ByteBuf bytes) {
        used = true;
        emptySpool();
        if (bytes != null) {
            count(bytes);
            channel.write(bytes, channel.voidPromise());
            unflushed = true;
        }
    }

    private void count(ByteBuf bytes) {
        used = true;
        engine.row().add(Cell.BYTES_WRITTEN, bytes.readableBytes());
        written += bytes.readableBytes();
    }

    /** Others than this write to the connection. */
    void passed(int bytes) {
        written += bytes;
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
        if (!used) {
            // Thousands of idle connections are not worth a look into Netty's objects.
            return false;
        }
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer != null && !buffer.isEmpty();
    }

    long bytesOnTheWay() {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.totalPendingWriteBytes();
    }

    /**
     * Closes the connection when everything is sent. What a client has not taken by then would be the kernel's, for as long as the
     * client likes, and in no limit of ours: as long as it is much, the connection stays, ended, and the sweep asks
     * {@link #taken}.
     */
    void thenClose() {
        closing = true;
        whenSent(() -> {
            if (!unacknowledged()) {
                channel.close();
            } else if (!ended) {
                end();
            }
        });
    }

    /** Closes the sending side when everything is sent: the client reads the response to its end. */
    void thenShutdown() {
        whenSent(this::end);
    }

    /** Closes the sending side in the middle of a response, when what there is of it is sent: its framing tells the client. */
    void thenBreakOff() {
        discard();
        whenSent(() -> {
            ended = true;
            Medium.breakOff(channel);
        });
    }

    private void end() {
        ended = true;
        medium.shutdownOutput(channel);
    }

    private void whenSent(Runnable action) {
        unflushed = false;
        ending = true;
        if (ended) {
            action.run();
            return;
        }
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(left -> {
            if (left.isSuccess()) {
                resetOnClose(false);
                action.run();
            } else {
                channel.close();
            }
        });
    }

    /** Ends the connection by a reset: see {@link Medium#reset}. */
    void reset() {
        discard();
        Medium.reset(channel);
    }

    /**
     * What leaves now ends with the connection. Until all of it has left only a reset tells the client that it is not all, even
     * if it is this process that ends.
     */
    void endsByClose() {
        resetOnClose(true);
    }

    private void resetOnClose(boolean reset) {
        if (resetOnClose != reset && channel.isOpen()) {
            resetOnClose = reset;
            Medium.resetOnClose(channel, reset);
        }
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

    /**
     * Whether the client takes too little of what there is for it.
     *
     * @param request which of the connection's requests is answered
     */
    boolean tooSlow(long now, long request, EngineSettings.Clients clients) {
        if (!pending() && !(ending && unacknowledged())) {
            pace = null;
            used = false;
            return false;
        }
        Pace pace = this.pace;
        if (pace == null || !pace.isOf(request)) {
            this.pace = new Pace(request, now, acknowledged());
            return false;
        }
        return pace.tooSlow(now, acknowledged(), clients.send(), clients.sendRate());
    }

    /** Whether the client takes too little of what others than this have written, as far as can be told. */
    boolean tooSlow(long now, EngineSettings.Clients clients) {
        used = true;
        return tooSlow(now, 0, clients);
    }

    /**
     * What the client has acknowledged, where the kernel tells; otherwise what the kernel has taken. The latter moves in steps
     * of a third of the socket's buffer, which may be megabytes: minutes for a slow client that reads all the time.
     */
    private long acknowledged() {
        if (channel instanceof EpollSocketChannel) {
            ByteBuffer info = channel.config().getOption(TCP_INFO);
            if (info != null && info.remaining() >= BYTES_ACKED + Long.BYTES) {
                return info.order(ByteOrder.nativeOrder()).getLong(info.position() + BYTES_ACKED);
            }
        }
        return written - bytesOnTheWay() + progress();
    }

    /**
     * Whether the connection, on which nothing follows, may be closed: its client has taken everything, or it is not much, or
     * the process ends and leaves it to the kernel.
     */
    boolean taken() {
        return !pending() && !unacknowledged();
    }

    /** Whether it is only for what the client has not taken that the connection is still there. */
    boolean closing() {
        return closing;
    }

    private boolean unacknowledged() {
        if (written < TRIFLE || engine.draining() || !(channel instanceof EpollSocketChannel) || !channel.isOpen()) {
            return false;
        }
        ByteBuffer info = channel.config().getOption(TCP_INFO);
        return info != null
                && info.remaining() >= NOT_SENT + Integer.BYTES
                && (number(info, UNACKED) | number(info, NOT_SENT)) != 0;
    }

    private static int number(ByteBuffer info, int offset) {
        return info.order(ByteOrder.nativeOrder()).getInt(info.position() + offset);
    }

    private long progress() {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.currentProgress();
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
            engine.refusals().error("A response cannot be kept in a temporary file, so it is cut off: ", e.toString());
            reset();
        } finally {
            bytes.release();
        }
    }
}
