package io.jcorn.worker.http;

/** The grammar of a Host: {@code uri-host [":" port]} of RFC 9110 §7.2, where an empty host is allowed. */
final class Host {

    private Host() {}

    static boolean valid(byte[] a, int from, int to) {
        int end = from < to && a[from] == '[' ? literalEnd(a, from, to) : nameEnd(a, from, to);
        return end >= 0 && (end == to || port(a, end, to));
    }

    private static int nameEnd(byte[] a, int from, int to) {
        int i = from;
        while (i < to && Octets.is(Octets.HOST, a[i])) {
            boolean escaped = i + 2 < to && Octets.is(Octets.HEX, a[i + 1]) && Octets.is(Octets.HEX, a[i + 2]);
            if (a[i] == '%' && !escaped) {
                return -1;
            }
            i++;
        }
        return i;
    }

    /** An IPv6 or future address in brackets; its inner grammar is left to whoever uses it. */
    private static int literalEnd(byte[] a, int from, int to) {
        int i = from + 1;
        while (i < to && (a[i] == ':' || a[i] == '.' || Octets.is(Octets.HEX, a[i]))) {
            i++;
        }
        return i < to && i > from + 1 && a[i] == ']' ? i + 1 : -1;
    }

    private static boolean port(byte[] a, int colon, int to) {
        if (a[colon] != ':' || to - colon > 6) {
            return false;
        }
        for (int i = colon + 1; i < to; i++) {
            if (a[i] < '0' || a[i] > '9') {
                return false;
            }
        }
        return true;
    }
}
