package io.jcorn.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpHandler;
import io.jcorn.wire.Scoreboard.Cell;
import io.jcorn.worker.http.Limits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is no request, and what is none that we take: RFC 9113 §5, §6 and §8. */
@Timeout(60)
class Http2StrictnessTest {

    private static final int PROTOCOL_ERROR = 1;
    private static final int FLOW_CONTROL_ERROR = 3;
    private static final int STREAM_CLOSED = 5;
    private static final int FRAME_SIZE_ERROR = 6;
    private static final int COMPRESSION_ERROR = 9;

    private static final HttpHandler OK = exchange -> {
        exchange.getRequestBody().readAllBytes();
        Http2Test.answer(exchange, 200, "ok");
    };

    /** Fields, separated by bars; names and values by an arrow. */
    private static String[] fields(String text) {
        List<String> fields = new ArrayList<>();
        for (String field : text.split("\\|", -1)) {
            fields.addAll(List.of(field.split("->", -1)));
        }
        return fields.toArray(new String[0]);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ":method->GET|:scheme->http|:path->/|:authority->a|Accept->x",
                ":method->GET|:scheme->http|:path->/|:authority->a|a b->x",
                ":method->GET|:scheme->http|:path->/|:authority->a|a:b->x",
                ":method->GET|:scheme->http|:path->/|:authority->a|->x",
                ":method->GET|:scheme->http|:path->/|:authority->a|x->a\r\nb: c",
                ":method->GET|:scheme->http|:path->/|:authority->a|x->a\u0000b",
                ":method->GET|:scheme->http|:path->/|:authority->a|x-> a",
                ":method->GET|:scheme->http|:path->/|:authority->a|x->a\t",
                ":method->GET|:scheme->http|:path->/|x->y|:authority->a",
                ":method->GET|:method->GET|:scheme->http|:path->/|:authority->a",
                ":method->GET|:scheme->http|:path->/|:path->/|:authority->a",
                ":method->GET|:scheme->http|:path->/|:authority->a|:authority->a",
                ":scheme->http|:path->/|:authority->a",
                ":method->GET|:path->/|:authority->a",
                ":method->GET|:scheme->http|:authority->a",
                ":method->GET|:scheme->http|:path->|:authority->a",
                ":method->GET|:scheme->http|:path->x|:authority->a",
                ":method->GET|:scheme->http|:path->http://b/|:authority->a",
                ":method->G T|:scheme->http|:path->/|:authority->a",
                ":method->GET|:scheme->http|:path->/|:authority->a|:status->200",
                ":method->GET|:scheme->http|:path->/|:authority->a|:protocol->websocket",
                ":method->GET|:scheme->http|:path->/|:authority->a|connection->close",
                ":method->GET|:scheme->http|:path->/|:authority->a|keep-alive->1",
                ":method->GET|:scheme->http|:path->/|:authority->a|proxy-connection->x",
                ":method->GET|:scheme->http|:path->/|:authority->a|transfer-encoding->chunked",
                ":method->GET|:scheme->http|:path->/|:authority->a|upgrade->h2c",
                ":method->GET|:scheme->http|:path->/|:authority->a|te->gzip",
                ":method->GET|:scheme->http|:path->/|:authority->a|host->b",
                ":method->POST|:scheme->http|:path->/|:authority->a|content-length->1"
            })
    void aMalformedRequestIsReset(String text) throws Exception {
        try (TestServer server = Http2Test.server(OK);
                Http2Client client = new Http2Client(server.address())) {
            client.headers(1, true, fields(text));
            assertThat(client.await(Http2Client.RST_STREAM).code()).isEqualTo(PROTOCOL_ERROR);
            assertThat(server.cell(Cell.REFUSED)).isEqualTo(1);
            // The connection is none the worse for it.
            assertThat(client.get(3, "/", "te", "trailers", "host", "A")
                            .response(3)
                            .body())
                    .isEqualTo("ok");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "400 :method->GET|:scheme->ftp|:path->/|:authority->a",
                "400 :method->GET|:scheme->http|:path->/|:authority->u@a",
                "400 :method->GET|:scheme->http|:path->/|:authority->a b",
                "400 :method->GET|:scheme->http|:path->/a HTTP/1.1\r\nx: y|:authority->a",
                "400 :method->GET|:scheme->http|:path->/{|:authority->a",
                "400 :method->GET|:scheme->http|:path->/%zz|:authority->a",
                "400 :method->GET|:scheme->http|:path->/#x|:authority->a",
                "400 :method->GET|:scheme->http|:path->*|:authority->a",
                "400 :method->GET|:scheme->http|:path->/",
                "400 :method->GET|:scheme->http|:path->/|:authority->a|content-length->x",
                "400 :method->GET|:scheme->http|:path->/|:authority->a|content-length->0|content-length->0",
                "417 :method->GET|:scheme->http|:path->/|:authority->a|expect->coffee",
                "501 :method->CONNECT|:authority->a:443",
                "413 :method->POST|:scheme->http|:path->/|:authority->a|content-length->101",
                "414 :method->GET|:scheme->http|:path->/LONG|:authority->a",
                "431 :method->GET|:scheme->http|:path->/|:authority->a|x->LONG",
                "431 :method->GET|:scheme->http|:path->/|:authority->a|a->1|b->1|c->1|d->1|e->1|f->1|g->1|h->1",
                "431 :method->GET|:scheme->http|:path->/|:authority->a|a->HALF|b->HALF|c->HALF",
            })
    void whatWeDoNotTakeIsAnswered(String text) throws Exception {
        try (TestServer server = new TestServer(OK, options -> {
                    options.http2 = Http2Test.CLEARTEXT;
                    options.limits = new Limits(200, 8, 200, 400, 100);
                });
                Http2Client client = new Http2Client(server.address())) {
            boolean body = text.contains(":method->POST");
            client.headers(
                    1,
                    !body,
                    fields(text.substring(4).replace("LONG", "x".repeat(300)).replace("HALF", "x".repeat(150))));
            Http2Client.Response response = client.response(1);
            assertThat(response.status()).isEqualTo(Integer.parseInt(text.substring(0, 3)));
            assertThat(response.body()).startsWith("" + io.jcorn.worker.http.Status.reason(response.status()));
            assertThat(server.cell(Cell.REFUSED)).isEqualTo(1);
            assertThat(client.get(3, "/").response(3).body()).isEqualTo("ok");
        }
    }

    /** What browsers send, and what joined base URLs make. */
    @Test
    void anOddPathIsServed() throws Exception {
        try (TestServer server = new TestServer(
                        exchange -> {
                            byte[] uri = exchange.getRequestURI().toString().getBytes(StandardCharsets.US_ASCII);
                            exchange.sendResponseHeaders(200, uri.length);
                            exchange.getResponseBody().write(uri);
                            exchange.close();
                        },
                        options -> options.http2 = Http2Test.CLEARTEXT);
                Http2Client client = new Http2Client(server.address())) {
            client.headers(1, true, fields(":method->GET|:scheme->http|:path->//x/y|:authority->a:80"));
            assertThat(client.response(1).body()).isEqualTo("//a:80//x/y");
            client.headers(3, true, fields(":method->GET|:scheme->http|:path->/[1]?{}|:authority->a:80"));
            assertThat(client.response(3).body()).isEqualTo("/%5B1%5D?%7B%7D");
        }
    }

    @Test
    void theBodyIsWhatContentLengthSays() throws Exception {
        try (TestServer server = Http2Test.server(OK);
                Http2Client client = new Http2Client(server.address())) {
            client.headers(1, false, Http2Client.request("POST", "/", "content-length", "4"))
                    .data(1, true, new byte[3]);
            assertThat(client.await(Http2Client.RST_STREAM).code()).isEqualTo(PROTOCOL_ERROR);
            client.headers(3, false, Http2Client.request("POST", "/", "content-length", "4"))
                    .data(3, false, new byte[5]);
            assertThat(client.await(Http2Client.RST_STREAM).code()).isEqualTo(PROTOCOL_ERROR);
            client.headers(5, false, Http2Client.request("POST", "/", "content-length", "4"))
                    .headers(5, true, "x-sum", "1");
            assertThat(client.await(Http2Client.RST_STREAM).code()).isEqualTo(PROTOCOL_ERROR);
            server.until(() -> server.cell(Cell.IN_FLIGHT) == 0);
        }
    }

    @Test
    void aBodyWithoutALengthIsCountedAsItComes() throws Exception {
        try (TestServer server = new TestServer(OK, options -> {
                    options.http2 = Http2Test.CLEARTEXT;
                    options.limits = new Limits(200, 8, 200, 0, 100);
                });
                Http2Client client = new Http2Client(server.address())) {
            client.headers(1, false, Http2Client.request("POST", "/")).data(1, false, new byte[101]);
            assertThat(client.response(1).status()).isEqualTo(413);
        }
    }

    @Test
    void trailersEndARequestAndAreFieldsOnly() throws Exception {
        try (TestServer server = Http2Test.server(OK);
                Http2Client client = new Http2Client(server.address())) {
            client.headers(1, false, Http2Client.request("POST", "/"))
                    .data(1, false, new byte[3])
                    .headers(1, true, "x-sum", "1");
            assertThat(client.response(1).body()).isEqualTo("ok");
            client.headers(3, false, Http2Client.request("POST", "/"))
                    .data(3, false, new byte[3])
                    .headers(3, true, ":path", "/x");
            assertThat(client.await(Http2Client.RST_STREAM).code()).isEqualTo(PROTOCOL_ERROR);
            client.headers(5, false, Http2Client.request("POST", "/")).headers(5, false, "x-sum", "1");
            assertThat(client.await(Http2Client.RST_STREAM).code()).isEqualTo(PROTOCOL_ERROR);
        }
    }

    private static void endsWith(int code, byte[] frame) throws Exception {
        try (TestServer server = Http2Test.server(OK);
                Http2Client client = new Http2Client(server.address())) {
            client.raw(frame);
            assertThat(client.await(Http2Client.GOAWAY).code()).isEqualTo(code);
            assertThat(client.atEnd()).isTrue();
            server.until(() -> server.cell(Cell.IN_FLIGHT) == 0);
            assertThat(server.log()).doesNotContain("failed:");
        }
    }

    @Test
    void brokenFramesEndTheConnection() throws Exception {
        byte[] none = {};
        endsWith(PROTOCOL_ERROR, Http2Client.bytes(Http2Client.DATA, 0, 1, new byte[3]));
        endsWith(PROTOCOL_ERROR, Http2Client.bytes(Http2Client.DATA, 0, 0, new byte[3]));
        endsWith(PROTOCOL_ERROR, Http2Client.bytes(Http2Client.HEADERS, 5, 2, new byte[] {(byte) 0x82}));
        endsWith(PROTOCOL_ERROR, Http2Client.bytes(Http2Client.CONTINUATION, 4, 1, none));
        endsWith(PROTOCOL_ERROR, Http2Client.bytes(Http2Client.RST_STREAM, 0, 1, new byte[4]));
        endsWith(PROTOCOL_ERROR, Http2Client.bytes(Http2Client.WINDOW_UPDATE, 0, 0, new byte[4]));
        endsWith(PROTOCOL_ERROR, Http2Client.bytes(5, 4, 1, new byte[] {0, 0, 0, 2, (byte) 0x82}));
        endsWith(FRAME_SIZE_ERROR, Http2Client.bytes(Http2Client.SETTINGS, 0, 0, new byte[5]));
        endsWith(FRAME_SIZE_ERROR, Http2Client.bytes(Http2Client.PING, 0, 0, new byte[7]));
        endsWith(FRAME_SIZE_ERROR, Http2Client.bytes(Http2Client.DATA, 0, 1, new byte[16_385]));
        endsWith(COMPRESSION_ERROR, Http2Client.bytes(Http2Client.HEADERS, 5, 1, new byte[] {(byte) 0xff, 0x7f}));
        endsWith(
                FLOW_CONTROL_ERROR, Http2Client.bytes(Http2Client.WINDOW_UPDATE, 0, 0, Http2Client.number(0x7fffffff)));
    }

    @Test
    void aPrefaceWithoutSettingsIsNone() throws Exception {
        try (TestServer server = Http2Test.server(OK);
                Client client = server.client()) {
            client.send(Http2Client.PREFACE, Http2Client.PREFACE.length);
            client.send(Http2Client.bytes(Http2Client.PING, 0, 0, new byte[8]), 17);
            server.until(() -> server.cell(Cell.REFUSED) == 1);
        }
    }

    @Test
    void aClosedStreamStaysClosed() throws Exception {
        try (TestServer server = Http2Test.server(OK);
                Http2Client client = new Http2Client(server.address())) {
            client.get(1, "/").response(1);
            client.data(1, true, new byte[3]);
            assertThat(client.await(Http2Client.RST_STREAM).code()).isEqualTo(STREAM_CLOSED);
        }
    }

    @Test
    void aLowerIdentifierEndsTheConnection() throws Exception {
        try (TestServer server = Http2Test.server(OK);
                Http2Client client = new Http2Client(server.address())) {
            client.get(1, "/").response(1);
            client.get(7, "/").response(7);
            client.get(9, "/").response(9);
            client.get(5, "/");
            assertThat(client.await(Http2Client.GOAWAY).code()).isEqualTo(PROTOCOL_ERROR);
            assertThat(client.atEnd()).isTrue();
            assertThat(server.cell(Cell.REFUSED)).isEqualTo(1);
            server.until(() -> server.cell(Cell.IN_FLIGHT) == 0);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStreamThatItsClientHasEndedTakesNoHeaders(boolean end) throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        HttpHandler handler = exchange -> {
            ProtocolTest.await(release);
            Http2Test.answer(exchange, 200, "ok");
        };
        try (TestServer server = Http2Test.server(handler);
                Http2Client client = new Http2Client(server.address())) {
            client.get(1, "/").get(3, "/");
            client.headers(1, end, "x-late", "1");
            Http2Client.Frame reset = client.await(Http2Client.RST_STREAM);
            assertThat(reset.stream).isEqualTo(1);
            assertThat(reset.code()).isEqualTo(STREAM_CLOSED);
            release.countDown();
            assertThat(client.response(3).body()).isEqualTo("ok");
        }
    }

    @Test
    void aStreamThatWasOpenOnceIsNoLowerIdentifier() throws Exception {
        try (TestServer server = Http2Test.server(OK);
                Http2Client client = new Http2Client(server.address())) {
            client.get(1, "/").response(1);
            client.get(3, "/").response(3);
            client.get(1, "/");
            Http2Client.Frame reset = client.await(Http2Client.RST_STREAM);
            assertThat(reset.stream).isEqualTo(1);
            assertThat(reset.code()).isEqualTo(STREAM_CLOSED);
            assertThat(client.get(5, "/").response(5).body()).isEqualTo("ok");
        }
    }

    @Test
    void unknownFramesAndSettingsAreIgnored() throws Exception {
        try (TestServer server = Http2Test.server(OK);
                Http2Client client = new Http2Client(server.address(), 0x7777, 1)) {
            client.frame(0x77, 0xff, 0, new byte[10]);
            client.frame(Http2Client.PING, 0, 0, new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
            assertThat(client.await(Http2Client.PING).payload).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
            assertThat(client.get(1, "/").response(1).body()).isEqualTo("ok");
        }
    }
}
