package io.jcorn.wire.access;

import io.jcorn.wire.access.Flight.Text;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Notes the requests of this worker in shared memory, where they survive it. Confined to the event loop, but for
 * {@link #written}; the worker's row has no other writer.
 *
 * <p>Entries are used in turn, so that those whose line is not written yet are the last to be overwritten.
 */
public final class FlightRecorder {

    /** The ticket of a request that found no room. */
    public static final int NONE = -1;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final VarHandle SHORTS =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.nativeOrder());

    private final ByteBuffer memory;
    private final int[] free = new int[Flights.ENTRIES];
    private int firstFree;
    private int freeCount = Flights.ENTRIES;
    private long uses;

    // What an entry will be: one copy of all is cheaper than one for each value.
    private final byte[] draft = new byte[Flights.ENTRY_BYTES];
    private final Slice slice = new Slice();

    private FlightRecorder(ByteBuffer memory) {
        this.memory = memory.order(ByteOrder.nativeOrder());
        for (int i = 0; i < Flights.ENTRIES; i++) {
            free[i] = (i + 1) * Flights.ENTRY_BYTES;
        }
    }

    /**
     * Maps this worker's row.
     *
     * @param descriptor the descriptor of the shared memory
     * @param row the number of the row, as in the scoreboard
     * @throws IOException if {@code /proc} is not mounted or the mapping is refused
     */
    public static FlightRecorder map(int descriptor, int row) throws IOException {
        long offset = Flights.OFFSET + (long) row * Flights.ROW_BYTES;
        return new FlightRecorder(Flights.map(descriptor, offset, Flights.ROW_BYTES));
    }

    /** A recorder in memory of this process only, for tests. */
    public static FlightRecorder inMemory() {
        return over(ByteBuffer.allocateDirect(Flights.ROW_BYTES + 8).alignedSlice(8));
    }

    static FlightRecorder over(ByteBuffer memory) {
        return new FlightRecorder(memory);
    }

    /**
     * Notes a request whose head is complete.
     *
     * @param startNanos when that was, by {@link System#nanoTime}
     * @return the ticket for {@link #end}, {@link #NONE} if there is no room
     */
    public int begin(AccessSource request, long startNanos) {
        if (freeCount == 0) {
            return NONE;
        }
        int base = free[firstFree];
        firstFree = firstFree + 1 == Flights.ENTRIES ? 0 : firstFree + 1;
        freeCount--;
        Flights.LONG.setOpaque(memory, base + Flights.STATE, 0L);
        VarHandle.storeStoreFence();
        int length = draft(request, startNanos);
        memory.put(base + Flights.START, draft, Flights.START, length - Flights.START);
        publish(base, Flights.FLYING);
        return base;
    }

    private int draft(AccessSource request, long startNanos) {
        LONGS.set(draft, Flights.START, startNanos);
        slice.clear();
        request.client(slice);
        int at = text(Text.CLIENT, Flights.TEXTS);
        request.method(slice);
        at = text(Text.METHOD, at);
        request.version(slice);
        at = text(Text.VERSION, at);
        request.target(slice);
        at = text(Text.TARGET, at);
        request.user(slice);
        at = text(Text.USER, at);
        request.requestField("referer", slice);
        at = text(Text.REFERER, at);
        request.requestField("user-agent", slice);
        return text(Text.AGENT, at);
    }

    /** A length is noted as one more than it is; 0 is no value. */
    private int text(Text text, int at) {
        int length = slice.to() - slice.from();
        int count = Math.min(length, Math.min(text.most, Flights.ENTRY_BYTES - at));
        System.arraycopy(slice.array(), slice.from(), draft, at, count);
        int noted = slice.present() ? count + 1 : 0;
        SHORTS.set(draft, Flights.LENGTHS + 2 * text.ordinal(), (short) (count < length ? noted | Flight.CUT : noted));
        slice.clear();
        return at + count;
    }

    /**
     * A request ended, and nothing of it needs to be kept.
     *
     * @param ticket what {@link #begin} returned
     */
    public void end(int ticket) {
        if (ticket != NONE) {
            Flights.LONG.setRelease(memory, ticket + Flights.STATE, 0L);
            release(ticket);
        }
    }

    /**
     * A request ended, and its line is on its way to the log.
     *
     * @param ticket what {@link #begin} returned
     * @param source how it ended
     * @param endNanos when, by {@link System#nanoTime}
     * @param line the number of its line, from 1
     */
    public void end(int ticket, AccessSource source, long endNanos, long line) {
        if (ticket == NONE) {
            return;
        }
        Flights.LONG.setOpaque(memory, ticket + Flights.STATE, 0L);
        VarHandle.storeStoreFence();

        memory.putLong(ticket + Flights.END, endNanos);
        memory.putLong(ticket + Flights.BODY, source.bodyBytes());
        memory.putLong(ticket + Flights.LINE, line);
        memory.putInt(ticket + Flights.STATUS, source.status());
        publish(ticket, Flights.LANDED);
        release(ticket);
    }

    private void publish(int base, int state) {
        Flights.LONG.setRelease(memory, base + Flights.STATE, ++uses << Flights.STATES | state);
    }

    private void release(int base) {
        int last = firstFree + freeCount;
        free[last >= Flights.ENTRIES ? last - Flights.ENTRIES : last] = base;
        freeCount++;
    }

    /** All lines up to a number are in the log, or are lost for good. From any thread, but one at a time. */
    public void written(long line) {
        Flights.LONG.setRelease(memory, Flights.WRITTEN, line);
    }
}
