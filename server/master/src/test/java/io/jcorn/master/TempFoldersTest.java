package io.jcorn.master;

import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.wire.Log;
import io.jcorn.wire.LogLevel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TempFoldersTest {

    private final Path run;
    private final TempFolders folders;

    TempFoldersTest(@TempDir Path run) {
        this.run = run;
        this.folders = new TempFolders(run, Log.toStandardError(LogLevel.DEBUG));
    }

    @Test
    void whatAWorkerLeavesGoesWithItAndNothingElse() throws IOException {
        Path precious = Files.writeString(run.resolve("precious"), "x");
        Path first = Files.createDirectory(folders.of(1));
        Path second = Files.createDirectory(folders.of(2));
        Files.writeString(
                Files.createDirectories(first.resolve("tomcat.8080.1/work")).resolve("file"), "x");
        Files.createSymbolicLink(first.resolve("link"), precious);
        Files.createSymbolicLink(first.resolve("up"), run);

        folders.remove(1);
        folders.remove(3);
        folders.close();

        assertThat(first).doesNotExist();
        assertThat(second).isEmptyDirectory();
        assertThat(precious).hasContent("x");
    }

    /** Unix sockets are often made there, and their paths have 107 bytes at most. */
    @Test
    void theNameIsShort() {
        assertThat(folders.of(1_000_000).getFileName().toString()).hasSizeLessThanOrEqualTo(12);
        folders.close();
    }
}
