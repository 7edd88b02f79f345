package io.jcorn.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.jcorn.wire.Scoreboard.Cell;
import io.jcorn.worker.engine.TestServer.Threads;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients go away all the time: that is nobody's error, however the application passes it on. */
class DisconnectTest {

    /** How applications write a response, and what they make of a failure. */
    private static List<HttpHandler> writers() {
        return List.of(
                exchange -> {
                    try (OutputStream out = exchange.getResponseBody()) {
                        writeOn(out);
                    }
                },
                exchange -> {
                    try (exchange;
                            InputStream in = exchange.getRequestBody();
                            OutputStream out = exchange.getResponseBody()) {
                        writeOn(out);
                        in.readAllBytes();
                    }
                },
                exchange -> {
                    try (OutputStream out = new GZIPOutputStream(exchange.getResponseBody(), true)) {
                        writeOn(out);
                    }
                },
                exchange -> {
                    try (BufferedWriter out = new BufferedWriter(
                            new OutputStreamWriter(exchange.getResponseBody(), StandardCharsets.UTF_8))) {
                        while (true) {
                            out.write("x".repeat(10_000));
                        }
                    }
                },
                exchange -> {
                    try {
                        writeOn(exchange.getResponseBody());
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                exchange -> {
                    try {
                        writeOn(exchange.getResponseBody());
                    } catch (IOException e) {
                        throw new IllegalStateException("view failed", new RuntimeException(e));
                    }
                },
                exchange -> {
                    IOException own = new IOException("the stream around it is broken");
                    try (OutputStream out = exchange.getResponseBody()) {
                        writeOn(out);
                    } catch (IOException e) {
                        own.addSuppressed(new IOException("closing", e));
                        throw own;
                    }
                });
    }

    private static void writeOn(OutputStream out) throws IOException {
        while (true) {
            out.write(new byte[10_000]);
            out.flush();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
    void aClientThatGoesAwayIsNoError(int writer) throws Exception {
        CountDownLatch began = new CountDownLatch(1);
        CountDownLatch gone = new CountDownLatch(1);
        CountDownLatch returned = new CountDownLatch(1);
        AtomicReference<Throwable> escaped = new AtomicReference<>();
        try (TestServer server = new TestServer(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            began.countDown();
            ProtocolTest.await(gone);
            try {
                writers().get(writer).handle(exchange);
            } catch (Throwable thrown) {
                escaped.set(thrown);
                throw thrown;
            } finally {
                returned.countDown();
            }
        })) {
            try (Client client = server.client()) {
                client.get("/");
                ProtocolTest.await(began);
                client.socket.setSoLinger(true, 0);
            }
            gone.countDown();
            ProtocolTest.await(returned);
            server.until(() -> server.cell(Cell.IN_FLIGHT) == 0 && server.cell(Cell.CONNECTIONS) == 0);
            assertThat(escaped.get()).isNotNull().isNotInstanceOf(IllegalArgumentException.class);
            server.until(() -> server.log().contains("[DEBUG] Request GET /: "));
            assertThat(server.log()).doesNotContain("ERROR", "WARNING");
            assertThat(server.cell(Cell.APPLICATION_ERRORS)).isZero();
            assertThat(server.cell(Cell.CLIENT_DISCONNECTS)).isOne();
        }
    }

    @Test
    void anErrorOfTheApplicationIsOneWhateverItsCloseMet() throws Exception {
        CountDownLatch began = new CountDownLatch(1);
        CountDownLatch gone = new CountDownLatch(1);
        try (TestServer server = new TestServer(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            began.countDown();
            ProtocolTest.await(gone);
            try (OutputStream out = exchange.getResponseBody()) {
                while (exchange.getRemoteAddress() != null) {
                    try {
                        out.write(new byte[10_000]);
                    } catch (IOException e) {
                        break;
                    }
                }
                throw new IllegalStateException("a defect");
            }
        })) {
            try (Client client = server.client()) {
                client.get("/");
                ProtocolTest.await(began);
                client.socket.setSoLinger(true, 0);
            }
            gone.countDown();
            server.until(() -> server.cell(Cell.APPLICATION_ERRORS) == 1);
            server.until(() -> server.log().contains("a defect"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost:",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel"
            })
    void aClientThatBreaksOffIsNotRefused(String request) throws Exception {
        try (TestServer server =
                new TestServer(exchange -> exchange.getRequestBody().readAllBytes())) {
            try (Client client = server.client()) {
                client.send(request);
                client.socket.shutdownOutput();
                assertThat(client.response().status()).isEqualTo(400);
            }
            server.until(() -> server.cell(Cell.CONNECTIONS) == 0);
            assertThat(server.cell(Cell.CLIENT_DISCONNECTS)).isOne();
            assertThat(server.cell(Cell.REFUSED)).isZero();
            assertThat(server.cell(Cell.APPLICATION_ERRORS)).isZero();
            assertThat(server.log()).doesNotContain("INFO", "WARNING", "ERROR");
        }
    }

    @Test
    void aClientThatBreaksOffWhileItsBodyIsReadIsCountedOnce() throws Exception {
        CountDownLatch began = new CountDownLatch(1);
        try (TestServer server = new TestServer(
                exchange -> {
                    began.countDown();
                    exchange.getRequestBody().readAllBytes();
                },
                options -> options.bodyBuffer = 0)) {
            try (Client client = server.client()) {
                client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");
                ProtocolTest.await(began);
            }
            server.until(() -> server.cell(Cell.CONNECTIONS) == 0 && server.cell(Cell.IN_FLIGHT) == 0);
            assertThat(server.cell(Cell.CLIENT_DISCONNECTS)).isOne();
            assertThat(server.cell(Cell.APPLICATION_ERRORS)).isZero();
            assertThat(server.log()).doesNotContain("INFO", "WARNING", "ERROR");
        }
    }

    static List<Threads> threads() {
        return Threads.available();
    }

    /** A failure of the body is thrown by each read, and each time another exception. */
    @ParameterizedTest
    @MethodSource("threads")
    void aBodyThatFailedFailsEachReadByItself(Threads threads) throws Exception {
        AtomicReference<Throwable> first = new AtomicReference<>();
        AtomicReference<Throwable> second = new AtomicReference<>();
        CountDownLatch returned = new CountDownLatch(1);
        try (TestServer server = new TestServer(
                        exchange -> {
                            first.set(failure(exchange));
                            second.set(failure(exchange));
                            returned.countDown();
                            exchange.close();
                        },
                        options -> {
                            options.threads = threads;
                            options.bodyBuffer = 0;
                        });
                Client client = server.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\noops\r\n");
            if (threads == Threads.LOOP) {
                // There the application never sees it.
                assertThat(client.response().status()).isEqualTo(400);
                return;
            }
            ProtocolTest.await(returned);
            assertThat(first.get()).isInstanceOf(IOException.class).isNotSameAs(second.get());
            assertThat(second.get()).hasMessage(first.get().getMessage()).hasSameClassAs(first.get());
        }
    }

    private static Throwable failure(HttpExchange exchange) {
        try {
            exchange.getRequestBody().readAllBytes();
            throw new AssertionError("the body is no body");
        } catch (IOException e) {
            return e;
        }
    }

    /** An exception whose own methods throw. */
    private static final class Unspeakable extends RuntimeException {
        @Override
        public String getMessage() {
            throw new IllegalStateException("not even this");
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void anExceptionThatCannotBeShownIsA500(Threads threads) throws Exception {
        try (TestServer server = new TestServer(
                        exchange -> {
                            throw new Unspeakable();
                        },
                        options -> options.threads = threads);
                Client client = server.client()) {
            assertThat(client.get("/").response().status()).isEqualTo(500);
            assertThat(client.get("/").response().status()).isEqualTo(500);
            server.until(() -> server.cell(Cell.APPLICATION_ERRORS) == 2);
            assertThat(server.log()).contains("ERROR").contains("Unspeakable");
        }
    }
}
