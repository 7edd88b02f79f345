package io.jcorn.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpHandler;
import io.jcorn.wire.Scoreboard;
import io.jcorn.wire.Scoreboard.Cell;
import io.jcorn.wire.Scoreboard.WorkerPhase;
import io.jcorn.worker.engine.TestServer.Threads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** More requests than the application has threads for. */
class OverloadTest {

    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicInteger called = new AtomicInteger();
    private final Semaphore inside = new Semaphore(0);

    private final HttpHandler handler = exchange -> {
        called.incrementAndGet();
        inside.release();
        ProtocolTest.await(release);
        exchange.sendResponseHeaders(204, -1);
    };

    private TestServer server(int threads, int queue) {
        return new TestServer(handler, options -> {
            options.threadCount = threads;
            options.queue = queue;
            options.queueMillis = 60_000;
            options.keepAliveMillis = 600_000;
            options.firstByteMillis = 600_000;
        });
    }

    @Test
    void whoFindsTheQueueFullIsAnsweredAtOnceAndTheOthersLater() throws Exception {
        try (TestServer server = server(2, 3)) {
            List<Client> admitted = new ArrayList<>();
            for (int i = 1; i <= 5; i++) {
                admitted.add(server.client().get("/"));
                int count = i;
                server.until(() -> server.cell(Cell.IN_FLIGHT) == count);
            }
            inside.acquire(2);
            try (Client late = server.client()) {
                Client.Response refused = late.get("/").response();
                assertThat(refused.status()).isEqualTo(503);
                assertThat(refused.header("retry-after")).isEqualTo("1");
                assertThat(refused.header("connection"))
                        .as("the connection stays")
                        .isNull();
                assertThat(late.post("/", "x".repeat(1000)).response().status()).isEqualTo(503);
                assertThat(server.cell(Cell.QUEUE_REJECTED)).isEqualTo(2);
                server.until(() -> server.cell(Cell.QUEUED) == 3);
                assertThat(called.get()).isEqualTo(2);
                release.countDown();
                for (Client client : admitted) {
                    assertThat(client.response().status()).isEqualTo(204);
                    client.close();
                }
                assertThat(late.get("/").response().status()).isEqualTo(204);
            }
            server.until(() -> server.cell(Cell.QUEUED) == 0);
            assertThat(server.cell(Cell.QUEUE_WAIT)).isPositive();
            assertThat(server.log().lines().filter(line -> line.contains("Overloaded")))
                    .as("one line for both")
                    .hasSize(1);
            server.passes(11_000);
            assertThat(server.log()).contains("Overloaded: answered 1 requests with 503; 1 found the queue of 3 full");
        }
    }

    @Test
    void whoHasWaitedTooLongIsAnsweredAndNeverHandled() throws Exception {
        try (TestServer server = server(1, 0);
                Client first = server.client();
                Client second = server.client();
                Client third = server.client()) {
            first.get("/");
            inside.acquire();
            second.get("/");
            server.until(() -> server.cell(Cell.IN_FLIGHT) == 2);
            server.passes(40_000);
            third.get("/");
            server.until(() -> server.cell(Cell.IN_FLIGHT) == 3);
            server.passes(21_000);
            Client.Response expired = second.response();
            assertThat(expired.status()).isEqualTo(503);
            assertThat(expired.header("retry-after")).isEqualTo("1");
            assertThat(server.cell(Cell.QUEUE_EXPIRED)).isEqualTo(1);
            release.countDown();
            assertThat(first.response().status()).isEqualTo(204);
            assertThat(third.response().status()).isEqualTo(204);
            assertThat(called.get()).isEqualTo(2);
        }
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void virtualThreadsAreBoundedByTheSameNumber() throws Exception {
        try (TestServer server = new TestServer(handler, options -> {
                    options.threads = Threads.VIRTUAL;
                    options.queue = 2;
                });
                Client first = server.client();
                Client second = server.client();
                Client third = server.client()) {
            first.get("/");
            second.get("/");
            inside.acquire(2);
            assertThat(third.get("/").response().status()).isEqualTo(503);
            release.countDown();
            assertThat(first.response().status()).isEqualTo(204);
            assertThat(second.response().status()).isEqualTo(204);
        }
    }

    /** Somebody without room leaves new connections to a worker that has some, and takes them when nobody has. */
    @Test
    void aCrowdedWorkerPausesWhileAnotherHasRoom() throws Exception {
        try (TestServer server = server(1, 0)) {
            Scoreboard.Row other = server.scoreboard.row(1);
            other.phase(WorkerPhase.SERVING);
            other.set(Cell.BEAT, System.nanoTime());
            // More connections than this one, lest that be a reason to pause.
            other.set(Cell.CONNECTIONS, 1000);
            other.set(Cell.QUEUED, 1);
            crowd(server, other);
        }
    }

    private void crowd(TestServer server, Scoreboard.Row other) throws Exception {
        try (Client busy = server.client();
                Client waiting = server.client()) {
            busy.get("/");
            inside.acquire();
            waiting.get("/");
            server.until(() -> server.cell(Cell.QUEUED) == 1);
            try (Client third = server.client()) {
                server.until(() -> server.cell(Cell.CONNECTIONS) == 3);
                assertThat(server.cell(Cell.ACCEPT_PAUSES))
                        .as("nobody has room")
                        .isZero();
                other.set(Cell.BEAT, System.nanoTime());
                other.set(Cell.QUEUED, 0);
                try (Client fourth = server.client();
                        Client fifth = server.client()) {
                    server.until(() -> server.cell(Cell.ACCEPT_PAUSES) > 0);
                    release.countDown();
                    for (Client client : List.of(busy, waiting)) {
                        assertThat(client.response().status()).isEqualTo(204);
                    }
                    for (Client client : List.of(third, fourth, fifth)) {
                        assertThat(client.get("/").response().status()).isEqualTo(204);
                    }
                }
            }
        }
    }
}
