package io.jcorn.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.wire.Scoreboard.Cell;
import io.jcorn.worker.engine.TestServer.Threads;
import java.io.IOException;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A connection is given back when it is closed, whatever it speaks and however it ends. */
@Timeout(60)
class ConnectionEndTest {

    private static final int CLIENTS = 25;

    private static void givenBack(TestServer server) throws InterruptedException {
        server.until(() -> server.cell(Cell.CONNECTIONS) == 0 && server.cell(Cell.IN_FLIGHT) == 0);
    }

    /** The client keeps the window shut, so that its response is always in the middle. */
    @ParameterizedTest
    @EnumSource(
            value = Threads.class,
            names = {"LOOP", "POOL"})
    void http2ClientsLeaveInTheMiddleOfAResponse(Threads threads) throws Exception {
        BlockingQueue<String> ends = new LinkedBlockingQueue<>();
        try (TestServer server = Http2Test.server(threads, exchange -> {
            try {
                exchange.sendResponseHeaders(200, 0);
                for (int i = 0; i < 64; i++) {
                    exchange.getResponseBody().write(new byte[64 << 10]);
                }
                exchange.close();
            } catch (IOException e) {
                ends.add("lost");
                throw e;
            }
        })) {
            for (int i = 0; i < CLIENTS; i++) {
                Http2Client client = new Http2Client(server.address()).withoutWindows();
                client.get(1, "/");
                client.await(Http2Client.DATA);
                client.socket.setSoLinger(i % 2 == 0, 0);
                client.close();
            }
            givenBack(server);
            // On the event loop it is done with its response at once, most of which is in a file.
            for (int i = 0; threads == Threads.POOL && i < CLIENTS; i++) {
                assertThat(ends.poll(20, TimeUnit.SECONDS)).isEqualTo("lost");
            }
        }
    }

    @Test
    void anHttp2ConnectionErrorEndsTheConnection() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        BlockingQueue<String> ends = new LinkedBlockingQueue<>();
        try (TestServer server = Http2Test.server(exchange -> {
                    inside.countDown();
                    try {
                        exchange.getRequestBody().readAllBytes();
                    } catch (IOException e) {
                        ends.add("lost");
                    }
                });
                Http2Client client = new Http2Client(server.address())) {
            client.await(Http2Client.SETTINGS);
            client.headers(1, false, Http2Client.request("POST", "/"));
            // More than is collected before the application gets to see it.
            for (int i = 0; i < 5; i++) {
                client.data(1, false, new byte[16_384]);
            }
            assertThat(inside.await(20, TimeUnit.SECONDS)).isTrue();
            client.frame(Http2Client.DATA, 0, 0, new byte[1]);
            assertThat(client.await(Http2Client.GOAWAY).code()).isOne();
            assertThat(client.atEnd()).isTrue();
            assertThat(ends.poll(20, TimeUnit.SECONDS)).isEqualTo("lost");
            client.socket.close();
            givenBack(server);
        }
    }

    @Test
    void connectionErrorsDoNotUseUpTheConnections() throws Exception {
        try (TestServer server = new TestServer(exchange -> Http2Test.answer(exchange, 200, "ok"), options -> {
            options.http2 = Http2Test.CLEARTEXT;
            options.connections = 2;
        })) {
            for (int i = 0; i < CLIENTS; i++) {
                try (Http2Client client = new Http2Client(server.address())) {
                    assertThat(client.get(1, "/").response(1).status()).isEqualTo(200);
                    client.frame(Http2Client.WINDOW_UPDATE, 0, 0, Http2Client.number(0));
                    assertThat(client.await(Http2Client.GOAWAY).code()).isOne();
                }
            }
            givenBack(server);
        }
    }

    @Test
    void badDeflateDataEndsAWebSocket() throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        try (TestServer server = new TestServer(exchange -> {
            exchange.setAttribute("java.net.http.WebSocket.Listener", new WebSocket.Listener() {
                @Override
                public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
                    heard.add("binary");
                    return null;
                }

                @Override
                public void onError(WebSocket socket, Throwable error) {
                    heard.add("error");
                }
            });
            exchange.sendResponseHeaders(101, -1);
        })) {
            for (int i = 0; i < CLIENTS; i++) {
                try (Client client = server.client()) {
                    client.send(WebSocketTest.UPGRADE + "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n");
                    assertThat(client.response(false).status()).isEqualTo(101);
                    client.send(WebSocketTest.frame(0xc2, "\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff"));
                    assertThat(client.exactly(4)).startsWith(0x88);
                    assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo("error");
                }
            }
            givenBack(server);
        }
    }
}
