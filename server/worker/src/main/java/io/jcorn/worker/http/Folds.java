package io.jcorn.worker.http;

import java.util.Arrays;

/** Takes the folds out of values, each of which becomes one space: RFC 9112 §5.2. */
final class Folds {

    private Folds() {}

    /**
     * Returns a copy of a head, from its first byte, without folds; others may hold the bytes that came.
     *
     * @param fields the offsets of a {@link FieldIndex}, of which those where values end are corrected
     */
    static byte[] unfolded(byte[] array, int base, int[] fields) {
        byte[] copy = Arrays.copyOfRange(array, base, array.length);
        for (int at = 0; at < fields.length; at += FieldIndex.STRIDE) {
            unfold(copy, fields, at);
        }
        return copy;
    }

    private static void unfold(byte[] a, int[] fields, int at) {
        int from = fields[at + 2];
        int to = fields[at + 3];
        int out = from;
        for (int i = from; i < to; ) {
            if (a[i] != '\r') {
                a[out++] = a[i++];
                continue;
            }
            out = Elements.last(a, from, out);
            i = Elements.first(a, i + 2, to);
            if (out > from) {
                a[out++] = ' ';
            }
        }
        fields[at + 3] = out;
    }
}
