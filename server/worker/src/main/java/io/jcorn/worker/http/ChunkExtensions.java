package io.jcorn.worker.http;

/**
 * The extensions of chunks, which mean nothing here: their grammar (RFC 9112 §7.1.1) is checked to the letter, since readers that
 * take different bytes for their end disagree on where the next chunk begins, and they are forgotten.
 *
 * <pre>
 *   BEFORE ─;─► BEGIN ─► NAME ─► AFTER_NAME ─=─► VALUE_BEGIN ─┬─► VALUE
 *     ▲  space            │ ; or CR                           └─"─► QUOTED ⇄ ESCAPED
 *     └────────── VALUE, AFTER_QUOTED ◄──────────────────────────────┘
 * </pre>
 */
final class ChunkExtensions {

    private enum State {
        BEFORE,
        BEGIN,
        NAME,
        AFTER_NAME,
        VALUE_BEGIN,
        VALUE,
        QUOTED,
        ESCAPED,
        AFTER_QUOTED
    }

    /** What extensions may take more than the data that they came with: they are read for nothing. */
    static final int BUDGET = 16 << 10;

    private State state = State.BEFORE;
    private long spent;

    /** Begins with the first byte after a chunk's size, which is a semicolon or a space. */
    void begin() {
        state = State.BEFORE;
    }

    /** Data pays for the extensions around it: a signature per chunk may go on for ever. */
    void paid(long data) {
        spent = Math.max(0, spent - data);
    }

    /**
     * Takes a byte.
     *
     * @return false if it is the carriage return after the last extension
     * @throws Refused if this is not an extension (400), or too many of them
     */
    boolean take(byte octet) throws Refused {
        State next = octet == '\r' ? end() : next(octet);
        if (++spent > BUDGET) {
            throw new Refused(400, "the chunk extensions are larger than what they extend");
        }
        if (octet == '\r') {
            return false;
        }
        state = next;
        return true;
    }

    private State end() throws Refused {
        return switch (state) {
            case NAME, VALUE, AFTER_QUOTED -> state;
            default -> throw malformed();
        };
    }

    private State next(byte octet) throws Refused {
        boolean space = Octets.space(octet);
        boolean token = Octets.is(Octets.TOKEN, octet);
        return switch (state) {
            case BEFORE -> choose(space, State.BEFORE, octet == ';', State.BEGIN);
            case BEGIN -> choose(space, State.BEGIN, token, State.NAME);
            case NAME ->
                switch (octet) {
                    case '=' -> State.VALUE_BEGIN;
                    case ';' -> State.BEGIN;
                    default -> choose(space, State.AFTER_NAME, token, State.NAME);
                };
            case AFTER_NAME ->
                octet == '=' ? State.VALUE_BEGIN : choose(space, State.AFTER_NAME, octet == ';', State.BEGIN);
            case VALUE_BEGIN -> octet == '"' ? State.QUOTED : choose(space, State.VALUE_BEGIN, token, State.VALUE);
            case VALUE -> octet == ';' ? State.BEGIN : choose(space, State.BEFORE, token, State.VALUE);
            case QUOTED ->
                switch (octet) {
                    case '"' -> State.AFTER_QUOTED;
                    case '\\' -> State.ESCAPED;
                    default -> text(octet);
                };
            case ESCAPED -> text(octet);
            case AFTER_QUOTED -> choose(space, State.BEFORE, octet == ';', State.BEGIN);
        };
    }

    private static State text(byte octet) throws Refused {
        return choose(Octets.is(Octets.VALUE, octet), State.QUOTED, false, State.QUOTED);
    }

    private static State choose(boolean first, State then, boolean second, State otherwise) throws Refused {
        if (!first && !second) {
            throw malformed();
        }
        return first ? then : otherwise;
    }

    private static Refused malformed() {
        return new Refused(400, "a chunk extension is malformed");
    }
}
