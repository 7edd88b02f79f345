package io.jcorn.agent.adopt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

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
            String stat = Files.readString(Path.of("/proc/self/stat"));
            String uptime = Files.readString(Path.of("/proc/uptime"));
            return millis(stat, uptime);
        } catch (IOException | NumberFormatException | IndexOutOfBoundsException e) {
            return 0;
        }
    }

    static long millis(String stat, String uptime) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).split(" ", -1);
        long born = Long.parseLong(fields[AFTER_NAME]) * MILLIS_PER_TICK;
        long now = (long) (Double.parseDouble(uptime.substring(0, uptime.indexOf(' '))) * 1000);
        return Math.max(0, now - born);
    }
}
