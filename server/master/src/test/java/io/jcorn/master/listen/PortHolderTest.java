package io.jcorn.master.listen;

import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.master.listen.Holder.Role;
import io.jcorn.master.posix.LinuxPosix;
import io.jcorn.master.posix.Signal;
import io.jcorn.master.posix.SocketName;
import io.jcorn.master.posix.SpawnSpec;
import io.jcorn.master.settings.BindAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortHolderTest {

    private final FakeProc proc;

    PortHolderTest(@TempDir Path folder) throws IOException {
        proc = new FakeProc(folder);
    }

    @Test
    void aMasterIsFoundWithItsWorkersAndOnlyItIsToBeStopped() throws Exception {
        proc.listening("0100007F:2328", 0, 4711);
        proc.process(100, 1, "jcorn: master [hello.jar]", "", 4711);
        proc.process(101, 100, "jcorn: worker 0 [hello.jar]", "JCORN_HANDOVER=control=4", 4711);
        proc.process(102, 100, "jcorn: worker 1 [hello.jar]", "JCORN_HANDOVER=control=4", 4711);
        proc.process(103, 1, "bash", "", 12);

        PortHolder.Finding finding = proc.find("127.0.0.1:9000");

        assertThat(finding.holders()).extracting(Holder::pid).containsExactly(100, 101, 102);
        assertThat(finding.holders()).extracting(Holder::role).containsExactly(Role.MASTER, Role.WORKER, Role.WORKER);
        assertThat(finding.holders().get(0).since()).isEqualTo(Instant.ofEpochSecond(1700000000 + 50));
        assertThat(FakeProc.text(finding, "127.0.0.1:9000"))
                .contains("Held by pid 100, a jcorn master, user root, since ")
                .contains(": jcorn: master [hello.jar]\n    and 2 children of it\n")
                .endsWith("To stop it: kill -TERM 100");
    }

    @Test
    void orphansAreNamedAndStoppedThemselves() throws Exception {
        proc.listening("00000000:2328", 0, 4711);
        proc.process(101, 1, "jcorn: worker 0 [hello.jar]", "", 4711);
        proc.process(102, 1, "java -cp x Main", "A=b\0JCORN_HANDOVER=control=4\0", 4711);

        PortHolder.Finding finding = proc.find("127.0.0.1:9000");

        assertThat(finding.holders()).extracting(Holder::role).containsOnly(Role.ORPHAN);
        assertThat(FakeProc.text(finding, "127.0.0.1:9000"))
                .contains("Held by pid 101, a jcorn worker whose master is gone")
                .endsWith("To stop it: kill -TERM 101 102");
    }

    @Test
    void aServiceIsStoppedThroughItsManager() throws Exception {
        proc.listening("00000000:0050", 0, 9);
        proc.process(7, 1, "nginx: master process /usr/sbin/nginx", "", 9);
        Files.writeString(proc.path.resolve("7/cgroup"), "0::/system.slice/nginx.service\n");

        assertThat(FakeProc.text(proc.find("0.0.0.0:80"), "0.0.0.0:80"))
                .endsWith("To stop it: systemctl stop nginx.service");
    }

    @Test
    void thatOfTheProcessItselfIsAsGood() throws Exception {
        Files.move(
                proc.path.resolve("net"),
                Files.createDirectory(proc.path.resolve("self")).resolve("net"));
        Files.writeString(
                proc.path.resolve("self/net/tcp"),
                FakeProc.TCP + FakeProc.row("0100007F:2328", "00000000:0000", "0A", "00:0", 0, 9));
        proc.process(7, 1, "other", "", 9);

        assertThat(proc.find("127.0.0.1:9000").holders())
                .extracting(Holder::pid)
                .containsExactly(7);
    }

    /** The lines of the kernel for sockets that no process has any more say inode 0, and user 0 whoever it was. */
    @Test
    void otherAddressesHoldNothing() throws Exception {
        proc.listening("0200007F:2328", 0, 9);
        proc.process(7, 1, "other", "", 9);

        assertThat(proc.find("127.0.0.1:9000").known()).isFalse();
        assertThat(proc.find("127.0.0.1:9000").holders()).isEmpty();
    }

    @Test
    void dualStackAndUnixSocketsAreFoundToo() throws Exception {
        Files.writeString(
                proc.path.resolve("net/tcp6"),
                FakeProc.TCP
                        + FakeProc.row(
                                "00000000000000000000000000000000:2328",
                                "00000000000000000000000000000000:0000",
                                "0A",
                                "00:0",
                                0,
                                9));
        Files.writeString(proc.path.resolve("net/unix"), """
                Num       RefCount Protocol Flags    Type St Inode Path
                0000000000000000: 00000002 00000000 00010000 0001 01 77 /run/a b.sock
                0000000000000000: 00000002 00000000 00010000 0001 01 78 @jcorn
                """);
        proc.process(7, 1, "six", "", 9);
        proc.process(8, 1, "file", "", 77);
        proc.process(9, 1, "hidden", "", 78);

        assertThat(proc.find("127.0.0.1:9000").holders())
                .extracting(Holder::pid)
                .containsExactly(7);
        PortHolder holder = new PortHolder(proc.path);
        assertThat(holder.find(new SocketName.Local("/run/a b.sock")).holders())
                .extracting(Holder::pid)
                .containsExactly(8);
        assertThat(holder.find(new SocketName.Abstract("jcorn")).holders())
                .extracting(Holder::pid)
                .containsExactly(9);
    }

    @Test
    void aCommandLineCannotWriteIntoTheTerminalAndIsCut() throws Exception {
        proc.listening("0100007F:2328", 0, 9);
        proc.process(7, 1, "evil\u001b[2J" + "x".repeat(300), "", 9);

        assertThat(proc.find("127.0.0.1:9000").holders().get(0).commandLine())
                .startsWith("evil?[2Jxxx")
                .endsWith("x …")
                .hasSize(202);
    }

    @Test
    void theRealMachineShowsAChildThatInheritedTheSocket() throws Exception {
        LinuxPosix posix = new LinuxPosix();
        Path real = Path.of("/proc");
        List<Listener> listeners = new Binder(real, Map.of(), posix.pid())
                .bind(List.of(BindAddress.parse("127.0.0.1:0")), 16, OptionalInt.empty(), List.of());
        try (Listener listener = listeners.get(0)) {
            int child = posix.spawn(new SpawnSpec(
                    Path.of("/bin/sleep"),
                    "jcorn: worker 0 [x.jar]",
                    List.of("600"),
                    Map.of(),
                    Optional.empty(),
                    List.of(listener.descriptor())));
            try {
                List<Holder> holders = new PortHolder(real)
                        .find(FakeProc.name(listener.address()))
                        .holders();

                assertThat(holders).extracting(Holder::pid).containsExactlyInAnyOrder(posix.pid(), child);
                Holder orphan = holders.stream()
                        .filter(holder -> holder.pid() == child)
                        .findFirst()
                        .orElseThrow();
                assertThat(orphan.role()).isEqualTo(Role.ORPHAN);
                assertThat(orphan.parent()).isEqualTo(posix.pid());
                assertThat(orphan.commandLine()).isEqualTo("jcorn: worker 0 [x.jar] 600");
                assertThat(Duration.between(orphan.since(), Instant.now()).abs())
                        .isLessThan(Duration.ofMinutes(10));
            } finally {
                posix.kill(child, Signal.KILL.number());
                while (posix.reap() == null) {
                    Thread.onSpinWait();
                }
            }
        }
    }
}
