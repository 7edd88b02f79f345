package io.jcorn.wire.access;

/** What is a character of UTF-8 and what is not: RFC 3629 §4. */
final class Utf8 {

    private Utf8() {}

    /** Returns of how many bytes the character at an index is, 1..4; 0 if there is none. */
    static int characterAt(byte[] bytes, int at, int to) {
        int first = bytes[at] & 0xff;
        if (first < 0x80) {
            return 1;
        }
        // C0, C1: an overlong form; F5..FF: beyond the last code point.
        int count = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
        if (count == 0 || to - at < count) {
            return 0;
        }
        for (int i = 1; i < count; i++) {
            if ((bytes[at + i] & 0xc0) != 0x80) {
                return 0;
            }
        }
        int second = bytes[at + 1] & 0xff;
        boolean overlong = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
        boolean surrogate = first == 0xed && second >= 0xa0;
        boolean beyond = first == 0xf4 && second >= 0x90;
        return overlong || surrogate || beyond ? 0 : count;
    }

    /** Returns the code point of a character. */
    static int codePoint(byte[] bytes, int at, int count) {
        int point = count == 1 ? bytes[at] : bytes[at] & (0x3f >> (count - 1));
        for (int i = 1; i < count; i++) {
            point = point << 6 | (bytes[at + i] & 0x3f);
        }
        return point;
    }
}
