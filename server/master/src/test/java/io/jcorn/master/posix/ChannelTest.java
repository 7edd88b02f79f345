package io.jcorn.master.posix;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChannelTest {
    private final LinuxPosix posix = new LinuxPosix();
    private final List<Integer> open = new ArrayList<>();

    @AfterEach
    void closeAll() {
        open.forEach(posix::close);
    }

    @Test
    void bytesGoBothWaysAndNothingIsZero() throws IOException {
        SocketPair pair = pair();
        byte[] buffer = new byte[16];

        assertThat(posix.receive(pair.ours(), buffer)).isZero();
        assertThat(posix.send(pair.theirs(), "xhello".getBytes(UTF_8), 1, 5)).isEqualTo(5);
        assertThat(posix.receive(pair.ours(), buffer)).isEqualTo(5);
        assertThat(new String(buffer, 0, 5, UTF_8)).isEqualTo("hello");
    }

    @Test
    void oneEndIsBlockingTheOtherNotAndBothCloseOnExec() throws IOException {
        SocketPair pair = pair();

        assertThat(flags(pair.ours())).isEqualTo(02004002);
        assertThat(flags(pair.theirs())).isEqualTo(02000002);
    }

    @Test
    void aFullBufferTakesNothingAndDoesNotWait() throws IOException {
        SocketPair pair = pair();
        byte[] block = new byte[65_536];
        int sent;
        do {
            sent = posix.send(pair.theirs(), block, 0, block.length);
        } while (sent > 0);
        assertThat(sent).isZero();
    }

    @Test
    void theOtherEndClosingIsEndOfFileForTheReaderAndBrokenPipeForTheWriter() throws IOException {
        SocketPair pair = pair();
        close(pair.theirs());

        assertThat(posix.poll(new int[] {pair.ours()}, -1)).containsExactly(pair.ours());
        assertThat(posix.receive(pair.ours(), new byte[4])).isEqualTo(-1);
        assertThatThrownBy(() -> posix.send(pair.ours(), new byte[1], 0, 1))
                .isInstanceOfSatisfying(
                        PosixException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EPIPE));
    }

    @Test
    void theOtherEndClosingWithBytesUnreadIsEndOfFileToo() throws IOException {
        SocketPair pair = pair();
        posix.send(pair.ours(), new byte[1], 0, 1);
        close(pair.theirs());

        assertThat(posix.receive(pair.ours(), new byte[4])).isEqualTo(-1);
    }

    @Test
    void pollNamesExactlyTheReadable() throws IOException {
        SocketPair one = pair();
        SocketPair two = pair();
        SocketPair three = pair();
        int[] all = {one.ours(), two.ours(), three.ours()};

        assertThat(posix.poll(all, 0)).isEmpty();
        posix.send(one.theirs(), new byte[1], 0, 1);
        posix.send(three.theirs(), new byte[1], 0, 1);
        assertThat(posix.poll(all, -1)).containsExactly(one.ours(), three.ours());
    }

    @Test
    void sharedMemoryHasItsSizeAndName() throws IOException {
        int memory = opened(posix.sharedMemory("jcorn-scoreboard", 8192));
        Path path = Path.of("/proc/self/fd/" + memory);

        assertThat(Files.size(path)).isEqualTo(8192);
        assertThat(Files.readSymbolicLink(path)).hasToString("/memfd:jcorn-scoreboard (deleted)");
        assertThat(flags(memory) & 02000000).isNotZero();
    }

    @Test
    void sharedMemoryKeepsItsSizeWhoeverHoldsIt() throws IOException {
        int memory = opened(posix.sharedMemory("jcorn-scoreboard", 8192));
        Path path = Path.of("/proc/self/fd/" + memory);

        try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
            assertThatThrownBy(() -> file.truncate(0)).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> file.write(ByteBuffer.allocate(1), 8192)).isInstanceOf(IOException.class);
        }

        assertThat(Files.size(path)).isEqualTo(8192);
    }

    @Test
    void aLockedFileIsRefusedUntilItsDescriptorCloses(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("jcorn.pid");
        OptionalInt lock = posix.lockFile(file);
        assertThat(lock).isPresent();

        // flock locks belong to the open file, so a second open in the same process is as foreign as another process.
        assertThat(posix.lockFile(file)).isEmpty();
        posix.close(lock.getAsInt());
        opened(posix.lockFile(file).orElseThrow());
        assertThat(file).hasContent("");
    }

    @Test
    void aCloneIsAllOrNothing(@TempDir Path directory) throws IOException {
        Path from = Files.writeString(directory.resolve("app.jar"), "bits");
        Path to = directory.resolve("clone.jar");

        if (posix.cloneFile(from, to)) {
            assertThat(to).hasContent("bits");
        } else {
            assertThat(to).doesNotExist();
        }
        assertThatThrownBy(() -> posix.cloneFile(directory.resolve("none"), to)).hasMessageContaining("ENOENT");
        assertThatThrownBy(() -> posix.cloneFile(from, from)).hasMessageContaining("EEXIST");
    }

    @Test
    void smallThings() {
        int before = posix.umask(0777);
        assertThat(posix.umask(before)).isEqualTo(0777);
        assertThat(posix.pid()).isEqualTo((int) ProcessHandle.current().pid());
        assertThatThrownBy(() -> posix.close(9999)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void theTitleReplacesTheArguments() throws IOException {
        if (posix.title("another title")) {
            byte[] line = Files.readAllBytes(Path.of("/proc/self/cmdline"));
            assertThat(new String(line, UTF_8).replace("\0", "")).isEqualTo("another title");
        }
    }

    private SocketPair pair() throws IOException {
        SocketPair pair = posix.socketPair();
        opened(pair.ours());
        opened(pair.theirs());
        return pair;
    }

    private int opened(int descriptor) {
        open.add(descriptor);
        return descriptor;
    }

    private void close(int descriptor) {
        open.remove((Integer) descriptor);
        posix.close(descriptor);
    }

    private static int flags(int descriptor) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/fdinfo/" + descriptor)).stream()
                .filter(line -> line.startsWith("flags:"))
                .mapToInt(line -> Integer.parseInt(line.substring(6).trim(), 8))
                .findFirst()
                .orElseThrow();
    }
}
