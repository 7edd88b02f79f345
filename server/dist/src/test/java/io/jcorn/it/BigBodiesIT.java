package io.jcorn.it;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that are much larger than the worker: neither side ever holds one. */
@Tag("alone")
class BigBodiesIT {

    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;

    /** A heap of 64 MiB and what a JVM needs besides; bodies that are collected would be far above. */
    private static final long RESIDENT_KB = 400 * 1024;

    private static final byte[] BLOCK = "0123456789abcdef".repeat(1 << 16).getBytes(US_ASCII);

    @RegisterExtension
    final Workplace place = new Workplace();

    @Test
    void oneGibibyteInAndOut() throws Exception {
        try (RunningJcorn jcorn = small()) {
            long worker = jcorn.anyWorker();
            assertThat(upload(jcorn.port(), GIB)).isEqualTo("bytes=" + GIB + " sha256=" + sha256(GIB) + "\n");
            assertThat(download(jcorn.port(), GIB)).isEqualTo(GIB);
            assertUnharmed(jcorn, worker);
        }
    }

    /** On application threads, and on the event loop itself, where what is written has to be spooled. */
    @ParameterizedTest
    @ValueSource(strings = {"64", "0"})
    void manyAtOnce(String threads) throws Exception {
        long size = 48 * MIB;
        String digest = sha256(size);
        List<Callable<String>> users = new ArrayList<>();
        try (RunningJcorn jcorn = small("--threads", threads)) {
            long worker = jcorn.anyWorker();
            for (int i = 0; i < 4; i++) {
                users.add(() -> upload(jcorn.port(), size));
                users.add(() -> "bytes=" + download(jcorn.port(), size) + " sha256=" + digest + "\n");
            }
            ExecutorService all = Executors.newFixedThreadPool(users.size());
            try {
                for (Future<String> user : all.invokeAll(users)) {
                    assertThat(user.get()).isEqualTo("bytes=" + size + " sha256=" + digest + "\n");
                }
            } finally {
                all.shutdownNow();
            }
            assertUnharmed(jcorn, worker);
        }
    }

    /** A client that reads nothing for a while, or never, holds the application up, not the worker. */
    @Test
    void clientsThatDoNotRead() throws Exception {
        try (RunningJcorn jcorn = small()) {
            long worker = jcorn.anyWorker();
            try (HttpConnection lazy = HttpConnection.open(jcorn.port());
                    HttpConnection gone = HttpConnection.open(jcorn.port())) {
                for (HttpConnection client : List.of(lazy, gone)) {
                    client.send("GET /download?bytes=" + 256 * MIB + " HTTP/1.1\r\nHost: a\r\n\r\n");
                    assertThat(client.receiveHead().status()).isEqualTo(200);
                }
                assertThat(download(jcorn.port(), 64 * MIB)).isEqualTo(64 * MIB);
                assertThat(lazy.skip(256 * MIB)).isEqualTo(256 * MIB);
                assertThat(lazy.get("/pid").pid()).isEqualTo(worker);
            }
            assertUnharmed(jcorn, worker);
        }
    }

    private RunningJcorn small(String... further) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--java-opt=-Xmx64m"));
        arguments.addAll(List.of(further));
        arguments.add(Workplace.hello());
        return place.jcorn(arguments.toArray(String[]::new)).start();
    }

    private static void assertUnharmed(RunningJcorn jcorn, long worker) throws IOException {
        assertThat(HttpConnection.get(jcorn.port(), "/pid").pid()).isEqualTo(worker);
        String peak = Proc.status(worker, "VmHWM").orElse("").replace(" kB", "");
        assertThat(Long.parseLong(peak)).as("kB resident at most").isLessThan(RESIDENT_KB);
    }

    private static String upload(int port, long size) throws IOException {
        try (HttpConnection client = HttpConnection.open(port)) {
            client.send("POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: " + size + "\r\n\r\n");
            for (long left = size; left > 0; left -= BLOCK.length) {
                client.send(ByteBuffer.wrap(BLOCK, 0, (int) Math.min(BLOCK.length, left)));
            }
            return client.receive().body();
        }
    }

    private static long download(int port, long size) throws IOException {
        try (HttpConnection client = HttpConnection.open(port)) {
            client.send("GET /download?bytes=" + size + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            Answer head = client.receiveHead();
            assertThat(head.headers()).containsEntry("content-length", Long.toString(size));
            return client.skip(Long.MAX_VALUE);
        }
    }

    private static String sha256(long size) throws NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (long left = size; left > 0; left -= BLOCK.length) {
            digest.update(BLOCK, 0, (int) Math.min(BLOCK.length, left));
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
