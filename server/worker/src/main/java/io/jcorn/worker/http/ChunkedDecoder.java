package io.jcorn.worker.http;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The chunked transfer coding of RFC 9112 §7.1, strictly: sizes are hexadecimal digits and nothing else, every line ends in CR
 * LF. Chunk extensions are checked, bounded and dropped; {@linkplain Trailers trailers} are kept.
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

    /** As many as fit a long whatever they are; more zeros than that have no honest use. */
    private static final int MAX_SIZE_DIGITS = 15;

    private final Limits limits;
    private final RequestRules rules;
    private State state = State.SIZE;
    private long size;
    private int digits;
    private long total;
    private @Nullable ChunkExtensions extensions;
    private @Nullable Trailers trailers;
    private @Nullable Bytes trailer;
    private int trailerCount;
    private int trailerName;
    private long trailersLength;

    ChunkedDecoder(Limits limits, RequestRules rules) {
        this.limits = limits;
        this.rules = rules;
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
            case EXTENSION -> {
                if (!extensions().take(octet)) {
                    state = State.SIZE_END;
                }
            }
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
        } else if (digits > 0 && (octet == ';' || Octets.space(octet))) {
            state = State.EXTENSION;
            extensions().begin();
            extensions().take(octet);
        } else {
            throw malformed();
        }
    }

    private ChunkExtensions extensions() {
        ChunkExtensions extensions = this.extensions;
        if (extensions == null) {
            extensions = new ChunkExtensions();
            this.extensions = extensions;
        }
        return extensions;
    }

    private void sizeEnd(byte octet) throws Refused {
        expect(octet, '\n', size == 0 ? State.TRAILER : State.DATA);
        total += size;
        if (total > limits.body() || total < 0) {
            throw tooLarge(limits);
        }
        if (extensions != null) {
            extensions.paid(size);
        }
    }

    private void trailer(byte octet) throws Refused {
        if (octet == '\r') {
            state = State.LAST_LF;
            return;
        }
        if (++trailerCount > limits.fields()) {
            throw new Refused(431, "the request has more than " + limits.fields() + " trailer fields");
        }
        if (!Octets.is(Octets.TOKEN, octet)) {
            throw malformed();
        }
        keep(octet);
        state = State.TRAILER_NAME;
    }

    private void trailerName(byte octet) throws Refused {
        if (octet == ':') {
            trailerName = keep(octet) - 1;
            state = State.TRAILER_VALUE;
        } else if (Octets.is(Octets.TOKEN, octet)) {
            keep(octet);
        } else {
            throw malformed();
        }
    }

    private void trailerValue(byte octet) throws Refused {
        if (octet == '\r') {
            endTrailer();
            state = State.TRAILER_LF;
        } else if (Octets.is(Octets.VALUE, octet)) {
            keep(octet);
        } else {
            throw malformed();
        }
    }

    /** Keeps a byte of a trailer field and returns how many there are. */
    private int keep(byte octet) throws Refused {
        Bytes line = trailer;
        if (line == null) {
            line = new Bytes(64);
            trailer = line;
        }
        line.append(octet);
        if (line.length() > limits.fieldSize()) {
            throw new Refused(431, "a trailer field is longer than " + limits.fieldSize() + " bytes");
        }
        if (++trailersLength > limits.head()) {
            throw new Refused(431, "the trailer fields are larger than " + limits.head() + " bytes");
        }
        return line.length();
    }

    private void endTrailer() throws Refused {
        Bytes line = trailer;
        if (line == null) {
            return;
        }
        if (!underscored(line) || rules.admits(line.array(), 0, trailerName, false)) {
            if (trailers == null) {
                trailers = new Trailers();
            }
            trailers.add(line, trailerName);
        }
        line.clear();
    }

    private boolean underscored(Bytes line) {
        for (int i = 0; i < trailerName; i++) {
            if (line.array()[i] == '_') {
                return true;
            }
        }
        return false;
    }

    @Override
    public Map<String, List<String>> trailers() {
        return trailers == null ? Map.of() : trailers.fields();
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
