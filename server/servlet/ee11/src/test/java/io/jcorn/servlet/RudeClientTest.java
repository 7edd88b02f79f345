package io.jcorn.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import example.Download;
import example.Echo;
import example.Later;
import example.Parrot;
import example.Signals;
import io.jcorn.servlet.RunningServer.Options;
import io.jcorn.servlet.log.LogProvider;
import io.jcorn.wire.Log;
import io.jcorn.wire.LogLevel;
import io.jcorn.wire.WorkerOptions.Threads;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients that leave in the middle of everything: by an end, by a reset, or by saying nothing more. Afterwards nobody is connected, nothing
 * is in flight, and the log has nothing to tell, for that is everyday life.
 */
@SuppressWarnings("NullAway.Init")
@Timeout(120)
class RudeClientTest {

    private static final String KEY = "AAAAAAAAAAAAAAAAAAAAAA==";
    private static final String OPENING =
            "GET /parrot HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + KEY + "\r\n\r\n";

    private static final int CLIENTS = 200;

    private static final String[] BEGINNINGS = {
        "",
        "GET /ec",
        "GET /echo/ HTTP/1.1\r\nHost: a\r\nX-Half: o",
        "GET /echo/ HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /echo/ HTTP/1.1\r\nHost: a\r\n\r\nGET /echo/ HTTP/1.1\r\nHost",
        "POST /echo/ HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nbegun",
        "POST /echo/ HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n",
        "POST /echo/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nbe",
        "POST /echo/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nbegun\r\n0\r\n",
        "GET /download HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /download HTTP/1.0\r\n\r\n",
        "GET /later?async=1 HTTP/1.1\r\nHost: a\r\n\r\n",
        OPENING,
        OPENING + "\u0081\u00ff",
    };

    @TempDir
    Path folder;

    private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
    private Options options;

    @BeforeEach
    void writeApplication() throws Exception {
        Signals.reset();
        LogProvider.install(Log.to(logged, LogLevel.INFO, 1, Clock.systemUTC()));
        options = Options.of(TestArchive.war(Echo.class, Later.class, Signals.class, Download.class, Parrot.class)
                        .write(folder.resolve("app.war")))
                .threads(Threads.Kind.POOL, 64)
                .impatient(700);
    }

    @AfterEach
    void restoreLog() {
        LogProvider.install(Log.toStandardError(LogLevel.WARNING));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void nothingIsLeftOfThem(long seed) throws Exception {
        Random random = new Random(seed);
        List<Socket> silent = new ArrayList<>();
        try (RunningServer server = RunningServer.start(options)) {
            for (int i = 0; i < CLIENTS; i++) {
                leave(server.port(), random, silent);
            }
            Signals.release();
            server.server().awaitNobody();
            assertThat(server.server().inFlight()).isZero();
            assertThat(server.get("/echo/").statusCode()).isEqualTo(200);
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
        assertThat(logged.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    private static void leave(int port, Random random, List<Socket> silent) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.getOutputStream()
                .write(BEGINNINGS[random.nextInt(BEGINNINGS.length)].getBytes(StandardCharsets.ISO_8859_1));
        switch (random.nextInt(4)) {
            case 0 -> socket.close();
            case 1 -> {
                socket.setSoLinger(true, 0);
                socket.close();
            }
            case 2 -> {
                socket.shutdownOutput();
                socket.close();
            }
            default -> silent.add(socket);
        }
    }
}
