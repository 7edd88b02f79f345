package io.jcorn.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jcorn.master.posix.LinuxPosix;
import io.jcorn.master.posix.Posix;
import io.jcorn.wire.Log;
import io.jcorn.wire.LogLevel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PidfileTest {

    private final LinuxPosix posix = new LinuxPosix();
    private final Log log = Log.to(new ByteArrayOutputStream(), LogLevel.DEBUG, 1, Clock.systemUTC());
    private final Path path;

    PidfileTest(@TempDir Path folder) {
        this.path = folder.resolve("jcorn.pid");
    }

    private Pidfile take() throws IOException {
        return Pidfile.take(path, posix, log);
    }

    @Test
    void itHoldsThePidAndIsGoneWithUs() throws IOException {
        Pidfile pidfile = take();
        assertThat(path).hasContent(posix.pid() + "\n");

        pidfile.close();

        assertThat(path).doesNotExist();
    }

    @Test
    void theSecondIsToldWhoTheFirstIs() throws IOException {
        try (Pidfile first = take()) {
            assertThat(first).isNotNull();
            assertThatThrownBy(this::take)
                    .isInstanceOf(IOException.class)
                    .hasMessage("Already running on PID " + posix.pid() + ": it holds the pidfile " + path
                            + ". To stop it: kill -TERM " + posix.pid());
            assertThat(path).hasContent(posix.pid() + "\n");
        }
    }

    @Test
    void aHolderThatHasNotWrittenItsPidYetIsNobodyToKill() throws IOException {
        int lock = posix.lockFile(path).orElseThrow();
        assertThatThrownBy(this::take)
                .isInstanceOf(IOException.class)
                .hasMessage("Already running: another process holds the pidfile " + path);
        posix.close(lock);
    }

    @Test
    void aPidThatSomebodyElseHasByNowKeepsNobodyFromStarting() throws IOException {
        // Our parent lives and has this pid, but it is no master: nobody holds the lock.
        long parent = ProcessHandle.current().parent().orElseThrow().pid();
        Files.writeString(path, parent + "\n                                 \n");

        try (Pidfile pidfile = take()) {
            assertThat(pidfile).isNotNull();
            assertThat(path).hasContent(posix.pid() + "\n");
        }
    }

    @Test
    void onlyItsOwnerCanOpenAndSoLockIt() throws IOException {
        try (Pidfile pidfile = take()) {
            assertThat(pidfile).isNotNull();
            assertThat(Files.getPosixFilePermissions(path)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        }
    }

    @Test
    void aLinkIsNotFollowed() throws IOException {
        Path target = Files.writeString(path.resolveSibling("precious"), "1\n");
        Files.createSymbolicLink(path, target);

        assertThatThrownBy(this::take).hasMessageContaining(path + " is a symbolic link. Name a file that is");

        assertThat(target).hasContent("1\n");
        assertThat(path).isSymbolicLink();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"text", "12 34", "-1", "1234567890123456789012345678901234567890123456789012345678901234567890"})
    void aFileThatHoldsSomethingElseIsNotTouched(String content) throws IOException {
        Files.writeString(path, content);

        assertThatThrownBy(this::take).hasMessageContaining(path + " holds something else than a process id");

        assertThat(path).hasContent(content);
    }

    @Test
    void whatIsNoFileIsNotTouched() throws IOException {
        Path device = Path.of("/dev/null");

        assertThatThrownBy(() -> Pidfile.take(device, posix, log)).hasMessageContaining("/dev/null is no regular file");

        assertThat(device).exists();
    }

    @Test
    void aFileThatTookItsPlaceIsKept() throws IOException {
        Pidfile pidfile = take();
        Files.delete(path);
        // Even with our own pid: in another container it may be another process's.
        Files.writeString(path, posix.pid() + "\n");

        pidfile.close();

        assertThat(path).exists();
    }

    @Test
    void aFileThatSomebodyRemovedIsNoReasonToFail() throws IOException {
        Pidfile pidfile = take();
        Files.delete(path);
        pidfile.close();
        take().close();
    }

    @Test
    void whoeverLocksAFileThatWasJustRemovedTakesTheNewOne() throws IOException {
        // Between open and flock of the second master the first one removes its file and ends.
        boolean[] raced = {false};
        Posix racing = (Posix) Proxy.newProxyInstance(
                Posix.class.getClassLoader(), new Class<?>[] {Posix.class}, (proxy, method, arguments) -> {
                    try {
                        Object result = method.invoke(posix, arguments);
                        if (method.getName().equals("lockFile") && !raced[0]) {
                            raced[0] = true;
                            Files.delete(path);
                        }
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });

        try (Pidfile second = Pidfile.take(path, racing, log)) {
            assertThat(second).isNotNull();
            assertThat(path).hasContent(posix.pid() + "\n");
            assertThatThrownBy(this::take).hasMessageStartingWith("Already running on PID ");
        }
        assertThat(path).doesNotExist();
    }

    @Test
    void aPlaceThatCannotBeWrittenIsSaid() {
        Path nowhere = path.resolveSibling("none/jcorn.pid");
        assertThatThrownBy(() -> Pidfile.take(nowhere, posix, log))
                .isInstanceOf(IOException.class)
                .hasMessage("the pidfile " + nowhere + " cannot be opened: open(" + nowhere
                        + "): No such file or directory (ENOENT). Its folder must exist and be writable");
    }
}
