package io.jcorn.master.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jcorn.master.posix.LinuxPosix;
import io.jcorn.master.posix.SocketName;
import io.jcorn.master.posix.Sockets;
import io.jcorn.master.settings.BindAddress;
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
        // Descriptor 3 of this JVM is one of its own files, so the refusal shows that it was tried and the address was
        // not.
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
