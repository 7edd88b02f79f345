package io.jcorn.master.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jcorn.master.posix.KernelSockets;
import io.jcorn.master.posix.LinuxPosix;
import io.jcorn.master.posix.SocketName;
import io.jcorn.master.posix.Sockets;
import io.jcorn.master.settings.BindAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdoptedListenerTest {
    private final LinuxPosix posix = new LinuxPosix();
    private final Sockets sockets = new Sockets();
    private final Binder binder = new Binder(Path.of("/proc"), Map.of(), posix.pid());
    private int socket;

    @BeforeEach
    void open() throws Exception {
        SocketName name = new SocketName.Inet(InetAddress.getLoopbackAddress(), 0);
        socket = sockets.open(name);
        sockets.bind(socket, name);
    }

    @AfterEach
    void close() {
        posix.close(socket);
    }

    @Test
    void aListeningSocketIsTakenAsItIs() throws Exception {
        sockets.listen(socket, 16);

        Listener listener = adopt(socket);

        assertThat(listener.descriptor()).isEqualTo(socket);
        assertThat(listener.address()).matches("127\\.0\\.0\\.1:[1-9][0-9]*");
        assertThat(Files.readString(Path.of("/proc/self/fdinfo/" + socket))).contains("flags:\t02004002\n");
    }

    /** O_NONBLOCK belongs to the open socket: whoever lent it gets it back as it was. */
    @Test
    void itGoesBackAsItCame() throws Exception {
        int lent = KernelSockets.duplicate(socket);
        KernelSockets.block(lent);
        sockets.listen(lent, 16);
        assertThat(flags(socket)).isEqualTo("02");

        Listener abandoned = adopt(lent);
        assertThat(flags(socket)).isEqualTo("04002");
        abandoned.abandon();
        assertThat(flags(socket)).isEqualTo("02");

        Listener closed = adopt(lent);
        closed.close();
        assertThat(flags(socket)).isEqualTo("02");
        assertThat(Path.of("/proc/self/fd/" + lent)).doesNotExist();
    }

    @Test
    void aFailureAfterItGivesItBackOpen() throws Exception {
        sockets.listen(socket, 16);

        assertThatThrownBy(() -> bind(new BindAddress.Inherited(socket), new BindAddress.Inherited(9999)))
                .isInstanceOf(BindException.class);

        assertThat(adopt(socket).queued()).isZero();
    }

    @Test
    void aReloadLeavesItsBacklogAlone() throws Exception {
        sockets.listen(socket, 16);
        Listener listener = adopt(socket);

        List<BindAddress> same = List.of(new BindAddress.Inherited(socket));
        List<Listener> kept = binder.bind(same, 99, OptionalInt.empty(), List.of(listener));

        assertThat(kept).containsExactly(listener);
        assertThat(KernelSockets.backlog(socket)).isEqualTo(16);
    }

    /** A filter could not be taken away again without privileges. */
    @Test
    void itIsNeverShielded() throws Exception {
        sockets.listen(socket, 16);
        Listener listener = adopt(socket);

        assertThat(listener.lent()).isTrue();
        assertThatThrownBy(listener::shield).isInstanceOf(IllegalStateException.class);
    }

    private static String flags(int descriptor) throws IOException {
        String info = Files.readString(Path.of("/proc/self/fdinfo/" + descriptor));
        String flags = info.replaceAll("(?s).*flags:\\s+([0-7]+).*", "$1");
        // Without close-on-exec, which is the descriptor's own.
        return "0" + Integer.toOctalString(Integer.parseInt(flags, 8) & ~02000000);
    }

    @Test
    void theFileOfAnAdoptedUnixSocketIsNotOursToRemove(@TempDir Path directory) throws Exception {
        SocketName name = new SocketName.Local(directory.resolve("x.sock").toString());
        int unix = sockets.open(name);
        sockets.bind(unix, name);
        sockets.listen(unix, 16);
        try (Listener listener = adopt(unix)) {
            assertThat(listener.address()).isEqualTo(name.toString());
            listener.unlinkIfOurs();
            assertThat(directory.resolve("x.sock")).exists();
        }
    }

    @Test
    void anythingElseIsRefused() throws Exception {
        int memory = posix.sharedMemory("no-socket", 1);
        assertThatThrownBy(() -> adopt(socket)).hasMessageContaining("not a listening stream socket");
        assertThatThrownBy(() -> adopt(memory)).hasMessageContaining("that descriptor is not a socket");
        assertThatThrownBy(() -> adopt(9999)).hasMessageContaining("started without such a descriptor");
        sockets.listen(socket, 16);
        assertThatThrownBy(() -> bind(new BindAddress.Inherited(socket), new BindAddress.Inherited(socket)))
                .hasMessageContaining("named twice");
        open();
        posix.close(memory);
    }

    @Test
    void socketsFromTheServiceManagerReplaceTheConfiguredOnes() {
        // Descriptor 3 of this JVM is one of its own files, so the refusal shows that it was tried and the
        // address was not.
        Map<String, String> environment = Map.of("LISTEN_FDS", "1", "LISTEN_PID", Integer.toString(posix.pid()));
        Binder started = new Binder(Path.of("/proc"), environment, posix.pid());

        assertThatThrownBy(() ->
                        started.bind(List.of(BindAddress.parse("127.0.0.1:0")), 16, OptionalInt.empty(), List.of()))
                .isInstanceOf(BindException.class)
                .hasMessageStartingWith("Cannot listen on fd://3: ");
    }

    private Listener adopt(int descriptor) throws BindException {
        return bind(new BindAddress.Inherited(descriptor)).get(0);
    }

    private List<Listener> bind(BindAddress... addresses) throws BindException {
        return binder.bind(List.of(addresses), 16, OptionalInt.empty(), List.of());
    }
}
