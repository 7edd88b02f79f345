package io.jcorn.worker.http;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads request heads of HTTP/1.x, strictly, in one pass, from bytes that may come one at a time.
 *
 * <pre>
 *   START ─► METHOD ─► TARGET ─► VERSION ─► LINE_END ─► FIELD ─► NAME ─► SPACE ─► VALUE ─► VALUE_END ─┐
 *     │ one empty line                                    ▲ │                                         │
 *     └─► START_END ─► METHOD                             │ └─ CR ─► HEAD_END ─► head                 │
 *                                                         └───────────────────────────────────────────┘
 * </pre>
 *
 * <p>Lenience is where request smuggling lives (RFC 9112 §11.2), so there is none: lines end in CR LF, a colon follows
 * the field's name at once, folded lines are refused. One empty line before the request line is skipped, as §2.2 asks.
 *
 * <p>Nothing is copied when a head arrives in one piece: the {@link RequestHead} keeps the piece.
 */
public final class HeadParser {

    private enum State {
        START,
        START_END,
        METHOD,
        TARGET,
        VERSION,
        LINE_END,
        FIELD,
        NAME,
        SPACE,
        VALUE,
        VALUE_END,
        HEAD_END
    }

    private static final byte[] NOTHING = {};
    private static final int VERSION_LENGTH = 8;

    private final Limits limits;
    private final Framing framing = new Framing();
    private final FieldIndex fields = new FieldIndex();

    private State state = State.START;
    /** The head so far, when it did not arrive in one piece. */
    private byte[] partial = NOTHING;

    private int partialLength;

    /** Offsets from the head's first byte; the head itself may move to another array while it grows. */
    private int scanned;

    private int lineStart;
    private int targetStart;
    private int versionStart;
    private int nameEnd;
    private int valueStart;

    /** A parser for one connection, or for several, each of which has it until its head is complete. */
    public HeadParser(Limits limits) {
        this.limits = limits;
    }

    /** Whether some but not all of a head has arrived. An empty line does not count. */
    public boolean midway() {
        return state != State.START && state != State.START_END;
    }

    /** Whether nothing has arrived since the last head, so that the next one may be of another connection. */
    public boolean idle() {
        return state == State.START && partialLength == 0;
    }

    /**
     * Consumes the bytes of the next head.
     *
     * @return the head, or null if it is not complete yet; all of the inbox is then consumed
     * @throws Refused if this is not a request, or not one that we take. The parser is then useless
     */
    public @Nullable RequestHead parse(Inbox in) throws Refused {
        while (!in.isEmpty()) {
            RequestHead head = partialLength == 0 ? parseInPlace(in) : parsePartial(in);
            if (head != null) {
                return head;
            }
        }
        return null;
    }

    private @Nullable RequestHead parseInPlace(Inbox in) throws Refused {
        byte[] array = in.array();
        int base = in.position();
        int end = scan(array, base, array.length);
        if (end < 0) {
            keep(array, base, in.remaining());
            in.consume(in.remaining());
            return null;
        }
        in.consume(end - base);
        return head(array, base);
    }

    private @Nullable RequestHead parsePartial(Inbox in) throws Refused {
        int before = partialLength;
        int added = in.remaining();
        keep(in.array(), in.position(), added);
        int end = scan(partial, 0, partialLength);
        if (end < 0) {
            in.consume(added);
            return null;
        }
        in.consume(end - before);
        byte[] array = partial;
        partial = NOTHING;
        partialLength = 0;
        return head(array, 0);
    }

    private void keep(byte[] array, int from, int count) {
        if (partialLength + count > partial.length) {
            partial = Arrays.copyOf(partial, Math.max(partialLength + count, 2 * partial.length));
        }
        System.arraycopy(array, from, partial, partialLength, count);
        partialLength += count;
    }

    private RequestHead head(byte[] array, int base) throws Refused {
        framing.judge();
        RequestHead head = new RequestHead(array, base, targetStart, versionStart, fields.copy(), framing);
        state = State.START;
        scanned = 0;
        fields.clear();
        framing.reset();
        return head;
    }

    /** Returns the index after the head, or -1 if it is not complete. */
    private int scan(byte[] a, int base, int limit) throws Refused {
        int i = base + scanned;
        while (i < limit) {
            switch (state) {
                case START -> {
                    lineStart = i - base;
                    if (a[i] == '\r') {
                        state = State.START_END;
                        i++;
                    } else {
                        state = State.METHOD;
                    }
                }
                case START_END -> {
                    require(a[i] == '\n', "a line must end in CR LF");
                    i++;
                    lineStart = i - base;
                    state = State.METHOD;
                }
                case METHOD -> {
                    i = skip(Octets.TOKEN, a, i, limit);
                    checkRequestLine(i - base);
                    if (i < limit) {
                        require(a[i] == ' ' && i - base > lineStart, "the request line does not begin with a method");
                        i++;
                        targetStart = i - base;
                        state = State.TARGET;
                    }
                }
                case TARGET -> {
                    i = skip(Octets.TARGET, a, i, limit);
                    checkRequestLine(i - base);
                    if (i < limit) {
                        require(
                                a[i] == ' ' && i - base > targetStart,
                                "the request target has a byte it must not have");
                        i++;
                        versionStart = i - base;
                        state = State.VERSION;
                    }
                }
                case VERSION -> {
                    while (i < limit && a[i] != '\r' && i - base - versionStart <= VERSION_LENGTH) {
                        i++;
                    }
                    checkRequestLine(i - base);
                    require(
                            i - base - versionStart <= VERSION_LENGTH,
                            "the request line does not end in an HTTP version");
                    if (i < limit) {
                        framing.requestLine(a, base + lineStart, base + targetStart, base + versionStart, i);
                        i++;
                        state = State.LINE_END;
                    }
                }
                case LINE_END -> i = lineEnd(a, base, i);
                case FIELD -> {
                    if (a[i] == '\r') {
                        i++;
                        state = State.HEAD_END;
                    } else {
                        require(a[i] != ' ' && a[i] != '\t', "folded header fields are not accepted");
                        checkFieldCount();
                        lineStart = i - base;
                        state = State.NAME;
                    }
                }
                case NAME -> {
                    i = skip(Octets.TOKEN, a, i, limit);
                    checkField(i - base);
                    if (i < limit) {
                        require(
                                a[i] == ':' && i - base > lineStart,
                                "a header field's name has a byte it must not have");
                        nameEnd = i - base;
                        i++;
                        state = State.SPACE;
                    }
                }
                case SPACE -> {
                    while (i < limit && (a[i] == ' ' || a[i] == '\t')) {
                        i++;
                    }
                    checkField(i - base);
                    valueStart = i - base;
                    if (i < limit) {
                        state = State.VALUE;
                    }
                }
                case VALUE -> {
                    i = skip(Octets.VALUE, a, i, limit);
                    checkField(i - base);
                    if (i < limit) {
                        require(a[i] == '\r', "a header field's value has a byte it must not have");
                        field(a, base, i);
                        i++;
                        state = State.VALUE_END;
                    }
                }
                case VALUE_END -> i = lineEnd(a, base, i);
                case HEAD_END -> {
                    require(a[i] == '\n', "a line must end in CR LF");
                    return i + 1;
                }
            }
        }
        scanned = i - base;
        return -1;
    }

    private int lineEnd(byte[] a, int base, int i) throws Refused {
        require(a[i] == '\n', "a line must end in CR LF");
        if (i - base > Limits.HEAD) {
            throw new Refused(431, "the request's head is larger than " + Limits.HEAD + " bytes");
        }
        state = State.FIELD;
        return i + 1;
    }

    private void field(byte[] a, int base, int end) throws Refused {
        int last = end;
        while (last > base + valueStart && (a[last - 1] == ' ' || a[last - 1] == '\t')) {
            last--;
        }
        fields.add(lineStart, nameEnd, valueStart, last - base);
        framing.field(a, base + lineStart, base + nameEnd, base + valueStart, last);
    }

    private static int skip(int octetClass, byte[] a, int from, int limit) {
        int i = from;
        while (i < limit && Octets.is(octetClass, a[i])) {
            i++;
        }
        return i;
    }

    private void checkRequestLine(int end) throws Refused {
        if (end - lineStart > limits.requestLine()) {
            throw new Refused(414, "the request line is longer than " + limits.requestLine() + " bytes");
        }
    }

    private void checkFieldCount() throws Refused {
        if (fields.count() >= limits.fields()) {
            throw new Refused(431, "the request has more than " + limits.fields() + " header fields");
        }
    }

    private void checkField(int end) throws Refused {
        if (end - lineStart > limits.fieldSize()) {
            throw new Refused(431, "a header field is longer than " + limits.fieldSize() + " bytes");
        }
    }

    private static void require(boolean right, String otherwise) throws Refused {
        if (!right) {
            throw new Refused(400, otherwise);
        }
    }
}
