package io.jcorn.examples.hello;

import static java.net.http.HttpRequest.BodyPublishers.noBody;
import static java.net.http.HttpRequest.BodyPublishers.ofString;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpResponse;
import java.util.ServiceLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The application runs unchanged on the JDK's own server: it needs nothing of jcorn. */
class HelloTest {

    private final HttpServer server;
    private final HttpClient client = HttpClient.newHttpClient();

    HelloTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @BeforeEach
    void start() {
        HttpHandler hello = ServiceLoader.load(HttpHandler.class).findFirst().orElseThrow();
        server.createContext("/", hello);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void answersShortThings() throws Exception {
        assertThat(get("/").body()).startsWith("<!doctype html>");
        assertThat(get("/plaintext").body()).isEqualTo("Hello, World!\n");
        assertThat(get("/json").headers().firstValue("Content-Type")).contains("application/json");
        assertThat(get("/pid").body())
                .startsWith("pid=" + ProcessHandle.current().pid() + " ");
        assertThat(get("/nothing").statusCode()).isEqualTo(404);
        assertThat(send("HEAD", "/plaintext", noBody()).statusCode()).isEqualTo(200);
    }

    @Test
    void sendsBackWhatWasSent() throws Exception {
        assertThat(send("POST", "/echo", ofString("there and back")).body()).isEqualTo("there and back");
        assertThat(get("/echo").statusCode()).isEqualTo(405);
    }

    @Test
    void streamsLines() throws Exception {
        assertThat(get("/stream?n=3&ms=1").body()).isEqualTo("line 1 of 3\nline 2 of 3\nline 3 of 3\n");
    }

    @Test
    void answersLate() throws Exception {
        assertThat(get("/slow?ms=5").body()).isEqualTo("This took 5 ms.\n");
    }

    @Test
    void saysWhatIsWrongWithAParameter() throws Exception {
        HttpResponse<String> response = get("/stream?n=many&ms=-1");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body())
                .isEqualTo("n=many is not a number from 0 to 1000000; ms=-1 is not a number from 0 to 60000\n");
    }

    @Test
    void countsAnUploadAndDigestsIt() throws Exception {
        assertThat(send("POST", "/upload", ofString("abc")).body())
                .isEqualTo("bytes=3 sha256=ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\n");
    }

    @Test
    void downloadsAsMuchAsAskedFor() throws Exception {
        assertThat(get("/download?bytes=0").body()).isEmpty();
        assertThat(get("/download?bytes=200001").body()).hasSize(200_001).startsWith("0123456789abcdef0123");
    }

    private HttpResponse<String> get(String path) throws Exception {
        return send("GET", path, noBody());
    }

    private HttpResponse<String> send(String method, String path, BodyPublisher body) throws Exception {
        InetSocketAddress address = server.getAddress();
        URI uri = URI.create("http://" + address.getAddress().getHostAddress() + ":" + address.getPort() + path);
        return client.send(
                HttpRequest.newBuilder(uri).method(method, body).build(), HttpResponse.BodyHandlers.ofString());
    }
}
