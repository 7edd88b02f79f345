package io.jcorn.worker.http2;

import io.jcorn.worker.exchange.SpoolFile;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The body of one response on its way to the codec, which sends it as the client's window allows. Confined to the event loop.
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

    private final Multiplex connection;
    private final RequestStream stream;
    private final boolean mayWait;
    private @Nullable SpoolFile spool;
    private long spoolPosition;
    private boolean complete;
    private int onTheWay;

    Outlet(Multiplex connection, RequestStream stream, boolean mayWait) {
        this.connection = connection;
        this.stream = stream;
        this.mayWait = mayWait;
    }

    void part(ByteBuf bytes, Runnable sent) {
        if (spool == null && (mayWait || onTheWay < HIGH)) {
            write(bytes, false, sent);
            return;
        }
        keep(bytes);
        pump();
        sent.run();
    }

    /** Takes the last part, which ends the stream. */
    void last(ByteBuf bytes) {
        if (spool != null && spoolPosition == spool.size()) {
            close();
        }
        if (spool == null) {
            connection.data(stream.id(), bytes, true, connection.promise());
            return;
        }
        complete = true;
        keep(bytes);
        pump();
    }

    private void write(ByteBuf bytes, boolean end, @Nullable Runnable sent) {
        int count = bytes.readableBytes();
        onTheWay += count;
        connection.data(stream.id(), bytes, end, connection.promise().addListener(left -> {
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
                ByteBuf bytes = connection.buffer(count).writeBytes(piece, 0, count);
                write(bytes, end, null);
                connection.flushSoon();
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
                connection.home().log().debug("A temporary file cannot be closed: " + e);
            }
        }
    }
}
