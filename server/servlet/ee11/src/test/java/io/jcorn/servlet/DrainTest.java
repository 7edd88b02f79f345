package io.jcorn.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import example.Echo;
import example.Later;
import example.Life;
import example.Parrot;
import example.Signals;
import io.jcorn.servlet.RunningServer.Options;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a worker leaves. */
@SuppressWarnings("NullAway.Init")
@Timeout(60)
class DrainTest {

    private static final long LONG_MILLIS = 30_000;

    @TempDir
    Path folder;

    private Options options;

    @BeforeEach
    void writeApplication() throws Exception {
        Signals.reset();
        options = Options.of(TestArchive.war(Echo.class, Later.class, Signals.class, Life.class, Parrot.class)
                .write(folder.resolve("app.war")));
    }

    private static CompletableFuture<Integer> drain(RunningServer server, long graceMillis) {
        return CompletableFuture.supplyAsync(() -> server.server().drain(graceMillis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/later", "/later?async=1"})
    void whatIsInFlightIsFinishedAndSaysThatItIsTheLast(String path) throws Exception {
        try (RunningServer server = RunningServer.start(options);
                RawClient client = new RawClient(server.port());
                RawClient idle = new RawClient(server.port())) {
            idle.get("/echo/");
            assertThat(idle.head()).startsWith("http/1.1 200").doesNotContain("connection: close");
            client.get(path);
            Signals.awaitReached();

            CompletableFuture<Integer> drained = drain(server, LONG_MILLIS);
            // Who is connected may still ask, and is answered by the application.
            String last = "";
            for (boolean leaving = false; !leaving; leaving = last.contains("connection: close")) {
                idle.get("/echo/");
                last = idle.head();
                assertThat(last).startsWith("http/1.1 200");
            }
            assertThat(idle.closed()).isTrue();
            Signals.release();

            assertThat(client.head()).startsWith("http/1.1 200").contains("connection: close");
            assertThat(client.closed()).isTrue();
            assertThat(drained.get()).isZero();
            assertThat(System.getProperty(Life.NOTE)).isEqualTo("ended");
        }
    }

    @Test
    void whoIsIdleIsKeptForAWhile() throws Exception {
        try (RunningServer server = RunningServer.start(options);
                RawClient idle = new RawClient(server.port())) {
            idle.get("/echo/");
            idle.head();
            long start = System.nanoTime();
            assertThat(drain(server, LONG_MILLIS).get()).isZero();
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(Duration.ofMillis(1900), Duration.ofSeconds(20));
            assertThat(idle.closed()).isTrue();
        }
    }

    @Test
    void nobodyIsWaitedForWhenNobodyIsThere() throws Exception {
        try (RunningServer server = RunningServer.start(options)) {
            assertThat(drain(server, LONG_MILLIS).get(20, TimeUnit.SECONDS)).isZero();
        }
    }

    @Test
    void whatDoesNotFinishInTimeIsGivenUpAndCounted() throws Exception {
        try (RunningServer server = RunningServer.start(options);
                RawClient client = new RawClient(server.port())) {
            client.get("/later");
            Signals.awaitReached();
            assertThat(drain(server, 200).get()).isEqualTo(1);
            Signals.release();
        }
    }

    @Test
    void webSocketsAreToldThatTheServerGoesAway() throws Exception {
        // Another test of this JVM may have left what its clients did.
        System.clearProperty(Parrot.ERROR);
        try (RunningServer server = RunningServer.start(options)) {
            Listener listener = new Listener();
            WebSocket socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(server.uri("/parrot").resolve("ws://127.0.0.1:" + server.port() + "/parrot"), listener)
                    .get();
            socket.sendText("hello", true).get();
            assertThat(listener.text.get()).isEqualTo("heard hello");

            CompletableFuture<Integer> drained = drain(server, LONG_MILLIS);

            assertThat(listener.closed.get()).isEqualTo(1001);
            assertThat(drained.get()).isZero();
            assertThat(System.getProperty(Parrot.ERROR)).isNull();
        }
    }

    private static final class Listener implements WebSocket.Listener {
        private final CompletableFuture<String> text = new CompletableFuture<>();
        private final CompletableFuture<Integer> closed = new CompletableFuture<>();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.complete(data.toString());
            return WebSocket.Listener.super.onText(socket, data, last);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            closed.complete(status);
            return CompletableFuture.completedFuture(null);
        }
    }
}
