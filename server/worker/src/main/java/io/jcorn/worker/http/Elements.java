package io.jcorn.worker.http;

/** Cuts a list at its commas, without making anything: RFC 9110 §5.6.1. */
final class Elements {

    private Elements() {}

    /** Returns where the element that begins here ends: at a comma or at the end of the list. */
    static int end(byte[] a, int from, int to) {
        int end = from;
        while (end < to && a[end] != ',') {
            end++;
        }
        return end;
    }

    /** Returns where the element begins without the space before it. */
    static int first(byte[] a, int from, int end) {
        int first = from;
        while (first < end && Octets.space(a[first])) {
            first++;
        }
        return first;
    }

    /** Returns where the element ends without the space after it. */
    static int last(byte[] a, int first, int end) {
        int last = end;
        while (last > first && Octets.space(a[last - 1])) {
            last--;
        }
        return last;
    }

    /** Whether there is nothing, or nothing but characters of a token. */
    static boolean token(byte[] a, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!Octets.is(Octets.TOKEN, a[i])) {
                return false;
            }
        }
        return true;
    }
}
