package io.jcorn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP/1.1 as a client of the packaged server sees it. */
class EngineIT {

    private static final String HOST = "Host: localhost\r\n";

    @RegisterExtension
    final Workplace place = new Workplace();

    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "64"})
    void oneConnectionForAConversation(String threads) throws IOException {
        try (RunningJcorn jcorn =
                        place.jcorn("--threads", threads, Workplace.hello()).start();
                HttpConnection client = HttpConnection.open(jcorn.port())) {
            converse(client, jcorn.anyWorker());
        }
    }

    @Test
    void virtualThreads() throws IOException {
        try (RunningJcorn jcorn = place.jcorn("--threads", "virtual", Workplace.hello())
                        .workersOn(25)
                        .start();
                HttpConnection client = HttpConnection.open(jcorn.port())) {
            converse(client, jcorn.anyWorker());
        }
    }

    private static void converse(HttpConnection client, long worker) throws IOException {
        Answer plain = client.get("/plaintext");
        assertThat(plain.body()).isEqualTo("Hello, World!\n");
        assertThat(plain.headers())
                .containsKeys("date", "server", "content-length")
                .doesNotContainKey("connection");

        client.send("HEAD /plaintext HTTP/1.1\r\n" + HOST + "\r\n");
        assertThat(client.receiveHead().headers())
                .containsEntry("content-length", plain.headers().get("content-length"));

        client.send("POST /echo HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n"
                + "4;name=value\r\nin p\r\n5\r\nieces\r\n0\r\nTrailer: x\r\n\r\n");
        Answer echo = client.receive();
        assertThat(echo.headers()).containsEntry("transfer-encoding", "chunked");
        assertThat(echo.body()).isEqualTo("in pieces");

        client.send("GET /stream?n=3&ms=1 HTTP/1.1\r\n" + HOST + "\r\n"
                + "POST /echo HTTP/1.1\r\n" + HOST + "Content-Length: 3\r\n\r\nabc"
                + "GET /slow?ms=50 HTTP/1.1\r\n" + HOST + "\r\n"
                + "GET /nowhere HTTP/1.1\r\n" + HOST + "\r\n"
                + "GET /pid HTTP/1.1\r\n" + HOST + "\r\n");
        assertThat(client.receive().body()).isEqualTo("line 1 of 3\nline 2 of 3\nline 3 of 3\n");
        assertThat(client.receive().body()).isEqualTo("abc");
        assertThat(client.receive().body()).isEqualTo("This took 50 ms.\n");
        assertThat(client.receive().status()).isEqualTo(404);
        assertThat(client.receive().pid()).as("pipelined, in order").isEqualTo(worker);

        client.send("POST /echo HTTP/1.1\r\n" + HOST + "Content-Length: 4\r\nExpect: 100-continue\r\n\r\n");
        assertThat(client.receiveHead().status()).isEqualTo(100);
        client.send("body");
        assertThat(client.receive().body()).isEqualTo("body");

        client.send("GET /plaintext HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n");
        assertThat(client.receive().last()).isTrue();
        assertThat(client.rest()).isEmpty();
    }

    /** One line each: the status, and the request with ~ for the end of a line. */
    private static final String REFUSED = """
            400 GET / HTTP/1.1~~
            400 GET / HTTP/1.1~Host: a~Host: b~~
            400 GET / HTTP/1.1~Host: a~Name : b~~
            400 GET / HTTP/1.1~Host: a~ folded~~
            400 GET /NUL HTTP/1.1~Host: a~~
            400 POST /echo HTTP/1.1~Host: a~Content-Length: 3~Content-Length: 4~~abc
            400 POST /echo HTTP/1.1~Host: a~Content-Length: +3~~abc
            400 POST /echo HTTP/1.1~Host: a~Transfer-Encoding: chunked~Content-Length: 3~~0~~
            400 POST /echo HTTP/1.1~Host: a~Transfer-Encoding: chunked~~xyz~abc~0~~
            400 nonsense~~
            413 POST /echo HTTP/1.1~Host: a~Content-Length: 1025~~
            413 POST /upload HTTP/1.1~Host: a~Transfer-Encoding: chunked~~400~KILO~1~x~
            414 GET /LONG HTTP/1.1~Host: a~~
            431 GET / HTTP/1.1~Host: a~Long: LONG~~
            431 GET / HTTP/1.1~Host: a~MANY~
            505 GET / HTTP/2.0~Host: a~~
            """;

    @Test
    void requestsThatAreRefused() throws IOException {
        try (RunningJcorn jcorn = limited()) {
            long worker = jcorn.anyWorker();
            for (String line : REFUSED.lines().toList()) {
                String request = line.substring(4)
                        .replace("LONG", "x".repeat(400))
                        .replace("KILO", "x".repeat(1024))
                        .replace("MANY", "N: v~".repeat(12))
                        .replace("NUL", "\0")
                        .replace("~", "\r\n");
                try (HttpConnection client = HttpConnection.open(jcorn.port())) {
                    client.send(request);
                    assertThat(client.receive().status()).as(line).isEqualTo(Integer.parseInt(line.substring(0, 3)));
                    assertThat(client.rest())
                            .as("nothing after the answer to " + line)
                            .isEmpty();
                }
            }
            assertThat(HttpConnection.get(jcorn.port(), "/pid").pid()).isEqualTo(worker);
        }
    }

    private RunningJcorn limited() throws IOException {
        return place.jcorn(
                        "--limit-request-line=300",
                        "--limit-request-fields=10",
                        "--limit-request-field-size=300",
                        "--limit-request-body=1k",
                        Workplace.hello())
                .start();
    }

    @Test
    void silenceIsAnsweredWithTheEndOfTheConnection() throws IOException {
        try (RunningJcorn jcorn =
                        place.jcorn("--keep-alive", "300ms", Workplace.hello()).start();
                HttpConnection used = HttpConnection.open(jcorn.port())) {
            assertThat(used.get("/plaintext").status()).isEqualTo(200);
            assertThat(used.rest()).as("closed after the keep-alive time").isEmpty();
        }
    }

    @Test
    void connectionsAreNotKeptWhenThatIsSo() throws IOException {
        try (RunningJcorn jcorn =
                        place.jcorn("--keep-alive", "0", Workplace.hello()).start();
                HttpConnection client = HttpConnection.open(jcorn.port())) {
            assertThat(client.get("/plaintext").last()).isTrue();
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void exceptionsOfTheApplicationHurtOnlyTheirRequest() throws IOException {
        try (RunningJcorn jcorn =
                place.jcorn(Workplace.misbehaving("Throws")).tolerate(".*").start()) {
            long worker = jcorn.anyWorker();
            for (String what : List.of("runtime", "io", "error")) {
                assertThat(HttpConnection.get(jcorn.port(), "/misbehave?" + what)
                                .status())
                        .as(what)
                        .isEqualTo(500);
                jcorn.awaitEvent("\\[ERROR] .*GET /misbehave\\?" + what);
            }
            assertThatThrownBy(() -> HttpConnection.get(jcorn.port(), "/misbehave?late"))
                    .isInstanceOf(LossException.class)
                    .hasMessageContaining("TRUNCATED");
            assertThat(HttpConnection.get(jcorn.port(), "/").pid())
                    .isEqualTo(worker)
                    .isEqualTo(jcorn.anyWorker());
        }
    }

    /** A worker at its limit stops to accept: who comes waits in the queue, and is refused by nobody. */
    @Test
    void connectionsAboveTheLimitWait() throws IOException {
        try (RunningJcorn jcorn = place.jcorn("--worker-connections", "2", "--keep-alive", "60", Workplace.hello())
                        .start();
                HttpConnection first = HttpConnection.open(jcorn.port());
                HttpConnection second = HttpConnection.open(jcorn.port())) {
            assertThat(first.get("/pid").status()).isEqualTo(200);
            assertThat(second.get("/pid").status()).isEqualTo(200);
            List<HttpConnection> waiting = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                HttpConnection next = HttpConnection.open(jcorn.port());
                next.send("GET /plaintext HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n");
                waiting.add(next);
            }
            assertThat(first.get("/pid").status()).isEqualTo(200);
            first.endOfRequests();
            for (HttpConnection next : waiting) {
                assertThat(next.receive().body()).isEqualTo("Hello, World!\n");
                next.close();
            }
        }
    }

    @Test
    void connectionsAreSpreadOverTheWorkers() throws IOException {
        try (RunningJcorn jcorn = place.jcorn("--workers", "4", "--keep-alive", "60", Workplace.hello())
                .start()) {
            List<HttpConnection> open = new ArrayList<>();
            TreeMap<Long, Integer> spread = new TreeMap<>();
            for (int i = 0; i < 64; i++) {
                HttpConnection client = HttpConnection.open(jcorn.port());
                open.add(client);
                spread.merge(client.get("/pid").pid(), 1, Integer::sum);
            }
            System.out.println("64 connections over 4 workers: " + spread.values() + ", max/min "
                    + new TreeSet<>(spread.values()).last() + "/" + new TreeSet<>(spread.values()).first());
            assertThat(spread.keySet()).isEqualTo(jcorn.workers().keySet());
            for (HttpConnection client : open) {
                client.close();
            }
        }
    }

    @Test
    void curlUnderstandsIt() throws IOException {
        Path curl = Path.of("/usr/bin/curl");
        assumeTrue(Files.isExecutable(curl), "there is no curl");
        Path file = Files.write(place.folder().resolve("upload"), new byte[3_000_000]);
        Path socket = place.folder().resolve("socket");
        try (RunningJcorn jcorn = place.jcorn("-b", "127.0.0.1:0", "-b", "unix:" + socket, Workplace.hello())
                .start()) {
            String base = "http://127.0.0.1:" + jcorn.port();
            assertThat(curl("-H", "Expect: 100-continue", "-T", file.toString(), "-X", "POST", base + "/upload"))
                    .startsWith("bytes=3000000 sha256=");
            assertThat(curl("-T", file.toString(), "-X", "POST", "-H", "Transfer-Encoding: chunked", base + "/upload"))
                    .startsWith("bytes=3000000 sha256=");
            assertThat(curl("-d", "a=b", base + "/echo", "-d", "c=d", base + "/echo"))
                    .isEqualTo("a=b&c=da=b&c=d");
            assertThat(curl("-I", base + "/")).startsWith("HTTP/1.1 200 OK\r\n").contains("Content-Length: ");
            assertThat(curl("--unix-socket", socket.toString(), "http://localhost/json"))
                    .startsWith("{");
            assertThat(curl("--http1.0", base + "/plaintext")).isEqualTo("Hello, World!\n");
            assertThat(curl("-o", "/dev/null", "-w", "%{http_code} %{num_connects}\n", base + "/", base + "/pid"))
                    .contains("200 1");
        }
    }

    private static String curl(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("curl", "-sS", "--max-time", "30"));
        command.addAll(List.of(arguments));
        return Command.output(command);
    }
}
