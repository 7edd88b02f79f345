package io.jcorn.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpHandler;
import io.jcorn.wire.Scoreboard.Cell;
import io.jcorn.worker.engine.TestServer.Threads;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What happens to clients that are too slow, as the engine's clock tells, which these tests move. */
class TimeoutsTest {

    private static final HttpHandler ECHO = exchange -> {
        byte[] body = exchange.getRequestBody().readAllBytes();
        exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    };

    static List<Threads> threads() {
        return Threads.available();
    }

    private static void read(TestServer server, long bytes) throws InterruptedException {
        server.until(() -> server.cell(Cell.BYTES_READ) >= bytes);
    }

    @Test
    void aFreshConnectionMayBeSilentForAWhile() throws Exception {
        try (TestServer server = new TestServer(ECHO, options -> options.firstByteMillis = 60_000);
                Client client = server.client()) {
            server.until(() -> server.cell(Cell.CONNECTIONS) == 1);
            server.passes(40_000);
            assertThat(server.cell(Cell.CONNECTIONS)).isEqualTo(1);
            server.passes(21_000);
            assertThat(client.atEnd()).isTrue();
            assertThat(server.cell(Cell.RESPONSES_4XX)).isZero();
        }
    }

    @Test
    void aHeadThatDripsIsNotGivenMoreTimeForThat() throws Exception {
        try (TestServer server = new TestServer(ECHO, options -> options.headTimeoutMillis = 100_000);
                Client client = server.client()) {
            String head = "GET / HTTP";
            for (int i = 0; i < head.length(); i++) {
                client.send(head.substring(i, i + 1));
                read(server, i + 1);
                server.passes(i == 0 ? 0 : 9_000);
            }
            assertThat(server.cell(Cell.TIMEOUTS_HEAD)).isZero();
            server.passes(20_000);
            Client.Response response = client.response();
            assertThat(response.status()).isEqualTo(408);
            assertThat(response.header("connection")).isEqualTo("close");
            assertThat(client.atEnd()).isTrue();
            assertThat(server.cell(Cell.TIMEOUTS_HEAD)).isEqualTo(1);
            assertThat(server.log()).contains("[INFO] Refused a request of").contains("with 408");
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void aBodyThatStandsStillIsA408(Threads threads) throws Exception {
        try (TestServer server = new TestServer(ECHO, options -> {
                    options.threads = threads;
                    options.bodyMillis = 60_000;
                });
                Client client = server.client()) {
            String head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n";
            client.send(head);
            for (int i = 1; i < 5; i++) {
                client.send("x");
                read(server, head.length() + i);
                server.passes(40_000);
            }
            assertThat(server.cell(Cell.TIMEOUTS_BODY)).isZero();
            server.passes(61_000);
            assertThat(client.response().status()).isEqualTo(408);
            assertThat(client.atEnd()).isTrue();
            assertThat(server.cell(Cell.TIMEOUTS_BODY)).isEqualTo(1);
        }
    }

    @Test
    void aBodyThatDripsIsEndedByItsAverage() throws Exception {
        try (TestServer server = new TestServer(ECHO, options -> {
                    options.bodyMillis = 50_000;
                    options.bodyRate = 10;
                });
                Client client = server.client()) {
            String head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10000\r\n\r\n";
            client.send(head + "x".repeat(700));
            read(server, head.length() + 700);
            server.passes(40_000);
            client.send("x");
            read(server, head.length() + 701);
            server.passes(20_000);
            assertThat(server.cell(Cell.TIMEOUTS_BODY)).isZero();
            server.passes(15_000);
            assertThat(client.response().status()).isEqualTo(408);
        }
    }

    @Test
    void anApplicationThatReadsLearnsOfABodyThatStandsStill() throws Exception {
        AtomicReference<String> seen = new AtomicReference<>();
        CountDownLatch reading = new CountDownLatch(1);
        try (TestServer server = new TestServer(
                        exchange -> {
                            try {
                                reading.countDown();
                                exchange.getRequestBody().readAllBytes();
                            } catch (IOException e) {
                                seen.set(e.getMessage());
                                throw e;
                            }
                        },
                        options -> {
                            options.bodyMillis = 5_000;
                            options.bodyBuffer = 0;
                        });
                Client client = server.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");
            ProtocolTest.await(reading);
            server.passes(0);
            server.passes(5_100);
            assertThat(client.response().status()).isEqualTo(408);
            server.until(() -> seen.get() != null);
            assertThat(seen.get()).isEqualTo("the request's body took too long");
            assertThat(server.cell(Cell.APPLICATION_ERRORS)).isZero();
        }
    }

    @Test
    void aClientIsNotBlamedForAnApplicationThatDoesNotRead() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try (TestServer server = new TestServer(
                        exchange -> {
                            ProtocolTest.await(release);
                            ECHO.handle(exchange);
                        },
                        options -> {
                            options.bodyMillis = 5_000;
                            options.bodyRate = 1_000_000;
                        });
                Client client = server.client()) {
            int length = 300_000;
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + length + "\r\n\r\n");
            Thread sender = new Thread(() -> {
                try {
                    client.send("x".repeat(length));
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            sender.start();
            read(server, 128 << 10);
            for (int i = 0; i < 4; i++) {
                server.passes(4_000);
            }
            release.countDown();
            assertThat(client.response().body()).hasSize(length);
            sender.join(10_000);
            assertThat(server.cell(Cell.TIMEOUTS_BODY)).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void noThreadWaitsForASmallBody(Threads threads) throws Exception {
        AtomicInteger called = new AtomicInteger();
        try (TestServer server = new TestServer(
                exchange -> {
                    called.incrementAndGet();
                    ECHO.handle(exchange);
                },
                options -> {
                    options.threads = threads;
                    options.threadCount = 1;
                })) {
            String head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n";
            try (Client slow = server.client();
                    Client quick = server.client()) {
                slow.send(head + "x".repeat(59_999));
                read(server, head.length() + 59_999);
                server.passes(30_000);
                assertThat(called.get()).isZero();
                assertThat(quick.post("/", "quick").response().body()).isEqualTo("quick");
                slow.send("x");
                assertThat(slow.response().body()).hasSize(60_000);
            }
        }
    }

    @Test
    void aLargeBodyIsStreamedOnceItsBeginningIsThere() throws Exception {
        AtomicReference<byte[]> first = new AtomicReference<>();
        try (TestServer server = new TestServer(exchange -> {
                    first.set(exchange.getRequestBody().readNBytes(1));
                    exchange.getRequestBody().readAllBytes();
                    exchange.sendResponseHeaders(204, -1);
                });
                Client client = server.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 70000\r\n\r\n" + "x".repeat(66_000));
            server.until(() -> first.get() != null);
            client.send("x".repeat(4_000));
            assertThat(client.response().status()).isEqualTo(204);
        }
    }

    @Test
    void aSmallBodyThatIsAnnouncedIsAskedForAtOnce() throws Exception {
        AtomicInteger called = new AtomicInteger();
        try (TestServer server = new TestServer(exchange -> {
                    called.incrementAndGet();
                    ECHO.handle(exchange);
                });
                Client client = server.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
            assertThat(client.response(false).status()).isEqualTo(100);
            assertThat(called.get()).isZero();
            client.send("hello");
            assertThat(client.response().body()).isEqualTo("hello");
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void aClientThatTakesNothingIsGivenUp(Threads threads) throws Exception {
        try (TestServer server = new TestServer(
                        exchange -> {
                            exchange.sendResponseHeaders(200, 0);
                            for (int i = 0; i < 1000; i++) {
                                exchange.getResponseBody().write(new byte[32_000]);
                            }
                            exchange.close();
                        },
                        options -> {
                            options.threads = threads;
                            options.sendMillis = 5_000;
                        });
                Client client = server.client()) {
            client.get("/");
            server.until(() -> server.engine.bytesOnTheWay() > 0);
            server.onLoop(server.engine::sweep);
            assertThat(server.cell(Cell.TIMEOUTS_SEND)).isZero();
            // What the kernel still moves counts as progress, so that more than one look may be needed.
            while (server.cell(Cell.TIMEOUTS_SEND) == 0) {
                server.passes(5_100);
            }
            server.until(() -> server.cell(Cell.CONNECTIONS) == 0 && server.cell(Cell.IN_FLIGHT) == 0);
            assertThat(server.log()).contains("[INFO] Cut off the connection of");
            assertThat(server.cell(Cell.APPLICATION_ERRORS)).isZero();
            try (Client other = server.client()) {
                assertThat(other.get("/").exactly(1_000_000)).isNotEmpty();
            }
        }
    }

    @Test
    void aClientThatTakesTooLittleIsGivenUp() throws Exception {
        byte[] part = new byte[64_000];
        try (TestServer server = new TestServer(
                        exchange -> {
                            exchange.sendResponseHeaders(200, 0);
                            for (int i = 0; i < 1000; i++) {
                                exchange.getResponseBody().write(part);
                            }
                        },
                        options -> {
                            options.sendMillis = 60_000;
                            options.sendRate = 1_000_000_000;
                        });
                Client client = server.client()) {
            client.get("/");
            // As much as that is there only when the kernel takes no more.
            server.until(() -> server.engine.bytesOnTheWay() > 100_000);
            server.onLoop(server.engine::sweep);
            server.passes(40_000);
            client.exactly(500_000);
            server.until(() -> server.engine.bytesOnTheWay() > 100_000);
            assertThat(server.cell(Cell.TIMEOUTS_SEND)).isZero();
            server.passes(21_000);
            // A look of the sweep's own that found nothing to be taken, between two writes, has begun the time anew.
            for (int i = 0; i < 10 && server.cell(Cell.TIMEOUTS_SEND) == 0; i++) {
                server.until(() -> server.engine.bytesOnTheWay() > 100_000);
                server.passes(1);
                server.passes(61_000);
            }
            server.until(() -> server.cell(Cell.TIMEOUTS_SEND) == 1 && server.cell(Cell.IN_FLIGHT) == 0);
        }
    }

    @Test
    void aResponseThatIsStillBeingTakenKeepsAConnectionFromBeingIdle() throws Exception {
        byte[] body = new byte[20_000_000];
        try (TestServer server = new TestServer(
                        exchange -> {
                            exchange.sendResponseHeaders(200, body.length);
                            exchange.getResponseBody().write(body);
                            exchange.close();
                        },
                        options -> {
                            options.threads = Threads.LOOP;
                            options.keepAliveMillis = 60_000;
                            // A look of the sweep's own may come before the time that passes here.
                            options.sendMillis = 600_000;
                        });
                Client client = server.client()) {
            client.get("/");
            server.until(() -> server.cell(Cell.RESPONSES_2XX) == 1);
            server.passes(61_000);
            assertThat(client.response().body()).hasSize(body.length);
            server.until(() -> server.engine.bytesOnTheWay() == 0);
            server.passes(30_000);
            client.get("/");
            assertThat(client.response().body()).hasSize(body.length);
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void aConnectionHasOnlySoManyRequests(Threads threads) throws Exception {
        try (TestServer server = new TestServer(ECHO, options -> {
                    options.threads = threads;
                    options.connectionRequests = 3;
                });
                Client client = server.client()) {
            assertThat(client.get("/").response().header("connection")).isNull();
            client.get("/").get("/").get("/");
            assertThat(client.response().header("connection")).isNull();
            assertThat(client.response().header("connection")).isEqualTo("close");
            assertThat(client.atEnd()).isTrue();
            assertThat(server.cell(Cell.RESPONSES_2XX)).isEqualTo(3);
        }
    }
}
