package io.jcorn.worker.websocket;

import io.netty.buffer.ByteBuf;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Decompressor of permessage-deflate (RFC 7692 §7.2.2), one message after another, each with a window of its own. It unpacks as
 * much as there is room for and keeps the rest packed. Event loop only.
 */
final class MessageInflater {

    /** What the client has left off the end of each message. */
    private static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};

    /** Here only while a message is under way: it holds native memory. */
    private @Nullable Inflater inflater;

    private byte[] input = {};
    private boolean last;
    private boolean tailDue;

    /** Whether nothing of the input is left. */
    private boolean exhausted = true;

    /** Takes a frame's payload; what came before must be exhausted. */
    void input(byte[] payload, boolean last) {
        Inflater inflater = this.inflater;
        if (inflater == null) {
            inflater = new Inflater(true);
            this.inflater = inflater;
        }
        feed(inflater, payload, 0);
        this.last = last;
        tailDue = last;
        exhausted = false;
    }

    /** Whether there may be more to unpack of the last input. */
    boolean busy() {
        return !exhausted;
    }

    /**
     * Fills a heap buffer as far as its capacity and the input go.
     *
     * @throws DataFormatException if this was never compressed
     */
    void inflate(ByteBuf into) throws DataFormatException {
        Inflater inflater = this.inflater;
        if (inflater == null) {
            throw new IllegalStateException("there is nothing to unpack");
        }
        while (into.isWritable() && !exhausted) {
            int length = inflater.inflate(into.array(), into.arrayOffset() + into.writerIndex(), into.writableBytes());
            into.writerIndex(into.writerIndex() + length);
            if (length == 0) {
                proceed(inflater);
            }
        }
        if (exhausted && last) {
            release();
        }
    }

    private void proceed(Inflater inflater) throws DataFormatException {
        if (inflater.finished()) {
            // A block with BFINAL set ends the stream of zlib, but not the message: RFC 7692 §7.2.3.4.
            int left = inflater.getRemaining();
            inflater.reset();
            feed(inflater, input, input.length - left);
        }
        if (inflater.needsDictionary()) {
            throw new DataFormatException("a dictionary is asked for");
        }
        if (inflater.needsInput()) {
            if (tailDue) {
                tailDue = false;
                feed(inflater, TAIL, 0);
            } else {
                exhausted = true;
            }
        }
    }

    private void feed(Inflater inflater, byte[] bytes, int offset) {
        input = bytes;
        inflater.setInput(bytes, offset, bytes.length - offset);
    }

    /** Forgets what is under way. */
    void release() {
        Inflater inflater = this.inflater;
        this.inflater = null;
        input = new byte[0];
        exhausted = true;
        if (inflater != null) {
            inflater.end();
        }
    }
}
