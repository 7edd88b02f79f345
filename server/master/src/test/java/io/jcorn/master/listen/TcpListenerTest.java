package io.jcorn.master.listen;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jcorn.master.posix.Errno;
import io.jcorn.master.posix.KernelSockets;
import io.jcorn.master.posix.LinuxPosix;
import io.jcorn.master.posix.PosixException;
import io.jcorn.master.posix.Signal;
import io.jcorn.master.posix.SocketName;
import io.jcorn.master.posix.Sockets;
import io.jcorn.master.posix.SpawnSpec;
import io.jcorn.master.settings.BindAddress;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TcpListenerTest {
    private static final Path PROC = Path.of("/proc");

    private final LinuxPosix posix = new LinuxPosix();
    private final Binder binder = new Binder(PROC, Map.of(), posix.pid());
    private final List<Listener> opened = new ArrayList<>();
    private int child;

    @AfterEach
    void leaveNothing() throws IOException {
        closeAll();
        if (child != 0) {
            posix.kill(child, Signal.KILL.number());
            while (posix.reap() == null) {
                Thread.onSpinWait();
            }
        }
    }

    private void closeAll() {
        opened.forEach(Listener::close);
    }

    @Test
    void anIpv4AddressIsATrueIpv4SocketWithTheRealPort() throws Exception {
        Listener listener = bind("127.0.0.1:0").get(0);

        assertThat(listener.address()).matches("127\\.0\\.0\\.1:[1-9][0-9]*");
        assertThat(listener.url(false)).isEqualTo("http://" + listener.address());
        assertThat(listener.url(true)).isEqualTo("https://" + listener.address());
        assertThat(listener.tcp()).isTrue();
        assertThat(listener.requested()).hasToString("127.0.0.1:0");
        String row = "0100007F:%04X 00000000:0000 0A".formatted(port(listener));
        assertThat(Files.readString(PROC.resolve("net/tcp"))).contains(row);
        assertThat(Files.readString(PROC.resolve("self/fdinfo/" + listener.descriptor())))
                .contains("flags:\t02004002\n");
    }

    @Test
    void aNameBindsItsIpv4Address() throws Exception {
        assertThat(bind("localhost:0").get(0).address()).startsWith("127.0.0.1:");
    }

    @Test
    void noHostTakesBothFamilies() throws Exception {
        Listener listener = bind(":0").get(0);

        assertThat(listener.address()).matches("(\\[::\\]|0\\.0\\.0\\.0):[1-9][0-9]*");
        try (SocketChannel client = connect(port(listener))) {
            assertThat(client.isConnected()).isTrue();
            assertThat(listener.queued()).isEqualTo(1);
        }
    }

    @Test
    void severalAreOpenedInOrderAndOnePortZeroEach() throws Exception {
        List<Listener> listeners = bind("127.0.0.1:0", "127.0.0.1:0", "127.0.0.2:0");

        assertThat(listeners.stream().map(Listener::address).distinct()).hasSize(3);
        assertThat(listeners.get(2).address()).startsWith("127.0.0.2:");
    }

    @Test
    void aPortInUseNamesItsHolderAndWhatStopsIt() throws Exception {
        String address = inherited("some server");

        assertThatThrownBy(() -> bind(address))
                .isInstanceOf(BindException.class)
                .hasMessageStartingWith("Cannot listen on " + address + ": the address is in use (EADDRINUSE).\n")
                .hasMessageContaining("Held by pid " + child + ", user " + System.getProperty("user.name") + ", since ")
                .hasMessageContaining(": some server 600\n")
                .hasMessageMatching("(?s).*To stop it: (kill -TERM " + child + "|systemctl stop .*)");
    }

    @Test
    void aPortThatWeHoldOurselvesIsSaidAsSuch() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> bind("127.0.0.1:" + other.getLocalPort()))
                    .isInstanceOf(BindException.class)
                    .hasMessageContaining("Held by this jcorn itself (pid " + posix.pid() + ")");
        }
    }

    @Test
    void orphansAreGivenAMomentToLeave() throws Exception {
        String address = inherited("jcorn: worker 0 [x.jar]");
        CompletableFuture<List<Listener>> bound = CompletableFuture.supplyAsync(() -> {
            try {
                return bind(address);
            } catch (BindException e) {
                throw new CompletionException(e);
            }
        });

        posix.kill(child, Signal.KILL.number());

        assertThat(bound.get(20, TimeUnit.SECONDS)).hasSize(1);
    }

    @Test
    void orphansThatStayAreNamed() throws Exception {
        String address = inherited("jcorn: worker 0 [x.jar]");

        assertThatThrownBy(() -> bind(address))
                .isInstanceOf(BindException.class)
                .hasMessageContaining("Held by pid " + child + ", a jcorn worker whose master is gone");
    }

    @Test
    void oneFailureClosesWhatWasOpenedBefore() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int free = port(bind("127.0.0.1:0").get(0));
            closeAll();
            opened.clear();

            assertThatThrownBy(() -> bind("127.0.0.1:" + free, "127.0.0.1:" + other.getLocalPort()))
                    .isInstanceOf(BindException.class);

            assertThat(Files.readString(PROC.resolve("net/tcp"))).doesNotContain("0100007F:%04X ".formatted(free));
        }
    }

    @Test
    void theSameAddressTwiceOrTwoThatOverlapAreRefusedAsSuch() throws Exception {
        int port = port(bind("127.0.0.1:0").get(0));
        closeAll();
        opened.clear();

        assertThatThrownBy(() -> bind("127.0.0.1:" + port, "localhost:" + port))
                .isInstanceOf(BindException.class)
                .hasMessageContaining("the same address is configured twice (127.0.0.1:" + port + " is it too)");
        assertThatThrownBy(() -> bind("127.0.0.1:" + port, "0.0.0.0:" + port))
                .isInstanceOf(BindException.class)
                .hasMessageContaining("it overlaps with 127.0.0.1:" + port);
    }

    @Test
    void anAddressOfAnotherMachineListsOurs() {
        // 203.0.113.0/24 is TEST-NET-3 of RFC 5737: nobody's.
        assertThatThrownBy(() -> bind("203.0.113.7:0"))
                .isInstanceOf(BindException.class)
                .hasMessageContaining("does not have that address (EADDRNOTAVAIL)")
                .hasMessageContaining("It has: 127.0.0.1");
    }

    /** What the kernel says of an IPv6 address that is new. */
    @Test
    void anAddressThatTheMachineHasIsNotSaidToBeMissing() throws Exception {
        SocketName.Inet name = new SocketName.Inet(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 80);
        BindException refused = new Explanation(new PortHolder(PROC), PROC, posix.pid())
                .tcp(BindAddress.parse("127.0.0.1:80"), name, new PosixException("bind", Errno.EADDRNOTAVAIL));
        assertThat(refused)
                .hasMessageContaining("the address cannot be used yet (EADDRNOTAVAIL).\n  This machine has it")
                .hasMessageNotContaining("does not have");
    }

    @Test
    void anUnknownHostIsSaidAtOnce() {
        assertThatThrownBy(() -> bind("no such host:80"))
                .isInstanceOf(BindException.class)
                .hasMessageStartingWith("Cannot listen on no such host:80: the host \"no such host\" is unknown.")
                .hasMessageContaining("127.0.0.1");
    }

    @Test
    void aReloadKeepsWhatIsWantedStillAndLeavesTheRestToTheCaller() throws Exception {
        List<Listener> before = bind("127.0.0.1:0", "127.0.0.2:0");
        try (SocketChannel waiting = connect(port(before.get(0)))) {
            assertThat(waiting.isConnected()).isTrue();
            List<BindAddress> wanted = List.of(BindAddress.parse("127.0.0.3:0"), BindAddress.parse("127.0.0.1:0"));
            List<Listener> after = binder.bind(wanted, 16, OptionalInt.empty(), before);
            opened.add(after.get(0));

            assertThat(after.get(0).address()).startsWith("127.0.0.3:");
            assertThat(after.get(1)).isSameAs(before.get(0));
            assertThat(after.get(1).queued()).isEqualTo(1);
            assertThat(Files.exists(PROC.resolve("self/fd/" + before.get(1).descriptor())))
                    .isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:0", ":0"})
    void withoutPrivilegeNewClientsAreRefusedWhileTheQueueIsServed(String address) throws Exception {
        Listener listener = bind(address).get(0);
        try (SocketChannel first = connect(port(listener))) {
            new Sockets().refuseNewConnections(listener.descriptor());

            assertThatThrownBy(() -> connect(port(listener))).isInstanceOf(ConnectException.class);
            assertThat(listener.queued()).isEqualTo(1);
            assertServed(listener, first);
        }
    }

    @ParameterizedTest
    @EnabledIf("mayFilter")
    @ValueSource(strings = {"127.0.0.1:0", ":0"})
    void theShieldDropsNewClientsWhileTheQueueIsServed(String address) throws Exception {
        Listener listener = bind(address).get(0);
        try (SocketChannel first = connect(port(listener));
                SocketChannel second = SocketChannel.open()) {
            listener.shield();
            second.configureBlocking(false);
            assertThat(second.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port(listener))))
                    .isFalse();

            // Loopback delivers within the call: had the SYN been taken, both would wait now.
            assertThat(listener.queued()).isEqualTo(1);
            assertThat(second.finishConnect()).isFalse();
            assertServed(listener, first);
        }
    }

    /** Since 2026 kernels want CAP_NET_ADMIN, number 12, for a filter on a TCP socket. */
    static boolean mayFilter() throws IOException {
        String line = Files.readAllLines(PROC.resolve("self/status")).stream()
                .filter(each -> each.startsWith("CapEff:"))
                .findFirst()
                .orElseThrow();
        return (Long.parseUnsignedLong(line.substring("CapEff:".length()).trim(), 16) & 1L << 12) != 0;
    }

    private void assertServed(Listener listener, SocketChannel waiting) throws IOException {
        int accepted = KernelSockets.accept(listener.descriptor());
        posix.send(accepted, "served".getBytes(UTF_8), 0, 6);
        posix.close(accepted);
        assertThat(waiting.read(ByteBuffer.allocate(16))).isEqualTo(6);
        assertThat(listener.queued()).isZero();
    }

    @Test
    void closingTwiceDoesNothing() throws Exception {
        Listener listener = bind("127.0.0.1:0").get(0);
        listener.unlinkIfOurs();
        listener.close();
        listener.close();
    }

    private List<Listener> bind(String... addresses) throws BindException {
        List<BindAddress> wanted =
                Arrays.stream(addresses).map(BindAddress::parse).toList();
        List<Listener> listeners = binder.bind(wanted, 16, OptionalInt.empty(), List.of());
        opened.addAll(listeners);
        return listeners;
    }

    /** Leaves a listener open in a child only; returns its address. */
    private String inherited(String title) throws Exception {
        Listener listener = bind("127.0.0.1:0").get(0);
        Path sleep = Path.of("/bin/sleep");
        List<Integer> descriptors = List.of(listener.descriptor());
        child = posix.spawn(new SpawnSpec(sleep, title, List.of("600"), Map.of(), Optional.empty(), descriptors));
        listener.close();
        return listener.address();
    }

    private static SocketChannel connect(int port) throws IOException {
        return SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    private static int port(Listener listener) {
        String address = listener.address();
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }
}
