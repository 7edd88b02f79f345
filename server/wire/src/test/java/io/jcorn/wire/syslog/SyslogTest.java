package io.jcorn.wire.syslog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jcorn.wire.syslog.Syslog.Origin;
import io.jcorn.wire.syslog.Syslog.Severity;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SyslogTest {

    private final BlockingQueue<String> troubles = new LinkedBlockingQueue<>();

    private Syslog syslog(String address) {
        SyslogOptions options = new SyslogOptions(SyslogAddress.parse(address), SyslogFacility.LOCAL3, "shop", true);
        SyslogChannel.UnixDatagrams none = path -> {
            throw new IOException("no datagrams here");
        };
        return new Syslog(options, 4711, none, troubles::add);
    }

    private static void offer(Syslog syslog, String line) {
        byte[] bytes = ("x" + line + "y").getBytes(StandardCharsets.US_ASCII);
        syslog.offer(Origin.ACCESS, Severity.INFO, bytes, 1, bytes.length - 1);
    }

    @Test
    void aDatagramIsAMessage() throws IOException {
        try (DatagramSocket daemon = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                Syslog syslog = syslog("udp://127.0.0.1:" + daemon.getLocalPort())) {
            daemon.setSoTimeout(10_000);
            offer(syslog, "GET / 200");
            syslog.offer(Origin.ERROR, Severity.CRITICAL, new byte[] {'!'}, 0, 1);
            assertThat(received(daemon)).isEqualTo("<158>jcorn.shop.access: [4711] GET / 200");
            assertThat(received(daemon)).isEqualTo("<154>jcorn.shop.error: [4711] !");
        }
    }

    private static String received(DatagramSocket daemon) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[10_000], 10_000);
        daemon.receive(packet);
        return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.US_ASCII);
    }

    @Test
    void aStreamHasALineForEachAndIsConnectedAgain() throws Exception {
        try (ServerSocket daemon = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Syslog syslog = syslog("tcp://127.0.0.1:" + daemon.getLocalPort())) {
            daemon.setSoTimeout(10_000);
            offer(syslog, "one");
            offer(syslog, "two");
            try (Socket connection = daemon.accept()) {
                BufferedReader lines = lines(connection);
                assertThat(lines.readLine()).endsWith("[4711] one");
                assertThat(lines.readLine()).endsWith("[4711] two");
                connection.setSoLinger(true, 0);
            }
            assertThat(troubleWhile(syslog, "lost")).contains("cannot be reached: ");
            assertThat(troubleWhile(syslog, "again"))
                    .contains("is reached again; ")
                    .doesNotContain("; 0 messages");
            try (Socket connection = daemon.accept()) {
                assertThat(lines(connection).readLine()).endsWith("again");
            }
        }
    }

    private String troubleWhile(Syslog syslog, String line) throws InterruptedException {
        String trouble = null;
        while (trouble == null) {
            offer(syslog, line);
            trouble = troubles.poll(10, TimeUnit.MILLISECONDS);
        }
        return trouble;
    }

    private static BufferedReader lines(Socket connection) throws IOException {
        connection.setSoTimeout(10_000);
        return new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII));
    }

    @Test
    void aUnixStreamWorksToo(@TempDir Path folder) throws IOException {
        Path path = folder.resolve("log");
        try (ServerSocketChannel daemon = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            daemon.bind(UnixDomainSocketAddress.of(path));
            try (Syslog syslog = syslog("unix://" + path)) {
                offer(syslog, "hello");
                try (SocketChannel connection = daemon.accept()) {
                    ByteBuffer bytes = ByteBuffer.allocate(100);
                    assertThat(connection.read(bytes)).isPositive();
                    assertThat(new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII))
                            .isEqualTo("<158>jcorn.shop.access: [4711] hello\n");
                }
            }
        }
    }

    @Test
    void whoIsNotThereIsToldOnce() throws InterruptedException {
        try (Syslog syslog = syslog("unix:///no/such/socket")) {
            for (int i = 0; i < 10_000; i++) {
                offer(syslog, "lost");
            }
            assertThat(troubles.poll(10, TimeUnit.SECONDS))
                    .startsWith("The syslog daemon at unix:///no/such/socket#stream cannot be reached: ");
        }
        assertThat(troubles).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "udp://localhost:514, udp://localhost:514",
        "udp://, udp://localhost:514",
        "tcp://h, tcp://h:514",
        "UDP://[::1]:99, udp://[::1]:99",
        "tcp://[fe80::1], tcp://[fe80::1]:514",
        "unix:///dev/log, unix:///dev/log#stream",
        "unix:///a b/log#dgram, unix:///a b/log#dgram"
    })
    void addressesAreGunicorns(String text, String address) {
        assertThat(SyslogAddress.parse(text)).hasToString(address);
        SyslogOptions options = new SyslogOptions(SyslogAddress.parse(text), SyslogFacility.MAIL, "a.b", false);
        assertThat(SyslogOptions.parse(options.text())).isEqualTo(options);
    }

    @ParameterizedTest
    @CsvSource({
        "localhost:514, does not begin with udp://",
        "udp://h:0, which is not one from 1 to 65535",
        "udp://h:x, which is not one from 1 to 65535",
        "tcp://::1, an IPv6 address stands in brackets",
        "tcp://a/b, an IPv6 address stands in brackets",
        "unix://dev/log, has no path that begins with /",
        "unix:///dev/log#raw, neither #stream nor #dgram"
    })
    void aWrongAddressIsExplained(String text, String message) {
        assertThatThrownBy(() -> SyslogAddress.parse(text)).hasMessageContaining(message);
    }
}
