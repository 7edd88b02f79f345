package io.jcorn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jcorn.testing.TestCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS as clients of the packaged server see it. */
class TlsIT {

    @RegisterExtension
    final Workplace place = new Workplace();

    private TlsPlace tls;

    @BeforeEach
    void certificates() throws IOException {
        tls = new TlsPlace(place.folder());
        tls.issue("a", "a.example");
    }

    private Launch serving(List<String> options, String... more) {
        List<String> command = new ArrayList<>(options);
        command.addAll(List.of(more));
        command.add(Workplace.hello());
        return place.jcorn(command.toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void bothVersionsAndNoOlderOne(int java) throws Exception {
        try (RunningJcorn jcorn = serving(tls.options("a")).workersOn(java).start()) {
            for (HttpClient.Version version : HttpClient.Version.values()) {
                HttpResponse<String> answer = ask(jcorn, version);
                assertThat(answer.version()).isEqualTo(version);
                assertThat(answer.body()).isEqualTo("Hello, World!\n");
                assertThat(answer.sslSession().orElseThrow().getProtocol()).isEqualTo("TLSv1.3");
            }
            try (SSLSocket old = tls.connect(jcorn.port(), "localhost", "TLSv1.2")) {
                assertThat(old.getSession().getCipherSuite())
                        .startsWith("TLS_ECDHE_ECDSA_WITH_")
                        .contains("GCM");
                assertThat(TlsPlace.ask(old, "/plaintext")).isEqualTo("Hello, World!\n");
            }
            assertThat(alert(jcorn.port(), "0302", "c009"))
                    .as("TLS 1.1: protocol_version")
                    .isEqualTo(70);
            assertThat(alert(jcorn.port(), "0303", "000a"))
                    .as("triple DES: handshake_failure")
                    .isEqualTo(40);
            assertThat(jcorn.log().found("BoringSSL does not load")).isEmpty();
        }
    }

    private HttpResponse<String> ask(RunningJcorn jcorn, HttpClient.Version version)
            throws IOException, InterruptedException {
        HttpClient client = HttpClient.newBuilder()
                .sslContext(tls.context())
                .version(version)
                .build();
        URI uri = URI.create("https://localhost:" + jcorn.port() + "/plaintext");
        return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Greets as a client that no library of today would be any more (RFC 5246 §7.4.1.2), and returns the fatal alert. */
    private static int alert(int port, String version, String suite) throws IOException {
        String groups = "000a00040002" + "0017" + "000b00020100" + "000d00060004" + "04010403";
        String extensions = "%04x".formatted(groups.length() / 2) + groups;
        String body = version + "00".repeat(32) + "00" + "0002" + suite + "0100" + extensions;
        String hello = "01" + "%06x".formatted(body.length() / 2) + body;
        String record = "160301" + "%04x".formatted(hello.length() / 2) + hello;
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(HexFormat.of().parseHex(record));
            byte[] answer = socket.getInputStream().readNBytes(7);
            assertThat(answer[0]).as("an alert").isEqualTo((byte) 21);
            return answer[6];
        }
    }

    @Test
    void curlIsContent() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/curl")), "there is no curl here");
        tls.replace("ca.pem", tls.authority.pem());
        try (RunningJcorn jcorn = serving(tls.options("a")).start()) {
            Process curl = new ProcessBuilder(
                            "/usr/bin/curl",
                            "-sS",
                            "--cacert",
                            tls.file("ca.pem"),
                            "https://localhost:" + jcorn.port() + "/plaintext")
                    .redirectErrorStream(true)
                    .start();
            String said = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(said).isEqualTo("Hello, World!\n");
            assertThat(curl.waitFor()).isZero();
        }
    }

    @Test
    void javasOwnProviderServesWhereBoringSslDoesNotLoad() throws Exception {
        try (RunningJcorn jcorn = serving(
                        tls.options("a"), "--java-opt=-Dio.netty.handler.ssl.noOpenSsl=true", "--workers", "2")
                .start()) {
            assertThat(tls.ask(jcorn.port(), "/plaintext")).isEqualTo("Hello, World!\n");
            assertThat(jcorn.log().found("BoringSSL does not load here")).hasSize(1);
        }
    }

    /** As containers mount it: no native library can be loaded from there, so none may have to be copied there. */
    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void aTempFolderMountedNoexecIsEnough(int java) throws Exception {
        assumeTrue(
                Command.succeeds("unshare", "--mount", "mount", "-t", "tmpfs", "-o", "noexec", "none", "/mnt"),
                "no mounts here");
        try (RunningJcorn jcorn = serving(tls.options("a"))
                .workersOn(java)
                .through(
                        "unshare",
                        "--mount",
                        "sh",
                        "-c",
                        "mount -t tmpfs -o noexec none \"$TMPDIR\" && exec \"$@\"",
                        "sh")
                .start()) {
            assertThat(ask(jcorn, HttpClient.Version.HTTP_2).body()).isEqualTo("Hello, World!\n");
            assertThat(jcorn.log().lines())
                    .as("BoringSSL too")
                    .noneMatch(line -> line.contains("BoringSSL does not load"));
        }
    }

    @Test
    void whoForgetsTheSIsTold() throws Exception {
        try (RunningJcorn jcorn = serving(tls.options("a")).start();
                HttpConnection plain = HttpConnection.open(jcorn.port())) {
            Answer answer = plain.get("/");

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).contains("this port speaks HTTPS");
        }
    }

    @Test
    void theNameChoosesTheCertificate() throws Exception {
        tls.issue("b", "*.b.example");
        try (RunningJcorn jcorn = serving(tls.options("a", "b")).start()) {
            assertThat(tls.subject(jcorn.port(), "x.b.example")).isEqualTo("CN=*.b.example");
            assertThat(tls.subject(jcorn.port(), "a.example")).isEqualTo("CN=a.example");
            assertThat(tls.subject(jcorn.port(), "nobody.example")).isEqualTo("CN=a.example");
        }
    }

    @Test
    void clientsShowTheirCertificates() throws Exception {
        tls.replace("ca.pem", tls.authority.pem());
        List<String> options = new ArrayList<>(tls.options("a"));
        options.addAll(List.of("--cert-reqs", "required", "--ca-certs", tls.file("ca.pem")));
        try (RunningJcorn jcorn = serving(options).start()) {
            tls.shows(TestCertificate.of("friend").by(tls.authority).make());
            assertThat(tls.ask(jcorn.port(), "/plaintext")).isEqualTo("Hello, World!\n");
            tls.shows(null);
            assertThatThrownBy(() -> tls.ask(jcorn.port(), "/plaintext")).isInstanceOf(IOException.class);
            TestCertificate liar = TestCertificate.of("Authority").authority().make();
            tls.shows(TestCertificate.of("friend").by(liar).make());
            assertThatThrownBy(() -> tls.ask(jcorn.port(), "/plaintext")).isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void anyWorkerResumesASessionAlsoAfterAReload(String version) throws Exception {
        try (RunningJcorn jcorn = serving(tls.options("a"), "--workers", "2").start()) {
            Map<String, Long> sessions = new TreeMap<>();
            Await.until("both workers have answered", () -> remembered(jcorn, version, sessions) == 2);
            jcorn.signal("HUP");
            jcorn.awaitEvent("Reload complete");
            Await.until("a worker of the next generation, too", () -> remembered(jcorn, version, sessions) == 3);

            assertThat(sessions.values())
                    .as("all one session: %s", sessions)
                    .containsOnly(sessions.values().iterator().next());
        }
    }

    /** A session that is resumed keeps the time of its beginning. */
    private int remembered(RunningJcorn jcorn, String version, Map<String, Long> sessions) {
        try (SSLSocket socket = tls.connect(jcorn.port(), "localhost", version)) {
            String worker = TlsPlace.ask(socket, "/pid");
            sessions.put(worker, socket.getSession().getCreationTime());
            return sessions.size();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void newCertificatesAndAReloadLoseNoRequest() throws Exception {
        try (RunningJcorn jcorn = serving(tls.options("a"), "--workers", "2").start();
                Load load = new Load(jcorn.port(), 4)) {
            load.awaitMore(50);
            jcorn.mark();
            tls.issue("a", "renewed.example");
            jcorn.awaitEvent("New certificates are in use: CN=renewed.example for renewed.example, localhost");
            load.awaitMore(50);
            Await.until("both workers show it", () -> bothShow(jcorn, "CN=renewed.example"));
            jcorn.signal("HUP");
            jcorn.awaitEvent("Reload complete");
            load.awaitMore(50);
            assertThat(load.failures).isEmpty();
        }
    }

    private boolean bothShow(RunningJcorn jcorn, String subject) {
        try {
            for (int i = 0; i < 10; i++) {
                if (!tls.subject(jcorn.port(), "renewed.example").equals(subject)) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void whatCannotBeUsedChangesNothing() throws Exception {
        try (RunningJcorn jcorn = serving(tls.options("a"))
                .tolerate("Reload refused", "does not belong to the certificate")
                .start()) {
            jcorn.mark();
            TestCertificate other =
                    TestCertificate.of("other").by(tls.authority).make();
            tls.replace("a.pem", other.pem());
            jcorn.awaitEvent("certificate files have changed and cannot be used: .*does not belong");
            jcorn.signal("HUP");
            jcorn.awaitEvent("--keyfile: the key in .*a.key does not belong to the certificate in .*a.pem");
            assertThat(tls.subject(jcorn.port(), "a.example")).isEqualTo("CN=a.example");
            assertThat(tls.ask(jcorn.port(), "/plaintext")).isEqualTo("Hello, World!\n");
        }
    }

    @Test
    void aStopLosesNothing() throws Exception {
        try (RunningJcorn jcorn = serving(tls.options("a")).start();
                SSLSocket slow = tls.connect(jcorn.port());
                SSLSocket idle = tls.connect(jcorn.port())) {
            CountDownLatch asked = new CountDownLatch(1);
            ConcurrentLinkedQueue<String> answers = new ConcurrentLinkedQueue<>();
            Thread client = new Thread(() -> {
                try {
                    asked.countDown();
                    answers.add(TlsPlace.ask(slow, "/slow?ms=1500"));
                } catch (IOException e) {
                    answers.add(e.toString());
                }
            });
            client.start();
            asked.await();
            jcorn.signal("TERM");
            // Who is idle may ask once more, or is told of the end.
            assertThat(idle.getInputStream().read()).isEqualTo(-1);
            client.join();
            assertThat(answers).containsExactly("This took 1500 ms.\n");
            jcorn.assertExit(0);
        }
    }

    @Test
    void wrongFilesAreRefusedBeforeAWorkerStarts() throws Exception {
        assertThat(serving(List.of("--certfile", tls.file("none.pem"))).refused(1))
                .contains("--certfile: " + tls.file("none.pem") + ": there is no such file")
                .doesNotContain("\tat ");
        assertThat(serving(List.of("--keyfile", tls.file("a.key"))).refused(1))
                .contains("--keyfile: there is no certfile, so no TLS is spoken");
        assertThat(serving(List.of("--certfile", tls.file("a.pem"))).refused(1))
                .contains("holds a certificate and no private key");
    }

    /** Users that ask again and again, each time on a new connection or on the same one, by turns. */
    private final class Load implements AutoCloseable {
        final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
        private final AtomicInteger answered = new AtomicInteger();
        private final List<Thread> users = new ArrayList<>();
        private volatile boolean over;

        Load(int port, int count) {
            for (int i = 0; i < count; i++) {
                Thread user = new Thread(() -> use(port));
                user.start();
                users.add(user);
            }
        }

        private void use(int port) {
            while (!over) {
                try {
                    if (!tls.ask(port, "/plaintext").equals("Hello, World!\n")) {
                        failures.add("another answer");
                    }
                    answered.incrementAndGet();
                } catch (IOException | RuntimeException e) {
                    failures.add(e.toString());
                }
            }
        }

        void awaitMore(int requests) {
            int until = answered.get() + requests;
            Await.until("more answers; failures: " + failures, () -> answered.get() >= until || !failures.isEmpty());
        }

        @Override
        public void close() {
            over = true;
            Await.until("the users have gone", () -> users.stream().noneMatch(Thread::isAlive));
        }
    }
}
