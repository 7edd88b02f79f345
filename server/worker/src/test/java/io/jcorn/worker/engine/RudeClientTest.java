package io.jcorn.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import io.jcorn.testing.TestCertificate;
import io.jcorn.wire.Http2Options;
import io.jcorn.wire.Log;
import io.jcorn.wire.LogLevel;
import io.jcorn.wire.ProxyProtocol;
import io.jcorn.wire.Scoreboard.Cell;
import io.jcorn.wire.forwarded.TrustedPeers;
import io.jcorn.worker.engine.RudeClient.Place;
import io.jcorn.worker.engine.TestServer.Threads;
import io.jcorn.worker.http.Limits;
import io.jcorn.worker.tls.TestTls;
import io.jcorn.worker.tls.TestTls.Crypto;
import io.jcorn.worker.tls.Tls;
import io.jcorn.worker.websocket.WebSocketSettings;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Thousands of clients that are killed in the middle of what they do, by a close, a reset, a FIN, silence or rubbish. Whatever they
 * spoke and however far they were: nothing is left of them, and nobody else notices.
 *
 * <p>The same clients in each build. For more of them: {@code -Djcorn.clients=100000}, for each of the places. To replay one:
 * {@code ./mvnw -pl server/worker -am test -Dtest=RudeClientTest -Djcorn.seed=NUMBER -Dsurefire.failIfNoSpecifiedTests=false}
 */
@SuppressWarnings("FutureReturnValueIgnored") // Nobody is there to whom it could be sent.
class RudeClientTest {

    static final int LONGEST_BODY = 1 << 20;

    private static final int CLIENTS = Integer.getInteger("jcorn.clients", RudeClient.kinds());

    /** So many are looked at together: what is left belongs to one of them. */
    private static final int TOGETHER = 30;

    private final TestCertificate authority =
            TestCertificate.of("Authority").authority().make();
    private final TlsClients clients = new TlsClients(authority);
    private final TestTls certificates;
    private final Queue<HttpExchange> held = new ConcurrentLinkedQueue<>();
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicInteger listening = new AtomicInteger();
    private final Set<String> reached = ConcurrentHashMap.newKeySet();
    private final Set<String> answered = new HashSet<>();
    private int lived;

    RudeClientTest(@TempDir Path folder) throws IOException {
        certificates = new TestTls(folder)
                .certificate(
                        "a",
                        TestCertificate.of("here")
                                .names("a.example")
                                .by(authority)
                                .make());
    }

    /** What surrounds the protocol. */
    enum Around {
        NOTHING,
        PROXY_V1,
        PROXY_V2,
        TLS
    }

    @ParameterizedTest
    @CsvSource({"NOTHING,LOOP", "NOTHING,POOL", "PROXY_V1,LOOP", "PROXY_V2,POOL", "TLS,LOOP", "TLS,POOL"})
    void nothingIsLeftOfThem(Around around, Threads threads) throws Exception {
        Place place = place(around);
        Long seed = Long.getLong("jcorn.seed");
        try (TestServer server = new TestServer(this::serve, options -> choose(options, around, threads))) {
            if (seed == null) {
                for (long first = 0; first < CLIENTS; first += TOGETHER) {
                    together(server, place, first, (int) Math.min(TOGETHER, CLIENTS - first));
                }
            } else {
                together(server, place, seed, 1);
            }
            server.until(() -> inside.get() == 0 && listening.get() == 0);
            assertThat(server.log())
                    .as("an ordinary end is nothing to tell")
                    .doesNotContain("[ERROR]", "[WARNING]", "void future");
            assertThat(Leaks.search()).as("leaks").isEmpty();
            if (CLIENTS >= RudeClient.kinds() && seed == null) {
                assertThatTheyGotFarEnough(server, around);
            }
        }
    }

    /** A client swallows what goes wrong on its way: without this, nobody would notice if all went wrong at once. */
    private void assertThatTheyGotFarEnough(TestServer server, Around around) {
        assertThat(reached)
                .contains(
                        "HTTP/1.1 /SMALL", "HTTP/1.1 /DOWNLOAD", "HTTP/1.1 /UPLOAD", "HTTP/1.1 /ECHO", "HTTP/1.1 /HELD")
                .contains(
                        "HTTP/2.0 /SMALL", "HTTP/2.0 /DOWNLOAD", "HTTP/2.0 /UPLOAD", "HTTP/2.0 /ECHO", "HTTP/2.0 /HELD")
                .contains("WebSocket DOWNLOAD", "WebSocket binary", "WebSocket end");
        assertThat(answered).containsExactlyInAnyOrder("HTTP1", "HTTP2", "WEBSOCKET");
        assertThat(server.cell(Cell.TLS_HANDSHAKES)).isGreaterThanOrEqualTo(around == Around.TLS ? CLIENTS / 2 : 0);
        assertThat(server.cell(Cell.RESPONSES_4XX)).isPositive();
    }

    private void together(TestServer server, Place place, long first, int count) throws Exception {
        List<RudeClient> slow = new ArrayList<>();
        List<String> names = new ArrayList<>();
        try {
            for (long number = first; number < first + count; number++) {
                RudeClient client = new RudeClient(number);
                lived++;
                names.add(client.toString());
                client.live(server.address(), place);
                if (client.heard()) {
                    answered.add(client.protocol.name());
                }
                if (!client.way.sudden()) {
                    slow.add(client);
                }
            }
            // All of them are accepted before anything is looked at.
            server.until(() -> server.cell(Cell.ACCEPTED) == lived);
            answerHeld();
            // The sudden ones are gone within the few seconds that are lingered for; for the others there are
            // deadlines.
            left(server, slow.size(), 10, 4000);
            left(server, 0, 1000, Long.MAX_VALUE);
        } catch (AssertionError e) {
            throw new AssertionError(
                    "one of these is left (replay with -Djcorn.seed=NUMBER): " + String.join("; ", names), e);
        } finally {
            for (RudeClient client : slow) {
                client.close();
            }
        }
    }

    /** Lets time pass, a step for each look, until no more than some connections are left. */
    private void left(TestServer server, int connections, long stepMillis, long mostMillis)
            throws InterruptedException {
        AtomicLong passed = new AtomicLong();
        server.until(() -> {
            answerHeld();
            if (passed.get() < mostMillis) {
                passed.addAndGet(stepMillis);
                server.clockMoves(stepMillis);
                server.engine.loop().execute(server.engine::sweep);
            }
            return server.cell(Cell.CONNECTIONS) <= connections
                    && (connections > 0 || server.cell(Cell.IN_FLIGHT) == 0);
        });
    }

    private void choose(TestServer.Options options, Around around, Threads threads) {
        options.threads = threads;
        options.clockStands = true;
        options.limits = new Limits(4094, 100, 8190, 0, LONGEST_BODY);
        options.http2 = new Http2Options(List.of("h2", "http/1.1"), true, 100, 65_535, 16_384, 65_536);
        options.webSocket =
                new WebSocketSettings(LONGEST_BODY, TimeUnit.SECONDS.toNanos(20), TimeUnit.SECONDS.toNanos(5), true);
        options.keepAliveMillis = 5000;
        options.firstByteMillis = 5000;
        options.headTimeoutMillis = 5000;
        options.bodyMillis = 5000;
        options.sendMillis = 5000;
        options.tlsHandshakeMillis = 5000;
        options.asyncMillis = 60_000;
        if (around == Around.TLS) {
            options.tls = tls();
        } else if (around != Around.NOTHING) {
            options.proxies = new EngineSettings.Proxies(ProxyProtocol.AUTO, TrustedPeers.parse(List.of("*")));
        }
    }

    private Tls tls() {
        try {
            return certificates
                    .alpn("h2", "http/1.1")
                    .tls(Crypto.BORING, Log.to(OutputStream.nullOutputStream(), LogLevel.INFO, 1, Clock.systemUTC()));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    // ---- the application

    private void serve(HttpExchange exchange) throws IOException {
        inside.incrementAndGet();
        reached.add(exchange.getProtocol() + " " + exchange.getRequestURI().getPath());
        try {
            answer(exchange, exchange.getRequestURI().getPath());
        } finally {
            inside.decrementAndGet();
        }
    }

    private void answer(HttpExchange exchange, String path) throws IOException {
        switch (path) {
            case "/DOWNLOAD" -> {
                exchange.sendResponseHeaders(200, 0);
                for (int i = 0; i < 20; i++) {
                    exchange.getResponseBody().write(new byte[40_000]);
                }
                exchange.close();
            }
            case "/ECHO" -> {
                exchange.sendResponseHeaders(200, 0);
                try (OutputStream out = exchange.getResponseBody()) {
                    exchange.getRequestBody().transferTo(out);
                }
            }
            case "/HELD" -> held.add(exchange);
            case "/LISTEN" -> {
                exchange.setAttribute("java.net.http.WebSocket.Listener", new Listener());
                exchange.sendResponseHeaders(101, -1);
            }
            default -> {
                exchange.getRequestBody().readAllBytes();
                Http2Test.answer(exchange, 200, "a small answer");
            }
        }
    }

    private void answerHeld() {
        for (HttpExchange exchange = held.poll(); exchange != null; exchange = held.poll()) {
            try {
                exchange.sendResponseHeaders(200, 0);
                exchange.getResponseBody().write(new byte[40_000]);
                exchange.close();
            } catch (IOException e) {
                // Its client is gone, as it should be.
                exchange.close();
            }
        }
    }

    /** Says back what it hears, or more than anybody can take. */
    private final class Listener implements WebSocket.Listener {

        private boolean over;

        @Override
        public void onOpen(WebSocket socket) {
            listening.incrementAndGet();
            socket.request(Long.MAX_VALUE);
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            reached.add("WebSocket " + data);
            if (data.toString().equals(RudeClient.Task.DOWNLOAD.name())) {
                push(socket, 30);
            }
            return null;
        }

        private void push(WebSocket socket, int more) {
            socket.sendBinary(ByteBuffer.allocate(40_000), true).whenComplete((sent, lost) -> {
                if (lost == null && more > 0) {
                    push(socket, more - 1);
                }
            });
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            reached.add("WebSocket binary");
            socket.sendBinary(data, last);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            end();
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            end();
        }

        private void end() {
            if (!over) {
                over = true;
                reached.add("WebSocket end");
                listening.decrementAndGet();
            }
        }
    }

    // ---- what surrounds the protocol

    private Place place(Around around) {
        return switch (around) {
            case NOTHING -> new Said(new byte[0]);
            case PROXY_V1 -> new Said(RudeClient.proxyHeader(false));
            case PROXY_V2 -> new Said(RudeClient.proxyHeader(true));
            case TLS -> new Encrypted();
        };
    }

    private static final class Said implements Place {
        private final byte[] beginning;

        Said(byte[] beginning) {
            this.beginning = beginning;
        }

        @Override
        public byte[] beginning() {
            return beginning;
        }

        @Override
        public Socket wrap(Socket plain, boolean http2) throws IOException {
            plain.getOutputStream().write(beginning);
            return plain;
        }
    }

    private final class Encrypted implements Place {
        @Override
        public Socket wrap(Socket plain, boolean http2) throws IOException {
            SSLSocket socket = clients.over(plain);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {http2 ? "h2" : "http/1.1"});
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return socket;
        }

        @Override
        public byte[] beginning() {
            try {
                SSLEngine engine = clients.context().createSSLEngine();
                engine.setUseClientMode(true);
                ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
                engine.wrap(ByteBuffer.allocate(0), hello);
                byte[] bytes = new byte[hello.flip().remaining()];
                hello.get(bytes);
                return bytes;
            } catch (SSLException e) {
                throw new AssertionError(e);
            }
        }
    }
}
