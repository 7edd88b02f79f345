package io.jcorn.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.jcorn.wire.Scoreboard.Cell;
import io.jcorn.worker.engine.TestServer.Threads;
import io.jcorn.worker.exchange.Exchange;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What happens to an application that keeps its requests. */
class RequestTimeoutTest {

    private final CountDownLatch never = new CountDownLatch(1);
    private final CountDownLatch stubborn = new CountDownLatch(1);
    private final CountDownLatch began = new CountDownLatch(1);
    private final AtomicReference<Throwable> thrown = new AtomicReference<>();
    private final BlockingQueue<String> spoilt = new LinkedBlockingQueue<>();

    static List<Threads> threads() {
        return Threads.available().stream()
                .filter(threads -> threads != Threads.LOOP)
                .toList();
    }

    private TestServer server(Threads threads, HttpHandler handler) {
        TestServer server = new TestServer(handler, options -> {
            options.threads = threads;
            options.threadCount = 2;
            options.requestMillis = 60_000;
            options.keepAliveMillis = 600_000;
        });
        server.engine.whenSpoilt(spoilt::add);
        return server;
    }

    /** Waits for what never comes, until it is interrupted. */
    private void sleepForEver() throws IOException {
        began.countDown();
        try {
            never.await();
        } catch (InterruptedException e) {
            thrown.set(e);
            throw new IOException(e);
        }
    }

    private static void answer(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(204, -1);
    }

    /** As after the machine was suspended: the event loop sees the time before it sees the end of the request. */
    @ParameterizedTest
    @MethodSource("threads")
    void whatIsCompleteIsNotLate(Threads threads) throws Exception {
        AtomicReference<HttpExchange> inside = new AtomicReference<>();
        CountDownLatch go = new CountDownLatch(1);
        HttpHandler handler = exchange -> {
            inside.set(exchange);
            ProtocolTest.await(go);
            answer(exchange);
        };
        try (TestServer server = server(threads, handler);
                Client client = server.client()) {
            client.get("/");
            server.until(() -> inside.get() != null);
            server.onLoop(() -> {
                go.countDown();
                while (!Exchange.behind(inside.get()).returned()) {
                    Thread.onSpinWait();
                }
                server.clockMoves(400_000);
                server.engine.sweep();
            });
            assertThat(client.response().status()).isEqualTo(204);
            assertThat(server.cell(Cell.REQUEST_TIMEOUTS)).isZero();
            assertThat(server.log()).doesNotContain("WARNING");
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void theHandlerIsInterruptedAndItsClientAnswered(Threads threads) throws Exception {
        HttpHandler handler = exchange -> {
            if (exchange.getRequestURI().getPath().equals("/long")) {
                sleepForEver();
            }
            answer(exchange);
        };
        try (TestServer server = server(threads, handler);
                Client client = server.client()) {
            client.get("/long");
            ProtocolTest.await(began);
            server.passes(40_000);
            assertThat(server.cell(Cell.REQUEST_TIMEOUTS)).isZero();
            server.passes(21_000);
            Client.Response response = client.response();
            assertThat(response.status()).isEqualTo(504);
            assertThat(response.header("connection")).isNull();
            server.until(() -> thrown.get() != null);
            assertThat(server.cell(Cell.REQUEST_TIMEOUTS)).isEqualTo(1);
            assertThat(server.cell(Cell.RESPONSES_5XX)).isEqualTo(1);
            assertThat(server.cell(Cell.IN_FLIGHT)).isZero();
            assertThat(server.log())
                    .contains("[WARNING] Request GET /long of ", "takes longer than request-timeout: 6")
                    .contains(threads == Threads.POOL ? "interrupted: jcorn-app-" : "interrupted: jcorn-virtual-")
                    .contains("\tat io.jcorn.worker.engine.RequestTimeoutTest.sleepForEver");
            assertThat(client.get("/short").response().status()).isEqualTo(204);
            server.passes(6_000);
            assertThat(spoilt).isEmpty();
            assertThat(server.cell(Cell.APPLICATION_ERRORS)).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void aResponseThatHasBegunToLeaveIsCutOff(Threads threads) throws Exception {
        try (TestServer server = server(threads, exchange -> {
                    exchange.sendResponseHeaders(200, 0);
                    exchange.getResponseBody().write('a');
                    exchange.getResponseBody().flush();
                    sleepForEver();
                });
                Client client = server.client()) {
            client.get("/");
            assertThat(client.line()).startsWith("HTTP/1.1 200");
            ProtocolTest.await(began);
            server.passes(61_000);
            assertThatThrownBy(() -> client.exactly(1_000)).isInstanceOf(IOException.class);
            server.until(() -> thrown.get() != null && server.cell(Cell.CONNECTIONS) == 0);
            assertThat(server.log()).contains("is cut off");
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void whatTheHandlerDoesTooLateReachesNobody(Threads threads) throws Exception {
        CountDownLatch tried = new CountDownLatch(1);
        try (TestServer server = server(threads, exchange -> {
                    if (exchange.getRequestURI().getPath().equals("/2")) {
                        answer(exchange);
                        return;
                    }
                    began.countDown();
                    ignoreInterrupts(stubborn);
                    try {
                        exchange.getResponseHeaders().set("Late", "yes");
                        exchange.sendResponseHeaders(200, 0);
                        exchange.getResponseBody().write(new byte[100_000]);
                    } catch (IOException e) {
                        thrown.set(e);
                    }
                    exchange.close();
                    tried.countDown();
                });
                Client client = server.client()) {
            client.get("/1");
            ProtocolTest.await(began);
            server.passes(61_000);
            assertThat(client.response().status()).isEqualTo(504);
            stubborn.countDown();
            ProtocolTest.await(tried);
            assertThat(thrown.get()).hasMessageContaining("504");
            Client.Response next = client.get("/2").response();
            assertThat(next.status()).isEqualTo(204);
            assertThat(next.header("late")).isNull();
        }
    }

    private static void ignoreInterrupts(CountDownLatch latch) {
        boolean open = false;
        while (!open) {
            try {
                open = latch.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException ignored) {
                // As a bad handler does.
                open = false;
            }
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void aThreadThatDoesNotComeBackSpoilsTheWorker(Threads threads) throws Exception {
        try (TestServer server = server(threads, exchange -> {
                    began.countDown();
                    ignoreInterrupts(stubborn);
                });
                Client client = server.client()) {
            client.get("/stubborn");
            ProtocolTest.await(began);
            server.passes(61_000);
            assertThat(client.response().status()).isEqualTo(504);
            client.socket.close();
            server.passes(1_000);
            assertThat(spoilt).isEmpty();
            server.passes(5_000);
            server.passes(10_000);
            assertThat(spoilt).hasSize(1).first().asString().contains("GET /stubborn", "does not return");
            stubborn.countDown();
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void aHandlerThatStaysAfterItsResponseIsInterruptedToo(Threads threads) throws Exception {
        try (TestServer server = server(threads, exchange -> {
                    answer(exchange);
                    sleepForEver();
                });
                Client client = server.client()) {
            assertThat(client.get("/").response().status()).isEqualTo(204);
            ProtocolTest.await(began);
            server.until(() -> server.cell(Cell.IN_FLIGHT) == 0);
            server.passes(61_000);
            server.until(() -> thrown.get() != null);
            assertThat(server.log()).contains("it is answered already");
            assertThat(server.cell(Cell.CONNECTIONS)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void anExchangeThatWasLeftToAnotherThreadIsCovered(Threads threads) throws Exception {
        AtomicReference<HttpExchange> left = new AtomicReference<>();
        try (TestServer server = server(threads, left::set);
                Client client = server.client()) {
            client.get("/");
            server.until(() -> left.get() != null && server.engine.runner().unfinished() == 0);
            server.passes(61_000);
            assertThat(client.response().status()).isEqualTo(504);
            assertThatThrownBy(() -> answer(left.get())).isInstanceOf(IOException.class);
            assertThat(server.log()).contains("left it to another thread");
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void anExchangeThatNobodyGoesOnWithIsAnsweredInTheEnd(Threads threads) throws Exception {
        AtomicReference<HttpExchange> left = new AtomicReference<>();
        try (TestServer server = new TestServer(left::set, options -> {
                    options.threads = threads;
                    options.asyncMillis = 60_000;
                });
                Client client = server.client()) {
            client.get("/");
            server.until(() -> left.get() != null && server.engine.runner().unfinished() == 0);
            server.passes(40_000);
            assertThat(server.cell(Cell.REQUEST_TIMEOUTS)).isZero();
            server.until(() -> server.cell(Cell.IN_FLIGHT) == 1);
            server.passes(21_000);
            assertThat(client.response().status()).isEqualTo(504);
            assertThat(server.cell(Cell.REQUEST_TIMEOUTS)).isEqualTo(1);
        }
    }
}
