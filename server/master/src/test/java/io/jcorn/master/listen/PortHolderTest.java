package io.jcorn.master.listen;

import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.master.listen.Holder.Role;
import io.jcorn.master.posix.LinuxPosix;
import io.jcorn.master.posix.Signal;
import io.jcorn.master.posix.SocketName;
import io.jcorn.master.posix.SpawnSpec;
import io.jcorn.master.settings.BindAddress;
import java.io.IOException;
import java.net.InetAddress;
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
    private static final String TCP =
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid" + "  timeout inode\n";

    private final Path proc;

    PortHolderTest(@TempDir Path proc) throws IOException {
        this.proc = proc;
        Files.createDirectories(proc.resolve("net"));
        Files.writeString(proc.resolve("stat"), "cpu  1 2 3\nbtime 1700000000\n");
    }

    @Test
    void aMasterIsFoundWithItsWorkersAndOnlyItIsToBeStopped() throws Exception {
        listening("0100007F:2328", 0, 4711);
        process(100, 1, "jcorn: master [hello.jar]", "", 4711);
        process(101, 100, "jcorn: worker 0 [hello.jar]", "JCORN_HANDOVER=control=4", 4711);
        process(102, 100, "jcorn: worker 1 [hello.jar]", "JCORN_HANDOVER=control=4", 4711);
        process(103, 1, "bash", "", 12);

        PortHolder.Finding finding = find("127.0.0.1:9000");

        assertThat(finding.holders()).extracting(Holder::pid).containsExactly(100, 101, 102);
        assertThat(finding.holders()).extracting(Holder::role).containsExactly(Role.MASTER, Role.WORKER, Role.WORKER);
        assertThat(finding.holders().get(0).since()).isEqualTo(Instant.ofEpochSecond(1700000000 + 50));
        assertThat(text(finding, "127.0.0.1:9000"))
                .contains("Held by pid 100, a jcorn master, user root, since ")
                .contains(": jcorn: master [hello.jar]\n    and 2 children of it\n")
                .endsWith("To stop it: kill -TERM 100");
    }

    @Test
    void orphansAreNamedAndStoppedThemselves() throws Exception {
        listening("00000000:2328", 0, 4711);
        process(101, 1, "jcorn: worker 0 [hello.jar]", "", 4711);
        process(102, 1, "java -cp x Main", "A=b\0JCORN_HANDOVER=control=4\0", 4711);

        PortHolder.Finding finding = find("127.0.0.1:9000");

        assertThat(finding.holders()).extracting(Holder::role).containsOnly(Role.ORPHAN);
        assertThat(text(finding, "127.0.0.1:9000"))
                .contains("Held by pid 101, a jcorn worker whose master is gone")
                .endsWith("To stop it: kill -TERM 101 102");
    }

    @Test
    void aServiceIsStoppedThroughItsManager() throws Exception {
        listening("00000000:0050", 0, 9);
        process(7, 1, "nginx: master process /usr/sbin/nginx", "", 9);
        Files.writeString(proc.resolve("7/cgroup"), "0::/system.slice/nginx.service\n");

        assertThat(text(find("0.0.0.0:80"), "0.0.0.0:80")).endsWith("To stop it: systemctl stop nginx.service");
    }

    @Test
    void whatWeMayNotSeeIsSaid() throws Exception {
        listening("00000000:0050", 0, 9);

        assertThat(text(find("0.0.0.0:80"), "0.0.0.0:80"))
                .contains("Held by a process of user root.")
                .contains("No process that is visible from here holds it");
        assertThat(HolderText.of(
                        new PortHolder.Finding(true, List.of(), OptionalInt.of(0), false, true), name("0.0.0.0:80"), 1))
                .contains("Without root, jcorn cannot look into the processes of other users.")
                .contains("sudo ss -ltnp 'sport = :80'");
    }

    @Test
    void anOutgoingConnectionIsNotTakenForAServer() throws Exception {
        row("tcp", "0100007F:9C40", "01", 0, 9);
        process(7, 1, "curl", "", 9);

        assertThat(text(find("127.0.0.1:40000"), "127.0.0.1:40000"))
                .contains("the near end of an outgoing connection")
                .contains("ip_local_reserved_ports=40000");
    }

    @Test
    void timeWaitAndOtherAddressesHoldNothing() throws Exception {
        row("tcp", "0100007F:2328", "06", 0, 0);
        row("tcp", "0200007F:2328", "0A", 0, 9);
        process(7, 1, "other", "", 9);

        assertThat(find("127.0.0.1:9000").holders()).isEmpty();
    }

    @Test
    void dualStackAndUnixSocketsAreFoundToo() throws Exception {
        row("tcp6", "00000000000000000000000000000000:2328", "0A", 0, 9);
        Files.writeString(proc.resolve("net/unix"), """
                Num       RefCount Protocol Flags    Type St Inode Path
                0000000000000000: 00000002 00000000 00010000 0001 01 77 /run/a b.sock
                0000000000000000: 00000002 00000000 00010000 0001 01 78 @jcorn
                """);
        process(7, 1, "six", "", 9);
        process(8, 1, "file", "", 77);
        process(9, 1, "hidden", "", 78);

        assertThat(find("127.0.0.1:9000").holders()).extracting(Holder::pid).containsExactly(7);
        PortHolder holder = new PortHolder(proc);
        assertThat(holder.find(new SocketName.Local("/run/a b.sock")).holders())
                .extracting(Holder::pid)
                .containsExactly(8);
        assertThat(holder.find(new SocketName.Abstract("jcorn")).holders())
                .extracting(Holder::pid)
                .containsExactly(9);
    }

    @Test
    void aCommandLineCannotWriteIntoTheTerminalAndIsCut() throws Exception {
        listening("0100007F:2328", 0, 9);
        process(7, 1, "evil\u001b[2J" + "x".repeat(300), "", 9);

        assertThat(find("127.0.0.1:9000").holders().get(0).commandLine())
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
                List<Holder> holders =
                        new PortHolder(real).find(name(listener.address())).holders();

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

    private PortHolder.Finding find(String address) throws Exception {
        return new PortHolder(proc).find(name(address));
    }

    private static String text(PortHolder.Finding finding, String address) throws Exception {
        return HolderText.of(finding, name(address), 1);
    }

    private static SocketName name(String address) throws Exception {
        BindAddress.Tcp tcp = (BindAddress.Tcp) BindAddress.parse(address);
        return new SocketName.Inet(InetAddress.getByName(tcp.host()), tcp.port());
    }

    private void listening(String address, int uid, int inode) throws IOException {
        row("tcp", address, "0A", uid, inode);
    }

    private void row(String file, String address, String state, int uid, int inode) throws IOException {
        Path list = proc.resolve("net").resolve(file);
        String old = Files.exists(list) ? Files.readString(list) : TCP;
        String remote = address.replaceFirst(".*", "0".repeat(address.indexOf(':')) + ":0000");
        String row = "   0: %s %s %s 00000000:00000000 00:00000000 00000000  %4d        0 %d 1 0 100 0 0 10 0\n";
        Files.writeString(list, old + row.formatted(address, remote, state, uid, inode));
    }

    private void process(int pid, int parent, String commandLine, String environment, int inode) throws IOException {
        Path folder = Files.createDirectories(proc.resolve(Integer.toString(pid)));
        Files.createDirectories(folder.resolve("fd"));
        Files.createSymbolicLink(folder.resolve("fd/0"), Path.of("pipe:[1]"));
        Files.createSymbolicLink(folder.resolve("fd/3"), Path.of("socket:[" + inode + "]"));
        Files.writeString(folder.resolve("cmdline"), commandLine.replace(' ', '\0') + "\0");
        Files.writeString(folder.resolve("environ"), environment);
        Files.writeString(folder.resolve("status"), "Name:\tx\nUid:\t0\t0\t0\t0\n");
        String zeros = "0 ".repeat(17);
        Files.writeString(folder.resolve("stat"), pid + " (a) b) S " + parent + " " + zeros + "5000 0 0\n");
    }
}
