package io.jcorn.worker.http;

/**
 * What each byte may be part of, as one table, so that the scan that finds the end of an element also checks it: strictness
 * then costs nothing.
 */
final class Octets {

    /** {@code tchar} of RFC 9110 §5.6.2: methods and field names. */
    static final int TOKEN = 1;

    /** Field values: visible ASCII, space, tab, obs-text. RFC 9110 §5.5. */
    static final int VALUE = 2;

    /**
     * Bytes of a request target: {@code unreserved}, {@code reserved} without {@code #}, {@code %} (RFC 3986 §2); and {@link #RAW}
     * ones.
     */
    static final int TARGET = 4;

    /** Hexadecimal digits. */
    static final int HEX = 8;

    /** Bytes of a {@code reg-name} of RFC 3986 §3.2.2. */
    static final int HOST = 16;

    /** What gunicorn calls a conventional method: {@code tchar} without lower case and {@code #}. */
    static final int METHOD = 32;

    /** {@code tchar} without the underscore: names that gateways cannot confuse with others. */
    static final int NAME = 64;

    /** {@link #TARGET} without {@code %}, {@code [} and {@code ]}, which need a second look. */
    static final int PLAIN_TARGET = 128;

    /** What no URI may have, and browsers send as it is: the URL standard of the WHATWG encodes it in no query. */
    static final String RAW = "|^`{}\\";

    private static final byte[] CLASSES = new byte[256];

    static {
        String unfolded = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
        String alphanumeric = unfolded + "abcdefghijklmnopqrstuvwxyz";
        mark(TOKEN, alphanumeric + "!#$%&'*+-.^_`|~");
        mark(NAME, alphanumeric + "!#$%&'*+-.^`|~");
        mark(METHOD, unfolded + "!$%&'*+-.^_`|~");
        mark(TARGET, alphanumeric + "-._~:/?[]@!$&'()*+,;=%" + RAW);
        mark(PLAIN_TARGET, alphanumeric + "-._~:/?@!$&'()*+,;=");
        mark(HOST, alphanumeric + "-._~!$&'()*+,;=%");
        mark(HEX, "0123456789abcdefABCDEF");
        mark(VALUE, "\t");
        for (int octet = 0x20; octet < 256; octet++) {
            if (octet != 0x7f) {
                CLASSES[octet] |= VALUE;
            }
        }
    }

    private Octets() {}

    /** Whether a byte belongs to a class. */
    static boolean is(int octetClass, byte octet) {
        return (CLASSES[octet & 0xff] & octetClass) != 0;
    }

    /** Whether a character is a byte that belongs to a class. */
    static boolean is(int octetClass, char c) {
        return c < 256 && (CLASSES[c] & octetClass) != 0;
    }

    /** Returns where the run of bytes of a class that begins here ends. */
    static int skip(int octetClass, byte[] array, int from, int limit) {
        int i = from;
        while (i < limit && is(octetClass, array[i])) {
            i++;
        }
        return i;
    }

    /** Whether all bytes belong to a class; true if there are none. */
    static boolean all(int octetClass, byte[] array, int from, int to) {
        return skip(octetClass, array, from, to) == to;
    }

    /** Whether bytes are those of an ASCII text, in the same case. */
    static boolean are(byte[] array, int from, int to, String text) {
        if (to - from != text.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (array[from + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Whether a byte is a space or a tab: {@code OWS} of RFC 9110 §5.6.3. */
    static boolean space(byte octet) {
        return octet == ' ' || octet == '\t';
    }

    /** Whether bytes spell a lower-case ASCII name, in whatever case. */
    static boolean spells(byte[] array, int from, int to, String lowerCase) {
        if (to - from != lowerCase.length()) {
            return false;
        }
        for (int i = 0; i < lowerCase.length(); i++) {
            int octet = array[from + i];
            int folded = octet >= 'A' && octet <= 'Z' ? octet + 32 : octet;
            if (folded != lowerCase.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Returns the value of a hexadecimal digit, or -1. */
    static int hex(byte octet) {
        return Character.digit((char) (octet & 0xff), 16);
    }

    private static void mark(int octetClass, String characters) {
        for (int i = 0; i < characters.length(); i++) {
            CLASSES[characters.charAt(i)] |= (byte) octetClass;
        }
    }
}
