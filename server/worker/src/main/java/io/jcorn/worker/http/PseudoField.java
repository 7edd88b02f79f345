package io.jcorn.worker.http;

/** The value of a pseudo-header field (RFC 9113 §8.3), kept until all of them are there; reused from request to request. */
final class PseudoField {

    /** Never written to by whoever made it. */
    byte[] array = {};

    int from;

    /** -1: the field is absent. */
    int length = -1;

    void set(byte[] array, int from, int length) {
        this.array = array;
        this.from = from;
        this.length = length;
    }

    void clear() {
        length = -1;
    }

    boolean absent() {
        return length < 0;
    }

    boolean consistsOf(int octetClass) {
        return Octets.all(octetClass, array, from, from + length);
    }

    /** Returns how many of its first bytes belong to a class. */
    int count(int octetClass) {
        return Octets.skip(octetClass, array, from, from + length) - from;
    }

    boolean is(String text) {
        return Octets.are(array, from, from + length, text);
    }

    boolean spells(String lowerCase) {
        return Octets.spells(array, from, from + length, lowerCase);
    }

    void appendTo(Bytes out) {
        out.append(array, from, length);
    }
}
