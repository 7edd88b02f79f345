package io.jcorn.it;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses that cannot be bound: at once, exit code 1, who has it and what to do. */
class RefusedAddressIT {

    @RegisterExtension
    final Workplace place = new Workplace();

    @Test
    void heldByAnyProcess() throws IOException {
        try (ServerSocket held = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + held.getLocalPort();
            long holder = ProcessHandle.current().pid();

            assertThat(bind(address).refused(1))
                    .contains("Cannot listen on " + address + ": the address is in use (EADDRINUSE).")
                    .contains("Held by pid " + holder + ", user ", ", since ", "java")
                    .contains("To stop it: kill -TERM " + holder);
        }
    }

    @Test
    void heldByAMasterOfOurs() throws IOException {
        try (RunningJcorn first = place.jcorn(Workplace.hello()).start()) {
            assertThat(bind("127.0.0.1:" + first.port()).refused(1))
                    .contains("Held by pid " + first.pid() + ", a jcorn master, user ", "jcorn: master [hello.jar]")
                    .contains("and 1 child of it", "To stop it: kill -TERM " + first.pid());
        }
    }

    @Test
    void heldBySomebodyElse() throws IOException {
        Nobody.assume();
        try (ServerSocket held = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(bind("127.0.0.1:" + held.getLocalPort()).asNobody().refused(1))
                    .contains("Held by a process of user root.")
                    // The machine that the test runs on may hide them itself.
                    .containsAnyOf(
                            "Without root, jcorn cannot look into the processes of other users.",
                            "The processes of other users are hidden from jcorn (/proc is mounted with hidepid).")
                    .contains("sudo ss -ltnp 'sport = :" + held.getLocalPort() + "'");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "hidepid=2, The processes of other users are hidden from jcorn (/proc is mounted with hidepid).",
        "hidepid=1, 'Without root, jcorn cannot look into the processes of other users.'",
        "subset=pid, Without root",
    })
    void heldByAProcessThatTheMountOfProcHides(String option, String cause) throws IOException {
        Nobody.assume();
        String mount = "mount -t proc -o " + option + " proc /proc";
        assumeTrue(mounts(mount), "this kernel has no second mount of /proc with " + option);
        try (ServerSocket held = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(place.jcorn("--bind", "127.0.0.1:" + held.getLocalPort(), Workplace.hello())
                            .through("unshare", "--mount", "sh", "-c", mount + " && exec \"$@\"", "sh")
                            .asNobody()
                            .refused(1))
                    .contains("Held by a process of user root.", cause)
                    .contains("sudo ss -ltnp 'sport = :" + held.getLocalPort() + "'")
                    .doesNotContain("another container");
        }
    }

    /** A new mount, in a namespace of its own: to remount would change what the whole machine sees. */
    private boolean mounts(String mount) throws IOException {
        try {
            return new ProcessBuilder("unshare", "--mount", "sh", "-c", mount)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Nobody holds it, and it is in use all the same: the near end of a connection, which TCP keeps for a minute. */
    @Test
    @SuppressWarnings("try") // The order of the ends decides who keeps the port.
    void leftToTheKernel() throws IOException {
        int port;
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket client = new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort());
                Socket accepted = server.accept()) {
            port = client.getLocalPort();
            // Who closes first keeps the port, and JDK sockets that connect have no SO_REUSEADDR.
            client.close();
            assertThat(accepted.getInputStream().read()).isEqualTo(-1);
        }

        assertThat(bind("127.0.0.1:" + port).refused(1))
                .contains("the address is in use (EADDRINUSE)")
                .containsPattern(
                        "No process holds it any more: the kernel is closing the connection with 127\\.0\\.0\\.1:[0-9]+"
                                + " \\(TIME-WAIT\\)( and [0-9]+ others?)?, and frees the port by itself in [0-9]+ s\\.")
                .doesNotContain("Held by", "root");
    }

    @Test
    void secondAddressIsTakenAndTheFirstIsGivenBack() throws IOException {
        Path socket = place.folder().resolve("socket");
        try (ServerSocket held = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String taken = "127.0.0.1:" + held.getLocalPort();

            assertThat(place.jcorn("--bind", "unix:" + socket, "--bind", taken, Workplace.hello())
                            .refused(1))
                    .contains("Cannot listen on " + taken);
            assertThat(socket).doesNotExist();
        }
    }

    @Test
    void privilegedPort() throws IOException {
        Nobody.assume();
        assumeTrue(firstFreePort().equals("1024"), "low ports are free for all here");

        assertThat(bind("127.0.0.1:80").asNobody().refused(1))
                .contains("permission denied (EACCES): ports below 1024 are for privileged processes")
                .contains("AmbientCapabilities=CAP_NET_BIND_SERVICE", "ip_unprivileged_port_start=80");
    }

    /** 192.0.2.0/24 and .invalid are for documentation: RFC 5737, RFC 2606. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "192.0.2.99:0          | does not have that address (EADDRNOTAVAIL)     | It has: 127.0.0.1",
                "no.such.host.invalid:0| the host \"no.such.host.invalid\" is unknown   | to listen on all: :0",
                "unix:/nowhere/socket  | the folder /nowhere does not exist             | mkdir -p /nowhere",
                "fd://77               | 77                                             | fd",
            })
    void whatTheMachineDoesNotHave(String address, String cause, String cure) throws IOException {
        assertThat(bind(address).refused(1))
                .contains("Cannot listen on " + address)
                .contains(cause, cure);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1:80x",
                "127.0.0.1:70000",
                "127.0.0.1",
                "[::1",
                "::1:80",
                "unix:",
                "fd://x",
                "http://a:1"
            })
    void whatIsNoAddress(String address) throws IOException {
        assertThat(bind(address).refused(1))
                .startsWith("jcorn: --bind: \"" + address + "\" is no address to listen on: ")
                .contains("Allowed: HOST:PORT, :PORT, [v6]:PORT, unix:PATH, unix:@NAME, fd://N")
                .hasLineCount(1);
    }

    @Test
    void sameAddressTwice() throws IOException {
        assertThat(place.jcorn("-b", "127.0.0.1:1025", "-b", "127.0.0.1:1025", Workplace.hello())
                        .refused(1))
                .isEqualTo("jcorn: --bind: 127.0.0.1:1025 is named twice\n");
    }

    @Test
    void unixPathThatIsTooLong() throws IOException {
        Path socket = place.folder().resolve("x".repeat(108));

        assertThat(bind("unix:" + socket).refused(1))
                .contains("its path has " + socket.toString().length() + " bytes")
                .contains("the kernel allows a Unix socket 107", "Choose a shorter one");
    }

    @Test
    void unixPathThatIsNoSocket() throws IOException {
        Path file = Files.writeString(place.folder().resolve("file"), "precious");

        assertThat(bind("unix:" + file).refused(1)).contains(file + " exists and is a file that is no socket");
        assertThat(file).hasContent("precious");
        assertThat(bind("unix:" + place.folder()).refused(1)).contains(place.folder() + " exists");
    }

    @Test
    void unixPathWithAServer() throws IOException {
        Path socket = place.folder().resolve("socket");
        try (RunningJcorn first = bind("unix:" + socket).start()) {
            assertThat(bind("unix:" + socket).refused(1))
                    .contains("Cannot listen on unix:" + socket + ": a server is listening there.")
                    .contains("Held by pid " + first.pid() + ", a jcorn master", "kill -TERM " + first.pid());
            try (HttpConnection user = HttpConnection.open(UnixDomainSocketAddress.of(socket))) {
                assertThat(user.get("/pid").status())
                        .as("the first still serves")
                        .isEqualTo(200);
            }
        }
        assertThat(socket).doesNotExist();
    }

    @Test
    void unixPathThatIsStaleIsReplaced() throws IOException {
        Path socket = place.folder().resolve("socket");
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(socket));
        }
        assertThat(socket).exists();

        try (RunningJcorn jcorn = bind("unix:" + socket).start();
                HttpConnection user = HttpConnection.open(UnixDomainSocketAddress.of(socket))) {
            assertThat(user.get("/pid").pid()).isEqualTo(jcorn.anyWorker());
        }
        assertThat(socket).doesNotExist();
    }

    @Test
    void unixPathOfSomebodyElseStays() throws IOException {
        Path socket = place.folder().resolve("socket");
        try (RunningJcorn jcorn = place.jcorn("-b", "unix:" + socket, "-b", "127.0.0.1:0", Workplace.hello())
                .start()) {
            Files.delete(socket);
            Files.writeString(socket, "another's");
            jcorn.signal("TERM");
            jcorn.assertExit(0);
        }
        assertThat(socket).hasContent("another's");
    }

    /** A file of sysctl wants to be read with one read(2): the second one finds its end. */
    private static String firstFreePort() throws IOException {
        byte[] text = new byte[16];
        try (InputStream file = Files.newInputStream(Path.of("/proc/sys/net/ipv4/ip_unprivileged_port_start"))) {
            int length = file.read(text);
            return new String(text, 0, Math.max(0, length), US_ASCII).strip();
        }
    }

    private Launch bind(String address) {
        return place.jcorn("--bind", address, Workplace.hello());
    }
}
