package io.jcorn.wire.access;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Whole lines on their way into a log. Whatever comes from outside goes through {@link #escaped} or {@link #json}: no byte of
 * it can end a line, a field or a text. Not thread-safe.
 */
public final class LineBuffer {

    private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CUT = {'.', '.', '.'};

    private byte[] array;
    private int length;

    /** An empty buffer with room for some bytes; it grows. */
    public LineBuffer(int capacity) {
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

    /** Forgets all bytes, and what it has grown to beyond a capacity. */
    public void clear(int capacity) {
        length = 0;
        if (array.length > capacity) {
            array = new byte[capacity];
        }
    }

    /** Makes room for more bytes. */
    private byte[] reserve(int count) {
        if (length + count > array.length) {
            array = Arrays.copyOf(array, Math.max(length + count, 2 * array.length));
        }
        return array;
    }

    LineBuffer put(int octet) {
        reserve(1)[length++] = (byte) octet;
        return this;
    }

    LineBuffer put(byte[] bytes) {
        System.arraycopy(bytes, 0, reserve(bytes.length), length, bytes.length);
        length += bytes.length;
        return this;
    }

    LineBuffer put(byte[] bytes, int from, int to) {
        System.arraycopy(bytes, from, reserve(to - from), length, to - from);
        length += to - from;
        return this;
    }

    /** Appends a decimal number. */
    LineBuffer put(long number) {
        if (number < 0) {
            return put(Long.toString(number).getBytes(StandardCharsets.US_ASCII));
        }
        int digits = 1;
        for (long rest = number / 10; rest > 0; rest /= 10) {
            digits++;
        }
        return digits(number, digits);
    }

    /** Appends the last digits of a number, with zeros before it if it has fewer. */
    LineBuffer digits(long number, int count) {
        byte[] array = reserve(count);
        long rest = number;
        for (int at = length + count - 1; at >= length; at--) {
            array[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += count;
        return this;
    }

    /**
     * Appends a value of a text format: what is not printable ASCII, a quote or a backslash becomes {@code \xHH}.
     *
     * @param quoted whether it stands between quotes; otherwise a space would end the field, and is escaped too
     */
    LineBuffer escaped(Slice value, boolean quoted) {
        byte[] from = value.array();
        int to = value.to();
        byte[] array = reserve(4 * (to - value.from()));
        int least = quoted ? ' ' : ' ' + 1;
        int at = length;
        for (int i = value.from(); i < to; i++) {
            byte octet = from[i];
            if (octet >= least && octet < 0x7f && octet != '"' && octet != '\\') {
                array[at++] = octet;
            } else {
                array[at++] = '\\';
                array[at++] = 'x';
                array[at++] = HEX[octet >>> 4 & 15];
                array[at++] = HEX[octet & 15];
            }
        }
        length = at;
        return value.cut() ? put(CUT) : this;
    }

    /**
     * Appends a value as a text of JSON with its quotes (RFC 8259 §7). UTF-8 stays as it is, but for what could end a line or
     * drive a terminal somewhere; each byte that is not part of a character becomes the character of its number.
     */
    LineBuffer json(Slice value) {
        byte[] from = value.array();
        int to = value.to();
        // A byte becomes six at most.
        byte[] array = reserve(6 * (to - value.from()) + CUT.length + 2);
        array[length++] = '"';
        int i = value.from();
        while (i < to) {
            byte octet = from[i];
            if (octet >= ' ' && octet < 0x7f) {
                if (octet == '"' || octet == '\\') {
                    array[length++] = '\\';
                }
                array[length++] = octet;
                i++;
            } else {
                i += unusual(from, i, to);
            }
        }
        if (value.cut()) {
            put(CUT);
        }
        return put('"');
    }

    /** Appends a control character, a character of several bytes, or a byte that is none. Returns how many bytes that were. */
    private int unusual(byte[] from, int at, int to) {
        int count = Utf8.characterAt(from, at, to);
        if (count == 0) {
            codePoint(from[at] & 0xff);
            return 1;
        }
        int point = Utf8.codePoint(from, at, count);
        if (point < 0xa0 || point == 0x2028 || point == 0x2029) {
            codePoint(point);
        } else {
            put(from, at, at + count);
        }
        return count;
    }

    private void codePoint(int point) {
        put('\\').put('u');
        for (int shift = 12; shift >= 0; shift -= 4) {
            put(HEX[point >>> shift & 15]);
        }
    }
}
