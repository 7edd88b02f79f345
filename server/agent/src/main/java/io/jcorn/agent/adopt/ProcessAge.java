package io.jcorn.agent.adopt;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** How long this process exists: the master counts from its birth, and a JVM takes a while until it runs anything of ours. */
final class ProcessAge {

    /** proc(5): times in stat are in these, and the kernel's interface has 100 of them in a second on every platform. */
    private static final long MILLIS_PER_TICK = 10;

    /** proc(5): starttime is the 22nd field, and the second one, which may hold blanks, ends with the last parenthesis. */
    private static final int AFTER_NAME = 20;

    private ProcessAge() {}

    /** Returns it in milliseconds; 0 where it cannot be told. */
    static long millis() {
        try {
            return millis(content("/proc/self/stat"), content("/proc/uptime"));
        } catch (IOException | NumberFormatException | IndexOutOfBoundsException e) {
            return 0;
        }
    }

    private static String content(String file) throws IOException {
        try (FileInputStream in = new FileInputStream(file)) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    // Neither regular expressions nor floating point: this runs at the start of other people's programs.
    static long millis(String stat, String uptime) {
        int from = stat.lastIndexOf(')') + 1;
        for (int field = 0; field < AFTER_NAME; field++) {
            from = stat.indexOf(' ', from) + 1;
        }
        long born = Long.parseLong(stat.substring(from, stat.indexOf(' ', from))) * MILLIS_PER_TICK;
        int point = uptime.indexOf('.');
        long now = Long.parseLong(uptime.substring(0, point)) * 1_000
                + Long.parseLong(uptime.substring(point + 1, point + 3)) * MILLIS_PER_TICK;
        return Math.max(0, now - born);
    }
}
