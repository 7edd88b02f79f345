package io.jcorn.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryEventsTest {

    private final Path membership;
    private final Path mount;

    MemoryEventsTest(@TempDir Path folder) throws IOException {
        membership = folder.resolve("cgroup");
        mount = Files.createDirectories(folder.resolve("mount"));
    }

    private Path events(String group, String text) throws IOException {
        Files.createDirectories(mount.resolve(group));
        return Files.writeString(mount.resolve(group).resolve("memory.events"), text);
    }

    @Test
    void theKillsOfOurOwnGroupAreCounted() throws IOException {
        Files.writeString(membership, "1:name=systemd:/x\n0::/system.slice/jcorn.service\n");
        Path file =
                events("system.slice/jcorn.service", "low 0\nhigh 0\nmax 12\noom 3\noom_kill 2\noom_group_kill 9\n");
        MemoryEvents memory = MemoryEvents.of(membership, mount);
        assertThat(memory.kills()).isEqualTo(2);

        Files.writeString(file, "oom 4\noom_kill 3\n");
        assertThat(memory.kills()).isEqualTo(3);
    }

    @Test
    void inAContainerTheGroupIsTheRoot() throws IOException {
        Files.writeString(membership, "0::/\n");
        events("", "oom_kill 1\n");

        assertThat(MemoryEvents.of(membership, mount).kills()).isEqualTo(1);
    }

    @Test
    void whereTheKernelDoesNotTellItIsNone() throws IOException {
        // No /proc, cgroup v1 alone, a group without the file, a kernel that does not count, a group that is gone.
        assertThat(MemoryEvents.of(membership, mount).kills()).isZero();
        Files.writeString(membership, "5:memory:/docker/x\n");
        assertThat(MemoryEvents.of(membership, mount).kills()).isZero();
        Files.writeString(membership, "0::/gone\n");
        assertThat(MemoryEvents.of(membership, mount).kills()).isZero();
        Path file = events("gone", "oom 4\n");
        MemoryEvents memory = MemoryEvents.of(membership, mount);
        assertThat(memory.kills()).isZero();
        Files.delete(file);
        assertThat(memory.kills()).isZero();
    }

    @Test
    void thisProcessHasACount() {
        assertThat(MemoryEvents.ofThisProcess().kills()).isNotNegative();
    }
}
