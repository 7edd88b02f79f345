package io.jcorn.worker.proxy;

import io.jcorn.wire.ProxyProtocol;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads the PROXY header that a connection begins with, from bytes that may come one at a time.
 *
 * <pre>
 *   START ─┬─ "PROXY " ────► LINE ──── CR LF, at byte 107 at the latest ──► done
 *          └─ signature ───► BLOCK ─── 16 bytes + the length in them ─────► done
 * </pre>
 *
 * <p>There is no guessing whether a header is there (section 2 of the specification forbids it): what does not begin as one is
 * malformed at its first wrong byte.
 *
 * @see <a href="https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt">The PROXY protocol, versions 1 and 2</a>
 */
public final class HeaderReader {

    private static final byte[] SIGNATURE = {13, 10, 13, 10, 0, 13, 10, 'Q', 'U', 'I', 'T', 10};
    private static final byte[] WORD = {'P', 'R', 'O', 'X', 'Y', ' '};

    /** Section 2.1: the longest line, its end included. */
    private static final int LINE = 107;

    /** Section 2.2: what comes before the addresses. */
    static final int FIXED = 16;

    private static final int LENGTH_AT = 14;

    /** The protocol allows 64 KiB. What senders are known to add is a client's certificate; HAProxy's own buffer has this size. */
    private static final int BLOCK = 16 << 10;

    private final boolean line;
    private final boolean block;
    private byte[] bytes = new byte[LINE];
    private int length;
    private @Nullable Introduction introduction;

    /**
     * A reader for one connection.
     *
     * @param protocol which headers are taken; not {@link ProxyProtocol#OFF}
     */
    public HeaderReader(ProxyProtocol protocol) {
        line = protocol != ProxyProtocol.V2;
        block = protocol != ProxyProtocol.V1;
    }

    /**
     * Takes bytes.
     *
     * @return how many of them belong to the header: all, as long as {@link #introduction} is null afterwards
     * @throws Malformed if this is no header; the reader is then useless
     */
    public int read(byte[] from, int offset, int count) throws Malformed {
        int taken = 0;
        while (introduction == null && taken < count) {
            take(from[offset + taken]);
            taken++;
        }
        return taken;
    }

    /** Returns what the header says, or null as long as it is not complete. */
    public @Nullable Introduction introduction() {
        return introduction;
    }

    private void take(byte octet) throws Malformed {
        if (length == bytes.length) {
            bytes = Arrays.copyOf(bytes, 4 * length);
        }
        bytes[length] = octet;
        length++;
        if (line && begins(WORD)) {
            endOfLine();
        } else if (block && begins(SIGNATURE)) {
            endOfBlock();
        } else {
            throw new Malformed(
                    "it does not begin with a PROXY header" + (line && block ? "" : " of version " + (line ? 1 : 2)));
        }
    }

    private boolean begins(byte[] start) {
        int common = Math.min(length, start.length);
        return Arrays.equals(bytes, 0, common, start, 0, common);
    }

    private void endOfLine() throws Malformed {
        boolean afterReturn = length > 1 && bytes[length - 2] == '\r';
        boolean newline = bytes[length - 1] == '\n';
        if (afterReturn != newline) {
            throw new Malformed("the line of the PROXY header does not end in CR LF");
        }
        if (newline) {
            introduction = TextHeader.parse(bytes, length - 2);
        } else if (length == LINE) {
            throw new Malformed("the line of the PROXY header is longer than " + LINE + " bytes");
        }
    }

    private void endOfBlock() throws Malformed {
        if (length < FIXED) {
            return;
        }
        int rest = octet(LENGTH_AT) << 8 | octet(LENGTH_AT + 1);
        if (length == FIXED) {
            BinaryHeader.check(bytes);
            if (rest > BLOCK) {
                throw new Malformed("the PROXY header has more than " + BLOCK + " bytes behind its first " + FIXED);
            }
        }
        if (length == FIXED + rest) {
            introduction = BinaryHeader.parse(bytes, length);
        }
    }

    private int octet(int at) {
        return bytes[at] & 0xff;
    }
}
