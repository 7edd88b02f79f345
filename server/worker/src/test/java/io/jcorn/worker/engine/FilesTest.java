package io.jcorn.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpHandler;
import io.jcorn.wire.FileOptions;
import io.jcorn.wire.Scoreboard.Cell;
import io.jcorn.worker.engine.Client.Response;
import io.jcorn.worker.files.Mounts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files over the wire: those of mounts, and those that the application hands over. */
@Timeout(60)
class FilesTest {

    private static final String MODIFIED = "Sun, 06 Nov 1994 08:49:37 GMT";

    @TempDir
    Path folder;

    private Path site;

    private final HttpHandler application = exchange -> {
        byte[] answer = ("app " + exchange.getRequestURI()).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    };

    @BeforeEach
    void site() throws IOException {
        site = Files.createDirectories(folder.resolve("site"));
        write("hello.txt", "Hello, world\n");
        write("empty.bin", "");
        write("docs/index.html", "<p>docs");
        write("nodocs/x.html", "x");
        write(".secret", "secret");
        write("sub/.git/config", "secret");
        write("a b/ä.txt", "umlaut");
        write(".well-known/acme", "token");
        Files.writeString(folder.resolve("outside"), "secret");
        Files.createSymbolicLink(site.resolve("out"), folder.resolve("outside"));
        Files.createSymbolicLink(site.resolve("up"), folder);
        Files.createSymbolicLink(site.resolve("in"), site.resolve("hello.txt"));
        Files.createSymbolicLink(site.resolve("dotted"), site.resolve(".secret"));
        Files.createSymbolicLink(site.resolve("loop"), site.resolve("loop"));
    }

    private Path write(String name, String text) throws IOException {
        Path file = site.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(784_111_777)));
        return file;
    }

    private Path large() throws IOException {
        byte[] bytes = new byte[5_000_000];
        new Random(13).nextBytes(bytes);
        return Files.write(site.resolve("large.bin"), bytes);
    }

    private HttpHandler mounted() throws IOException {
        return mounted("/s=" + site);
    }

    private HttpHandler mounted(String... mounts) throws IOException {
        List<FileOptions.Mount> all = Stream.of(mounts)
                .map(text -> text.split("=", 2))
                .map(parts -> new FileOptions.Mount(parts[0], Path.of(parts[1])))
                .toList();
        return new Mounts(new FileOptions(all, Optional.of("max-age=60"), true), application);
    }

    private static Response ask(TestServer server, String method, String target, String... fields) throws IOException {
        try (Client client = server.client()) {
            return ask(client, method, target, fields);
        }
    }

    private static Response ask(Client client, String method, String target, String... fields) throws IOException {
        String more = Stream.of(fields).map(field -> field + "\r\n").collect(Collectors.joining());
        client.send(method + " " + target + " HTTP/1.1\r\nHost: a\r\n" + more + "\r\n");
        return client.response(!method.equals("HEAD"));
    }

    @Test
    void aFileWithAllThatIsToldOfIt() throws IOException {
        try (TestServer server = new TestServer(mounted());
                Client client = server.client()) {
            Response whole = ask(client, "GET", "/s/hello.txt?v=1");
            assertThat(whole.status()).isEqualTo(200);
            assertThat(whole.body()).isEqualTo("Hello, world\n");
            assertThat(whole.headers())
                    .containsEntry("content-type", "text/plain; charset=utf-8")
                    .containsEntry("content-length", "13")
                    .containsEntry("last-modified", MODIFIED)
                    .containsEntry("accept-ranges", "bytes")
                    .containsEntry("cache-control", "max-age=60")
                    .doesNotContainKeys("vary", "content-encoding");
            assertThat(whole.header("etag")).matches("\"[0-9a-f]+-d\"");
            Response head = ask(client, "HEAD", "/s/hello.txt");
            assertThat(head.headers())
                    .containsEntry("content-length", "13")
                    .containsEntry("etag", whole.header("etag"));
            assertThat(ask(client, "GET", "/s/empty.bin").headers()).containsEntry("content-length", "0");
            assertThat(ask(client, "GET", "/s/in").body()).isEqualTo("Hello, world\n");
            assertThat(ask(client, "GET", "/s/a%20b/%C3%A4.txt").body()).isEqualTo("umlaut");
            assertThat(ask(client, "GET", "/s/.well-known/acme").body()).isEqualTo("token");
            assertThat(ask(client, "GET", "http://a/s/hello.txt").body()).isEqualTo("Hello, world\n");
            assertThat(server.cell(Cell.ACCEPTED)).isEqualTo(1);
        }
    }

    @Test
    void foldersHaveAnIndexOrAreNone() throws IOException {
        try (TestServer server = new TestServer(mounted())) {
            assertThat(ask(server, "GET", "/s/docs/").body()).isEqualTo("<p>docs");
            Response moved = ask(server, "GET", "/s/docs?a=b");
            assertThat(moved.status()).isEqualTo(301);
            assertThat(moved.header("location")).isEqualTo("/s/docs/?a=b");
            assertThat(ask(server, "GET", "/s/nodocs/").body()).startsWith("app ");
            assertThat(ask(server, "GET", "/s/nodocs").body()).startsWith("app ");
            assertThat(ask(server, "GET", "/s/").body()).startsWith("app ");
            assertThat(ask(server, "GET", "/s").body()).startsWith("app ");
        }
    }

    /** What is not served is the application's: it sees what it would see without mounts. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/s/missing",
                "/s/.secret",
                "/s/%2esecret",
                "/s/dotted",
                "/s/sub/.git/config",
                "/s/out",
                "/s/up/outside",
                "/s/up/site/hello.txt/../../outside",
                "/s/loop",
                "/s/../outside",
                "/s/%2e%2e/outside",
                "/s/..%2foutside",
                "/s/docs/../hello.txt",
                "/s//hello.txt",
                "//s/hello.txt",
                "//s/",
                "//",
                "///s/hello.txt",
                "//a/s/hello.txt",
                "/s/hello.txt/",
                "/s/hello.txt/x",
                "/s/hello.txt%00",
                "/s/hello.txt%00.html",
                "/s/%c0%ae%c0%ae/outside",
                "/s%2fhello.txt",
                "/%73/hello.txt",
                "/sx/hello.txt",
                "/S/hello.txt",
                "/hello.txt"
            })
    void hostilePathsReachNoFile(String target) throws IOException {
        try (TestServer server = new TestServer(mounted())) {
            Response response = ask(server, "GET", target);
            // With two slashes the application's URI names the host that was asked for.
            assertThat(response.body()).isEqualTo("app " + (target.startsWith("//") ? "//a" : "") + target);
        }
    }

    @Test
    void filesAreOnlyRead() throws IOException {
        try (TestServer server = new TestServer(mounted())) {
            for (String method : List.of("POST", "PUT", "DELETE", "OPTIONS", "PATCH", "PROPFIND")) {
                Response response = ask(server, method, "/s/hello.txt", "Content-Length: 0");
                assertThat(response.status()).isEqualTo(405);
                assertThat(response.header("allow")).isEqualTo("GET, HEAD");
            }
            assertThat(ask(server, "POST", "/s/missing", "Content-Length: 0").body())
                    .startsWith("app ");
        }
    }

    @Test
    void theLongestMountWinsAndTheRootIsOne() throws IOException {
        Path other = Files.createDirectories(folder.resolve("other"));
        Files.writeString(other.resolve("hello.txt"), "other");
        try (TestServer server = new TestServer(mounted("/=" + site, "/docs/more=" + other))) {
            assertThat(ask(server, "GET", "/hello.txt").body()).isEqualTo("Hello, world\n");
            assertThat(ask(server, "GET", "/docs/").body()).isEqualTo("<p>docs");
            assertThat(ask(server, "GET", "/docs/more/hello.txt").body()).isEqualTo("other");
            assertThat(ask(server, "GET", "/docs/moreover").body()).startsWith("app ");
            assertThat(ask(server, "GET", "/").body()).startsWith("app ");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "If-None-Match: TAG                                                              | 304",
                "If-None-Match: W/TAG                                                            | 304",
                "If-None-Match: \"x\", TAG                                                       | 304",
                "If-None-Match: *                                                                | 304",
                "If-None-Match: \"x\"                                                            | 200",
                "If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT                                | 304",
                "If-Modified-Since: Sun, 06 Nov 1994 08:49:38 GMT                                | 304",
                "If-Modified-Since: Sun, 06 Nov 1994 08:49:36 GMT                                | 200",
                "If-Modified-Since: Sunday, 06-Nov-94 08:49:37 GMT                               | 304",
                "If-Modified-Since: whenever                                                     | 200",
                "If-None-Match: \"x\" / If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT         | 200",
                "If-Match: TAG                                                                   | 200",
                "If-Match: *                                                                     | 200",
                "If-Match: W/TAG                                                                 | 412",
                "If-Match: \"x\"                                                                 | 412",
                "If-Match: \"x\" / If-None-Match: TAG                                            | 412",
                "If-Match: TAG / If-None-Match: TAG                                              | 304",
                "If-Unmodified-Since: Sun, 06 Nov 1994 08:49:37 GMT                              | 200",
                "If-Unmodified-Since: Sun, 06 Nov 1994 08:49:36 GMT                              | 412",
                "If-Unmodified-Since: whenever                                                   | 200",
                "If-Match: TAG / If-Unmodified-Since: Sun, 06 Nov 1994 08:49:36 GMT              | 200",
                "Range: bytes=0-1                                                                | 206",
                "Range: bytes=0-1 / If-None-Match: TAG                                           | 304",
                "Range: bytes=0-1 / If-Match: \"x\"                                              | 412",
                "Range: bytes=0-1 / If-Range: TAG                                                | 206",
                "Range: bytes=0-1 / If-Range: W/TAG                                              | 200",
                "Range: bytes=0-1 / If-Range: \"x\"                                              | 200",
                "Range: bytes=0-1 / If-Range: Sun, 06 Nov 1994 08:49:37 GMT                      | 206",
                "Range: bytes=0-1 / If-Range: Sun, 06 Nov 1994 08:49:38 GMT                      | 200",
                "Range: bytes=0-1 / If-Range: whenever                                           | 200",
                "Range: bytes=99- / If-Range: \"x\"                                              | 200",
                "Range: bytes=99-                                                                | 416",
                "Range: bytes=0-1 / Range: bytes=2-3                                             | 200",
                "Range: items=0-1                                                                | 200",
            })
    void conditions(String fields, int status) throws IOException {
        try (TestServer server = new TestServer(mounted())) {
            String tag = ask(server, "HEAD", "/s/hello.txt").header("etag");
            Response response = ask(
                    server, "GET", "/s/hello.txt", fields.replace("TAG", tag).split(" / ", -1));
            assertThat(response.status()).isEqualTo(status);
            assertThat(response.header("etag")).isEqualTo(tag);
            String body = switch (status) {
                case 200 -> "Hello, world\n";
                case 206 -> "He";
                default -> "";
            };
            assertThat(response.body()).isEqualTo(body);
        }
    }

    @Test
    void parts() throws IOException {
        try (TestServer server = new TestServer(mounted());
                Client client = server.client()) {
            Response one = ask(client, "GET", "/s/hello.txt", "Range: bytes=-6");
            assertThat(one.headers())
                    .containsEntry("content-range", "bytes 7-12/13")
                    .containsEntry("content-length", "6");
            assertThat(one.body()).isEqualTo("world\n");
            assertThat(ask(client, "GET", "/s/hello.txt", "Range: bytes=13-").header("content-range"))
                    .isEqualTo("bytes */13");
            assertThat(ask(client, "HEAD", "/s/hello.txt", "Range: bytes=0-0").status())
                    .isEqualTo(200);
            Response two = ask(client, "GET", "/s/hello.txt", "Range: bytes=0-0,7-8");
            assertThat(two.status()).isEqualTo(206);
            String boundary = two.header("content-type").replaceFirst("multipart/byteranges; boundary=", "");
            String part = "\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Range: bytes ";
            assertThat(two.body())
                    .isEqualTo("--" + boundary + part + "0-0/13\r\n\r\nH\r\n--" + boundary + part
                            + "7-8/13\r\n\r\nwo\r\n--" + boundary + "--\r\n");
            assertThat(two.headers()).doesNotContainKey("content-range");
        }
    }

    @Test
    void variants() throws IOException {
        write("app.js", "the script itself");
        write("app.js.gz", "gz");
        write("app.js.br", "brotli");
        Files.createSymbolicLink(site.resolve("app.js.zst"), folder.resolve("outside"));
        try (TestServer server = new TestServer(mounted())) {
            Response plain = ask(server, "GET", "/s/app.js");
            assertThat(plain.body()).isEqualTo("the script itself");
            assertThat(plain.headers()).containsEntry("vary", "Accept-Encoding");
            Response best = ask(server, "GET", "/s/app.js", "Accept-Encoding: gzip, deflate, br, zstd");
            assertThat(best.body()).isEqualTo("brotli");
            assertThat(best.headers())
                    .containsEntry("content-encoding", "br")
                    .containsEntry("content-type", "text/javascript; charset=utf-8")
                    .containsEntry("vary", "Accept-Encoding");
            assertThat(best.header("etag")).endsWith("-br\"").isNotEqualTo(plain.header("etag"));
            assertThat(ask(server, "GET", "/s/app.js", "Accept-Encoding: br;q=0.5, gzip")
                            .body())
                    .isEqualTo("gz");
            assertThat(ask(server, "GET", "/s/app.js", "Accept-Encoding: zstd").body())
                    .isEqualTo("the script itself");
            assertThat(ask(server, "GET", "/s/app.js", "Accept-Encoding: br", "If-None-Match: " + plain.header("etag"))
                            .status())
                    .isEqualTo(200);
            assertThat(ask(server, "GET", "/s/app.js", "Accept-Encoding: br", "Range: bytes=1-2")
                            .body())
                    .isEqualTo("ro");
            assertThat(ask(server, "GET", "/s/app.js.gz").header("content-type"))
                    .isEqualTo("application/gzip");
        }
    }

    @Test
    void noDateIsOfTheFuture() throws IOException {
        Files.setLastModifiedTime(
                site.resolve("hello.txt"), FileTime.from(Instant.now().plusSeconds(100_000)));
        try (TestServer server = new TestServer(mounted())) {
            Response response = ask(server, "GET", "/s/hello.txt");
            assertThat(response.header("last-modified").substring(0, 16))
                    .isEqualTo(response.header("date").substring(0, 16));
        }
    }

    static Stream<Consumer<TestServer.Options>> waysOfSending() {
        return TestServer.Threads.available().stream()
                .flatMap(threads -> Stream.of(true, false).map(sendfile -> options -> {
                    options.threads = threads;
                    options.sendfile = sendfile;
                }));
    }

    /** With and without the kernel's help, pipelined, to a client that reads late. */
    @ParameterizedTest
    @MethodSource("waysOfSending")
    void largeFilesArriveWhole(Consumer<TestServer.Options> way) throws Exception {
        String expected = Files.readString(large(), StandardCharsets.ISO_8859_1);
        try (TestServer server = new TestServer(mounted(), way);
                Client client = server.client()) {
            client.get("/s/large.bin").get("/s/hello.txt");
            client.send("GET /s/large.bin HTTP/1.1\r\nHost: a\r\nRange: bytes=1000000-4999998\r\n\r\n");
            client.get("/app");
            server.until(() -> server.cell(Cell.BYTES_WRITTEN) > 100_000);
            assertThat(client.response().body()).isEqualTo(expected);
            assertThat(client.response().body()).isEqualTo("Hello, world\n");
            assertThat(client.response().body()).isEqualTo(expected.substring(1_000_000, 4_999_999));
            assertThat(client.response().body()).isEqualTo("app /app");
            assertThat(server.cell(Cell.CONNECTIONS)).isEqualTo(1);
        }
    }

    /** A client that asks for many files and reads none holds one of them open, not all. */
    @Test
    void pipelinedFilesAreOpenedOneByOne() throws Exception {
        Path large = large().toRealPath();
        try (TestServer server = new TestServer(mounted());
                Client client = server.client()) {
            for (int i = 0; i < 200; i++) {
                client.get("/s/large.bin");
            }
            server.until(() -> open(large) > 0);
            server.onLoop(() -> {});
            assertThat(open(large)).isBetween(1L, 2L);
        }
        try (TestServer server = new TestServer(mounted())) {
            ask(server, "GET", "/s/large.bin");
            server.until(() -> open(large) == 0);
        }
    }

    private static long open(Path file) {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors
                    .filter(descriptor -> {
                        try {
                            return Files.readSymbolicLink(descriptor).equals(file);
                        } catch (IOException e) {
                            return false;
                        }
                    })
                    .count();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whoGoesAwayInTheMiddleLeavesNoFileOpen() throws Exception {
        Path large = large().toRealPath();
        try (TestServer server = new TestServer(mounted())) {
            try (Client client = server.client()) {
                client.get("/s/large.bin").get("/s/large.bin");
                client.exactly(1000);
            }
            server.until(() -> server.cell(Cell.CONNECTIONS) == 0 && open(large) == 0);
            assertThat(server.cell(Cell.IN_FLIGHT)).isZero();
        }
    }

    /** A slow client is idle as long as it reads nothing, and not before. */
    @Test
    void aDownloadOutlivesKeepAlive() throws Exception {
        String expected = Files.readString(large(), StandardCharsets.ISO_8859_1);
        try (TestServer server = new TestServer(mounted(), options -> options.keepAliveMillis = 2_000);
                Client client = server.client()) {
            client.get("/s/large.bin");
            server.until(() -> server.cell(Cell.RESPONSES_2XX) == 1);
            server.passes(10_000);
            assertThat(client.response().body()).isEqualTo(expected);
            client.get("/app");
            assertThat(client.response().body()).isEqualTo("app /app");
        }
    }

    @Test
    void whoReadsNothingOfAFileIsGivenUp() throws Exception {
        Path large = large().toRealPath();
        try (TestServer server = new TestServer(mounted());
                Client client = server.client()) {
            client.get("/s/large.bin");
            server.until(() -> server.cell(Cell.RESPONSES_2XX) == 1);
            server.passes(1);
            server.passes(59_000);
            assertThat(server.cell(Cell.CONNECTIONS)).isEqualTo(1);
            server.passes(2_000);
            server.until(() -> server.cell(Cell.CONNECTIONS) == 0 && open(large) == 0);
        }
    }

    @ParameterizedTest
    @MethodSource("waysOfSending")
    void theApplicationHandsAFileOver(Consumer<TestServer.Options> way) throws Exception {
        Path large = large();
        HttpHandler handler = exchange -> {
            if (!Boolean.TRUE.equals(exchange.getAttribute("jcorn.sendfile.support"))) {
                throw new IOException("this is jcorn");
            }
            exchange.setAttribute(
                    "jcorn.sendfile.file", exchange.getRequestURI().getPath().equals("/gone") ? "/gone" : large);
            exchange.setAttribute("jcorn.sendfile.start", 1_000);
            exchange.getResponseHeaders().set("X-Own", "yes");
            exchange.sendResponseHeaders(
                    200, exchange.getRequestURI().getPath().equals("/long") ? 5_000_000 : 4_000_000);
            exchange.close();
        };
        String expected = Files.readString(large, StandardCharsets.ISO_8859_1).substring(1_000, 4_001_000);
        try (TestServer server = new TestServer(handler, way);
                Client client = server.client()) {
            Response response = ask(client, "GET", "/");
            assertThat(response.body()).isEqualTo(expected);
            assertThat(response.header("x-own")).isEqualTo("yes");
            assertThat(ask(client, "HEAD", "/").header("content-length")).isEqualTo("4000000");
            assertThat(ask(client, "GET", "/long").status()).isEqualTo(500);
            assertThat(ask(client, "GET", "/gone").status()).isEqualTo(500);
            assertThat(server.log()).contains("has 5000000 bytes, not 5000000 from 1000 on");
        }
    }
}
