package io.jcorn.master.posix;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** An array of {@code struct pollfd { int fd; short events; short revents; }}, see poll(2). */
final class PollEntries {
    private static final int SIZE = 8;
    private static final short POLLIN = 1;

    private final ByteBuffer entries;
    private final int count;

    PollEntries(int[] descriptors) {
        count = descriptors.length;
        entries = ByteBuffer.allocate(count * SIZE).order(ByteOrder.nativeOrder());
        for (int descriptor : descriptors) {
            entries.putInt(descriptor).putShort(POLLIN).putShort((short) 0);
        }
    }

    byte[] bytes() {
        return entries.array();
    }

    /** Returns the descriptors on which anything happened: input, hang-up, error, or a number that is not open. */
    int[] ready(int expected) {
        int[] ready = new int[expected];
        int found = 0;
        for (int i = 0; i < count && found < expected; i++) {
            if (entries.getShort(i * SIZE + 6) != 0) {
                ready[found++] = entries.getInt(i * SIZE);
            }
        }
        return ready;
    }
}
