package io.jcorn.servlet;

import io.jcorn.wire.Log;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/** The folder of this worker for what it unpacks and what the application puts aside, readable by its user only. */
final class TemporaryFolder implements AutoCloseable {

    private final Path path;
    private final Log log;

    private TemporaryFolder(Path path, Log log) {
        this.path = path;
        this.log = log;
    }

    /**
     * Makes a folder, private to this user. What a worker that was killed has left there goes first.
     *
     * @throws IOException if it cannot be made
     */
    static TemporaryFolder create(Path path, Log log) throws IOException {
        remove(path);
        Files.createDirectories(path);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
        // Real: Jetty compares real paths with it to tell aliases.
        return new TemporaryFolder(path.toRealPath(), log);
    }

    Path path() {
        return path;
    }

    /** Makes a folder in it. */
    Path folder(String name) throws IOException {
        return Files.createDirectories(path.resolve(name));
    }

    /** Removes it with all that is in it. */
    @Override
    public void close() {
        try {
            remove(path);
        } catch (IOException e) {
            log.warning("The temporary folder " + path + " cannot be removed: " + e);
        }
    }

    private static void remove(Path path) throws IOException {
        if (Files.exists(path)) {
            Files.walkFileTree(path, new Removal());
        }
    }

    private static final class Removal extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) throws IOException {
            Files.deleteIfExists(folder);
            return FileVisitResult.CONTINUE;
        }
    }
}
