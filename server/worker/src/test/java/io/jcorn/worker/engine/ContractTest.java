package io.jcorn.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.jcorn.wire.Scoreboard.Cell;
import io.jcorn.worker.engine.Client.Response;
import io.jcorn.worker.engine.TestServer.Threads;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What an application sees of the contract of {@code com.sun.net.httpserver}, and what its client then gets. */
class ContractTest {

    static List<Threads> threads() {
        return Threads.available();
    }

    private static TestServer server(Threads threads, HttpHandler handler) {
        return new TestServer(handler, options -> options.threads = threads);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void reply(HttpExchange exchange, String text) throws IOException {
        exchange.sendResponseHeaders(200, text.isEmpty() ? -1 : text.length());
        exchange.getResponseBody().write(bytes(text));
        exchange.close();
    }

    @ParameterizedTest
    @MethodSource("threads")
    void showsTheRequest(Threads threads) throws Exception {
        List<String> seen = new ArrayList<>();
        try (TestServer server = server(threads, exchange -> {
                    Headers headers = exchange.getRequestHeaders();
                    seen.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                            + exchange.getProtocol());
                    seen.add(exchange.getRequestURI().getPath() + " "
                            + exchange.getRequestURI().getQuery());
                    seen.add(headers.getFirst("x-THING") + headers.get("X-Thing") + headers.getFirst("absent"));
                    seen.add(headers.keySet().toString());
                    seen.add("" + exchange.getPrincipal() + exchange.getResponseCode()
                            + exchange.getHttpContext().getPath());
                    seen.add("" + exchange.getHttpContext().getFilters()
                            + exchange.getHttpContext().getAttributes());
                    seen.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
                    reply(exchange, "ok");
                });
                Client client = server.client()) {
            client.send(
                    "POST /a%20b?c=%C3%A4 HTTP/1.1\r\nHost: a\r\nX-Thing: 1\r\nx-thing:2\r\nContent-Length: 4\r\n\r\nbody");
            assertThat(client.response().body()).isEqualTo("ok");
            assertThat(seen)
                    .containsExactly(
                            "POST /a%20b?c=%C3%A4 HTTP/1.1",
                            "/a b c=\u00e4",
                            "1[1, 2]null",
                            "[Host, X-thing, Content-length]",
                            "null-1/",
                            "[]{}",
                            "body");
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void requestHeadersCannotBeModified(Threads threads) throws Exception {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        try (TestServer server = server(threads, exchange -> {
                    try {
                        Headers headers = exchange.getRequestHeaders();
                        assertThatThrownBy(() -> headers.add("A", "b"))
                                .isInstanceOf(UnsupportedOperationException.class);
                        assertThatThrownBy(() -> headers.set("A", "b"))
                                .isInstanceOf(UnsupportedOperationException.class);
                        assertThatThrownBy(() -> headers.put("A", List.of()))
                                .isInstanceOf(UnsupportedOperationException.class);
                        assertThatThrownBy(() -> headers.remove("Host"))
                                .isInstanceOf(UnsupportedOperationException.class);
                        assertThatThrownBy(headers::clear).isInstanceOf(UnsupportedOperationException.class);
                        assertThatThrownBy(() -> headers.putAll(Map.of()))
                                .isInstanceOf(UnsupportedOperationException.class);
                        assertThatThrownBy(() -> headers.get("Host").add("b"))
                                .isInstanceOf(UnsupportedOperationException.class);
                        assertThatThrownBy(() -> headers.entrySet().clear())
                                .isInstanceOf(UnsupportedOperationException.class);
                        assertThatThrownBy(() -> headers.values().clear())
                                .isInstanceOf(UnsupportedOperationException.class);
                        assertThatThrownBy(() -> headers.replaceAll((k, v) -> v))
                                .isInstanceOf(UnsupportedOperationException.class);
                        assertThat(headers)
                                .hasSize(1)
                                .containsKey("hOST")
                                .doesNotContainKey("A")
                                .isNotEmpty();
                        assertThat(headers.containsValue(List.of("a"))).isTrue();
                        assertThat(headers.getFirst(null)).isNull();
                        assertThat(headers).isEqualTo(Map.of("Host", List.of("a")));
                    } catch (Throwable thrown) {
                        failure.set(thrown);
                    }
                    reply(exchange, "ok");
                });
                Client client = server.client()) {
            assertThat(client.get("/").response().body()).isEqualTo("ok");
            assertThat(failure.get()).isNull();
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void zeroIsChunkedAndMinusOneIsEmptyAndComplete(Threads threads) throws Exception {
        try (TestServer server = server(threads, exchange -> {
                    if (exchange.getRequestURI().getPath().equals("/empty")) {
                        // Not closed: the length of -1 has ended the exchange.
                        exchange.sendResponseHeaders(200, -1);
                        return;
                    }
                    exchange.sendResponseHeaders(200, 0);
                    OutputStream out = exchange.getResponseBody();
                    out.write(bytes("a"));
                    out.flush();
                    out.write(bytes("bc"));
                    out.close();
                });
                Client client = server.client()) {
            Response chunked = client.get("/").response();
            assertThat(chunked.header("transfer-encoding")).isEqualTo("chunked");
            assertThat(chunked.header("content-length")).isNull();
            assertThat(chunked.body()).isEqualTo("abc");
            Response empty = client.get("/empty").response();
            assertThat(empty.header("content-length")).isEqualTo("0");
            assertThat(empty.header("transfer-encoding")).isNull();
            assertThat(empty.header("server")).isEqualTo("jcorn");
            assertThat(empty.header("date")).endsWith("GMT");
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void bodylessStatusesHaveNoBody(Threads threads) throws Exception {
        List<String> thrown = new CopyOnWriteArrayList<>();
        try (TestServer server = server(threads, exchange -> {
                    exchange.sendResponseHeaders(
                            Integer.parseInt(exchange.getRequestURI().getPath().substring(1)), 5);
                    try {
                        exchange.getResponseBody().write(bytes("hello"));
                    } catch (IOException e) {
                        thrown.add(e.getMessage());
                    }
                    exchange.close();
                });
                Client client = server.client()) {
            Response noContent = client.get("/204").response(false);
            assertThat(noContent.status()).isEqualTo(204);
            assertThat(noContent.headers()).doesNotContainKeys("content-length", "transfer-encoding");
            assertThat(client.get("/304").response(false).status()).isEqualTo(304);
            assertThat(client.get("/200").response().body()).isEqualTo("hello");
            // The response is complete with its head, before the handler tries to write.
            server.until(() -> thrown.size() >= 2);
            assertThat(thrown).containsExactly("stream closed", "stream closed");
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void aHandlerNeedNotKnowOfHead(Threads threads) throws Exception {
        try (TestServer server = server(threads, exchange -> {
                    if (exchange.getRequestURI().getPath().equals("/chunked")) {
                        exchange.sendResponseHeaders(200, 0);
                        exchange.getResponseBody().write(bytes("hello"));
                        exchange.close();
                    } else if (exchange.getRequestURI().getPath().equals("/own")) {
                        exchange.getResponseHeaders().set("Content-Length", "77");
                        exchange.sendResponseHeaders(200, -1);
                    } else {
                        reply(exchange, "hello");
                    }
                });
                Client client = server.client()) {
            Response head = client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n").response(false);
            assertThat(head.header("content-length")).isEqualTo("5");
            head = client.send("HEAD /chunked HTTP/1.1\r\nHost: a\r\n\r\n").response(false);
            assertThat(head.header("transfer-encoding")).isEqualTo("chunked");
            head = client.send("HEAD /own HTTP/1.1\r\nHost: a\r\n\r\n").response(false);
            assertThat(head.header("content-length")).isEqualTo("77");
            assertThat(client.get("/").response().body()).isEqualTo("hello");
            assertThat(server.log()).doesNotContain("ERROR");
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void misuseIsAnError(Threads threads) throws Exception {
        AtomicReference<List<String>> first = new AtomicReference<>();
        try (TestServer server = server(threads, exchange -> {
                    // One list for each request: the next may run before this handler has returned.
                    List<String> seen = new ArrayList<>();
                    OutputStream out = exchange.getResponseBody();
                    seen.add(message(() -> out.write(1)));
                    seen.add(message(() -> exchange.sendResponseHeaders(99, 0)));
                    seen.add(message(() -> exchange.sendResponseHeaders(200, -2)));
                    exchange.sendResponseHeaders(200, 2);
                    seen.add(message(() -> exchange.sendResponseHeaders(200, 2)));
                    out.write(bytes("ok"));
                    out.close();
                    out.close();
                    seen.add(message(() -> out.write(1)));
                    seen.add(message(() -> out.write(bytes("xyz"))));
                    seen.add(message(() -> exchange.getHttpContext().getServer().stop(0)));
                    exchange.close();
                    exchange.close();
                    first.compareAndSet(null, seen);
                });
                Client client = server.client()) {
            assertThat(client.get("/").response().body()).isEqualTo("ok");
            assertThat(client.get("/").response().body()).isEqualTo("ok");
            server.until(() -> first.get() != null);
            assertThat(first.get().subList(0, 7))
                    .containsExactly(
                            "response headers not sent yet",
                            "a status has three digits, not 99",
                            "a response's length is -1 (none), 0 (unknown) or positive: -2",
                            "headers already sent",
                            "stream closed",
                            "stream closed",
                            "jcorn runs this server; use its settings");
        }
    }

    private interface Risky {
        void run() throws Exception;
    }

    private static String message(Risky action) {
        try {
            action.run();
            return "nothing was thrown";
        } catch (Exception e) {
            return e.getMessage();
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void tooManyBytesCutTheResponseOff(Threads threads) throws Exception {
        CompletableFuture<String> seen = new CompletableFuture<>();
        try (TestServer server = server(threads, exchange -> {
                    exchange.sendResponseHeaders(200, 4);
                    exchange.getResponseBody().write(bytes("12"));
                    seen.complete(message(() -> exchange.getResponseBody().write(bytes("345"))));
                    exchange.close();
                });
                Client client = server.client()) {
            client.get("/");
            assertThatThrownBy(client::response).isInstanceOf(EOFException.class);
            // The connection may be closed before the handler hears of it.
            assertThat(seen.get(10, TimeUnit.SECONDS)).isEqualTo("too many bytes to write to stream");
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void tooFewBytesCutTheResponseOff(Threads threads) throws Exception {
        CompletableFuture<String> seen = new CompletableFuture<>();
        try (TestServer server = server(threads, exchange -> {
                    exchange.sendResponseHeaders(200, 4);
                    exchange.getResponseBody().write(bytes("12"));
                    exchange.getResponseBody().flush();
                    seen.complete(message(() -> exchange.getResponseBody().close()));
                });
                Client client = server.client()) {
            client.get("/");
            assertThatThrownBy(client::response).isInstanceOf(EOFException.class);
            // The connection may be closed before the handler hears of it.
            assertThat(seen.get(10, TimeUnit.SECONDS)).isEqualTo("insufficient bytes written");
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void aResponseWhoseEveryByteIsWrittenNeedsNoClose(Threads threads) throws Exception {
        try (TestServer server = server(threads, exchange -> {
                    exchange.sendResponseHeaders(200, 2);
                    exchange.getResponseBody().write(bytes("ok"));
                });
                Client client = server.client()) {
            assertThat(client.get("/").response().body()).isEqualTo("ok");
            assertThat(client.get("/").response().body()).isEqualTo("ok");
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void closeBeforeAnythingClosesTheConnection(Threads threads) throws Exception {
        try (TestServer server = server(threads, HttpExchange::close);
                Client client = server.client()) {
            assertThat(client.get("/").atEnd()).isTrue();
            server.until(() -> server.cell(Cell.IN_FLIGHT) == 0 && server.cell(Cell.CONNECTIONS) == 0);
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void anExceptionIsA500AndALine(Threads threads) throws Exception {
        try (TestServer server = server(threads, exchange -> {
                    switch (exchange.getRequestURI().getPath()) {
                        case "/runtime" -> throw new IllegalStateException("oh dear");
                        case "/error" -> throw new StackOverflowError("deep");
                        case "/io" -> throw new IOException("disk");
                        case "/begun" -> {
                            exchange.getResponseHeaders().set("X-Half", "done");
                            exchange.sendResponseHeaders(200, 0);
                            exchange.getResponseBody().write(1);
                            throw new IllegalStateException("later");
                        }
                        case "/try" -> {
                            try (exchange) {
                                throw new IllegalStateException("in try");
                            }
                        }
                        default -> reply(exchange, "fine");
                    }
                });
                Client client = server.client()) {
            for (String path : List.of("/runtime", "/error", "/io", "/begun", "/try")) {
                Response response = client.get(path + "?q").response();
                assertThat(response.status()).as(path).isEqualTo(500);
                assertThat(response.body()).isEqualTo("Internal Server Error\n");
                assertThat(response.headers()).doesNotContainKeys("x-half", "connection");
                assertThat(server.log()).contains("[ERROR] Error handling request GET " + path + "?q\n");
            }
            assertThat(server.log())
                    .contains("java.lang.StackOverflowError: deep")
                    .contains("at io.jcorn.worker.engine.ContractTest");
            assertThat(client.get("/").response().body()).isEqualTo("fine");
            assertThat(server.cell(Cell.APPLICATION_ERRORS)).isEqualTo(5);
            assertThat(server.cell(Cell.RESPONSES_5XX)).isEqualTo(5);
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void anExceptionInTheMiddleCutsTheResponseOff(Threads threads) throws Exception {
        try (TestServer server = server(threads, exchange -> {
                    exchange.sendResponseHeaders(200, 0);
                    exchange.getResponseBody().write(bytes("half"));
                    exchange.getResponseBody().flush();
                    throw new IllegalStateException("half way");
                });
                Client client = server.client()) {
            client.get("/");
            assertThatThrownBy(client::response).isInstanceOf(EOFException.class);
            server.until(() -> server.log().contains("half way"));
            server.until(() -> server.cell(Cell.CONNECTIONS) == 0);
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void responseSplittingIsA500(Threads threads) throws Exception {
        try (TestServer server = server(threads, exchange -> {
                    exchange.getResponseHeaders().put("X: a", List.of("b"));
                    exchange.sendResponseHeaders(200, -1);
                });
                Client client = server.client()) {
            Response response = client.get("/").response();
            assertThat(response.status()).isEqualTo(500);
            assertThat(response.headers()).doesNotContainKey("x");
            assertThat(server.log()).contains("not a token");
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void attributesBelongToTheExchange(Threads threads) throws Exception {
        try (TestServer server = server(threads, exchange -> {
                    Object before = exchange.getAttribute("x");
                    exchange.setAttribute("x", "mine");
                    Object after = exchange.getAttribute("x");
                    exchange.setAttribute("x", null);
                    reply(exchange, before + " " + after + " " + exchange.getAttribute("x"));
                });
                Client client = server.client()) {
            assertThat(client.get("/").response().body()).isEqualTo("null mine null");
            assertThat(client.get("/").response().body()).isEqualTo("null mine null");
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void addressesAreThoseOfTheConnection(Threads threads) throws Exception {
        try (TestServer server = server(threads, exchange -> {
                    InetSocketAddress remote = exchange.getRemoteAddress();
                    InetSocketAddress local = exchange.getLocalAddress();
                    reply(
                            exchange,
                            remote.getPort() + " " + local.getPort() + " "
                                    + remote.getAddress().isLoopbackAddress());
                });
                Client client = server.client()) {
            assertThat(client.get("/").response().body())
                    .isEqualTo(client.socket.getLocalPort() + " " + client.socket.getPort() + " true");
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void streamsCanBeWrapped(Threads threads) throws Exception {
        ByteArrayOutputStream copy = new ByteArrayOutputStream();
        List<String> closed = new ArrayList<>();
        try (TestServer server = server(threads, exchange -> {
                    exchange.setStreams(
                            new ByteArrayInputStream(bytes("other")),
                            new FilterOutputStream(exchange.getResponseBody()) {
                                @Override
                                public void write(int octet) throws IOException {
                                    copy.write(octet);
                                    super.write(octet);
                                }

                                @Override
                                public void close() throws IOException {
                                    closed.add("outermost");
                                    super.close();
                                }
                            });
                    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, 0);
                    exchange.getResponseBody().write(bytes(body));
                    exchange.close();
                });
                Client client = server.client()) {
            assertThat(client.post("/", "hello").response().body()).isEqualTo("other");
            assertThat(copy.toString(StandardCharsets.UTF_8)).isEqualTo("other");
            assertThat(closed).containsExactly("outermost");
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void anotherThreadMayCompleteTheExchange(Threads threads) throws Exception {
        CompletableFuture<HttpExchange> handed = new CompletableFuture<>();
        try (TestServer server = server(threads, handed::complete);
                Client client = server.client()) {
            client.get("/");
            HttpExchange exchange = handed.get(10, TimeUnit.SECONDS);
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(bytes("late"));
            exchange.close();
            assertThat(client.response().body()).isEqualTo("late");
            server.until(() -> server.cell(Cell.IN_FLIGHT) == 0);
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void anExchangeThatNobodyCompletesIsGivenUp(Threads threads) throws Exception {
        CompletableFuture<HttpExchange> handed = new CompletableFuture<>();
        try (TestServer server = server(threads, handed::complete);
                Client client = server.client()) {
            client.get("/forgotten");
            handed.get(10, TimeUnit.SECONDS);
            server.until(() -> server.engine.runner().unfinished() == 0);
            server.passes(TimeUnit.MINUTES.toMillis(4));
            assertThat(server.cell(Cell.CONNECTIONS)).isEqualTo(1);
            server.passes(TimeUnit.MINUTES.toMillis(2));
            assertThat(client.response().status()).isEqualTo(504);
            assertThat(server.log()).contains("[WARNING] Request GET /forgotten of ", "was left unfinished");
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void theWishToCloseIsHonoured(Threads threads) throws Exception {
        try (TestServer server = server(threads, exchange -> {
                    exchange.getResponseHeaders().set("Connection", "close");
                    reply(exchange, "bye");
                });
                Client client = server.client()) {
            Response response = client.get("/").response();
            assertThat(response.header("connection")).isEqualTo("close");
            assertThat(response.body()).isEqualTo("bye");
            assertThat(client.atEnd()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void theContextClassLoaderIsTheApplications(Threads threads) throws Exception {
        try (TestServer server = server(
                        threads,
                        exchange -> reply(
                                exchange,
                                ""
                                        + (Thread.currentThread().getContextClassLoader()
                                                == TestServer.class.getClassLoader())));
                Client client = server.client()) {
            assertThat(client.get("/").response().body()).isEqualTo("true");
        }
    }
}
