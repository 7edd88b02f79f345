package io.jcorn.worker.http2;

import io.netty.buffer.ByteBuf;

/**
 * How far the client is with what it sends: the frame and the header block that are not complete. Reads along, since the codec says
 * nothing of a frame before all of it is there. Confined to the event loop.
 */
final class FrameProgress {

    /** No header block is under way. */
    static final long NONE = Long.MIN_VALUE;

    private static final int PREFACE = 24;
    private static final int HEAD = 9;
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int CONTINUATION = 9;
    private static final int END_HEADERS = 4;

    /** Bytes of the frame's head that have come. */
    private int head;

    private int length;
    private int type = -1;
    private boolean lastOfBlock;

    /** Bytes of the payload that are to come; at first, of the preface. */
    private int left = PREFACE;

    private long frameSince = NONE;
    private long blockSince = NONE;

    /** Looks at bytes that the codec gets next; takes none. */
    void read(ByteBuf bytes, long now) {
        int at = bytes.readerIndex();
        int end = bytes.writerIndex();
        while (at < end) {
            if (left == 0) {
                head(bytes.getUnsignedByte(at++), now);
            } else {
                int count = Math.min(left, end - at);
                at += count;
                left -= count;
            }
            if (left == 0 && head == HEAD) {
                frameEnds();
            }
        }
    }

    private void head(int octet, long now) {
        switch (head++) {
            case 0 -> {
                frameSince = now;
                length = octet;
            }
            case 1, 2 -> length = length << 8 | octet;
            case 3 -> type = octet;
            case 4 -> {
                lastOfBlock = (octet & END_HEADERS) != 0;
                if (type == HEADERS && blockSince == NONE) {
                    blockSince = frameSince;
                }
            }
            case HEAD - 1 -> left = length;
            default -> {
                // The stream's identifier is of no interest.
            }
        }
    }

    private void frameEnds() {
        head = 0;
        if (lastOfBlock && (type == HEADERS || type == CONTINUATION)) {
            blockSince = NONE;
        }
    }

    /** Returns when the header block began that is not complete, or {@link #NONE}. */
    long blockSince() {
        return blockSince;
    }

    /** Returns how many bytes have come of a frame of DATA that is not complete. */
    int data() {
        return left > 0 && type == DATA ? length - left : 0;
    }
}
