package io.jcorn.worker.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A growing run of bytes: the part of a response that has not left yet. Not thread-safe. */
public final class Bytes implements ResponseHead.Fields {

    private byte[] array;
    private int length;

    /** An empty run with room for some bytes. */
    public Bytes(int capacity) {
        array = new byte[capacity];
    }

    /** Returns the bytes; only the first {@link #length} count. */
    public byte[] array() {
        return array;
    }

    /** Returns how many bytes there are. */
    public int length() {
        return length;
    }

    /** Returns how many bytes there can be without growing. */
    public int capacity() {
        return array.length;
    }

    /** Forgets the bytes, keeps the room. */
    public void clear() {
        length = 0;
    }

    /** Makes room for more bytes at once. */
    public void reserve(int count) {
        if (length + count > array.length) {
            array = Arrays.copyOf(array, Math.max(length + count, 2 * array.length));
        }
    }

    /** Appends one byte. */
    public Bytes append(int octet) {
        reserve(1);
        array[length++] = (byte) octet;
        return this;
    }

    /** Appends bytes. */
    public Bytes append(byte[] from, int offset, int count) {
        reserve(count);
        System.arraycopy(from, offset, array, length, count);
        length += count;
        return this;
    }

    /** Appends bytes. */
    public Bytes append(byte[] from) {
        return append(from, 0, from.length);
    }

    /** Appends a text of ISO 8859-1. */
    public Bytes append(String text) {
        return append(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Appends a decimal number, at least 0. */
    public Bytes append(long number) {
        int digits = 1;
        for (long rest = number / 10; rest > 0; rest /= 10) {
            digits++;
        }
        reserve(digits);
        length += digits;
        long rest = number;
        for (int at = length - 1; digits > 0; digits--, at--) {
            array[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return this;
    }

    /** Appends a header field. */
    @Override
    public void field(String name, @Nullable String value) {
        if (name.isEmpty() || !appendChecked(Octets.TOKEN, name)) {
            throw ResponseHead.badName(name);
        }
        append(':').append(' ');
        if (value != null && !appendChecked(Octets.VALUE, value)) {
            throw ResponseHead.badValue(name, value);
        }
        append('\r').append('\n');
    }

    /**
     * Appends a text whose every character must belong to a class of {@link Octets}.
     *
     * @return whether it did; if not, what was appended is useless
     */
    boolean appendChecked(int octetClass, String text) {
        int count = text.length();
        reserve(count);
        byte[] array = this.array;
        int at = length;
        for (int i = 0; i < count; i++) {
            char c = text.charAt(i);
            if (!Octets.is(octetClass, c)) {
                return false;
            }
            array[at++] = (byte) c;
        }
        length = at;
        return true;
    }
}
