package io.jcorn.worker.http;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads request heads of HTTP/1.x, strictly, in one pass, from bytes that may come one at a time.
 *
 * <pre>
 *   START ─► METHOD ─► TARGET ─► VERSION ─► LINE_END ─► FIELD ─► NAME ─► SPACE ─► VALUE ─► VALUE_END ─┐
 *     │ one empty line                                   ▲ │ │                      ▲                 │
 *     └─► START_END ─► METHOD                            │ │ └─ space, if permitted ─► FOLD           │
 *                                                        │ └─ CR ─► HEAD_END ─► head                  │
 *                                                        └────────────────────────────────────────────┘
 * </pre>
 *
 * <p>Lenience is where request smuggling lives (RFC 9112 §11.2), so there is none: lines end in CR LF, a colon follows
 * the field's name at once, folded lines are refused unless the {@link RequestRules} permit them. One empty line before
 * the request line is skipped, as §2.2 asks.
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
        FOLD,
        HEAD_END
    }

    private static final byte[] NOTHING = {};
    private static final int VERSION_LENGTH = 8;

    private final Limits limits;
    private final RequestRules rules;
    private final Framing framing;
    private final FieldIndex fields = new FieldIndex();
    private boolean peerTrusted;

    private State state = State.START;
    /** The head so far, when it did not arrive in one piece. */
    private byte[] partial = NOTHING;

    private int partialLength;

    /** What was scanned last and has not become a head. */
    private byte[] seen = NOTHING;

    private int seenFrom;
    private int seenTo;

    /** Offsets from the head's first byte; the head itself may move to another array while it grows. */
    private int scanned;

    private int lineStart;
    private int targetStart;
    private int versionStart;
    private int nameEnd;
    private int valueStart;

    /** Where the value of the field read last ends, which the next line may prolong; 0 before the first field. */
    private int valueEnd;

    private int fieldCount;
    private boolean plainTarget = true;
    private boolean underscored;
    private boolean folded;
    private boolean foldedField;

    /** A parser for one connection, or for several, each of which has it until its head is complete. */
    public HeadParser(Limits limits, RequestRules rules) {
        this.limits = limits;
        this.rules = rules;
        this.framing = new Framing(rules);
    }

    /** From now on the peer is one whose {@linkplain RequestRules#forwarderHeaders forwarder headers} are believed. */
    public void trustPeer(boolean trusted) {
        peerTrusted = trusted;
    }

    /** Whether some but not all of a head has arrived. An empty line does not count. */
    public boolean midway() {
        return state != State.START
                && state != State.START_END
                && !(state == State.METHOD && partialLength == lineStart);
    }

    /** Returns the method of the head read last, or being read: empty as long as it is not known. */
    public String method() {
        return framing.method();
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

    /**
     * Returns what there is of the request line of a head that is not complete or was refused, for a log. It may be anything.
     *
     * @param most the most bytes
     */
    public byte[] requestLineSoFar(int most) {
        int from = seenFrom;
        while (from < seenTo && (seen[from] == '\r' || seen[from] == '\n')) {
            from++;
        }
        int to = from;
        while (to < seenTo && to - from < most && seen[to] != '\r' && seen[to] != '\n') {
            to++;
        }
        return Arrays.copyOfRange(seen, from, to);
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
        seen = NOTHING;
        seenFrom = 0;
        seenTo = 0;
        int[] offsets = fields.copy();
        RequestHead head = folded
                ? new RequestHead(Folds.unfolded(array, base, offsets), 0, targetStart, versionStart, offsets, framing)
                : new RequestHead(array, base, targetStart, versionStart, offsets, framing);
        state = State.START;
        scanned = 0;
        return head;
    }

    private void begin() {
        framing.reset();
        fields.clear();
        fieldCount = 0;
        valueEnd = 0;
        plainTarget = true;
        folded = false;
    }

    /** Returns the index after the head, or -1 if it is not complete. */
    private int scan(byte[] a, int base, int limit) throws Refused {
        seen = a;
        seenFrom = base;
        seenTo = limit;
        int i = base + scanned;
        while (i < limit) {
            switch (state) {
                case START -> {
                    begin();
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
                    i = Octets.skip(Octets.TOKEN, a, i, limit);
                    checkRequestLine(i - base);
                    if (i < limit) {
                        require(a[i] == ' ' && i - base > lineStart, "the request line does not begin with a method");
                        i++;
                        targetStart = i - base;
                        state = State.TARGET;
                    }
                }
                case TARGET -> {
                    i = Octets.skip(Octets.PLAIN_TARGET, a, i, limit);
                    while (i < limit && Octets.is(Octets.TARGET, a[i])) {
                        plainTarget = false;
                        i = Octets.skip(Octets.PLAIN_TARGET, a, i + 1, limit);
                    }
                    checkRequestLine(i - base);
                    if (i < limit) {
                        if (a[i] != ' ' || i - base == targetStart) {
                            throw Target.illegal(a[i], i - base - targetStart);
                        }
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
                        framing.requestLine(
                                a, base + lineStart, base + targetStart, base + versionStart, i, plainTarget);
                        i++;
                        state = State.LINE_END;
                    }
                }
                case LINE_END -> i = lineEnd(a, base, i);
                case FIELD -> {
                    if (Octets.space(a[i])) {
                        fold();
                    } else {
                        endField(a, base);
                        if (a[i] == '\r') {
                            i++;
                            state = State.HEAD_END;
                        } else {
                            beginField(i - base);
                        }
                    }
                }
                case FOLD -> {
                    i = Elements.first(a, i, limit);
                    checkField(i - base);
                    if (i < limit) {
                        require(a[i] != '\r', "a folded line must not be empty");
                        state = State.VALUE;
                    }
                }
                case NAME -> {
                    i = Octets.skip(Octets.NAME, a, i, limit);
                    while (i < limit && a[i] == '_') {
                        underscored = true;
                        i = Octets.skip(Octets.NAME, a, i + 1, limit);
                    }
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
                    i = Elements.first(a, i, limit);
                    checkField(i - base);
                    valueStart = i - base;
                    if (i < limit) {
                        state = State.VALUE;
                    }
                }
                case VALUE -> {
                    i = Octets.skip(Octets.VALUE, a, i, limit);
                    checkField(i - base);
                    if (i < limit) {
                        require(a[i] == '\r', "a header field's value has a byte it must not have");
                        valueEnd = i - base;
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
        if (i - base > limits.head()) {
            throw new Refused(431, "the request's head is larger than " + limits.head() + " bytes");
        }
        state = State.FIELD;
        return i + 1;
    }

    private void fold() throws Refused {
        require(rules.obsoleteFolding() && valueEnd > 0, "folded header fields are not accepted");
        folded = true;
        foldedField = true;
        state = State.FOLD;
    }

    private void beginField(int start) throws Refused {
        if (fieldCount == limits.fields()) {
            throw new Refused(431, "the request has more than " + limits.fields() + " header fields");
        }
        fieldCount++;
        underscored = false;
        foldedField = false;
        lineStart = start;
        state = State.NAME;
    }

    private void endField(byte[] a, int base) throws Refused {
        if (valueEnd == 0) {
            return;
        }
        int nameFrom = base + lineStart;
        int nameTo = base + nameEnd;
        if (underscored && !rules.admits(a, nameFrom, nameTo, peerTrusted)) {
            return;
        }
        if (foldedField && Framing.crucial(a, nameFrom, nameTo)) {
            throw new Refused(400, "a header field that frames the message must not be folded");
        }
        int last = base + valueEnd;
        while (last > base + valueStart && Octets.space(a[last - 1])) {
            last--;
        }
        fields.add(lineStart, nameEnd, valueStart, last - base);
        framing.field(a, nameFrom, nameTo, base + valueStart, last);
    }

    private void checkRequestLine(int end) throws Refused {
        if (end - lineStart > limits.requestLine()) {
            throw new Refused(414, "the request line is longer than " + limits.requestLine() + " bytes");
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
