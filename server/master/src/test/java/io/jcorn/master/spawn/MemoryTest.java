package io.jcorn.master.spawn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryTest {

    private final Path proc;
    private final Path cgroups;

    MemoryTest(@TempDir Path folder) {
        proc = folder.resolve("proc");
        cgroups = folder.resolve("cgroup");
    }

    private long bytes() {
        return new Memory(proc, cgroups).bytes();
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.resolveSibling(""));
        Files.writeString(file, text);
    }

    @Test
    void thatOfTheMachineWhereNothingLimitsIt() throws IOException {
        assertThat(bytes()).as("nobody says").isZero();
        write(proc.resolve("meminfo"), "MemTotal:        2048 kB\nMemFree:          1 kB\n");
        assertThat(bytes()).isEqualTo(2 << 20);
        write(proc.resolve("self/cgroup"), "0::/a/b\n");
        write(cgroups.resolve("a/memory.max"), "max\n");
        assertThat(bytes()).isEqualTo(2 << 20);
    }

    @Test
    void theLeastLimitOfTheGroupAndThoseAboveIt() throws IOException {
        write(proc.resolve("meminfo"), "MemTotal:        2048 kB\n");
        write(proc.resolve("self/cgroup"), "0::/a/b\n");
        write(cgroups.resolve("a/memory.max"), "1000\n");
        write(cgroups.resolve("a/b/memory.max"), "2000\n");
        assertThat(bytes()).isEqualTo(1000);
        write(cgroups.resolve("memory.max"), "900\n");
        assertThat(bytes()).as("in a container, which sees only its own").isEqualTo(900);
    }

    @Test
    void theLimitOfTheFirstVersion() throws IOException {
        write(proc.resolve("meminfo"), "MemTotal:        2048 kB\n");
        write(proc.resolve("self/cgroup"), "12:cpu:/x\n7:memory:/docker/1\n0::/\n");
        write(cgroups.resolve("memory/memory.limit_in_bytes"), "5000\n");
        assertThat(bytes()).isEqualTo(5000);
        write(cgroups.resolve("memory/memory.limit_in_bytes"), "9223372036854771712\n");
        assertThat(bytes()).as("no limit").isEqualTo(2 << 20);
    }

    @Test
    void thisMachineHasSome() {
        assertThat(Memory.ofThisMachine().bytes()).isGreaterThan(64 << 20);
    }
}
