package io.jcorn.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jcorn.wire.Handover.InheritedListener;
import io.jcorn.worker.engine.Client.Response;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sockets that somebody else has bound. */
class ListenersTest {

    @TempDir
    Path temp;

    @BeforeAll
    static void epoll() {
        Epoll.ensureAvailability();
    }

    private static TestServer server() {
        return new TestServer(exchange -> {
            byte[] text =
                    (exchange.getRemoteAddress() + " " + exchange.getLocalAddress()).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, text.length);
            exchange.getResponseBody().write(text);
            exchange.close();
        });
    }

    @Test
    void acceptsFromAnInheritedTcpSocket() throws Exception {
        Socket inherited = Socket.newSocketStream();
        inherited.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        inherited.listen(16);
        InetSocketAddress address = inherited.localAddress();
        try (TestServer server = server()) {
            server.engine.open(List.of(Listeners.adopt(new InheritedListener(inherited.intValue(), "127.0.0.1:0"))));
            try (Client client = new Client(address)) {
                Response response = client.get("/").response();
                assertThat(response.body()).endsWith(":" + address.getPort());
            }
        }
    }

    @Test
    void acceptsFromAnInheritedUnixSocketAndLeavesItsPathAlone() throws Exception {
        Path path = temp.resolve("s");
        Socket inherited = Socket.newSocketDomain();
        inherited.bind(new DomainSocketAddress(path.toString()));
        inherited.listen(16);
        try (TestServer server = server()) {
            server.engine.open(List.of(Listeners.adopt(new InheritedListener(inherited.intValue(), "unix:" + path))));
            try (SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                client.connect(UnixDomainSocketAddress.of(path));
                client.write(ByteBuffer.wrap("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
                ByteArrayOutputStream got = new ByteArrayOutputStream();
                ByteBuffer buffer = ByteBuffer.allocate(1000);
                while (client.read(buffer) >= 0) {
                    got.write(buffer.array(), 0, buffer.position());
                    buffer.clear();
                }
                assertThat(got.toString(StandardCharsets.UTF_8))
                        .startsWith("HTTP/1.1 200 OK\r\n")
                        .endsWith("localhost/127.0.0.1:0 localhost/127.0.0.1:0");
            }
        }
        assertThat(Files.exists(path)).isTrue();
    }

    @Test
    void refusesWhatDoesNotListen() throws Exception {
        Socket silent = Socket.newSocketStream();
        assertThatThrownBy(() -> Listeners.adopt(new InheritedListener(silent.intValue(), "127.0.0.1:9")))
                .hasMessageContaining("127.0.0.1:9")
                .hasMessageContaining("not a listening socket");
        silent.close();
        assertThatThrownBy(() -> {
                    ServerChannel none = Listeners.adopt(new InheritedListener(987_654, "127.0.0.1:9"));
                    none.close();
                })
                .hasMessageContaining("descriptor 987654");
    }
}
