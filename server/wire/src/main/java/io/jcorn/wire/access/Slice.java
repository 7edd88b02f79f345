package io.jcorn.wire.access;

import java.nio.charset.StandardCharsets;

/** A value as bytes that somebody else owns, or no value. Reused, so that a line costs no objects. Not thread-safe. */
public final class Slice {

    private static final byte[] NOTHING = {};

    private byte[] array = NOTHING;
    private int from;
    private int to;
    private boolean present;
    private boolean cut;

    /** There is no value. */
    public void clear() {
        array = NOTHING;
        from = 0;
        to = 0;
        present = false;
        cut = false;
    }

    /** The value is the bytes from one index to before another. */
    public void set(byte[] array, int from, int to) {
        this.array = array;
        this.from = from;
        this.to = to;
        this.present = true;
        this.cut = false;
    }

    /** The value is a text. */
    public void set(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        set(bytes, 0, bytes.length);
    }

    /** There was more of the value than is known now. */
    public void markCut() {
        cut = true;
    }

    /** Shortens the value from its end or its beginning; both are indices of {@link #array}. */
    void narrow(int from, int to) {
        this.from = from;
        this.to = to;
    }

    /** Whether there is a value. It may be empty. */
    public boolean present() {
        return present;
    }

    /** Whether only the beginning of the value is known. */
    public boolean cut() {
        return cut;
    }

    /** Returns the bytes that hold the value. Not to be written to. */
    public byte[] array() {
        return array;
    }

    /** Returns the index of the first byte. */
    public int from() {
        return from;
    }

    /** Returns the index after the last byte. */
    public int to() {
        return to;
    }

    boolean isEmpty() {
        return from == to;
    }

    int indexOf(char wanted) {
        for (int i = from; i < to; i++) {
            if (array[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    /** Returns the value as text, each byte a character. */
    public String text() {
        return new String(array, from, to - from, StandardCharsets.ISO_8859_1);
    }
}
