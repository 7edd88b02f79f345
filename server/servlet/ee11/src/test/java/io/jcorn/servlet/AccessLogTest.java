package io.jcorn.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import example.Echo;
import example.Fails;
import example.Later;
import example.Signals;
import io.jcorn.servlet.RunningServer.Options;
import io.jcorn.servlet.access.AccessLog;
import io.jcorn.wire.AccessLogOptions;
import io.jcorn.wire.AccessLogOptions.Output;
import io.jcorn.wire.Log;
import io.jcorn.wire.LogLevel;
import io.jcorn.wire.Scoreboard;
import io.jcorn.wire.access.AccessFormatter.Identity;
import io.jcorn.wire.syslog.Syslog;
import io.jcorn.wire.syslog.SyslogOptions;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the access log says of requests to servlets. */
@Timeout(60)
class AccessLogTest {

    private static final String SHORT = "%(h)s \"%(r)s\" %(s)s %(b)s \"%({end}j)s\"";

    private final Path file;
    private final Options options;
    private Optional<Syslog> syslog = Optional.empty();

    AccessLogTest(@TempDir Path folder) throws Exception {
        file = folder.resolve("access.log");
        options = Options.of(TestArchive.war(Echo.class, Fails.class, Later.class, Signals.class)
                        .write(folder.resolve("app.war")))
                .forwardedAllowIps("127.0.0.1");
    }

    private interface Conversation {
        void with(RunningServer server) throws Exception;
    }

    private List<String> lines(String format, Conversation conversation) throws Exception {
        AccessLog accessLog = AccessLog.open(
                        new AccessLogOptions(Output.FILE, Optional.of(file), format),
                        syslog,
                        Scoreboard.over(ByteBuffer.allocateDirect(Scoreboard.BYTES))
                                .row(0),
                        new Identity(4711, 2, 3, Map.of()),
                        Log.toStandardError(LogLevel.CRITICAL))
                .orElseThrow();
        try (RunningServer server = RunningServer.start(options, Optional.of(accessLog))) {
            conversation.with(server);
        }
        accessLog.close();
        return Files.readAllLines(file);
    }

    /** Waits for the line of each: it is made when the client has the response already. */
    private void say(RunningServer server, String... requests) throws Exception {
        for (String request : requests) {
            int before = Files.readAllLines(file).size();
            try (RawClient client = new RawClient(server.port())) {
                client.send(request);
                client.head();
            }
            awaitLine(before);
        }
    }

    private void awaitLine(int before) throws IOException {
        while (Files.readAllLines(file).size() == before) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void aLineForEachResponse() throws Exception {
        String fields = "X-Color: \u00e9 \"1\"\r\nReferer: http://r/\r\nUser-Agent: curl \"8\"\r\n";
        String user = "Authorization: Basic YW4gbjpzZWNyZXQ=\r\n";
        String request = "GET /echo/a%20b;c=d?e=%22\"f HTTP/1.1\r\nHost: a\r\n" + fields + user + "\r\n";
        assertThat(lines(
                        "%(h)s %(u)s \"%(r)s\" %(s)s \"%(f)s\" \"%(a)s\" %({x-color}i)s \"%({content-type}o)s\" %(p)s %(D)s",
                        server -> say(server, request)))
                .singleElement()
                .asString()
                .matches(
                        "127\\.0\\.0\\.1 an\\\\x20n \"GET /echo/a%20b;c=d\\?e=%22\\\\x22f HTTP/1\\.1\" 200 \"http://r/\""
                                + " \"curl \\\\x228\\\\x22\" \\\\xE9\\\\x20\\\\x221\\\\x22 \"text/plain;charset=iso-8859-1\" <4711> [0-9]+");
    }

    @Test
    void howResponsesEnd() throws Exception {
        assertThat(lines(
                        SHORT,
                        server -> say(
                                server,
                                "HEAD /echo/ HTTP/1.1\r\nHost: a\r\n\r\n",
                                "GET http://b/fails?refuse HTTP/1.0\r\n\r\n",
                                "GET /fails HTTP/1.1\r\nHost: a\r\n\r\n",
                                "GET /fails?late HTTP/1.1\r\nHost: a\r\n\r\n")))
                .satisfiesExactly(
                        line -> assertThat(line).isEqualTo("127.0.0.1 \"HEAD /echo/ HTTP/1.1\" 200 0 \"-\""),
                        line -> assertThat(line)
                                .matches("127.0.0.1 \"GET /fails\\?refuse HTTP/1.0\" 409 [1-9][0-9]+ \"-\""),
                        line -> assertThat(line).matches("127.0.0.1 \"GET /fails HTTP/1.1\" 500 [1-9][0-9]+ \"-\""),
                        line -> assertThat(line)
                                .isEqualTo("127.0.0.1 \"GET /fails?late HTTP/1.1\" 200 5"
                                        + " \"the response is not complete\""));
    }

    @Test
    void whatJettyRefusesIsLoggedAsFarAsItTells() throws Exception {
        String longest = "x".repeat(500);
        assertThat(lines(
                        SHORT,
                        server -> say(
                                server,
                                "GET /" + longest + " HTTP/1.1\r\nHost: a\r\n\r\n",
                                "GET /" + longest.repeat(200) + " HTTP/1.1\r\nHost: a\r\n\r\n",
                                "GET /echo/ HTTP/1.1\r\nHost: a\r\nX : y\r\n\r\n",
                                "\u0016\u0003\u0001\r\n\r\n",
                                "BAD /badMessage HTTP/1.1\r\nHost: a\r\n\r\n")))
                .satisfiesExactly(
                        line -> assertThat(line).matches("127.0.0.1 \"GET /x{500} HTTP/1.1\" 414 - \"URI Too Long\""),
                        line -> assertThat(line).isEqualTo("127.0.0.1 \"-\" 414 - \"URI Too Long\""),
                        line -> assertThat(line).isEqualTo("127.0.0.1 \"GET /echo/ HTTP/1.1\" 400 - \"Bad Request\""),
                        line -> assertThat(line).isEqualTo("127.0.0.1 \"-\" 400 - \"Bad Request\""),
                        line -> assertThat(line)
                                .matches("127.0.0.1 \"BAD /badMessage HTTP/1.1\" 501 [1-9][0-9]+ \"-\""));
    }

    @Test
    void theClientIsWhomATrustedProxyNames() throws Exception {
        String request = "GET /echo/ HTTP/1.1\r\nHost: a\r\n";
        assertThat(lines(
                        "%(h)s %(s)s",
                        server -> say(
                                server,
                                request + "X-Forwarded-For: 192.0.2.7\r\n\r\n",
                                request + "Forwarded: for=127.0.0.1\r\n\r\n",
                                request + "X-Forwarded-For: 2001:db8::1\r\n\r\n")))
                .containsExactly("192.0.2.7 200", "127.0.0.1 200", "2001:db8:0:0:0:0:0:1 200");
    }

    @Test
    void aResponseThatTakesItsTimeHasItsDuration() throws Exception {
        Signals.reset();
        assertThat(lines("json", server -> {
                    try (RawClient client = new RawClient(server.port())) {
                        long before = System.nanoTime();
                        client.get("/later?async");
                        Signals.awaitReached();
                        while (System.nanoTime() - before < 50_000_000) {
                            Thread.onSpinWait();
                        }
                        Signals.release();
                        client.head();
                    }
                    awaitLine(0);
                }))
                .singleElement()
                .asString()
                .contains("\"client\":\"127.0.0.1\",\"user\":null,\"method\":\"GET\",\"target\":\"/later?async\"")
                .contains(",\"status\":200,", "\"pid\":4711,\"slot\":2,\"generation\":3,\"end\":null}")
                .containsPattern("\"duration_us\":[1-9][0-9]{4,}");
    }

    @Test
    void aSyslogDaemonGetsTheLines() throws Exception {
        try (DatagramSocket daemon = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            daemon.setSoTimeout(30_000);
            syslog = Optional.of(new Syslog(
                    SyslogOptions.parse("LOCAL0 true shop udp://127.0.0.1:" + daemon.getLocalPort()),
                    4711,
                    path -> {
                        throw new IOException(path);
                    },
                    trouble -> {}));
            List<String> lines = lines("%(r)s %(s)s", server -> say(server, "GET /none HTTP/1.0\r\n\r\n"));
            DatagramPacket packet = new DatagramPacket(new byte[1000], 1000);
            daemon.receive(packet);
            assertThat(new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8))
                    .isEqualTo("<134>jcorn.shop.access: [4711] " + lines.get(0))
                    .endsWith("GET /none HTTP/1.0 404");
        }
    }

    @Test
    void withoutFileAndDaemonThereIsNoLog() throws Exception {
        assertThat(AccessLog.open(
                        AccessLogOptions.NONE,
                        Optional.empty(),
                        Scoreboard.over(ByteBuffer.allocateDirect(Scoreboard.BYTES))
                                .row(0),
                        new Identity(4711, 2, 3, Map.of()),
                        Log.toStandardError(LogLevel.CRITICAL)))
                .isEmpty();
    }
}
