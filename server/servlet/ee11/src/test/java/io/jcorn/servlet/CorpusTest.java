package io.jcorn.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import example.Witness;
import io.jcorn.servlet.RunningServer.Options;
import io.jcorn.wire.RequestReading;
import io.jcorn.wire.RequestReading.HeaderMap;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The corpus of requests that the handlers' engine is tested with, sent to a servlet worker. */
@SuppressWarnings("NullAway.Init")
class CorpusTest {

    private static final Map<String, RunningServer> SERVERS = new HashMap<>();
    private static final Queue<String> SEEN = new ConcurrentLinkedQueue<>();

    @TempDir
    static Path folder;

    private static Options options;

    /** What becomes of a case where servlet workers differ on purpose, and why. */
    private static final Properties DIFFERENCES = new Properties();

    @BeforeAll
    static void writeApplication() throws IOException {
        System.getProperties().put(Witness.SEEN, SEEN);
        try (InputStream in = CorpusTest.class.getResourceAsStream("differences.properties")) {
            DIFFERENCES.load(in);
        }
        options = Options.of(TestArchive.war(Witness.class).write(folder.resolve("app.war")));
    }

    @AfterAll
    static void close() {
        SERVERS.values().forEach(RunningServer::close);
    }

    private static RunningServer serverFor(WireCase request) throws Exception {
        String key = request.settings().toString();
        RunningServer running = SERVERS.get(key);
        if (running == null) {
            Map<String, String> given = request.settings();
            RequestReading reading = new RequestReading(
                    given.containsKey("permit-obsolete-folding"),
                    given.containsKey("permit-unconventional-http-method"),
                    given.containsKey("permit-unconventional-http-version"),
                    given.containsKey("casefold-http-method"),
                    HeaderMap.valueOf(given.getOrDefault("header-map", "DROP")),
                    List.of(given.getOrDefault("forwarder-headers", "SCRIPT_NAME,PATH_INFO")
                            .split(",")),
                    "");
            Options chosen = options.impatient(700)
                    .reading(reading)
                    .limits(
                            request.number("limit-request-line", 4094),
                            request.number("limit-request-fields", 100),
                            request.number("limit-request-field-size", 8190),
                            request.number("limit-request-head", 0),
                            request.number("limit-request-body", 0));
            if (given.containsKey("trusted")) {
                chosen = chosen.forwardedAllowIps("127.0.0.1");
            }
            running = RunningServer.start(chosen);
            SERVERS.put(key, running);
        }
        return running;
    }

    static Stream<WireCase> cases() {
        return WireCase.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void asTheHandlersEngineReadsIt(WireCase request) throws Exception {
        String difference = DIFFERENCES.getProperty(request.name());
        String outcome = outcome(request);
        if (difference == null) {
            assertThat(outcome).isEqualTo(expected(request));
        } else {
            List<String> alternatives = List.of(
                    difference.split("#", 2)[0].strip().replace("nothing", "").split(" or ", -1));
            assertThat(alternatives)
                    .contains(outcome.replaceFirst("(?s)\n?end(\n.*|$)", "").replace("\n", ", "));
            if (alternatives.size() == 1) {
                assertThat(outcome).as("no difference any more").isNotEqualTo(expected(request));
            }
        }
    }

    private static String expected(WireCase request) {
        List<String> lines = new ArrayList<>();
        request.messages().forEach(message -> lines.add("200 " + (message.persistent() ? "keep" : "close")));
        if (request.status() > 0) {
            lines.add(request.status() + " close");
        }
        if (request.end().equals("open")) {
            lines.add("200 close");
        }
        lines.add("end");
        request.messages().stream()
                .filter(message -> !message.target().equals("*"))
                .forEach(message -> lines.add(message.toString()));
        if (request.end().equals("open")) {
            lines.add("GET /probe");
        }
        return String.join("\n", lines);
    }

    private static String outcome(WireCase request) throws Exception {
        RunningServer server = serverFor(request);
        SEEN.clear();
        List<String> lines = new ArrayList<>();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(60_000);
            send(socket, request);
            String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            for (String response : all.split("(?=HTTP/1\\.1 \\d\\d\\d )", -1)) {
                if (response.isEmpty()
                        || (response.startsWith("HTTP/1.1 100 ")
                                && request.bytes().contains("1.1\r\n"))) {
                    continue;
                }
                String head = response.split("\r\n\r\n", 2)[0].toLowerCase(Locale.ROOT);
                lines.add(head.substring(9, 12) + (head.contains("\r\nconnection: close") ? " close" : " keep"));
            }
        }
        lines.add("end");
        for (String seen : SEEN) {
            lines.add(seen.startsWith("GET /probe") ? "GET /probe" : seen);
        }
        return String.join("\n", lines);
    }

    /** A server that has refused already may have closed while this still sends; what it said is still to be read. */
    private static void send(Socket socket, WireCase request) {
        try {
            socket.getOutputStream().write(request.copy());
            if (request.end().equals("open")) {
                socket.getOutputStream()
                        .write("GET /probe HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                                .getBytes(StandardCharsets.ISO_8859_1));
            }
            if (request.halfCloses()) {
                socket.shutdownOutput();
            }
        } catch (IOException e) {
            assertThat(e).hasMessageMatching(".*(reset|Broken pipe).*");
        }
    }
}
