package io.jcorn.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpHandler;
import io.jcorn.wire.Scoreboard.Cell;
import io.jcorn.worker.engine.TestServer.Threads;
import io.jcorn.worker.websocket.WebSocketSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** WebSockets: RFC 6455 on the wire, and the contract of {@link WebSocket} towards the application. */
@SuppressWarnings("FutureReturnValueIgnored") // What a listener sends is looked at by its client.
class WebSocketTest {

    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
    static final String UPGRADE = "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + KEY + "\r\n";

    /** Says back what it hears, part by part. */
    private static class Echo implements WebSocket.Listener {
        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            return socket.sendText(data, last).thenRun(() -> socket.request(1));
        }

        @Override
        public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            return socket.sendBinary(data, last).thenRun(() -> socket.request(1));
        }
    }

    /** Writes down what it hears. */
    private static final class Diary implements WebSocket.Listener {
        final BlockingQueue<String> entries = new LinkedBlockingQueue<>();
        private final StringBuilder text = new StringBuilder();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        String next() throws InterruptedException {
            String entry = entries.poll(20, TimeUnit.SECONDS);
            return entry == null ? "nothing" : entry;
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                entries.add("text " + text);
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            byte[] part = new byte[data.remaining()];
            data.get(part);
            bytes.writeBytes(part);
            if (last) {
                entries.add("binary " + bytes.size());
                bytes.reset();
            }
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onPong(WebSocket socket, ByteBuffer data) {
            entries.add("pong " + StandardCharsets.UTF_8.decode(data));
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            entries.add("close " + status + " " + reason);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            entries.add("error " + error.getMessage());
        }
    }

    private static HttpHandler accepting(Supplier<WebSocket.Listener> listener) {
        return exchange -> {
            exchange.setAttribute("java.net.http.WebSocket.Listener", listener.get());
            String offered = exchange.getRequestHeaders().getFirst("Sec-WebSocket-Protocol");
            if (offered != null) {
                exchange.getResponseHeaders().set("Sec-WebSocket-Protocol", offered.split(",", 2)[0]);
            }
            exchange.sendResponseHeaders(101, -1);
        };
    }

    private static WebSocket open(TestServer server, WebSocket.Listener listener) throws Exception {
        server.clientsStay(TestServer.JDK_CLIENT);
        return HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .subprotocols("chat", "other")
                .buildAsync(URI.create("ws://127.0.0.1:" + server.address().getPort() + "/"), listener)
                .get(20, TimeUnit.SECONDS);
    }

    static List<Threads> threads() {
        return Threads.available();
    }

    @ParameterizedTest
    @MethodSource("threads")
    void theJdksClientConverses(Threads threads) throws Exception {
        try (TestServer server = new TestServer(accepting(Echo::new), options -> options.threads = threads)) {
            Diary diary = new Diary();
            WebSocket socket = open(server, diary);
            assertThat(socket.getSubprotocol()).isEqualTo("chat");
            for (String text : List.of("hello", "", "ä€𝄞".repeat(10_000))) {
                socket.sendText(text, true).get(20, TimeUnit.SECONDS);
                assertThat(diary.next()).isEqualTo("text " + text);
            }
            socket.sendText("one ", false).get(20, TimeUnit.SECONDS);
            socket.sendText("message", true).get(20, TimeUnit.SECONDS);
            assertThat(diary.next()).isEqualTo("text one message");
            socket.sendBinary(ByteBuffer.allocate(500_000), true).get(20, TimeUnit.SECONDS);
            assertThat(diary.next()).isEqualTo("binary 500000");
            socket.sendPing(ByteBuffer.wrap("p".getBytes(StandardCharsets.UTF_8)))
                    .get(20, TimeUnit.SECONDS);
            assertThat(diary.next()).isEqualTo("pong p");
            assertThat(server.cell(Cell.IN_FLIGHT)).isZero();
            assertThat(server.cell(Cell.CONNECTIONS)).isOne();
            assertThat(server.cell(Cell.RESPONSES_1XX)).isOne();
            socket.sendClose(4000, "bye").get(20, TimeUnit.SECONDS);
            assertThat(diary.next()).isEqualTo("close 4000 ");
            server.until(() -> server.cell(Cell.CONNECTIONS) == 0);
        }
    }

    @Test
    void theServerMayCloseFirst() throws Exception {
        CompletableFuture<Void> said = new CompletableFuture<>();
        Diary atServer = new Diary();
        try (TestServer server = new TestServer(accepting(() -> new WebSocket.Listener() {
            @Override
            public void onOpen(WebSocket socket) {
                socket.request(10);
                socket.sendText("welcome", true)
                        .thenCompose(s -> s.sendClose(1000, "done"))
                        .thenAccept(s -> said.complete(null));
            }

            @Override
            public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
                return atServer.onClose(socket, status, reason);
            }
        }))) {
            Diary diary = new Diary();
            open(server, diary);
            assertThat(diary.next()).isEqualTo("text welcome");
            assertThat(diary.next()).isEqualTo("close 1000 done");
            assertThat(atServer.next()).isEqualTo("close 1000 ");
            said.get(20, TimeUnit.SECONDS);
            server.until(() -> server.cell(Cell.CONNECTIONS) == 0);
        }
    }

    @Test
    void aDrainSaysGoodbyeWith1001() throws Exception {
        try (TestServer server = new TestServer(accepting(Echo::new))) {
            Diary diary = new Diary();
            open(server, diary);
            server.engine.closeGate();
            server.engine.drain();
            assertThat(diary.next()).isEqualTo("close 1001 the server is going away");
            assertThat(server.drained.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void theListenerGetsNoMoreThanItAskedFor() throws Exception {
        AtomicReference<WebSocket> atServer = new AtomicReference<>();
        Diary heard = new Diary();
        try (TestServer server = new TestServer(accepting(() -> new WebSocket.Listener() {
                    @Override
                    public void onOpen(WebSocket socket) {
                        atServer.set(socket);
                    }

                    @Override
                    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
                        heard.entries.add(data.toString());
                        return null;
                    }
                }));
                Client client = server.client()) {
            opened(client, "");
            client.send(frame(0x81, "1") + frame(0x81, "2") + frame(0x81, "3"));
            server.until(() -> atServer.get() != null);
            atServer.get().request(2);
            assertThat(heard.next()).isEqualTo("1");
            assertThat(heard.next()).isEqualTo("2");
            server.onLoop(() -> {});
            assertThat(heard.entries).isEmpty();
            atServer.get().request(1);
            assertThat(heard.next()).isEqualTo("3");
            assertThatThrownBy(() -> atServer.get().request(0)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aListenerThatDoesNotListenStopsTheClient() throws Exception {
        AtomicReference<WebSocket> atServer = new AtomicReference<>();
        try (TestServer server = new TestServer(accepting(() -> new WebSocket.Listener() {
                    @Override
                    public void onOpen(WebSocket socket) {
                        atServer.set(socket);
                    }
                }));
                Client client = server.client()) {
            opened(client, "");
            String message = frame(0x82, "x".repeat(100));
            for (int i = 0; i < 4000; i++) {
                client.send(message);
            }
            server.until(() -> server.cell(Cell.BYTES_READ) > 150_000);
            long read = server.cell(Cell.BYTES_READ);
            assertThat(read).isLessThan(300_000);
            atServer.get().request(Long.MAX_VALUE);
            client.send(frame(0x88, "\u0003\u00e8"));
            assertThat(client.exactly(4)).containsExactly(0x88, 2, 3, 0xe8);
        }
    }

    /** That the client takes what the server sends is no reason to read from it what the listener does not take. */
    @Test
    void aListenerThatDoesNotListenStopsTheClientWhileTheServerSends() throws Exception {
        AtomicReference<WebSocket> atServer = new AtomicReference<>();
        try (TestServer server = new TestServer(accepting(() -> new WebSocket.Listener() {
                    @Override
                    public void onOpen(WebSocket socket) {
                        atServer.set(socket);
                    }
                }));
                Client client = server.client()) {
            server.clientsStay("the end of what the client sends is behind what the listener never takes");
            opened(client, "");
            String message = frame(0x82, "x".repeat(100));
            for (int i = 0; i < 4000; i++) {
                client.send(message);
            }
            server.until(() -> server.cell(Cell.BYTES_READ) > 150_000);
            for (int i = 0; i < 3; i++) {
                CompletableFuture<WebSocket> sent = atServer.get().sendBinary(ByteBuffer.allocate(8 << 20), true);
                client.exactly(10 + (8 << 20));
                sent.get(20, TimeUnit.SECONDS);
                server.onLoop(() -> {});
            }
            assertThat(server.cell(Cell.BYTES_READ)).isLessThan(300_000);
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "an unmasked frame|81 01 61|1002",
                "a reserved bit|c1 80 00 00 00 00|1002",
                "a reserved opcode|83 80 00 00 00 00|1002",
                "a reserved control opcode|8b 80 00 00 00 00|1002",
                "a fragmented ping|09 80 00 00 00 00|1002",
                "a ping of 126 bytes|89 fe 00 7e 00 00 00 00|1002",
                "a continuation of nothing|80 80 00 00 00 00|1002",
                "a message within a message|01 80 00 00 00 00 81 80 00 00 00 00|1002",
                "a length that is not the shortest|81 fe 00 01 00 00 00 00 61|1002",
                "a negative length|82 ff ff 00 00 00 00 00 00 00 00 00 00 00|1002",
                "text that is not UTF-8|81 82 00 00 00 00 c3 28|1007",
                "text that ends in half a character|81 81 00 00 00 00 c3|1007",
                "half a character across frames|01 81 00 00 00 00 c3 80 81 00 00 00 00 28|1007",
                "a surrogate in UTF-8|81 83 00 00 00 00 ed a0 80|1007",
                "a frame that is too large|82 ff 00 00 00 00 00 20 00 00 00 00 00 00|1009",
                "a close of one byte|88 81 00 00 00 00 03|1002",
                "a length of 64 bits that is not the shortest|82 ff 00 00 00 00 00 00 ff ff 00 00 00 00|1002",
                "a close with a status that nobody sends|88 82 00 00 00 00 03 ed|1002",
                "a close with a status that nobody has defined|88 82 00 00 00 00 13 88|1002",
                "a close whose reason is not UTF-8|88 83 00 00 00 00 03 e8 ff|1007",
            })
    void violationsEndTheConversation(String what, String hex, int status) throws Exception {
        Diary heard = new Diary();
        try (TestServer server = new TestServer(accepting(() -> heard));
                Client client = server.client()) {
            opened(client, "");
            client.send(bytes(hex));
            assertThat(closeStatus(client)).isEqualTo(status);
            assertThat(client.atEnd()).isTrue();
            assertThat(heard.next()).startsWith("error ");
            client.socket.close();
            server.until(() -> server.cell(Cell.CONNECTIONS) == 0);
        }
    }

    @Test
    void aMessageOfManyFramesIsBoundedToo() throws Exception {
        try (TestServer server = new TestServer(
                        accepting(Diary::new), options -> options.webSocket = new WebSocketSettings(1000, 0, 0, true));
                Client client = server.client()) {
            opened(client, "");
            client.send(frame(0x02, "x".repeat(100)));
            for (int i = 0; i < 10; i++) {
                client.send(frame(0x00, "x".repeat(100)));
            }
            assertThat(client.exactly(4)).startsWith(0x88).endsWith(3, 0xf1);
        }
    }

    @Test
    void compressionIsAgreedOnAndUsed() throws Exception {
        try (TestServer server = new TestServer(accepting(Echo::new));
                Client client = server.client()) {
            Client.Response response = opened(
                    client, "Sec-WebSocket-Extensions: x-unknown, permessage-deflate; client_max_window_bits\r\n");
            assertThat(response.header("sec-websocket-extensions")).startsWith("permessage-deflate");
            // "Hello", compressed, as RFC 7692 §7.2.3.1 shows it.
            client.send(frame(0xc1, bytes("f2 48 cd c9 c9 07 00")));
            byte[] head = client.exactly(2);
            assertThat(head[0]).isEqualTo((byte) 0xc1);
            byte[] body = client.exactly(head[1]);
            java.util.zip.Inflater inflater = new java.util.zip.Inflater(true);
            inflater.setInput(body);
            byte[] text = new byte[100];
            int length = inflater.inflate(text);
            inflater.end();
            assertThat(new String(text, 0, length, StandardCharsets.UTF_8)).isEqualTo("Hello");
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "a continuation that says it is compressed|41 83 00 00 00 00 f2 48 cd c0 84 00 00 00 00 c9 c9 07"
                        + " 00|1002",
                "a continuation that is where the message is not|01 81 00 00 00 00 61 c0 84 00 00 00 00 c9 c9 07"
                        + " 00|1002",
                "a compressed ping|c9 80 00 00 00 00|1002",
                "a compressed close|c8 80 00 00 00 00|1002",
                "the second reserved bit|a1 80 00 00 00 00|1002",
                "the third reserved bit with the first|d1 80 00 00 00 00|1002",
                "what was never compressed|c1 83 00 00 00 00 ff ff ff|1007",
                "the same in fragments|41 81 00 00 00 00 ff 80 82 00 00 00 00 ff ff|1007",
                "compressed text that is not UTF-8|c1 84 00 00 00 00 fa 0f 00 00|1007",
            })
    void violationsOfCompressionEndTheConversation(String what, String hex, int status) throws Exception {
        Diary heard = new Diary();
        try (TestServer server = new TestServer(accepting(() -> heard))) {
            try (Client client = server.client()) {
                opened(client, "Sec-WebSocket-Extensions: permessage-deflate\r\n");
                client.send(bytes(hex));
                assertThat(closeStatus(client)).isEqualTo(status);
                assertThat(client.atEnd()).isTrue();
                assertThat(heard.next()).startsWith("error ");
            }
            server.until(() -> server.cell(Cell.CONNECTIONS) == 0);
            assertThat(heard.entries).isEmpty();
            assertThat(server.log()).doesNotContain("ERROR").doesNotContain("WARN");
        }
    }

    @Test
    void whatUnpacksToTooMuchIsTooBig() throws Exception {
        try (TestServer server = new TestServer(
                        accepting(Echo::new),
                        options -> options.webSocket = new WebSocketSettings(100_000, 0, 0, true));
                Client client = server.client()) {
            opened(client, "Sec-WebSocket-Extensions: permessage-deflate\r\n");
            java.util.zip.Deflater deflater = new java.util.zip.Deflater(9, true);
            deflater.setInput(new byte[10 << 20]);
            byte[] bomb = new byte[100_000];
            int length = deflater.deflate(bomb, 0, bomb.length, java.util.zip.Deflater.SYNC_FLUSH);
            deflater.end();
            client.send(frame(0xc2, new String(bomb, 0, length, StandardCharsets.ISO_8859_1)));
            int first = 0x02;
            for (int opcode = client.exactly(1)[0] & 0xff; opcode != 0x88; opcode = client.exactly(1)[0] & 0xff) {
                assertThat(opcode & 0x8f).isEqualTo(first);
                client.exactly(client.exactly(1)[0]);
                first = 0;
            }
            client.exactly(1);
            assertThat(client.exactly(2)).containsExactly(3, 0xf1);
        }
    }

    /** A client that is in the middle of a frame that is too large reads why, although it has not been read to the end. */
    @Test
    void aClientThatSendsTooMuchReadsWhy() throws Exception {
        try (TestServer server = new TestServer(accepting(Diary::new), options -> options.clockStands = true)) {
            try (Client client = server.client()) {
                opened(client, "");
                client.send(bytes("82 ff 00 00 00 00 01 00 00 00 00 00 00 00"));
                byte[] piece = new byte[64 << 10];
                for (int i = 0; i < 256; i++) {
                    client.send(piece, piece.length);
                }
                assertThat(closeStatus(client)).isEqualTo(1009);
                assertThat(client.atEnd()).isTrue();
            }
            server.until(() -> server.cell(Cell.CONNECTIONS) == 0);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "permessage-deflate; server_max_window_bits=10|101|permessage-deflate; client_no_context_takeover;"
                        + " server_max_window_bits=10",
                "permessage-deflate; server_max_window_bits=7|101|none",
                "permessage-deflate; server_max_window_bits=7, permessage-deflate;"
                        + " server_max_window_bits=15|101|permessage-deflate; client_no_context_takeover;"
                        + " server_max_window_bits=15",
                "permessage-deflate; client_max_window_bits=99999999999|101|none",
                "permessage-deflate; client_max_window_bits; client_max_window_bits|101|none",
                "permessage-deflate; client_max_window_bits=|400|none",
                "permessage-deflate;;|400|none",
            })
    void offersAreMetDeclinedOrRefused(String offer, int status, String answer) throws Exception {
        try (TestServer server = new TestServer(accepting(Echo::new));
                Client client = server.client()) {
            client.send(UPGRADE + "Sec-WebSocket-Extensions: " + offer + "\r\n\r\n");
            Client.Response response = client.response(true);
            assertThat(response.status()).isEqualTo(status);
            assertThat(String.valueOf(response.header("sec-websocket-extensions"))
                            .replace("null", "none"))
                    .isEqualTo(answer);
            if (status == 101) {
                client.send(frame(0x81, "hello"));
                assertThat(client.exactly(1)[0] & 0x0f).isEqualTo(1);
            }
            assertThat(server.cell(Cell.APPLICATION_ERRORS)).isZero();
            assertThat(server.log()).doesNotContain("ERROR");
        }
    }

    @Test
    void aClientThatLeavesWhileSomethingIsSentIsEverydayLife() throws Exception {
        try (TestServer server = new TestServer(accepting(() -> new Echo() {
            @Override
            public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
                return socket.sendBinary(ByteBuffer.allocate(16 << 20), true);
            }
        }))) {
            for (int i = 0; i < 5; i++) {
                try (Client client = server.client()) {
                    opened(client, "");
                    client.send(frame(0x81, "all of it"));
                    client.exactly(100_000);
                    client.socket.setSoLinger(true, 0);
                }
            }
            server.until(() -> server.cell(Cell.CONNECTIONS) == 0);
            server.until(() -> server.log().split("The listener of a WebSocket", -1).length == 6);
            assertThat(server.cell(Cell.APPLICATION_ERRORS)).isZero();
            assertThat(server.log())
                    .doesNotContain("ERROR")
                    .doesNotContain("WARN")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void aClientThatTakesNothingIsCutOffAfterTheSendTimeout() throws Exception {
        Diary heard = new Diary();
        CompletableFuture<WebSocket> sent = new CompletableFuture<>();
        try (TestServer server = new TestServer(
                        accepting(() -> new WebSocket.Listener() {
                            @Override
                            public void onOpen(WebSocket socket) {
                                socket.request(1);
                                socket.sendBinary(ByteBuffer.allocate(16 << 20), true)
                                        .whenComplete((done, thrown) -> sent.completeExceptionally(thrown));
                            }

                            @Override
                            public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
                                return heard.onClose(socket, status, reason);
                            }
                        }),
                        options -> options.sendMillis = 30_000);
                Client client = server.client()) {
            opened(client, "");
            client.exactly(1);
            server.passes(1_000);
            server.passes(31_000);
            server.passes(31_000);
            assertThat(heard.next()).isEqualTo("close 1006 ");
            assertFails(() -> sent, IOException.class);
            server.until(() -> server.cell(Cell.CONNECTIONS) == 0);
            assertThat(server.cell(Cell.TIMEOUTS_SEND)).isOne();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET / HTTP/1.1|Upgrade: websocket|Connection: keep-alive|13|" + KEY + "|426",
                "GET / HTTP/1.1|Upgrade: h2c|Connection: Upgrade|13|" + KEY + "|426",
                "GET / HTTP/1.1|Upgrade: websocket|Connection: Upgrade|8|" + KEY + "|426",
                "GET / HTTP/1.1|Upgrade: websocket|Connection: Upgrade|13|c2hvcnQ=|400",
                "GET / HTTP/1.1|Upgrade: websocket|Connection: Upgrade|13|-|400",
                "GET / HTTP/1.0|Upgrade: websocket|Connection: Upgrade|13|" + KEY + "|400",
                "POST / HTTP/1.1|Upgrade: websocket|Connection: Upgrade|13|" + KEY + "|400",
            })
    void whatIsNoOpeningIsToldSo(String line, String upgrade, String connection, String version, String key, int status)
            throws Exception {
        try (TestServer server = new TestServer(accepting(Echo::new));
                Client client = server.client()) {
            client.send(line + "\r\nHost: a\r\n" + upgrade + "\r\n" + connection + "\r\nSec-WebSocket-Version: "
                    + version + "\r\nSec-WebSocket-Key: " + key + "\r\n\r\n");
            Client.Response response = client.response();
            assertThat(response.status()).isEqualTo(status);
            if (status == 426) {
                assertThat(response.header("sec-websocket-version")).isEqualTo("13");
                assertThat(response.header("upgrade")).isEqualTo("websocket");
            }
            assertThat(server.cell(Cell.APPLICATION_ERRORS)).isZero();
        }
    }

    @Test
    void framesMayComeBehindTheRequestAtOnce() throws Exception {
        try (TestServer server = new TestServer(accepting(Echo::new));
                Client client = server.client()) {
            client.send(UPGRADE + "\r\n" + frame(0x81, "early"));
            assertThat(client.response(false).status()).isEqualTo(101);
            assertThat(client.exactly(7)).containsExactly(0x81, 5, 'e', 'a', 'r', 'l', 'y');
        }
    }

    @Test
    void aClientThatGoesIsToldOf() throws Exception {
        Diary heard = new Diary();
        try (TestServer server = new TestServer(accepting(() -> heard))) {
            try (Client client = server.client()) {
                opened(client, "");
            }
            assertThat(heard.next()).isEqualTo("close 1006 ");
            server.until(() -> server.cell(Cell.CONNECTIONS) == 0);
        }
    }

    @Test
    void aSilentClientIsAskedAndThenLeft() throws Exception {
        Diary heard = new Diary();
        try (TestServer server = new TestServer(
                        accepting(() -> heard),
                        options -> options.webSocket = new WebSocketSettings(
                                0, TimeUnit.SECONDS.toNanos(20), TimeUnit.SECONDS.toNanos(10), true));
                Client client = server.client()) {
            opened(client, "");
            // The answer may be here before the conversation has begun there.
            server.onLoop(() -> {});
            server.passes(21_000);
            assertThat(client.exactly(2)).containsExactly(0x89, 0);
            client.send(frame(0x8a, ""));
            assertThat(heard.next()).isEqualTo("pong ");
            server.passes(21_000);
            assertThat(client.exactly(2)).containsExactly(0x89, 0);
            server.passes(11_000);
            assertThat(client.atEnd()).isTrue();
            assertThat(heard.next()).isEqualTo("close 1006 ");
        }
    }

    @Test
    void aListenerThatFailsClosesWith1011() throws Exception {
        Diary heard = new Diary();
        try (TestServer server = new TestServer(accepting(() -> new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
                        throw new IllegalStateException("no idea what to say to " + data);
                    }

                    @Override
                    public void onError(WebSocket socket, Throwable error) {
                        heard.onError(socket, error);
                    }
                }));
                Client client = server.client()) {
            opened(client, "");
            client.send(frame(0x81, "this"));
            assertThat(client.exactly(4)).containsExactly(0x88, 2, 3, 0xf3);
            assertThat(heard.next()).isEqualTo("error no idea what to say to this");
            assertThat(server.cell(Cell.APPLICATION_ERRORS)).isOne();
            assertThat(server.log()).contains("no idea what to say to this");
        }
    }

    @Test
    void theContractOfSendingIsKept() throws Exception {
        AtomicReference<WebSocket> atServer = new AtomicReference<>();
        try (TestServer server = new TestServer(accepting(() -> new WebSocket.Listener() {
                    @Override
                    public void onOpen(WebSocket socket) {
                        atServer.set(socket);
                    }
                }));
                Client client = server.client()) {
            opened(client, "");
            server.until(() -> atServer.get() != null);
            WebSocket socket = atServer.get();
            assertFails(() -> socket.sendText("\ud800", true), IllegalArgumentException.class);
            assertFails(() -> socket.sendPing(ByteBuffer.allocate(126)), IllegalArgumentException.class);
            assertFails(() -> socket.sendClose(1005, ""), IllegalArgumentException.class);
            assertFails(() -> socket.sendClose(1000, "x".repeat(124)), IllegalArgumentException.class);
            socket.sendText("a", false).get(20, TimeUnit.SECONDS);
            assertFails(() -> socket.sendBinary(ByteBuffer.allocate(1), true), IllegalStateException.class);
            socket.sendText("b", true).get(20, TimeUnit.SECONDS);
            assertThat(client.exactly(6)).containsExactly(0x01, 1, 'a', 0x80, 1, 'b');
            socket.sendClose(3000, "").get(20, TimeUnit.SECONDS);
            assertThat(socket.isOutputClosed()).isTrue();
            assertFails(() -> socket.sendText("late", true), IOException.class);
            assertThat(client.exactly(4)).containsExactly(0x88, 2, 0x0b, 0xb8);
            socket.abort();
            assertThat(client.atEnd()).isTrue();
        }
    }

    @Test
    void theListenerHasToBeThere() throws Exception {
        try (TestServer server = new TestServer(exchange -> exchange.sendResponseHeaders(101, -1));
                Client client = server.client()) {
            client.send(UPGRADE + "\r\n");
            assertThat(client.response().status()).isEqualTo(500);
            assertThat(server.log()).contains("whose listener has to be the attribute");
        }
    }

    private static void assertFails(
            Supplier<? extends java.util.concurrent.Future<?>> operation, Class<? extends Throwable> cause) {
        assertThatThrownBy(() -> operation.get().get(20, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(cause);
    }

    private static Client.Response opened(Client client, String more) throws IOException {
        Client.Response response = client.send(UPGRADE + more + "\r\n").response(false);
        assertThat(response.status()).isEqualTo(101);
        assertThat(response.header("sec-websocket-accept")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        assertThat(response.header("connection")).isEqualTo("Upgrade");
        return response;
    }

    /** A masked frame of less than 64 kB, as ISO 8859-1. The mask is zero: it is about the bit, not the bytes. */
    static String frame(int first, String payload) {
        StringBuilder frame = new StringBuilder().append((char) first);
        int length = payload.length();
        if (length < 126) {
            frame.append((char) (0x80 | length));
        } else {
            frame.append((char) (0x80 | 126)).append((char) (length >> 8)).append((char) (length & 0xff));
        }
        return frame.append("\0\0\0\0").append(payload).toString();
    }

    private static int closeStatus(Client client) throws IOException {
        assertThat(client.exactly(1)).containsExactly((byte) 0x88);
        byte[] close = client.exactly(client.exactly(1)[0]);
        return ((close[0] & 0xff) << 8) | (close[1] & 0xff);
    }

    private static String bytes(String hex) {
        StringBuilder bytes = new StringBuilder();
        for (String octet : hex.split(" ", -1)) {
            bytes.append((char) Integer.parseInt(octet, 16));
        }
        return bytes.toString();
    }
}
