package io.jcorn.master.listen;

import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.master.posix.SocketName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of a holder that cannot be named. */
class HolderTextTest {

    private final FakeProc proc;

    HolderTextTest(@TempDir Path folder) throws IOException {
        proc = new FakeProc(folder);
    }

    @Test
    void aHolderThatIsNotInSightMayBeInAnotherContainer() throws Exception {
        proc.listening("00000000:0050", 0, 9);

        assertThat(FakeProc.text(proc.find("0.0.0.0:80"), "0.0.0.0:80"))
                .contains("Held by a process of user root.")
                .contains(
                        "No process that is visible from here holds it: it may be in another container that shares this"
                                + " network, or in the kernel.")
                .doesNotContain("hidden", "Without");
    }

    @Test
    void whatWeMayNotLookIntoIsSaid() throws Exception {
        PortHolder.Finding forbidden = finding(Sight.FORBIDDEN, entry(TcpState.LISTEN, 0));

        assertThat(HolderText.of(forbidden, FakeProc.name("0.0.0.0:80"), 1, FakeProc.NOBODY))
                .contains("Held by a process of user root.")
                .contains("Without root, jcorn cannot look into the processes of other users.")
                .contains("sudo ss -ltnp 'sport = :80'");
        assertThat(HolderText.of(
                        finding(Sight.FORBIDDEN, entry(TcpState.LISTEN, 1)), FakeProc.name("0.0.0.0:80"), 1, 0))
                .as("root of a container")
                .contains("Without the capability CAP_SYS_PTRACE, jcorn cannot look")
                .doesNotContain("Without root");
        assertThat(HolderText.of(forbidden, FakeProc.name("0.0.0.0:80"), 1, 0))
                .as("a process of our own user would be seen")
                .contains("another container")
                .doesNotContain("Without");
    }

    @ParameterizedTest
    @CsvSource({
        "hidepid=2, 0000000000000000, true",
        "hidepid=invisible, 0000000000000000, true",
        "hidepid=ptraceable, 0000000000000000, true",
        "hidepid=4, 0000000000000000, true",
        "hidepid=noaccess, 0000000000000000, false",
        "hidepid=off, 0000000000000000, false",
        "'gid=5,hidepid=invisible', 0000000000000000, true",
        "hidepid=2, 0000000000080000, false",
        "'', 0000000000000000, false",
    })
    void aMountThatHidesProcessesIsNoEmptyMachine(String option, String capabilities, boolean hides) throws Exception {
        proc.listening("00000000:0050", 0, 9);
        proc.self(option, capabilities);

        PortHolder.Finding finding = proc.find("0.0.0.0:80");

        assertThat(finding.sight()).isEqualTo(hides ? Sight.HIDDEN : Sight.ALL);
        String text = HolderText.of(finding, FakeProc.name("0.0.0.0:80"), 1, FakeProc.NOBODY);
        if (hides) {
            assertThat(text)
                    .contains("Held by a process of user root.")
                    .contains("The processes of other users are hidden from jcorn (/proc is mounted with hidepid).")
                    .contains("This shows who it is: sudo ss -ltnp 'sport = :80'")
                    .doesNotContain("another container");
        } else {
            assertThat(text).doesNotContain("hidden");
        }
    }

    @Test
    void theUppermostMountOfProcCounts() throws Exception {
        proc.self("hidepid=2", "0");
        Path mounts = proc.path.resolve("self/mountinfo");
        Files.writeString(mounts, Files.readString(mounts) + "88 1 0:41 / /proc rw - proc proc rw\n");
        proc.listening("00000000:0050", 0, 9);

        assertThat(proc.find("0.0.0.0:80").sight()).isEqualTo(Sight.ALL);
    }

    @Test
    void aListOfSocketsThatCannotBeReadIsNoEmptyList() throws Exception {
        assertThat(FakeProc.text(proc.find("0.0.0.0:80"), "0.0.0.0:80"))
                .contains("jcorn cannot read the kernel's list of sockets (/proc/net/tcp).", "sudo ss -ltnp")
                .doesNotContain("container", "Held by");
    }

    @Test
    void aPortThatTheKernelRefusesButDoesNotListIsSaidToBeThat() throws Exception {
        proc.listening("0100007F:0051", 0, 9);

        assertThat(FakeProc.text(proc.find("0.0.0.0:80"), "0.0.0.0:80"))
                .contains("The kernel lists no socket there.", "try again", "bound it without listening")
                .contains("--bound-inactive 'sport = :80'")
                .doesNotContain("container", "Held by");
    }

    @Test
    void aUnixSocketOfAnotherContainerIsKnownByItsListMissing() throws Exception {
        Files.writeString(proc.path.resolve("net/unix"), "Num       RefCount Protocol Flags    Type St Inode Path\n");
        SocketName name = new SocketName.Local("/run/app.sock");

        assertThat(HolderText.of(new PortHolder(proc.path).find(name), name, 1, FakeProc.NOBODY))
                .contains("The kernel lists no such socket here", "another container that shares this folder");
        assertThat(HolderText.of(new PortHolder(proc.path).process(77), name, 1, FakeProc.NOBODY))
                .isEqualTo(
                        "  Held by pid 77, which cannot be looked at from here. This shows what it is: sudo ps -fp 77");
    }

    @Test
    void anOutgoingConnectionIsNotTakenForAServer() throws Exception {
        proc.connection("0100007F:9C40", "0500000A:01BB", "01", "00:00000000", 9);
        proc.process(7, 1, "curl", "", 9);

        assertThat(FakeProc.text(proc.find("127.0.0.1:40000"), "127.0.0.1:40000"))
                .contains("Held by pid 7", ": curl")
                .contains("Nobody listens there: it is the near end of an outgoing connection, the connection with"
                        + " 10.0.0.5:443 (ESTABLISHED).")
                .contains("ip_local_reserved_ports=40000");
    }

    @Test
    void aConnectionFromAPortThatTheKernelHandsToNobodyIsNotCalledOutgoing() throws Exception {
        Path range = proc.path.resolve("sys/net/ipv4/ip_local_port_range");
        Files.createDirectories(range.getParent());
        Files.writeString(range, "50000\t60999\n");
        proc.connection("0100007F:9C40", "0500000A:01BB", "01", "00:00000000", 9);
        proc.process(7, 1, "curl", "", 9);

        assertThat(FakeProc.text(proc.find("127.0.0.1:40000"), "127.0.0.1:40000"))
                .contains(
                        "Nobody listens there: it is the near end of the connection with 10.0.0.5:443 (ESTABLISHED), made"
                                + " from this port or left by a former server.")
                .doesNotContain("outgoing", "reserved");
    }

    @ParameterizedTest
    @CsvSource({
        "06, 03:00000E3A, TIME-WAIT, in 37 s",
        "05, 03:00001770, FIN-WAIT-2, in 60 s",
        "04, 01:00000014, FIN-WAIT-1, 'when the other side has answered, or after some minutes'",
        "0B, 01:00000014, CLOSING, 'when the other side has answered, or after some minutes'",
        "09, 01:00000014, LAST-ACK, 'when the other side has answered, or after some minutes'",
    })
    void aConnectionThatIsBeingClosedIsNobodysAndGoesByItself(String state, String timer, String name, String when)
            throws Exception {
        proc.connection("0100007F:9C40", "0500000A:01BB", state, timer, 0);
        proc.process(7, 1, "other", "", 9);

        PortHolder.Finding finding = proc.find("127.0.0.1:40000");

        assertThat(HolderText.of(finding, FakeProc.name("127.0.0.1:40000"), 1, FakeProc.NOBODY))
                .startsWith("  No process holds it any more: the kernel is closing the connection with 10.0.0.5:443 ("
                        + name + "), and frees the port by itself " + when + ".\n")
                .contains("ip_local_reserved_ports=40000")
                .doesNotContain("root", "Held by", "kill");
    }

    @Test
    void severalClosedConnectionsAreToldInOneLineAndOutsideTheRangeWithoutIt() throws Exception {
        proc.connection("0100007F:2328", "0500000A:01BB", "06", "03:00000001", 0);
        proc.connection("0100007F:2328", "0500000A:01BC", "06", "03:00000E3A", 0);
        proc.connection("0200007F:2328", "0500000A:01BC", "06", "03:00000E3A", 0);

        assertThat(FakeProc.text(proc.find("127.0.0.1:9000"), "127.0.0.1:9000"))
                .isEqualTo("  No process holds it any more: the kernel is closing the connection with 10.0.0.5:443"
                        + " (TIME-WAIT) and 1 other, and frees the port by itself in 37 s.");
    }

    @Test
    void whatIsBeingClosedDoesNotHideWhoListensOrIsConnected() throws Exception {
        proc.connection("0100007F:2328", "0500000A:01BB", "06", "03:00000E3A", 0);
        proc.connection("0100007F:2328", "0500000A:01BC", "01", "00:00000000", 9);
        proc.process(7, 1, "client", "", 9);
        assertThat(FakeProc.text(proc.find("127.0.0.1:9000"), "127.0.0.1:9000")).startsWith("  Held by pid 7,");

        proc.listening("0100007F:2328", 0, 10);
        proc.process(8, 1, "server", "", 10);
        assertThat(proc.find("127.0.0.1:9000").holders())
                .extracting(Holder::pid)
                .containsExactly(8);
    }

    private static PortHolder.Finding finding(Sight sight, SocketTable.Entry... sockets) {
        return new PortHolder.Finding(List.of(sockets), List.of(), OptionalInt.empty(), sight, false);
    }

    private static SocketTable.Entry entry(TcpState state, int uid) {
        return new SocketTable.Entry(4711, uid, state, "", 0);
    }
}
