package io.jcorn.master.listen;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jcorn.master.posix.KernelSockets;
import io.jcorn.master.posix.LinuxPosix;
import io.jcorn.master.settings.BindAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TcpListenerTest {
    private static final Path PROC = Path.of("/proc");

    private final LinuxPosix posix = new LinuxPosix();
    private final Binder binder = new Binder(PROC, Map.of(), posix.pid());
    private final List<Listener> opened = new ArrayList<>();

    @AfterEach
    void closeAll() {
        opened.forEach(Listener::close);
    }

    @Test
    void anIpv4AddressIsATrueIpv4SocketWithTheRealPort() throws Exception {
        Listener listener = bind("127.0.0.1:0").get(0);

        assertThat(listener.address()).matches("127\\.0\\.0\\.1:[1-9][0-9]*");
        assertThat(listener.url()).isEqualTo("http://" + listener.address());
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
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + other.getLocalPort();

            assertThatThrownBy(() -> bind(address))
                    .isInstanceOf(BindException.class)
                    .hasMessageStartingWith("Cannot listen on " + address + ": the address is in use (EADDRINUSE).\n")
                    .hasMessageContaining("Held by pid " + posix.pid() + ", user " + System.getProperty("user.name"))
                    .hasMessageContaining("java")
                    .hasMessageContaining("To stop it: ");
        }
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

    @Test
    void theShieldDropsNewClientsWhileTheQueueIsServed() throws Exception {
        Listener listener = bind("127.0.0.1:0").get(0);
        try (SocketChannel first = connect(port(listener));
                SocketChannel second = SocketChannel.open();
                Selector selector = Selector.open()) {
            listener.shield();
            second.configureBlocking(false);
            assertThat(second.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port(listener))))
                    .isFalse();

            // Loopback delivers within the call: had the SYN been taken, both would wait now.
            assertThat(listener.queued()).isEqualTo(1);
            assertThat(second.finishConnect()).isFalse();
            int accepted = KernelSockets.accept(listener.descriptor());
            posix.send(accepted, "served".getBytes(UTF_8), 0, 6);
            posix.close(accepted);
            ByteBuffer answer = ByteBuffer.allocate(16);
            assertThat(first.read(answer)).isEqualTo(6);
            assertThat(listener.queued()).isZero();

            listener.unshield();
            second.register(selector, SelectionKey.OP_CONNECT);
            assertThat(selector.select(20_000)).isEqualTo(1);
            assertThat(second.finishConnect()).isTrue();
        }
    }

    @Test
    void closingTwiceAndUnshieldingWithoutShieldDoNothing() throws Exception {
        Listener listener = bind("127.0.0.1:0").get(0);
        listener.unshield();
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

    private static SocketChannel connect(int port) throws IOException {
        return SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    private static int port(Listener listener) {
        String address = listener.address();
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }
}
