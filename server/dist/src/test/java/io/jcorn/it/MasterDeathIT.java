package io.jcorn.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.it.LoadClient.Question;
import io.jcorn.it.LoadClient.Style;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The master is killed with -9: the port is free at once, what is in flight is finished, nobody stays. */
@Tag("alone")
class MasterDeathIT {

    @RegisterExtension
    final Workplace place = new Workplace();

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void idleWorkersGoAtOnce(int java) throws IOException {
        try (RunningJcorn jcorn =
                place.jcorn("--workers", "4", Workplace.hello()).workersOn(java).start()) {
            killAndAwaitThePort(jcorn, "idle, Java " + java);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void requestsInFlightAreFinished(int java) throws IOException {
        try (RunningJcorn jcorn = place.jcorn("--workers", "2", Workplace.hello())
                        .workersOn(java)
                        .start();
                LoadClient users = LoadClient.start(
                        jcorn.port(), Style.KEEP_ALIVE, 16, Question.slow(100), Question.stream(5, 20))) {
            users.awaitAnswers(50);
            killAndAwaitThePort(jcorn, "under load, Java " + java);

            // Idle connections are closed at once: there is no time to wait for what may be under way on them.
            users.awaitRefusal().assertOnlyRefusedOrClosedIdle();
        }
    }

    @Test
    void aStuckEventLoopKeepsNobody() throws IOException {
        try (RunningJcorn jcorn = place.jcorn(
                                "--workers", "2", "--threads", "0", "--timeout", "5m", Workplace.misbehaving("Hangs"))
                        .start();
                HttpConnection one = hang(jcorn)) {
            assertThat(one.closedByServer()).isFalse();
            killAndAwaitThePort(jcorn, "event loop stuck");
        }
    }

    @Test
    void stuckApplicationThreadsKeepNobody() throws IOException {
        try (RunningJcorn jcorn = place.jcorn("--workers", "2", "--threads", "2", Workplace.misbehaving("Hangs"))
                        .start();
                HttpConnection one = hang(jcorn);
                HttpConnection two = hang(jcorn)) {
            assertThat(one.closedByServer() || two.closedByServer()).isFalse();
            killAndAwaitThePort(jcorn, "application stuck");
        }
    }

    @Test
    void anApplicationThatIgnoresShutdownKeepsNobody() throws IOException {
        try (RunningJcorn jcorn = place.jcorn("--workers", "2", Workplace.misbehaving("IgnoresShutdown"))
                .start()) {
            killAndAwaitThePort(jcorn, "shutdown ignored");
        }
    }

    @Test
    void theNextMasterRemovesWhatTheDeadOneLeft() throws IOException {
        Launch launch = place.jcorn("--workers", "1", Workplace.hello());
        try (RunningJcorn first = launch.start()) {
            killAndAwaitThePort(first, "one worker");
            Await.until("the workers are gone", () -> first.processes().isEmpty());
            assertThat(leftovers(first)).isPositive();

            try (RunningJcorn second = place.jcorn("--workers", "1", Workplace.hello())
                    .env("TMPDIR", first.temp().toString())
                    .start()) {
                second.port();
                assertThat(leftovers(first)).as("only its own").isEqualTo(1);
            }
            assertThat(leftovers(first)).isZero();
        }
    }

    private static long leftovers(RunningJcorn jcorn) throws IOException {
        try (Stream<Path> files = Files.list(jcorn.temp())) {
            return files.count();
        }
    }

    /** Sends a request that never ends, and returns when a worker is in it. */
    private static HttpConnection hang(RunningJcorn jcorn) throws IOException {
        HttpConnection connection = HttpConnection.open(jcorn.port());
        connection.send("GET /misbehave HTTP/1.1\r\nHost: localhost\r\n\r\n");
        jcorn.awaitStack("io.jcorn.examples.misbehaving.Never.comes");
        return connection;
    }

    static void killAndAwaitThePort(RunningJcorn jcorn, String situation) {
        int port = jcorn.port();
        long start = System.nanoTime();
        jcorn.signal("KILL");
        Await.until("port " + port + " can be bound", () -> bindable(port));
        long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        Await.until("all workers are gone", () -> jcorn.processes().isEmpty());
        long gone = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        System.out.printf(
                "master killed (%s): port bindable after %d ms, workers gone after %d ms%n", situation, took, gone);
    }

    private static boolean bindable(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            // EADDRINUSE: not yet.
            return false;
        }
    }
}
