package io.jcorn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every kind of address, served. */
class SocketsIT {

    /** Binds and listens on the loopback, and becomes the rest of its arguments with the socket as descriptor 3. */
    private static final String HAND_OVER = """
            use Socket;
            $^F = 3;
            socket(my $s, PF_INET, SOCK_STREAM, 0) or die $!;
            setsockopt($s, SOL_SOCKET, SO_REUSEADDR, 1);
            bind($s, sockaddr_in(0, INADDR_LOOPBACK)) or die $!;
            listen($s, 16) or die $!;
            fileno($s) == 3 or die "descriptor " . fileno($s);
            $ENV{LISTEN_FDS} = 1 if $ENV{HAND_OVER} ne "fd";
            $ENV{LISTEN_PID} = $$ if $ENV{HAND_OVER} ne "fd";
            exec @ARGV;
            """;

    private static final byte[] LOOPBACK_4 = {127, 0, 0, 1};
    private static final byte[] LOOPBACK_6 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

    @RegisterExtension
    final Workplace place = new Workplace();

    @Test
    void severalAtOnce() throws IOException {
        assumeTrue(ipv6(), "no IPv6 here");
        Path socket = place.folder().resolve("socket");
        String abstractName = "jcorn-" + ProcessHandle.current().pid();
        try (RunningJcorn jcorn = place.jcorn(
                        "--bind=127.0.0.1:0",
                        "--bind=[::1]:0",
                        "--bind=unix:" + socket,
                        "--bind=unix:@" + abstractName,
                        "--unix-mode=0660",
                        "--workers=2",
                        Workplace.hello())
                .start()) {
            int six = Integer.parseInt(
                    jcorn.awaitEvent("Listening at: http://\\[::1]:([0-9]+) ").group(1));
            jcorn.awaitEvent("Listening at: unix:" + socket + " ");
            jcorn.awaitEvent("Listening at: unix:@" + abstractName + " ");

            assertThat(HttpConnection.get(jcorn.port(), "/plaintext").status()).isEqualTo(200);
            assertServed(loopback(true, six));
            assertServed(UnixDomainSocketAddress.of(socket));
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                    .isEqualTo("rw-rw----");
            assertThat(Files.readString(Path.of("/proc/net/unix"))).contains(" @" + abstractName + "\n");
            jcorn.signal("TERM");
            jcorn.assertExit(0);
            assertThat(Files.readString(Path.of("/proc/net/unix"))).doesNotContain("@" + abstractName + "\n");
        }
        assertThat(socket).doesNotExist();
    }

    @Test
    void abstractSocketsAnswer() throws IOException {
        Path curl = Path.of("/usr/bin/curl");
        assumeTrue(Files.isExecutable(curl), "there is no curl");
        String name = "jcorn-curl-" + ProcessHandle.current().pid();
        try (RunningJcorn jcorn =
                place.jcorn("--bind=unix:@" + name, Workplace.hello()).start()) {
            String answer = Command.output(
                    List.of(curl.toString(), "-sS", "--abstract-unix-socket", name, "http://localhost/pid"));
            assertThat(answer).startsWith("pid=" + jcorn.anyWorker() + " ");
        }
    }

    /** A name may have one address or several. */
    @ParameterizedTest
    @ValueSource(strings = {"localhost:0", ":0", "0.0.0.0:0", "[::]:0"})
    void addressesOfAllKindsReachTheLoopback(String address) throws IOException {
        assumeTrue(!address.contains("::") || ipv6());
        try (RunningJcorn jcorn =
                place.jcorn("--bind", address, Workplace.hello()).start()) {
            assertServed(loopback(address.contains("::"), jcorn.port()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0022", "0007", "0177"})
    void theUmaskGivesUnixSocketsTheirMode(String umask) throws IOException {
        Path socket = place.folder().resolve("socket");
        try (RunningJcorn jcorn = place.jcorn("--bind", "unix:" + socket, "--umask", umask, Workplace.hello())
                .start()) {
            assertThat(Proc.status(jcorn.anyWorker(), "Umask")).contains(umask);
            int mode = Integer.parseInt(Files.getAttribute(socket, "unix:mode").toString()) & 0777;
            assertThat(mode).isEqualTo(0777 & ~Integer.parseInt(umask, 8));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"listen", "fd"})
    void socketsThatOthersHaveBound(String how) throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/perl")), "there is no perl");
        Launch launch = how.equals("fd")
                ? place.jcorn("--bind", "fd://3", "--workers", "2", Workplace.hello())
                : place.jcorn("--workers", "2", Workplace.hello()).withoutBind();
        try (RunningJcorn jcorn = launch.env("HAND_OVER", how)
                .through("/usr/bin/perl", "-e", HAND_OVER, "--")
                .start()) {
            assertThat(HttpConnection.get(jcorn.port(), "/plaintext").body()).isEqualTo("Hello, World!\n");
            assertThat(Proc.listeners(jcorn.port())).hasSize(1);
            String environment = Files.readString(Path.of("/proc/" + jcorn.anyWorker() + "/environ"));
            assertThat(environment).doesNotContain("LISTEN_");
        }
    }

    private static boolean ipv6() throws IOException {
        return NetworkInterface.getByInetAddress(InetAddress.getByAddress(LOOPBACK_6)) != null;
    }

    private static InetSocketAddress loopback(boolean six, int port) throws IOException {
        return new InetSocketAddress(InetAddress.getByAddress(six ? LOOPBACK_6 : LOOPBACK_4), port);
    }

    private static void assertServed(SocketAddress address) throws IOException {
        try (HttpConnection user = HttpConnection.open(address)) {
            assertThat(user.get("/plaintext").body()).isEqualTo("Hello, World!\n");
        }
    }
}
