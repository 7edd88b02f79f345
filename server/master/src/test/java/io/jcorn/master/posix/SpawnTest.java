package io.jcorn.master.posix;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts real processes. Each stops itself, so that it can be looked at while nothing in it changes. */
class SpawnTest {
    private static final Path SHELL = Path.of("/bin/sh");
    private static final String STOP = "kill -STOP $$";
    private static final int WUNTRACED = 2;

    private final LinuxPosix posix = new LinuxPosix();
    private final List<Integer> opened = new ArrayList<>();
    private final Set<Integer> children = new HashSet<>();

    @AfterEach
    void leaveNothing() throws IOException {
        for (int child : children) {
            posix.kill(child, Signal.KILL.number());
        }
        while (!children.isEmpty()) {
            children.remove(awaitExit().pid());
        }
        opened.forEach(posix::close);
    }

    @Test
    void theChildHoldsTheGivenDescriptorsInOrderAndNothingElse() throws IOException {
        SocketPair control = pair();
        int memory = opened(posix.sharedMemory("jcorn-test", 4096));
        Map<String, String> mine = Map.of(
                "3", Files.readSymbolicLink(Path.of("/proc/self/fd/" + memory)).toString(),
                "4",
                        Files.readSymbolicLink(Path.of("/proc/self/fd/" + control.theirs()))
                                .toString());

        int child = spawnStopped(memory, control.theirs());

        Map<String, String> theirs = descriptors(child);
        assertThat(theirs.keySet()).containsExactlyInAnyOrder("0", "1", "2", "3", "4");
        assertThat(theirs).containsAllEntriesOf(mine).containsEntry("0", "/dev/null");
    }

    @Test
    void itsStandardInputCanBeAPipeThatNeverEnds() throws IOException {
        SpawnSpec spec = new SpawnSpec(SHELL, "sh", List.of("-c", STOP), Map.of(), Optional.empty(), true, List.of());
        int child = spawn(spec);
        awaitStop(child);
        int other = spawn(spec);
        awaitStop(other);

        String pipe = descriptors(child).getOrDefault("0", "none");
        assertThat(pipe).startsWith("pipe:");
        assertThat(descriptors(other)).containsEntry("0", pipe).containsOnlyKeys("0", "1", "2");
        assertThat(Files.readString(Path.of("/proc/" + child + "/fdinfo/0")))
                .as("to read from")
                .contains("flags:\t00\n");
        assertThat(descriptors(child).values())
                .filteredOn(pipe::equals)
                .as("nobody but us can write")
                .hasSize(1);
    }

    @Test
    void sourcesThatAreTargetsOfOthersArriveUnmixed() throws IOException {
        List<Integer> sources = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            sources.add(opened(posix.sharedMemory("m" + i, 1)));
        }

        int child = spawnStopped(sources.toArray(Integer[]::new));

        Map<String, String> theirs = descriptors(child);
        for (int i = 0; i < 40; i++) {
            assertThat(theirs.get(Integer.toString(3 + i))).startsWith("/memfd:m" + i + " ");
        }
        assertThat(theirs).hasSize(3 + 40);
    }

    @Test
    void theListFallbackClosesTheSame() throws IOException {
        // As on a C library without addclosefrom_np.
        SocketPair control = pair();
        LibC old = (LibC) Proxy.newProxyInstance(
                LibC.class.getClassLoader(), new Class<?>[] {LibC.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("posix_spawn_file_actions_addclosefrom_np")) {
                        throw new UnsatisfiedLinkError(method.getName());
                    }
                    return method.invoke(LibC.library(), arguments);
                });

        int child = new Spawner(old).spawn(stopping(control.theirs()));
        children.add(child);
        awaitStop(child);

        assertThat(descriptors(child).keySet()).containsExactlyInAnyOrder("0", "1", "2", "3");
    }

    @Test
    void signalsAreAtTheirDefaultsAndNothingIsBlocked() throws IOException {
        LibC.library().signal(Signal.ALRM.number(), 1);
        try {
            int child = spawnStopped();

            assertThat(status(child, "SigIgn")).isEqualTo("0000000000000000");
            assertThat(status(child, "SigBlk")).isEqualTo("0000000000000000");
        } finally {
            LibC.library().signal(Signal.ALRM.number(), 0);
        }
    }

    @Test
    void itLeadsAProcessGroupAndShowsItsTitleDirectoryAndEnvironment(@TempDir Path directory) throws IOException {
        SpawnSpec spec = new SpawnSpec(
                SHELL,
                "jcorn: worker 2 [übung.jar]",
                List.of("-c", STOP),
                Map.of("JCORN_SLOT", "2"),
                Optional.of(directory),
                List.of());

        int child = spawn(spec);
        awaitStop(child);

        String stat = Files.readString(proc(child, "stat"));
        assertThat(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[2]).isEqualTo(Integer.toString(child));
        assertThat(new String(Files.readAllBytes(proc(child, "cmdline")), UTF_8))
                .startsWith("jcorn: worker 2 [");
        assertThat(Files.readSymbolicLink(proc(child, "cwd"))).isEqualTo(directory.toRealPath());
        assertThat(Files.readString(proc(child, "environ"))).isEqualTo("JCORN_SLOT=2\0");
    }

    @Test
    void aProgramOrDirectoryThatIsNotThereFailsHereAndLeavesNoChild() {
        assertThatThrownBy(() -> posix.spawn(specification("/nonexistent/java", Optional.empty())))
                .isInstanceOf(PosixException.class)
                .hasMessage("posix_spawn(/nonexistent/java): No such file or directory (ENOENT)");
        assertThatThrownBy(() -> posix.spawn(specification("/bin/sh", Optional.of(Path.of("/nonexistent")))))
                .isInstanceOf(PosixException.class)
                .hasMessageContaining("ENOENT");
        assertThatThrownBy(() -> posix.spawn(specification("/etc/passwd", Optional.empty())))
                .isInstanceOf(PosixException.class)
                .hasMessageContaining("EACCES");
    }

    @Test
    void coalescedDeathsAreAllReaped() throws IOException {
        Map<Integer, Integer> expected = new HashMap<>();
        for (int i = 0; i < 40; i++) {
            SpawnSpec spec =
                    new SpawnSpec(SHELL, "sh", List.of("-c", "exit " + i), Map.of(), Optional.empty(), List.of());
            expected.put(spawn(spec), i);
        }
        Map<Integer, Integer> seen = new HashMap<>();
        while (seen.size() < 40) {
            Reaped reaped = awaitExit();
            children.remove(reaped.pid());
            assertThat(seen.put(reaped.pid(), reaped.status().exitCode())).isNull();
        }
        assertThat(seen).isEqualTo(expected);
        assertThat(posix.reap()).isNull();
    }

    @Test
    void aKilledChildIsASignalAndItsPidIsGoneOnceReaped() throws IOException {
        int child = spawnStopped();

        assertThat(posix.kill(child, 0)).isTrue();
        assertThat(posix.kill(-child, Signal.KILL.number())).isTrue();
        Reaped reaped = awaitExit();
        children.remove(child);

        assertThat(reaped).isEqualTo(new Reaped(child, WaitStatus.ofSignal(Signal.KILL)));
        assertThat(posix.kill(child, 0)).isFalse();
        assertThatThrownBy(() -> posix.kill(-1, 15)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> posix.kill(0, 15)).isInstanceOf(IllegalArgumentException.class);
    }

    private static SpawnSpec specification(String executable, Optional<Path> directory) {
        return new SpawnSpec(Path.of(executable), "x", List.of(), Map.of(), directory, List.of());
    }

    private static SpawnSpec stopping(Integer... descriptors) {
        return new SpawnSpec(SHELL, "sh", List.of("-c", STOP), Map.of(), Optional.empty(), List.of(descriptors));
    }

    private int spawnStopped(Integer... descriptors) throws IOException {
        int child = spawn(stopping(descriptors));
        awaitStop(child);
        return child;
    }

    private int spawn(SpawnSpec spec) throws IOException {
        int child = posix.spawn(spec);
        children.add(child);
        return child;
    }

    private SocketPair pair() throws IOException {
        SocketPair pair = posix.socketPair();
        opened(pair.ours());
        opened(pair.theirs());
        return pair;
    }

    private int opened(int descriptor) {
        opened.add(descriptor);
        return descriptor;
    }

    private static void awaitStop(int child) {
        int[] status = new int[1];
        assertThat(LibC.library().waitpid(child, status, WUNTRACED)).isEqualTo(child);
        assertThat(status[0] & 0xff).isEqualTo(0x7f);
    }

    private Reaped awaitExit() throws IOException {
        int[] status = new int[1];
        int pid = LibC.library().waitpid(-1, status, 0);
        assertThat(pid).isPositive();
        return new Reaped(pid, new WaitStatus(status[0]));
    }

    private static Map<String, String> descriptors(int pid) throws IOException {
        Map<String, String> result = new HashMap<>();
        try (Stream<Path> entries = Files.list(proc(pid, "fd"))) {
            for (Path entry : entries.toList()) {
                result.put(
                        entry.getFileName().toString(),
                        Files.readSymbolicLink(entry).toString());
            }
        }
        return result;
    }

    private static String status(int pid, String name) throws IOException {
        return Files.readAllLines(proc(pid, "status")).stream()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).trim())
                .findFirst()
                .orElseThrow();
    }

    private static Path proc(int pid, String file) {
        return Path.of("/proc", Integer.toString(pid), file);
    }
}
