package io.jcorn.worker.engine;

import io.jcorn.wire.Log;
import io.jcorn.wire.Scoreboard;
import io.jcorn.wire.Scoreboard.Cell;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.ServerChannel;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.channel.unix.Errors;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Where connections come in: all listeners of the worker, opened, held and closed together. Confined to the event loop.
 *
 * <p>The listeners are shared with other processes: their options and their non-blocking flag belong to all, so nothing is
 * ever set on them here, and they are never shut down, only deregistered and closed.
 */
@SuppressWarnings("FutureReturnValueIgnored") // What fails here fails the channel, which says so itself.
final class Gate {

    /** Why connections are not accepted at the moment. */
    private enum Hold {
        /** As many connections as are allowed. */
        LIMIT,
        /** More connections than the other workers. */
        BALANCE,
        /** Requests wait for the application here, and another worker has room. */
        CROWD,
        /** The process or the machine has no descriptors left. */
        DESCRIPTORS
    }

    private static final long YIELD_MICROS = 1000;

    /** How many looks, {@link #YIELD_MICROS} apart, a worker that is ahead waits for the others at the most. */
    private static final int LONGEST_YIELD = 10;

    /** The same for one without room, whose next client would have to wait here. */
    private static final int LONGEST_CROWD = 100;

    private static final long DESCRIPTORS_MILLIS = 100;

    /** How often it is told that nothing can be accepted. */
    private static final long TELL_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** errno(3) on Linux: too many open files on the machine, and in the process. */
    private static final int ENFILE = 23;

    private static final int EMFILE = 24;

    private final EventLoop loop;
    private final Scoreboard.Row row;
    private final Log log;
    private final Consumer<Channel> newcomer;
    private final List<Channel> listeners = new ArrayList<>();
    private final Set<Hold> holds = EnumSet.noneOf(Hold.class);
    private Runnable whenClosed = () -> {};
    private boolean closed;
    private long toldNanos = System.nanoTime() - TELL_NANOS;

    Gate(EventLoop loop, Scoreboard.Row row, Log log, Consumer<Channel> newcomer) {
        this.loop = loop;
        this.row = row;
        this.log = log;
        this.newcomer = newcomer;
    }

    /** Prepares a listener that is not registered yet. */
    void add(ServerChannel listener) {
        // One connection per turn: a worker that takes all that wait takes them from the others.
        listener.config().setRecvByteBufAllocator(new ServerChannelRecvByteBufAllocator().maxMessagesPerRead(1));
        listener.pipeline().addLast(new Accepting());
        listeners.add(listener);
    }

    /** Says what to do, once, when nothing is accepted any more. */
    void whenClosed(Runnable told) {
        whenClosed = told;
    }

    boolean isClosed() {
        return closed;
    }

    /** Deregisters the listeners and closes this process's descriptors of them. */
    void close() {
        if (!closed) {
            closed = true;
            listeners.forEach(Channel::close);
            whenClosed.run();
        }
    }

    /** Accepts no more while there are as many connections as are allowed. */
    void atLimit(boolean reached) {
        if (reached) {
            hold(Hold.LIMIT);
        } else {
            release(Hold.LIMIT);
        }
    }

    /**
     * Leaves the next connections to other workers until they have caught up, but for a moment only: they may be unable to.
     *
     * @param ahead whether this worker still has more than its share
     */
    void standBack(BooleanSupplier ahead) {
        pause(Hold.BALANCE, ahead, LONGEST_YIELD);
    }

    /**
     * Leaves the next connections to workers that have room, as long as there is such a worker, but not for ever: it may be
     * unable to take them.
     *
     * @param crowded whether it is still so
     */
    void whileCrowded(BooleanSupplier crowded) {
        pause(Hold.CROWD, crowded, LONGEST_CROWD);
    }

    private void pause(Hold why, BooleanSupplier still, int looks) {
        if (!holds.contains(why)) {
            row.add(Cell.ACCEPT_PAUSES, 1);
            hold(why);
            lookAgain(why, still, looks);
        }
    }

    private void lookAgain(Hold why, BooleanSupplier still, int looksLeft) {
        loop.schedule(
                () -> {
                    if (looksLeft > 1 && still.getAsBoolean()) {
                        lookAgain(why, still, looksLeft - 1);
                    } else {
                        release(why);
                    }
                },
                YIELD_MICROS,
                TimeUnit.MICROSECONDS);
    }

    private void hold(Hold why) {
        if (holds.add(why)) {
            listeners.forEach(listener -> listener.config().setAutoRead(false));
        }
    }

    private void release(Hold why) {
        if (holds.remove(why) && holds.isEmpty() && !closed) {
            listeners.forEach(listener -> listener.config().setAutoRead(true));
        }
    }

    private void failed(Throwable cause) {
        if (closed) {
            // The master died and the descriptors were replaced under us; there is nothing to accept from any more.
            return;
        }
        // Whatever it is, it is likely to be the same at once: a loop that only fails would burn a processor.
        if (!holds.contains(Hold.DESCRIPTORS)) {
            hold(Hold.DESCRIPTORS);
            loop.schedule(() -> release(Hold.DESCRIPTORS), DESCRIPTORS_MILLIS, TimeUnit.MILLISECONDS);
        }
        long now = System.nanoTime();
        if (now - toldNanos >= TELL_NANOS) {
            toldNanos = now;
            tell(cause);
        }
    }

    private void tell(Throwable cause) {
        // By its number: the kernel's words are in the language of the environment.
        int errno = cause instanceof Errors.NativeIoException kernel ? -kernel.expectedErr() : 0;
        if (errno == EMFILE || errno == ENFILE) {
            log.error("Out of file descriptors: new connections wait until some are closed. Raise the limit"
                    + (errno == EMFILE ? " (ulimit -n, LimitNOFILE=)" : " of the machine (sysctl fs.file-max)")
                    + " or lower worker-connections");
        } else {
            log.warning("Accepting a connection failed: " + cause);
        }
    }

    /** Receives what a listener accepted. */
    private final class Accepting extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object accepted) {
            newcomer.accept((Channel) accepted);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            failed(cause);
        }
    }
}
