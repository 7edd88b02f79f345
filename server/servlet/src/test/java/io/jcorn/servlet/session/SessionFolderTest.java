package io.jcorn.servlet.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions as files. */
@SuppressWarnings("NullAway.Init")
class SessionFolderTest {

    private static final SessionHead HEAD = new SessionHead(1_000, 5_000, 4_000, 1_000, 60_000);

    @TempDir
    Path root;

    private SessionFolder folder;

    @BeforeEach
    void make() throws IOException {
        folder = new SessionFolder(root, "/shop");
    }

    private Path files() {
        return root.resolve("context-%2Fshop");
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        folder.write("id1", HEAD, new byte[] {1, 2, 3});

        StoredBytes read = folder.read("id1").orElseThrow();
        assertThat(read.head()).isEqualTo(HEAD);
        assertThat(read.attributes()).containsExactly(1, 2, 3);
        assertThat(folder.head("id1")).contains(HEAD);
        assertThat(folder.read("id2")).isEmpty();
    }

    @Test
    void itIsForItsUserOnly() throws IOException {
        folder.write("id1", HEAD, new byte[0]);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(files())))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(files().resolve("id1"))))
                .isEqualTo("rw-------");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "../id1",
                "../../etc/passwd",
                "/etc/passwd",
                "a/b",
                "a\0b",
                "a.new",
                "id1 ",
                "ü",
                "a\nb"
            })
    void aHostileIdIsNobodys(String id) throws IOException {
        folder.write("id1", HEAD, new byte[0]);
        Files.write(root.resolve("id1"), new byte[] {1});

        assertThat(folder.read(id)).isEmpty();
        assertThat(folder.head(id)).isEmpty();
        assertThat(folder.delete(id)).isFalse();
        folder.touch(id, 9_000);
        assertThatIOException().isThrownBy(() -> folder.write(id, HEAD, new byte[0]));
        assertThat(root.resolve("id1")).exists();
    }

    @Test
    void anIdMayNotBeEndless() throws IOException {
        assertThat(folder.read("x".repeat(129))).isEmpty();
        folder.write("x".repeat(128), HEAD, new byte[0]);
        assertThat(folder.read("x".repeat(128))).isPresent();
    }

    @Test
    void contextsDoNotMeet() throws IOException {
        folder.write("id1", HEAD, new byte[0]);
        for (String other : List.of("/", "/shop2", "/shop/x", "/..", "/../shop")) {
            assertThat(new SessionFolder(root, other).read("id1")).as(other).isEmpty();
        }
    }

    @Test
    void aTouchIsTheLaterAccess() throws IOException {
        folder.write("id1", HEAD, new byte[] {1});
        folder.touch("id1", 9_000);

        SessionHead head = folder.head("id1").orElseThrow();
        assertThat(head).isEqualTo(new SessionHead(1_000, 9_000, 5_000, 1_000, 60_000));
        assertThat(head.expiry()).isEqualTo(69_000);

        folder.touch("id1", 8_000);
        assertThat(folder.head("id1")).contains(head);
        folder.touch("gone", 9_000);
        assertThat(folder.read("gone")).isEmpty();
    }

    @Test
    void theExpiredAreFound() throws IOException {
        folder.write("old", HEAD, new byte[0]);
        folder.write("kept", new SessionHead(1_000, 5_000, 4_000, 1_000, 0), new byte[0]);
        folder.write("fresh", new SessionHead(1_000, 50_000, 4_000, 1_000, 60_000), new byte[0]);
        Files.writeString(files().resolve("stranger"), "no session");

        assertThat(folder.find(head -> head.expiredAt(65_000))).containsExactly("old");
        assertThat(folder.find(head -> head.expiredAt(64_999))).isEmpty();
        assertThat(files().resolve("stranger")).exists();
    }

    @Test
    void whatKilledProcessesLeftIsClearedAway() throws IOException {
        Path abandoned = Files.writeString(files().resolve("123.new"), "half");
        Path underWay = Files.writeString(files().resolve("456.new"), "half");
        Files.setLastModifiedTime(abandoned, FileTime.fromMillis(0));

        folder.find(head -> false);

        assertThat(abandoned).doesNotExist();
        assertThat(underWay).exists();
    }

    @Test
    void readersSeeWholeSessionsWhateverIsWritten() throws Exception {
        folder.write("id1", HEAD, content(0));
        List<CompletableFuture<Void>> writers = IntStream.rangeClosed(1, 3)
                .mapToObj(value -> CompletableFuture.runAsync(() -> writeOften(value)))
                .toList();
        CompletableFuture<Void> all = CompletableFuture.allOf(writers.toArray(new CompletableFuture<?>[0]));
        do {
            byte[] read = folder.read("id1").orElseThrow().attributes();
            assertThat(read).isEqualTo(content(read[0]));
        } while (!all.isDone());
        all.get();
        try (var left = Files.list(files())) {
            assertThat(left).hasSize(1);
        }
    }

    /** As another process does: with a folder object of its own. */
    private void writeOften(int value) {
        try {
            SessionFolder own = new SessionFolder(root, "/shop");
            for (int i = 0; i < 200; i++) {
                own.write("id1", HEAD, content(value));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] content(int value) {
        byte[] content = new byte[5_000 + value * 1_000];
        Arrays.fill(content, (byte) value);
        return content;
    }

    @Test
    void aFileOfAnotherVersionIsAnError() throws IOException {
        Files.write(files().resolve("id1"), new byte[100]);
        assertThatIOException().isThrownBy(() -> folder.read("id1"));
    }
}
