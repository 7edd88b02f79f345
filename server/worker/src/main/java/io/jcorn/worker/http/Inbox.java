package io.jcorn.worker.http;

import java.util.ArrayDeque;

/**
 * Bytes that have arrived on a connection and are not consumed yet, as the pieces in which they came. Not thread-safe: the
 * event loop owns it.
 */
public final class Inbox {

    private static final byte[] NOTHING = {};

    private final ArrayDeque<byte[]> later = new ArrayDeque<>(0);
    private byte[] array = NOTHING;
    private int position;
    private long waiting;

    /** Appends a piece; the array belongs to the inbox from now on and is never written to again. */
    public void add(byte[] piece) {
        if (piece.length == 0) {
            return;
        }
        if (position == array.length) {
            array = piece;
            position = 0;
        } else {
            later.add(piece);
            waiting += piece.length;
        }
    }

    /** Whether everything that has arrived is consumed. */
    public boolean isEmpty() {
        return position == array.length;
    }

    /** Returns how many bytes wait. */
    public long size() {
        return array.length - position + waiting;
    }

    /** Takes everything out. */
    public byte[] takeAll() {
        byte[] all = new byte[(int) size()];
        int at = 0;
        while (!isEmpty()) {
            int count = remaining();
            System.arraycopy(array, position, all, at, count);
            at += count;
            consume(count);
        }
        return all;
    }

    /** Throws everything away. */
    public void clear() {
        later.clear();
        waiting = 0;
        array = NOTHING;
        position = 0;
    }

    /** Returns the current piece. */
    byte[] array() {
        return array;
    }

    /** Returns where the unconsumed part of the current piece begins; it ends with the array. */
    int position() {
        return position;
    }

    /** Returns how much of the current piece is not consumed. */
    int remaining() {
        return array.length - position;
    }

    /** Marks bytes of the current piece as consumed. */
    void consume(int count) {
        position += count;
        if (position == array.length) {
            byte[] next = later.poll();
            array = next == null ? NOTHING : next;
            position = 0;
            waiting -= array.length;
        }
    }
}
