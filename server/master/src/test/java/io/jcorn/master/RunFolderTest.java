package io.jcorn.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jcorn.master.posix.LinuxPosix;
import io.jcorn.wire.Log;
import io.jcorn.wire.LogLevel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RunFolderTest {

    private final LinuxPosix posix = new LinuxPosix();
    private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
    private final Log log = Log.to(logged, LogLevel.INFO, 1, Clock.systemUTC());
    private final Path temp;

    RunFolderTest(@TempDir Path temp) {
        this.temp = temp;
    }

    private RunFolder create() throws IOException {
        return RunFolder.create(temp, posix, log);
    }

    /** What a master leaves that was killed. */
    private Path leftover(String name) throws IOException {
        Path folder = Files.createDirectories(temp.resolve(name));
        Files.writeString(folder.resolve("master.pid"), "1\n");
        Files.createDirectories(folder.resolve("gen-1/app"));
        Files.writeString(folder.resolve("gen-1/app/app.jar"), "jar");
        return folder;
    }

    @Test
    void whoeverRemovesItItIsMadeAgainAndLocked() throws IOException {
        RunFolder folder = create();
        folder.restore();
        assertThat(logged.toString(StandardCharsets.UTF_8)).isEmpty();

        Files.delete(folder.path().resolve("master.pid"));
        Files.delete(folder.path());
        folder.restore();

        assertThat(logged.toString(StandardCharsets.UTF_8)).contains(folder.path() + " was removed by somebody else");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.path())))
                .isEqualTo("rwx------");
        assertThat(posix.lockFolder(folder.path())).isEmpty();
        // The next master must see that we live.
        try (RunFolder next = create()) {
            assertThat(folder.path()).exists();
            assertThat(next.path()).isNotEqualTo(folder.path());
        }
        folder.close();
        assertThat(temp).isEmptyDirectory();
    }

    /** In a temp folder that all may write to, the name of a folder that was removed is anybody's. */
    @Test
    void aFolderThatSomebodyElseHasPutThereIsNotUsed() throws IOException {
        RunFolder folder = create();
        Files.move(folder.path(), temp.resolve("away"));
        Files.createDirectory(folder.path());
        Files.writeString(folder.path().resolve("theirs"), "");

        assertThatThrownBy(folder::restore).isInstanceOf(IOException.class).hasMessageContaining("somebody else's");

        folder.close();
        assertThat(folder.path().resolve("theirs")).exists();
    }

    @Test
    void aTempFolderInWhichEverybodyMayReplaceItIsRefused() throws IOException {
        Files.setAttribute(temp, "unix:mode", 0777);
        assertThatThrownBy(this::create)
                .hasMessage("no folder can be made in " + temp + " (everybody may replace what lies there: chmod +t "
                        + temp + "). Mend that, or set TMPDIR to another folder");
        assertThat(temp).isEmptyDirectory();

        Files.setAttribute(temp, "unix:mode", 01777);
        create().close();
    }

    @Test
    void itIsOursAloneAndGoneWithUs() throws IOException {
        RunFolder folder = create();
        Path path = folder.path();
        assertThat(path.getFileName().toString()).matches("jcorn-" + posix.pid() + "-\\d+");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rwx------");
        Files.writeString(path.resolve("worker-1.args"), "x");
        Files.createDirectories(path.resolve("gen-1/lib-1"));

        folder.close();

        assertThat(temp).isEmptyDirectory();
        assertThat(logged.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void itIsLockedItselfSoThatNobodyCleansItByAge() throws IOException {
        try (RunFolder folder = create()) {
            assertThat(posix.lockFolder(folder.path())).isEmpty();
        }
    }

    @Test
    void whatTheDeadLeftIsRemoved() throws IOException {
        Path one = leftover("jcorn-1-123");
        Path two = leftover("jcorn-99999-18446744073709551615");

        try (RunFolder folder = create()) {
            assertThat(one).doesNotExist();
            assertThat(two).doesNotExist();
            assertThat(folder.path()).exists();
        }
    }

    @Test
    void whatTheLivingUseIsNotTouched() throws IOException {
        try (RunFolder first = create();
                RunFolder second = create()) {
            assertThat(first.path().resolve("master.pid")).exists();
            assertThat(second.path().resolve("master.pid")).exists();
        }
    }

    @Test
    void whatIsNotOursIsNotTouched() throws IOException {
        List<Path> foreign = new ArrayList<>();
        foreign.add(leftover("jcorn-2024-backup"));
        foreign.add(leftover("jcorn-x-1"));
        foreign.add(leftover("jcorn-1"));
        foreign.add(leftover("other-1-1"));
        foreign.add(Files.createDirectories(temp.resolve("jcorn-1-1")));
        foreign.add(Files.writeString(temp.resolve("jcorn-1-2"), "a file"));
        Path elsewhere = leftover("elsewhere");
        foreign.add(elsewhere.resolve("gen-1/app/app.jar"));
        foreign.add(Files.createSymbolicLink(temp.resolve("jcorn-1-3"), elsewhere));
        Path linkedMark = Files.createDirectories(temp.resolve("jcorn-1-4"));
        foreign.add(Files.createSymbolicLink(linkedMark.resolve("master.pid"), elsewhere.resolve("master.pid")));

        create().close();

        assertThat(foreign).allSatisfy(path -> assertThat(path).exists());
    }

    @Test
    void mastersThatStartAtOnceDoNotTakeEachOtherForDead() throws Exception {
        ExecutorService masters = Executors.newFixedThreadPool(8);
        try {
            for (int round = 0; round < 20; round++) {
                leftover("jcorn-1-" + round);
                List<Callable<RunFolder>> starts = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    starts.add(this::create);
                }
                List<RunFolder> folders = new ArrayList<>();
                for (Future<RunFolder> folder : masters.invokeAll(starts)) {
                    folders.add(folder.get());
                }
                for (RunFolder folder : folders) {
                    assertThat(folder.path().resolve("master.pid")).exists();
                }
                masters.invokeAll(folders.stream()
                        .map(folder -> Executors.callable(folder::close))
                        .toList());
            }
        } finally {
            masters.shutdownNow();
        }
        assertThat(temp).isEmptyDirectory();
        assertThat(logged.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void aFolderThatSomebodyRemovedIsNoReasonToFail() throws IOException {
        RunFolder folder = create();
        Files.delete(folder.path().resolve("master.pid"));
        Files.delete(folder.path());

        folder.close();

        assertThat(logged.toString(StandardCharsets.UTF_8))
                .contains("cannot be removed: " + folder.path() + ": No such");
        // The lock is gone in any case.
        assertThat(create().path()).exists();
    }

    @Test
    void aTempFolderThatCannotBeUsedIsSaid() {
        Path none = temp.resolve("none");

        assertThatThrownBy(() -> RunFolder.create(none, posix, log))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("no folder can be made in " + none + " (" + none)
                .hasMessageEndingWith("No such file or directory). Mend that, or set TMPDIR to another folder");
    }

    @Test
    void aFolderIsLockedOnce() throws IOException {
        OptionalInt lock = posix.lockFolder(temp);
        assertThat(lock).isPresent();
        assertThat(posix.lockFolder(temp)).isEmpty();
        posix.close(lock.orElseThrow());
        OptionalInt again = posix.lockFolder(temp);
        assertThat(again).isPresent();
        posix.close(again.orElseThrow());
        assertThatThrownBy(() -> posix.lockFolder(temp.resolve("none"))).hasMessageContaining("ENOENT");
    }
}
