package io.jcorn.master.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jcorn.master.posix.KernelSockets;
import io.jcorn.master.posix.LinuxPosix;
import io.jcorn.master.settings.BindAddress;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnixListenerTest {
    private final LinuxPosix posix = new LinuxPosix();
    private final Binder binder = new Binder(Path.of("/proc"), Map.of(), posix.pid());
    private final List<Listener> opened = new ArrayList<>();

    private final Path directory;
    private final Path path;

    UnixListenerTest(@TempDir Path directory) {
        this.directory = directory;
        this.path = directory.resolve("app.sock");
    }

    @AfterEach
    void closeAll() {
        opened.forEach(Listener::close);
    }

    @Test
    void itListensWithTheModeAndIsGoneWhenUnlinked() throws Exception {
        Listener listener = bind(path, OptionalInt.of(0640));

        assertThat(listener.address()).isEqualTo("unix:" + path);
        assertThat(listener.url(true)).isEqualTo("unix:" + path);
        assertThat(listener.tcp()).isFalse();
        assertThat(mode()).isEqualTo("rw-r-----");
        assertThat(listener.queued()).isZero();
        try (SocketChannel one = connect(path);
                SocketChannel two = connect(path)) {
            assertThat(listener.queued()).isEqualTo(2);
            assertThat(one.isConnected() && two.isConnected()).isTrue();
        }
        listener.unlinkIfOurs();
        assertThat(path).doesNotExist();
    }

    @Test
    void whileALiveServerAnswersThePathIsRefusedAndNotTouched() throws Exception {
        try (ServerSocketChannel server = foreignServer()) {
            assertThatThrownBy(() -> bind(path, OptionalInt.empty()))
                    .isInstanceOf(BindException.class)
                    .hasMessageStartingWith("Cannot listen on unix:" + path + ": a server is listening there.\n")
                    .hasMessageContaining("Held by this jcorn itself (pid " + posix.pid() + ")");
            try (SocketChannel client = connect(path)) {
                assertThat(client.isConnected()).isTrue();
            }
            assertThat(server.isOpen()).isTrue();
        }
    }

    @Test
    void aStaleSocketIsReplaced() throws Exception {
        foreignServer().close();
        assertThat(path).exists();

        bind(path, OptionalInt.empty());

        try (SocketChannel client = connect(path)) {
            assertThat(client.isConnected()).isTrue();
        }
    }

    @Test
    void whoTookThePathOverKeepsIt() throws Exception {
        Listener listener = bind(path, OptionalInt.empty());
        Files.delete(path);
        try (ServerSocketChannel successor = foreignServer()) {
            listener.unlinkIfOurs();

            assertThat(path).exists();
            assertThat(successor.isOpen()).isTrue();
        }
    }

    @Test
    void theShieldHidesThePathAndKeepsTheQueue() throws Exception {
        Listener listener = bind(path, OptionalInt.empty());
        try (SocketChannel waiting = connect(path)) {
            listener.shield();

            assertThatThrownBy(() -> connect(path)).isInstanceOf(IOException.class);
            assertThat(listener.queued()).isEqualTo(1);
            assertThat(waiting.isConnected()).isTrue();
        }
    }

    @Test
    void somethingElseAtThePathIsNeverDeleted() throws Exception {
        Files.writeString(path, "precious");

        assertThatThrownBy(() -> bind(path, OptionalInt.empty()))
                .isInstanceOf(BindException.class)
                .hasMessageContaining("exists and is a file that is no socket");
        assertThat(path).hasContent("precious");
        assertThatThrownBy(() -> bind(directory, OptionalInt.empty()))
                .isInstanceOf(BindException.class)
                .hasMessageContaining("exists and is a directory");
        assertThatThrownBy(() -> bind(Path.of("/"), OptionalInt.empty()))
                .isInstanceOf(BindException.class)
                .hasMessageContaining("exists and is a directory");
    }

    @Test
    void aDatagramSocketIsNotTakenForAStaleOne() throws Exception {
        int datagram = KernelSockets.datagram(path);
        try {
            assertThatThrownBy(() -> bind(path, OptionalInt.empty()))
                    .isInstanceOf(BindException.class)
                    .hasMessageContaining("Held by this jcorn itself (pid " + posix.pid() + ")");
            assertThat(path).exists();
        } finally {
            posix.close(datagram);
        }
    }

    @Test
    void aSymbolicLinkIsNotFollowed() throws Exception {
        try (ServerSocketChannel server = foreignServer()) {
            Path link = Files.createSymbolicLink(directory.resolve("link.sock"), path);

            assertThatThrownBy(() -> bind(link, OptionalInt.empty())).isInstanceOf(BindException.class);
            assertThat(Files.isSymbolicLink(link)).isTrue();
            assertThat(server.isOpen()).isTrue();
        }
    }

    @Test
    void aMissingFolderAndATooLongPathAreTheirOwnCauses() {
        Path missing = directory.resolve("none/app.sock");
        assertThatThrownBy(() -> bind(missing, OptionalInt.empty()))
                .isInstanceOf(BindException.class)
                .hasMessageContaining("the folder " + missing.getParent() + " does not exist")
                .hasMessageContaining("mkdir -p");
        assertThatThrownBy(() -> bind(Path.of("/tmp/" + "x".repeat(103)), OptionalInt.empty()))
                .isInstanceOf(BindException.class)
                .hasMessageContaining("its path has 108 bytes, and the kernel allows a Unix socket 107");
    }

    @Test
    void anAbstractNameNeedsNoFileAndIsHeldByName() throws Exception {
        String name = "jcorn-test-" + posix.pid();
        Listener listener = bind(new BindAddress.Abstract(name), OptionalInt.empty());

        assertThat(listener.address()).isEqualTo("unix:@" + name);
        assertThat(listener.queued()).isZero();
        assertThatThrownBy(() -> bind(new BindAddress.Abstract(name), OptionalInt.empty()))
                .isInstanceOf(BindException.class)
                .hasMessageContaining("it is in use (EADDRINUSE)")
                .hasMessageContaining("Held by this jcorn itself (pid " + posix.pid() + ")");
    }

    @Test
    void twiceTheSamePathIsSaidAsSuch() {
        List<BindAddress> twice =
                List.of(new BindAddress.Unix(path.toString()), new BindAddress.Unix(directory + "/./app.sock"));

        assertThatThrownBy(() -> binder.bind(twice, 16, OptionalInt.empty(), List.of()))
                .isInstanceOf(BindException.class)
                .hasMessageContaining("configured twice");
        assertThat(path).doesNotExist();
    }

    @Test
    void aReloadChangesTheModeOfAKeptSocket() throws Exception {
        Listener listener = bind(path, OptionalInt.of(0600));
        List<BindAddress> same = List.of(listener.requested());

        assertThat(binder.bind(same, 16, OptionalInt.of(0666), List.of(listener)))
                .containsExactly(listener);
        assertThat(mode()).isEqualTo("rw-rw-rw-");
    }

    private Listener bind(Path at, OptionalInt mode) throws BindException {
        return bind(new BindAddress.Unix(at.toString()), mode);
    }

    private Listener bind(BindAddress address, OptionalInt mode) throws BindException {
        Listener listener = binder.bind(List.of(address), 16, mode, List.of()).get(0);
        opened.add(listener);
        return listener;
    }

    private ServerSocketChannel foreignServer() throws IOException {
        return ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(path));
    }

    private static SocketChannel connect(Path to) throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(to));
    }

    private String mode() throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
