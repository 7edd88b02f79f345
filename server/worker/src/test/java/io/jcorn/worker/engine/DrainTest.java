package io.jcorn.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpHandler;
import io.jcorn.wire.Scoreboard.Cell;
import java.io.IOException;
import java.net.ConnectException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Leaving without losing anybody. */
class DrainTest {

    private final CountDownLatch began = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);

    private final HttpHandler handler = exchange -> {
        if (exchange.getRequestURI().getPath().equals("/slow")) {
            began.countDown();
            ProtocolTest.await(release);
        }
        byte[] body = exchange.getRequestURI().getPath().getBytes(java.nio.charset.StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    };

    private boolean drained(TestServer server) throws InterruptedException {
        return server.drained.await(10, TimeUnit.SECONDS);
    }

    @Test
    void anIdleWorkerIsDrainedAtOnce() throws Exception {
        try (TestServer server = new TestServer(handler)) {
            server.engine.drain();
            server.engine.closeGate();
            assertThat(drained(server)).isTrue();
            assertThatThrownBy(server::client).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void itIsNotDrainedWhileTheGateIsOpen() throws Exception {
        try (TestServer server = new TestServer(handler)) {
            server.engine.drain();
            server.passes(60_000);
            try (Client client = server.client()) {
                Client.Response response = client.get("/late").response();
                assertThat(response.body()).isEqualTo("/late");
                assertThat(response.header("connection")).isEqualTo("close");
                assertThat(client.atEnd()).isTrue();
            }
            assertThat(server.drained.getCount()).isEqualTo(1);
            server.engine.closeGate();
            assertThat(drained(server)).isTrue();
        }
    }

    @Test
    void whoAsksIsToldOnceThatNothingIsAcceptedAnyMore() throws Exception {
        try (TestServer server = new TestServer(handler)) {
            BlockingQueue<Integer> told = new LinkedBlockingQueue<>();
            server.engine.whenGateClosed(told::add);
            try (Client open = server.client()) {
                assertThat(open.get("/").response().status()).isEqualTo(200);

                server.engine.closeGate();

                assertThat(told.poll(10, TimeUnit.SECONDS))
                        .as("open connections")
                        .isEqualTo(1);
                assertThatThrownBy(server::client).isInstanceOf(ConnectException.class);
                server.engine.closeGate();
                assertThat(open.get("/").response().status()).isEqualTo(200);
                assertThat(told).isEmpty();
            }
        }
    }

    @Test
    void whatIsInFlightIsFinished() throws Exception {
        try (TestServer server = new TestServer(handler);
                Client client = server.client()) {
            client.get("/slow");
            ProtocolTest.await(began);
            server.engine.drain();
            server.engine.closeGate();
            server.passes(30_000);
            assertThat(server.drained.getCount()).isEqualTo(1);
            release.countDown();
            Client.Response response = client.response();
            assertThat(response.body()).isEqualTo("/slow");
            assertThat(response.header("connection")).isEqualTo("close");
            assertThat(client.atEnd()).isTrue();
            client.socket.close();
            assertThat(drained(server)).isTrue();
        }
    }

    @Test
    void anIdleConnectionMayAskOnceMore() throws Exception {
        try (TestServer server = new TestServer(handler);
                Client client = server.client()) {
            assertThat(client.get("/1").response().header("connection")).isNull();
            server.engine.drain();
            server.engine.closeGate();
            server.passes(1_500);
            assertThat(client.get("/2").response().header("connection")).isEqualTo("close");
            assertThat(client.atEnd()).isTrue();
            client.socket.close();
            assertThat(drained(server)).isTrue();
        }
    }

    @Test
    void anIdleConnectionIsNotWaitedForLong() throws Exception {
        try (TestServer server = new TestServer(handler);
                Client client = server.client();
                Client fresh = server.client()) {
            client.get("/1").response();
            server.until(() -> server.cell(Cell.CONNECTIONS) == 2);
            server.engine.drain();
            server.engine.closeGate();
            server.passes(2_100);
            assertThat(client.atEnd()).isTrue();
            assertThat(fresh.atEnd()).isTrue();
            assertThat(drained(server)).isTrue();
        }
    }

    @Test
    void pipelinedRequestsAreAllAnswered() throws Exception {
        try (TestServer server = new TestServer(handler);
                Client client = server.client()) {
            client.send(
                    "GET /slow HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\nGET /3 HTTP/1.1\r\nHost: a\r\n\r\n");
            ProtocolTest.await(began);
            server.engine.drain();
            server.engine.closeGate();
            release.countDown();
            assertThat(client.response().header("connection")).isNull();
            assertThat(client.response().header("connection")).isNull();
            assertThat(client.response().header("connection")).isEqualTo("close");
            assertThat(client.atEnd()).isTrue();
        }
    }

    @Test
    void abandonedIdleConnectionsAreClosedAtOnceAndTheOthersFinished() throws Exception {
        try (TestServer server = new TestServer(handler);
                Client idle = server.client();
                Client busy = server.client()) {
            idle.get("/1").response();
            busy.get("/slow");
            ProtocolTest.await(began);
            server.engine.abandon();
            assertThat(idle.atEnd()).isTrue();
            assertThatThrownBy(server::client).isInstanceOf(IOException.class);
            release.countDown();
            assertThat(busy.response().body()).isEqualTo("/slow");
            assertThat(busy.atEnd()).isTrue();
            busy.socket.close();
            assertThat(drained(server)).isTrue();
        }
    }

    @Test
    void ordersDoNotWaitForAStuckEventLoop() throws Exception {
        try (TestServer server = new TestServer(handler, options -> options.threads = TestServer.Threads.LOOP);
                Client client = server.client()) {
            client.get("/slow");
            ProtocolTest.await(began);
            server.engine.drain();
            server.engine.closeGate();
            server.engine.abandon();
            assertThat(server.drained.getCount()).isEqualTo(1);
            release.countDown();
            assertThat(client.response().body()).isEqualTo("/slow");
            client.socket.close();
            assertThat(drained(server)).isTrue();
        }
    }
}
