package io.jcorn.master.posix;

import java.net.Inet6Address;

/** IPv6 addresses as people write them: RFC 5952, the longest run of zeros shortened, lower case. */
final class InetText {
    private InetText() {}

    static String of(Inet6Address address) {
        byte[] bytes = address.getAddress();
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = (bytes[2 * i] & 0xff) << 8 | (bytes[2 * i + 1] & 0xff);
        }
        // The JDK also tells the interface of addresses that need none.
        boolean scoped = address.isLinkLocalAddress() && address.getScopeId() != 0;
        String scope = scoped ? "%" + address.getScopeId() : "";
        int[] gap = longestZeros(groups);
        if (gap[1] < 2) {
            return join(groups, 0, 8) + scope;
        }
        return join(groups, 0, gap[0]) + "::" + join(groups, gap[0] + gap[1], 8) + scope;
    }

    /** Returns start and length. */
    private static int[] longestZeros(int[] groups) {
        int[] best = {0, 0};
        int start = 0;
        for (int i = 0; i < groups.length; i++) {
            if (groups[i] != 0) {
                start = i + 1;
            } else if (i + 1 - start > best[1]) {
                best = new int[] {start, i + 1 - start};
            }
        }
        return best;
    }

    private static String join(int[] groups, int from, int to) {
        StringBuilder text = new StringBuilder();
        for (int i = from; i < to; i++) {
            text.append(i == from ? "" : ":").append(Integer.toHexString(groups[i]));
        }
        return text.toString();
    }
}
