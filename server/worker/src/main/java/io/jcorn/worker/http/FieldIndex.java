package io.jcorn.worker.http;

import java.util.Arrays;

/** Where the header fields of a head are: four offsets for each. */
final class FieldIndex {

    /** Offsets per field: the name's start and end, the value's start and end. */
    static final int STRIDE = 4;

    private int[] offsets = new int[16 * STRIDE];
    private int length;

    void add(int nameStart, int nameEnd, int valueStart, int valueEnd) {
        if (length == offsets.length) {
            offsets = Arrays.copyOf(offsets, 2 * length);
        }
        offsets[length] = nameStart;
        offsets[length + 1] = nameEnd;
        offsets[length + 2] = valueStart;
        offsets[length + 3] = valueEnd;
        length += STRIDE;
    }

    int count() {
        return length / STRIDE;
    }

    int[] copy() {
        return Arrays.copyOf(offsets, length);
    }

    void clear() {
        length = 0;
    }
}
