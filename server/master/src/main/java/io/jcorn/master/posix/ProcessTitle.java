package io.jcorn.master.posix;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Overwrites the arguments of this process in its own memory, which is where {@code ps} reads them. prctl(PR_SET_MM_ARG_START)
 * would move them to a longer place but needs CAP_SYS_RESOURCE.
 */
final class ProcessTitle {
    /** In /proc/PID/stat counted behind the command name, of which the closing parenthesis is the end; proc(5): 48, 49. */
    private static final int ARG_START = 48 - 3;

    private static final int ARG_END = 49 - 3;

    /** The kernel lets no argument list be larger, in bytes; execve(2). */
    private static final long MOST = 6 << 20;

    private ProcessTitle() {}

    static boolean set(String title) {
        try {
            String stat = Files.readString(Path.of("/proc/self/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).trim().split(" ", -1);
            if (fields.length <= ARG_END) {
                return false;
            }
            long start = Long.parseUnsignedLong(fields[ARG_START]);
            long room = Long.parseUnsignedLong(fields[ARG_END]) - start;
            if (start == 0 || room <= 0 || room > MOST) {
                return false;
            }
            write(start, (int) room, NativeText.bytes(title));
            return true;
        } catch (IOException | NumberFormatException e) {
            // A hardened kernel, no /proc, a sandbox: the title is a courtesy.
            return false;
        }
    }

    // NULs to the end: the kernel stops at the last one, and nothing of the old arguments shines through.
    private static void write(long start, int room, byte[] title) throws IOException {
        byte[] area = new byte[room];
        System.arraycopy(title, 0, area, 0, Math.min(title.length, room - 1));
        try (RandomAccessFile memory = new RandomAccessFile("/proc/self/mem", "rw")) {
            memory.seek(start);
            memory.write(area);
        }
    }
}
