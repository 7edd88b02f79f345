package io.jcorn.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpHandler;
import io.jcorn.wire.Scoreboard.Cell;
import io.jcorn.worker.engine.Client.Response;
import io.jcorn.worker.engine.TestServer.Threads;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Responses before the response, and responses that have no content. RFC 9110 §15. */
class InterimTest {

    static List<Threads> threads() {
        return Threads.available();
    }

    private static final HttpHandler HINTS = exchange -> {
        exchange.getResponseHeaders().set("Link", "</style.css>; rel=preload");
        exchange.getResponseHeaders().set("Content-Length", "7");
        exchange.sendResponseHeaders(103, -1);
        exchange.sendResponseHeaders(102, 0);
        exchange.getResponseHeaders().set("Link", "</other.css>; rel=preload");
        byte[] body = exchange.getRequestBody().readAllBytes();
        exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    };

    @ParameterizedTest
    @MethodSource("threads")
    void hintsComeEarlyAndTheExchangeGoesOn(Threads threads) throws Exception {
        try (TestServer server = new TestServer(HINTS, options -> options.threads = threads);
                Client client = server.client()) {
            client.post("/1", "abc").get("/2");
            for (String body : List.of("abc", "")) {
                Response hint = client.response();
                assertThat(hint.status()).isEqualTo(103);
                assertThat(hint.headers()).containsExactly(java.util.Map.entry("link", "</style.css>; rel=preload"));
                assertThat(client.response().status()).isEqualTo(102);
                Response response = client.response();
                assertThat(response.status()).isEqualTo(200);
                assertThat(response.header("link")).isEqualTo("</other.css>; rel=preload");
                assertThat(response.body()).isEqualTo(body);
            }
            server.until(() -> server.cell(Cell.RESPONSES_2XX) == 2);
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void hintsDoNotKeepAClientFromContinuing(Threads threads) throws Exception {
        try (TestServer server = new TestServer(HINTS, options -> options.threads = threads);
                Client client = server.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
            int status = client.response().status();
            while (status != 100) {
                assertThat(status).isIn(102, 103);
                status = client.response().status();
            }
            client.send("abc");
            Response response = client.response();
            while (response.status() < 200) {
                response = client.response();
            }
            assertThat(response.body()).isEqualTo("abc");
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void aClientOfHttp10GetsNone(Threads threads) throws Exception {
        try (TestServer server = new TestServer(HINTS, options -> options.threads = threads);
                Client client = server.client()) {
            client.send("GET / HTTP/1.0\r\n\r\n");
            assertThat(client.response().status()).isEqualTo(200);
            assertThat(client.atEnd()).isTrue();
        }
    }

    @Test
    void nothingIsInterimAfterTheFinalResponse() throws Exception {
        AtomicReference<Exception> thrown = new AtomicReference<>();
        try (TestServer server = new TestServer(exchange -> {
                    exchange.sendResponseHeaders(200, 2);
                    try {
                        exchange.sendResponseHeaders(103, -1);
                    } catch (IOException e) {
                        thrown.set(e);
                    }
                    exchange.getResponseBody().write("ok".getBytes(StandardCharsets.US_ASCII));
                    exchange.close();
                });
                Client client = server.client()) {
            assertThat(client.get("/").response().body()).isEqualTo("ok");
            assertThat(thrown.get()).hasMessage("headers already sent");
        }
    }

    @Test
    void aHintThatWouldSplitTheResponseIsRefused() throws Exception {
        try (TestServer server = new TestServer(exchange -> {
                    exchange.getResponseHeaders().put("X Y", List.of("1"));
                    exchange.sendResponseHeaders(103, -1);
                });
                Client client = server.client()) {
            assertThat(client.get("/").response().status()).isEqualTo(500);
        }
    }

    /** RFC 9110 §8.6 and §15.3.6. */
    @Test
    void noLengthIsToldWhereThereIsNoContentByNature() throws Exception {
        try (TestServer server = new TestServer(exchange -> {
                    exchange.getResponseHeaders().set("Content-Length", "5");
                    exchange.sendResponseHeaders(
                            Integer.parseInt(exchange.getRequestURI().getPath().substring(1)), 5);
                });
                Client client = server.client()) {
            assertThat(client.get("/204").response().headers()).doesNotContainKey("content-length");
            assertThat(client.get("/304").response().header("content-length")).isEqualTo("5");
            assertThat(client.get("/205").response().header("content-length")).isEqualTo("0");
        }
    }

    @Test
    void theContextSaysWhereTheClientsSeeTheApplication() throws Exception {
        HttpHandler tells = exchange -> {
            byte[] path = (exchange.getHttpContext().getPath() + " " + exchange.getRequestURI())
                    .getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(200, path.length);
            exchange.getResponseBody().write(path);
            exchange.close();
        };
        try (TestServer server = new TestServer(tells, options -> options.rootPath = "/shop");
                Client client = server.client()) {
            assertThat(client.get("/x").response().body()).isEqualTo("/shop /x");
        }
        try (TestServer server = new TestServer(tells);
                Client client = server.client()) {
            assertThat(client.get("/x").response().body()).isEqualTo("/ /x");
        }
    }
}
