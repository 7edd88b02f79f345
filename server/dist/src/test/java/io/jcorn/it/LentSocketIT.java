package io.jcorn.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jcorn.dist.Distribution;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A socket that outlives the server, as systemd's do: it is never changed, and whoever comes between two runs waits in its queue. */
class LentSocketIT {

    /**
     * Holds a listening socket and starts servers with it, as it is told: {@code start}, {@code TERM} or {@code KILL}, which wait
     * for the end and tell it, and {@code look}, which tells SO_BINDTODEVICE, O_NONBLOCK and the backlog as the kernel has them.
     */
    private static final String OWNER = """
            use Socket;
            use Fcntl;
            $| = 1;
            $^F = 3;
            socket(my $s, PF_INET, SOCK_STREAM, 0) or die $!;
            fileno($s) == 3 or die "descriptor " . fileno($s);
            bind($s, sockaddr_in(0, INADDR_LOOPBACK)) or die $!;
            listen($s, 7) or die $!;
            my ($port) = sockaddr_in(getsockname($s));
            print "$port\\n";
            my $pid;
            while (my $order = <STDIN>) {
                chomp $order;
                if ($order eq "start") {
                    $pid = fork();
                    if ($pid == 0) {
                        $ENV{LISTEN_FDS} = 1;
                        $ENV{LISTEN_PID} = $$;
                        open(STDIN, "<", "/dev/null");
                        exec @ARGV or die $!;
                    }
                } elsif ($order eq "look") {
                    my $device = getsockopt($s, SOL_SOCKET, 25);
                    my $flags = fcntl($s, F_GETFL, 0);
                    # tcp_info: of a listening socket tcpi_sacked is the backlog
                    my $backlog = unpack("x28 L", getsockopt($s, 6, 11));
                    print defined $device ? "[" . unpack("Z*", $device) . "]" : "$!";
                    print " ", ($flags & O_NONBLOCK) ? "nonblock" : "block", " $backlog\\n";
                } elsif ($order eq "HUP") {
                    kill HUP => $pid;
                } else {
                    kill $order => $pid;
                    waitpid($pid, 0);
                    print "$?\\n";
                }
            }
            kill KILL => $pid;
            """;

    private static final String UNCHANGED = "[] block 7";

    @RegisterExtension
    final Workplace place = new Workplace();

    /** As root a filter would stay on the socket, as anybody else an interface that does not exist. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void outlivesStopsAndReloads(boolean asNobody) throws IOException {
        try (Owner owner = new Owner(asNobody)) {
            for (int turn = 0; turn < 2; turn++) {
                try (HttpConnection waiting = HttpConnection.open(owner.port)) {
                    owner.tell("start");
                    assertThat(waiting.get("/plaintext").status()).isEqualTo(200);
                }
                owner.tell("HUP");
                owner.await("Reload complete");
                assertThat(HttpConnection.get(owner.port, "/plaintext").status())
                        .isEqualTo(200);
                assertThat(owner.ask("TERM")).isEqualTo("0");
                assertThat(owner.ask("look")).isEqualTo(UNCHANGED);
            }
            try (HttpConnection user = HttpConnection.open(owner.port)) {
                assertThat(user.answers()).isZero();
            }
        }
    }

    @Test
    void outlivesAMasterThatIsKilled() throws IOException {
        try (Owner owner = new Owner(false)) {
            owner.tell("start");
            assertThat(HttpConnection.get(owner.port, "/plaintext").status()).isEqualTo(200);

            assertThat(owner.ask("KILL")).isEqualTo("9");

            // The next master takes over while the workers of the last one may still be leaving.
            try (HttpConnection waiting = HttpConnection.open(owner.port)) {
                owner.tell("start");
                assertThat(waiting.get("/plaintext").status()).isEqualTo(200);
            }
            assertThat(owner.ask("TERM")).isEqualTo("0");
            assertThat(owner.ask("look")).startsWith("[] ").endsWith(" 7");
        }
    }

    @Test
    void isAsItCameAfterAStartThatFails() throws IOException {
        try (Owner owner = new Owner(false, "--java-home", "/nonexistent")) {
            owner.tell("start");
            assertThat(owner.ask("TERM")).isNotEqualTo("0");
            assertThat(owner.ask("look")).isEqualTo(UNCHANGED);
        }
    }

    /** The process that has bound the socket. */
    private final class Owner implements AutoCloseable {
        final int port;
        private final Process process;
        private final PrintStream orders;
        private final BufferedReader answers;
        private final Path log = place.folder().resolve("log");
        private int read;

        Owner(boolean asNobody, String... options) throws IOException {
            assumeTrue(Files.isExecutable(Path.of("/usr/bin/perl")), "there is no perl");
            Path temp = Files.createDirectory(place.folder().resolve("tmp"));
            List<String> command = new ArrayList<>(List.of("/usr/bin/perl", "-e", OWNER, "--"));
            if (asNobody) {
                Nobody.assume();
                Nobody.open(place.folder(), temp);
                command.addAll(List.of(Nobody.COMMAND));
            }
            command.addAll(List.of(Distribution.launcher().toString(), "--workers", "2", "--backlog", "99"));
            command.addAll(List.of(options));
            command.add(Workplace.hello());
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
            builder.environment().put("TMPDIR", temp.toString());
            process = builder.redirectError(log.toFile()).start();
            orders = new PrintStream(process.getOutputStream(), true, UTF_8);
            answers = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
            port = Integer.parseInt(answers.readLine());
        }

        void tell(String order) {
            orders.println(order);
        }

        String ask(String order) throws IOException {
            tell(order);
            return String.valueOf(answers.readLine());
        }

        void await(String event) {
            Await.until(event, () -> {
                List<String> lines = lines();
                for (int i = read; i < lines.size(); i++) {
                    if (lines.get(i).contains(event)) {
                        read = i + 1;
                        return true;
                    }
                }
                return false;
            });
        }

        private List<String> lines() {
            try {
                return Files.readAllLines(log, UTF_8);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void close() {
            orders.close();
            Await.until("the owner ends", () -> !process.isAlive());
        }
    }
}
