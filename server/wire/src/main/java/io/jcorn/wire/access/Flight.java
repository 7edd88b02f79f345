package io.jcorn.wire.access;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What the shared memory knows of one request: enough for its line, long values cut. A copy. */
public final class Flight implements AccessSource {

    /** The texts of an entry, in the order of memory, with the most bytes that each may take. */
    enum Text {
        CLIENT(46),
        METHOD(24),
        VERSION(8),
        TARGET(208),
        USER(32),
        REFERER(120),
        AGENT(120);

        final int most;

        Text(int most) {
            this.most = most;
        }
    }

    /** Marks the length of a value that was longer. Lengths themselves need fewer bits. */
    static final int CUT = 1 << 15;

    private static final Text[] TEXTS = Text.values();

    private final ByteBuffer entry;
    private @Nullable String end;
    private long nowNanos;
    private long nowMillis;

    Flight(byte[] entry) {
        this.entry = ByteBuffer.wrap(entry).order(ByteOrder.nativeOrder());
    }

    /**
     * Says how it ended; one whose response was complete stays complete.
     *
     * @param why what became of its worker
     * @param nowNanos when that was noticed, by {@link System#nanoTime}
     * @param nowMillis the same moment in milliseconds since 1970
     */
    public Flight died(String why, long nowNanos, long nowMillis) {
        this.end = landed() ? null : why;
        this.nowNanos = nowNanos;
        this.nowMillis = nowMillis;
        return this;
    }

    /** Returns when its head was complete, by {@link System#nanoTime}. */
    public long startNanos() {
        return entry.getLong(Flights.START);
    }

    /** Whether its response was complete; then only its line is missing. */
    public boolean landed() {
        return (entry.getLong(Flights.STATE) & (1 << Flights.STATES) - 1) == Flights.LANDED;
    }

    /** Returns the number of its line, from 1. */
    long line() {
        return entry.getLong(Flights.LINE);
    }

    /** Returns what somebody who looks for the culprit wants to know: {@code GET /slow?x=1 of 10.0.0.7 for 31.2 s}. */
    public String describe(long nowNanos) {
        long millis = TimeUnit.NANOSECONDS.toMillis(Math.max(0, nowNanos - startNanos()));
        return printable(Text.METHOD) + " " + printable(Text.TARGET) + " of " + printable(Text.CLIENT) + " for "
                + millis / 1000 + "." + millis % 1000 / 100 + " s";
    }

    /** How many bytes of the entry a text has. A worker's native code may have written any length there. */
    private int count(Text text, int length, int from) {
        int noted = Math.max(0, (length & (CUT - 1)) - 1);
        return Math.min(noted, Math.min(text.most, entry.capacity() - from));
    }

    private String printable(Text text) {
        Slice slice = new Slice();
        text(text, slice);
        if (!slice.present()) {
            return "-";
        }
        LineBuffer out = new LineBuffer(64).escaped(slice, false);
        slice.set(out.array(), 0, out.length());
        return slice.text();
    }

    private void text(Text wanted, Slice into) {
        int from = Flights.TEXTS;
        for (Text text : TEXTS) {
            int length = entry.getShort(Flights.LENGTHS + 2 * text.ordinal()) & 0xffff;
            int count = count(text, length, from);
            if (text == wanted) {
                if (length > 0) {
                    into.set(entry.array(), from, from + count);
                }
                if ((length & CUT) != 0) {
                    into.markCut();
                }
                return;
            }
            from += count;
        }
    }

    @Override
    public void client(Slice into) {
        text(Text.CLIENT, into);
    }

    @Override
    public void method(Slice into) {
        text(Text.METHOD, into);
    }

    @Override
    public void target(Slice into) {
        text(Text.TARGET, into);
    }

    @Override
    public void version(Slice into) {
        text(Text.VERSION, into);
    }

    @Override
    public void user(Slice into) {
        text(Text.USER, into);
    }

    @Override
    public void requestField(String lowerCaseName, Slice into) {
        switch (lowerCaseName) {
            case "referer" -> text(Text.REFERER, into);
            case "user-agent" -> text(Text.AGENT, into);
            default -> {
                // Nobody noted it.
            }
        }
    }

    @Override
    public void responseField(String lowerCaseName, Slice into) {
        // Whatever it was, it is gone.
    }

    @Override
    public int status() {
        return landed() ? entry.getInt(Flights.STATUS) : 0;
    }

    @Override
    public long bodyBytes() {
        return landed() ? entry.getLong(Flights.BODY) : -1;
    }

    @Override
    public long durationNanos() {
        return Math.max(0, (landed() ? entry.getLong(Flights.END) : nowNanos) - startNanos());
    }

    @Override
    public long endMillis() {
        long ago = landed() ? TimeUnit.NANOSECONDS.toMillis(nowNanos - entry.getLong(Flights.END)) : 0;
        return nowMillis - ago;
    }

    @Override
    public @Nullable String end() {
        return end;
    }
}
