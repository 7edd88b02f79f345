package io.jcorn.master.spawn;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * How much memory the machine has, or the cgroup lets its processes have: what a JVM sizes its heap by. See proc(5) and
 * Documentation/admin-guide/cgroup-v2.rst, cgroup-v1/memory.rst.
 */
final class Memory {

    private final Path proc;
    private final Path cgroups;

    /**
     * @param proc {@code /proc}
     * @param cgroups where their hierarchy is mounted, {@code /sys/fs/cgroup}
     */
    Memory(Path proc, Path cgroups) {
        this.proc = proc;
        this.cgroups = cgroups;
    }

    static Memory ofThisMachine() {
        return new Memory(Path.of("/proc"), Path.of("/sys/fs/cgroup"));
    }

    /** Returns it in bytes; 0 where nobody says. */
    long bytes() {
        long least = Long.MAX_VALUE;
        for (String line : lines(proc.resolve("meminfo"))) {
            if (line.startsWith("MemTotal:")) {
                least = Long.parseLong(line.replaceAll("\\D+", "")) * 1024;
            }
        }
        for (String line : lines(proc.resolve("self/cgroup"))) {
            String[] fields = line.split(":", 3);
            if (fields.length == 3 && fields[1].isEmpty()) {
                least = Math.min(least, limit(cgroups, fields[2], "memory.max"));
            } else if (fields.length == 3 && fields[1].equals("memory")) {
                least = Math.min(least, limit(cgroups.resolve("memory"), fields[2], "memory.limit_in_bytes"));
            }
        }
        return least == Long.MAX_VALUE ? 0 : least;
    }

    /** The limits of all groups above hold too. In a container the path may be the host's, and only the root is there. */
    private static long limit(Path root, String group, String file) {
        long least = number(root.resolve(file));
        Path folder = root;
        for (String name : group.split("/", -1)) {
            folder = folder.resolve(name);
            least = Math.min(least, number(folder.resolve(file)));
        }
        return least;
    }

    private static long number(Path file) {
        List<String> lines = lines(file);
        String text = lines.isEmpty() ? "" : lines.get(0).trim();
        return text.matches("\\d{1,18}") ? Long.parseLong(text) : Long.MAX_VALUE;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file, StandardCharsets.ISO_8859_1) : List.of();
        } catch (IOException e) {
            // EACCES, or the group is gone: then it limits nothing that we know of.
            return List.of();
        }
    }
}
