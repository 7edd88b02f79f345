package io.jcorn.worker.http;

/**
 * The chunked transfer coding of RFC 9112 §7.1, strictly. Chunk extensions and trailers are checked for form, bounded and
 * dropped: the contract has no place for them.
 *
 * <pre>
 *   SIZE ─► [EXTENSION] ─► SIZE_END ─┬─► DATA ─► DATA_CR ─► DATA_LF ─► SIZE
 *                                    └─ size 0 ─► TRAILER ─► [TRAILER_NAME ─► TRAILER_VALUE ─► TRAILER_LF] ─► LAST_LF ─► DONE
 * </pre>
 */
final class ChunkedDecoder extends BodyDecoder {

    private enum State {
        SIZE,
        EXTENSION,
        SIZE_END,
        DATA,
        DATA_CR,
        DATA_LF,
        TRAILER,
        TRAILER_NAME,
        TRAILER_VALUE,
        TRAILER_LF,
        LAST_LF,
        DONE
    }

    private static final int MAX_SIZE_DIGITS = 15;

    /** What all chunk extensions of one body may take together: they are read for nothing. */
    private static final int MAX_EXTENSIONS = 16 << 10;

    private final Limits limits;
    private State state = State.SIZE;
    private long size;
    private int digits;
    private long total;
    private int extensions;
    private int trailers;
    private int trailerLength;

    ChunkedDecoder(Limits limits) {
        this.limits = limits;
    }

    @Override
    public boolean complete() {
        return state == State.DONE;
    }

    @Override
    public long expected() {
        return state == State.DONE ? 0 : Math.max(1, size);
    }

    @Override
    public void decode(Inbox in, Sink sink) throws Refused {
        boolean welcome = true;
        while (welcome && state != State.DONE && !in.isEmpty()) {
            if (state == State.DATA) {
                int count = (int) Math.min(size, in.remaining());
                byte[] array = in.array();
                int from = in.position();
                in.consume(count);
                size -= count;
                if (size == 0) {
                    state = State.DATA_CR;
                }
                welcome = sink.take(array, from, count);
            } else {
                byte octet = in.array()[in.position()];
                in.consume(1);
                step(octet);
            }
        }
    }

    private void step(byte octet) throws Refused {
        switch (state) {
            case SIZE -> size(octet);
            case EXTENSION -> extension(octet);
            case SIZE_END -> sizeEnd(octet);
            case DATA_CR -> expect(octet, '\r', State.DATA_LF);
            case DATA_LF -> {
                expect(octet, '\n', State.SIZE);
                size = 0;
                digits = 0;
            }
            case TRAILER -> trailer(octet);
            case TRAILER_NAME -> trailerName(octet);
            case TRAILER_VALUE -> trailerValue(octet);
            case TRAILER_LF -> expect(octet, '\n', State.TRAILER);
            case LAST_LF -> expect(octet, '\n', State.DONE);
            case DATA, DONE -> throw new IllegalStateException("no byte is taken in " + state);
        }
    }

    private void size(byte octet) throws Refused {
        if (Octets.is(Octets.HEX, octet)) {
            if (++digits > MAX_SIZE_DIGITS) {
                throw malformed();
            }
            size = size << 4 | Octets.hex(octet);
        } else if (digits > 0 && octet == '\r') {
            state = State.SIZE_END;
        } else if (digits > 0 && (octet == ';' || octet == ' ' || octet == '\t')) {
            state = State.EXTENSION;
        } else {
            throw malformed();
        }
    }

    private void extension(byte octet) throws Refused {
        if (octet == '\r') {
            state = State.SIZE_END;
        } else if (!Octets.is(Octets.VALUE, octet) || ++extensions > MAX_EXTENSIONS) {
            throw malformed();
        }
    }

    private void sizeEnd(byte octet) throws Refused {
        expect(octet, '\n', size == 0 ? State.TRAILER : State.DATA);
        total += size;
        if (total > limits.body() || total < 0) {
            throw tooLarge(limits);
        }
    }

    private void trailer(byte octet) throws Refused {
        if (octet == '\r') {
            state = State.LAST_LF;
            return;
        }
        if (++trailers > limits.fields()) {
            throw new Refused(431, "the request has more than " + limits.fields() + " trailer fields");
        }
        if (!Octets.is(Octets.TOKEN, octet)) {
            throw malformed();
        }
        trailerLength = 1;
        state = State.TRAILER_NAME;
    }

    private void trailerName(byte octet) throws Refused {
        if (octet == ':') {
            state = State.TRAILER_VALUE;
        } else if (!Octets.is(Octets.TOKEN, octet)) {
            throw malformed();
        }
        countTrailer();
    }

    private void trailerValue(byte octet) throws Refused {
        if (octet == '\r') {
            state = State.TRAILER_LF;
        } else if (!Octets.is(Octets.VALUE, octet)) {
            throw malformed();
        }
        countTrailer();
    }

    private void countTrailer() throws Refused {
        if (++trailerLength > limits.fieldSize()) {
            throw new Refused(431, "a trailer field is longer than " + limits.fieldSize() + " bytes");
        }
    }

    private void expect(byte octet, char wanted, State next) throws Refused {
        if (octet != wanted) {
            throw malformed();
        }
        state = next;
    }

    private static Refused malformed() {
        return new Refused(400, "the body is not in the chunked coding");
    }
}
