package io.jcorn.worker.http2;

import io.jcorn.worker.exchange.SpoolFile;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One response on its way to the codec, which sends its body as the client's window allows. Confined to the event loop, but for
 * {@link #head}.
 *
 * <p>A writer on a thread of its own waits when too much is on its way. An application on the event loop cannot: what it writes
 * beyond that goes to a file, from which the codec is fed as it empties.
 */
final class Outlet {

    /** Bytes that the codec holds for one stream from which on the rest goes to a file. */
    static final int HIGH = 128 << 10;

    /** Bytes below which it gets more of the file. */
    private static final int LOW = 64 << 10;

    private static final int PIECE = 32 << 10;

    private final Multiplex multiplex;
    private final RequestStream stream;
    private final boolean mayWait;
    private @Nullable SpoolFile spool;
    private long spoolPosition;
    private boolean complete;
    private int onTheWay;
    private boolean headSent;
    private volatile @Nullable Http2Headers head;

    Outlet(Multiplex multiplex, RequestStream stream, boolean mayWait) {
        this.multiplex = multiplex;
        this.stream = stream;
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
        if (spool == null && (mayWait || onTheWay < HIGH)) {
            write(bytes, false, sent);
            return;
        }
        keep(bytes);
        pump();
        sent.run();
    }

    /** Takes the last part, if there is one, and ends the stream. */
    void end(@Nullable ByteBuf rest) {
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
        if (spool != null && spoolPosition == spool.size()) {
            close();
        }
        if (spool == null) {
            multiplex.data(stream.id(), bytes, true, multiplex.promise());
            return;
        }
        complete = true;
        keep(bytes);
        pump();
    }

    private void write(ByteBuf bytes, boolean end, @Nullable Runnable sent) {
        int count = bytes.readableBytes();
        onTheWay += count;
        multiplex.data(stream.id(), bytes, end, multiplex.promise().addListener(left -> {
            onTheWay -= count;
            if (left.isSuccess()) {
                stream.moved(count);
            }
            if (sent != null) {
                sent.run();
            }
            if (spool != null && left.isSuccess()) {
                pump();
            }
        }));
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
                if (end) {
                    close();
                    return;
                }
            }
        } catch (IOException e) {
            stream.cutOff("a response cannot be read back from its temporary file: " + e);
        }
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
            stream.cutOff("a response cannot be kept in a temporary file: " + e);
        } finally {
            bytes.release();
        }
    }

    /** Forgets what is kept in a file. */
    void close() {
        SpoolFile spool = this.spool;
        this.spool = null;
        if (spool != null) {
            try {
                spool.close();
            } catch (IOException e) {
                multiplex.home().log().debug("A temporary file cannot be closed: " + e);
            }
        }
    }
}
