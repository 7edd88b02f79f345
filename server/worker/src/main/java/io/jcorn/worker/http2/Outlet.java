package io.jcorn.worker.http2;

import io.jcorn.worker.exchange.SpoolBudget;
import io.jcorn.worker.exchange.SpoolFile;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One response on its way to the codec, which sends its body as the client's window allows. Confined to the event loop, but for
 * {@link #head}.
 *
 * <p>A writer on a thread of its own waits when too much is on its way. An application on the event loop cannot: what it writes
 * beyond that goes to a file, from which the codec is fed as it empties. The same happens when requests wait for the threads that
 * wait here: a client opens its window when it likes, so a handful of clients could have all threads.
 */
final class Outlet {

    /** Bytes that the codec holds for one stream from which on the rest goes to a file. */
    static final int HIGH = 128 << 10;

    /** Bytes below which it gets more of the file. */
    private static final int LOW = 64 << 10;

    private static final int PIECE = 32 << 10;

    /** How long a client may take nothing when what is kept for it is in the way of others. */
    private static final long STANDSTILL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Multiplex multiplex;
    private final RequestStream stream;
    private final Http2Stream http2Stream;
    private final StreamTimeouts timeouts;
    private final boolean mayWait;
    private @Nullable SpoolFile spool;
    private long spoolPosition;
    private boolean complete;
    private boolean ended;
    private int onTheWay;
    private long left;
    private long movedAt;
    private boolean headSent;
    private volatile @Nullable Http2Headers head;

    /** What the codec holds that a writer waits for, in order; null: nothing has been waited for. */
    private @Nullable ArrayDeque<Part> parts;

    /** Who has written to the file, and waits until it is read. */
    private @Nullable ArrayDeque<Runnable> held;

    Outlet(
            Multiplex multiplex,
            RequestStream stream,
            Http2Stream http2Stream,
            StreamTimeouts timeouts,
            boolean mayWait) {
        this.multiplex = multiplex;
        this.stream = stream;
        this.http2Stream = http2Stream;
        this.timeouts = timeouts;
        this.mayWait = mayWait;
    }

    /** Keeps the head until something is sent. From any thread. */
    void head(Http2Headers head) {
        this.head = head;
    }

    boolean headSent() {
        return headSent;
    }

    private void sendHead(boolean end) {
        Http2Headers head = this.head;
        if (!headSent && head != null) {
            headSent = true;
            multiplex.headers(stream.id(), head, end);
        }
    }

    /** Sends a head that is not the last. */
    void interim(Http2Headers interim) {
        if (!headSent) {
            multiplex.headers(stream.id(), interim, false);
            multiplex.flushSoon();
        }
    }

    /** Takes a part of the body that is not the last. */
    void part(ByteBuf bytes, Runnable sent) {
        sendHead(false);
        if (!bytes.isReadable()) {
            bytes.release();
            sent.run();
            return;
        }
        if (spool == null && onTheWay < HIGH) {
            write(bytes, false, sent);
            return;
        }
        keep(bytes);
        if (!mayWait || (multiplex.home().crowded() && !overfull())) {
            sent.run();
        } else {
            hold(sent);
        }
        pump();
    }

    /** Takes the last part, if there is one, and ends the stream. */
    void end(@Nullable ByteBuf rest, long now) {
        if (!pending()) {
            movedAt = now;
        }
        ended = true;
        ByteBuf last = rest == null ? Unpooled.EMPTY_BUFFER : rest;
        if (!headSent && !last.isReadable()) {
            last.release();
            sendHead(true);
        } else {
            sendHead(false);
            last(last);
        }
    }

    private void last(ByteBuf bytes) {
        if (spool == null && onTheWay == 0 && multiplex.windows().fit(http2Stream, bytes.readableBytes())) {
            // Nearly every response, which leaves with the next flush.
            multiplex.data(stream.id(), bytes, true, multiplex.promise());
            return;
        }
        if (spool == null) {
            write(bytes, true, null);
            return;
        }
        complete = true;
        keep(bytes);
        pump();
    }

    // ---- between the codec and the file

    /** Bytes that the codec holds. */
    private final class Part implements ChannelFutureListener {

        private final int count;

        /** Null: nobody waits. */
        private @Nullable Runnable sent;

        Part(int count, @Nullable Runnable sent) {
            this.count = count;
            this.sent = sent;
        }

        @Override
        public void operationComplete(ChannelFuture future) {
            onTheWay -= count;
            if (parts != null && sent != null) {
                parts.remove(this);
            }
            if (future.isSuccess()) {
                multiplex.sent(count);
            }
            letGo();
            if (spool != null && future.isSuccess()) {
                pump();
            }
        }

        private void letGo() {
            Runnable sent = this.sent;
            this.sent = null;
            if (sent != null) {
                sent.run();
            }
        }
    }

    private void write(ByteBuf bytes, boolean end, @Nullable Runnable sent) {
        Part part = new Part(bytes.readableBytes(), sent);
        if (onTheWay == 0) {
            movedAt = multiplex.home().now();
        }
        onTheWay += part.count;
        if (sent != null) {
            if (parts == null) {
                parts = new ArrayDeque<>(4);
            }
            parts.add(part);
        }
        multiplex.data(stream.id(), bytes, end, multiplex.promise().addListener(part));
    }

    private void pump() {
        SpoolFile spool = this.spool;
        try {
            while (spool != null && onTheWay < LOW && spoolPosition < spool.size()) {
                byte[] piece = new byte[(int) Math.min(PIECE, spool.size() - spoolPosition)];
                int count = spool.read(piece, 0, piece.length, spoolPosition);
                spoolPosition += count;
                boolean end = complete && spoolPosition == spool.size();
                ByteBuf bytes = multiplex.buffer(count).writeBytes(piece, 0, count);
                write(bytes, end, null);
                multiplex.flushSoon();
                if (spoolPosition == spool.size()) {
                    // Whatever is written next goes to the codec again.
                    close();
                    return;
                }
            }
        } catch (IOException e) {
            cutOff("a response cannot be read back from its temporary file: " + e);
        }
    }

    private void keep(ByteBuf bytes) {
        try {
            SpoolFile spool = this.spool;
            if (spool == null) {
                spool = SpoolFile.open();
                this.spool = spool;
                spoolPosition = 0;
            }
            long before = spool.size();
            try {
                spool.append(bytes.nioBuffer());
            } finally {
                multiplex.home().spools().add(spool.size() - before);
            }
        } catch (IOException e) {
            cutOff("a response cannot be kept in a temporary file: " + e);
        } finally {
            bytes.release();
        }
    }

    private void cutOff(String reason) {
        multiplex.home().log().error("A response is cut off: " + reason);
        multiplex.errors().reset(stream, Http2Error.INTERNAL_ERROR);
    }

    private void hold(Runnable sent) {
        if (spool == null) {
            // Cut off meanwhile.
            sent.run();
            return;
        }
        if (held == null) {
            held = new ArrayDeque<>(4);
        }
        held.add(sent);
    }

    // ---- who waits

    /** Whether there is something that the client has not taken. */
    boolean pending() {
        return onTheWay > 0 || spool != null || (ended && http2Stream.state().localSideOpen());
    }

    /** Bytes of the body have gone into a frame. */
    void framed(int bytes) {
        left += bytes;
        multiplex.framed(bytes);
        movedAt = multiplex.home().now();
    }

    /**
     * Looks at the clock.
     *
     * @return whether the client is given up
     */
    boolean sweep(long now) {
        boolean pending = pending();
        if (timeouts.responseLate(pending, !multiplex.windows().closed(http2Stream), left, movedAt, now)) {
            giveUp("it took too little of a response for too long");
            return true;
        }
        if (pending && multiplex.inputEnded() && !multiplex.windows().fit(http2Stream, 1)) {
            // Nobody can open the window any more.
            multiplex.errors().reset(stream, Http2Error.CANCEL);
            return true;
        }
        if (pending && multiplex.home().crowded()) {
            if (overfull() && now - movedAt > STANDSTILL_NANOS) {
                giveUp("it took nothing of a response while requests waited for a thread");
                return true;
            }
            release();
        }
        return false;
    }

    private void giveUp(String reason) {
        multiplex.home().gaveUp(stream.client(), reason);
        multiplex.errors().charge(Conduct.RESET);
        multiplex.errors().reset(stream, Http2Error.CANCEL);
    }

    /** Lets the writer go on, who waits for the client: what comes next goes to a file, as far as there is room. */
    private void release() {
        if (overfull()) {
            return;
        }
        if (parts != null && !parts.isEmpty()) {
            ArrayDeque<Part> released = parts;
            parts = null;
            released.forEach(Part::letGo);
        }
        releaseHeld();
    }

    private void releaseHeld() {
        if (held != null) {
            ArrayDeque<Runnable> released = held;
            held = null;
            released.forEach(Runnable::run);
        }
    }

    /** Whether no more may be kept of this response. */
    private boolean overfull() {
        return spool != null
                && (spool.size() >= SpoolBudget.RESPONSE
                        || multiplex.home().spools().exhausted());
    }

    /** Forgets what is kept in a file. */
    void close() {
        SpoolFile spool = this.spool;
        this.spool = null;
        if (spool != null) {
            multiplex.home().spools().remove(spool.size());
            try {
                spool.close();
            } catch (IOException e) {
                multiplex.home().log().debug("A temporary file cannot be closed: " + e);
            }
        }
        releaseHeld();
    }
}
