package io.jcorn.worker.http;

/**
 * The grammar of a Host: {@code uri-host [":" port]} of RFC 9110 §7.2. An empty one is what a client must send when its target
 * has no authority. Narrower than the grammar in three places: a comma (two Hosts that an intermediary has joined look like
 * that), a port above 65535, and a port without a host are refused; so is {@code IPvFuture}, which names nothing yet.
 */
final class Host {

    private Host() {}

    static boolean valid(byte[] a, int from, int to) {
        if (from == to) {
            return true;
        }
        int end = a[from] == '[' ? literalEnd(a, from, to) : nameEnd(a, from, to);
        return end > from && (end == to || port(a, end, to));
    }

    private static int nameEnd(byte[] a, int from, int to) {
        int i = from;
        while (i < to && Octets.is(Octets.HOST, a[i])) {
            boolean escaped = i + 2 < to && Octets.is(Octets.HEX, a[i + 1]) && Octets.is(Octets.HEX, a[i + 2]);
            if (a[i] == ',' || (a[i] == '%' && !escaped)) {
                return -1;
            }
            i++;
        }
        return i;
    }

    private static int literalEnd(byte[] a, int from, int to) {
        int i = from + 1;
        while (i < to && a[i] != ']') {
            i++;
        }
        return i < to && address6(a, from + 1, i) ? i + 1 : -1;
    }

    /** {@code IPv6address} of RFC 3986 §3.2.2: eight groups, one run of them left out, the last two perhaps as IPv4. */
    private static boolean address6(byte[] a, int from, int to) {
        int groups = 0;
        boolean gap = false;
        int i = from;
        if (to - from >= 2 && a[from] == ':' && a[from + 1] == ':') {
            gap = true;
            i += 2;
        }
        while (i < to) {
            int end = i;
            while (end < to && end - i <= 4 && Octets.is(Octets.HEX, a[end])) {
                end++;
            }
            if (end < to && a[end] == '.') {
                return address4(a, i, to) && complete(groups + 2, gap);
            }
            if (end == i || end - i > 4) {
                return false;
            }
            groups++;
            if (end == to) {
                break;
            }
            if (a[end] != ':' || end + 1 == to) {
                return false;
            }
            i = end + 1;
            if (a[i] == ':') {
                if (gap) {
                    return false;
                }
                gap = true;
                i++;
            }
        }
        return complete(groups, gap);
    }

    private static boolean complete(int groups, boolean gap) {
        return gap ? groups < 8 : groups == 8;
    }

    /** {@code IPv4address}: four numbers up to 255 without leading zeros. */
    private static boolean address4(byte[] a, int from, int to) {
        int i = from;
        for (int part = 0; part < 4; part++) {
            int start = i;
            int number = 0;
            while (i < to && i - start < 4 && a[i] >= '0' && a[i] <= '9') {
                number = number * 10 + (a[i++] - '0');
            }
            int digits = i - start;
            if (digits == 0 || number > 255 || (digits > 1 && a[start] == '0')) {
                return false;
            }
            if (part < 3 && (i == to || a[i++] != '.')) {
                return false;
            }
        }
        return i == to;
    }

    private static boolean port(byte[] a, int colon, int to) {
        if (a[colon] != ':' || to - colon > 6) {
            return false;
        }
        int port = 0;
        for (int i = colon + 1; i < to; i++) {
            if (a[i] < '0' || a[i] > '9') {
                return false;
            }
            port = port * 10 + (a[i] - '0');
        }
        return port <= 65535;
    }
}
