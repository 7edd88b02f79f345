package io.jcorn.master;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How often the kernel killed a process of our cgroup for want of memory: {@code oom_kill} in {@code memory.events}, see
 * Documentation/admin-guide/cgroup-v2.rst. It tells a kill by the kernel from one by an operator.
 */
final class MemoryEvents {

    private final Optional<Path> file;

    private MemoryEvents(Optional<Path> file) {
        this.file = file;
    }

    static MemoryEvents ofThisProcess() {
        return of(Path.of("/proc/self/cgroup"), Path.of("/sys/fs/cgroup"));
    }

    /**
     * The events of a cgroup.
     *
     * @param membership what cgroups(7) calls /proc/PID/cgroup
     * @param mount where the hierarchy is mounted
     */
    static MemoryEvents of(Path membership, Path mount) {
        try {
            for (String line : Files.readAllLines(membership)) {
                if (line.startsWith("0::")) {
                    Path path = Path.of(mount + line.substring(3)).resolve("memory.events");
                    return new MemoryEvents(Optional.of(path).filter(Files::isReadable));
                }
            }
        } catch (IOException e) {
            // Without /proc or with cgroup v1 the question stays open, and the log says so by not answering it.
            return new MemoryEvents(Optional.empty());
        }
        return new MemoryEvents(Optional.empty());
    }

    /** Returns the count so far; 0 where the kernel does not tell. */
    long kills() {
        if (file.isEmpty()) {
            return 0;
        }
        try {
            for (String line : Files.readAllLines(file.get())) {
                if (line.startsWith("oom_kill ")) {
                    return Long.parseLong(line.substring("oom_kill ".length()).trim());
                }
            }
        } catch (IOException e) {
            return 0;
        }
        return 0;
    }
}
