package io.jcorn.master;

import io.jcorn.master.posix.Posix;
import io.jcorn.master.posix.PosixException;
import io.jcorn.master.snapshot.Snapshots;
import io.jcorn.wire.Log;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * A folder of this master's own, for snapshots and argument files: {@code $TMPDIR/jcorn-PID-…}, mode 0700, gone when the
 * master is.
 *
 * <p>A master that was killed cannot clean up. Each folder holds a locked file; a lock does not outlive its process, so the
 * next master of the same user recognises what the dead have left, and removes it.
 */
final class RunFolder implements AutoCloseable {

    private static final String PREFIX = "jcorn-";
    private static final String LOCK = "lock";

    private final Path path;
    private final Posix posix;
    private final int lock;
    private final Log log;

    private RunFolder(Path path, Posix posix, int lock, Log log) {
        this.path = path;
        this.posix = posix;
        this.lock = lock;
        this.log = log;
    }

    /**
     * Makes the folder.
     *
     * @throws IOException if the temp folder is not writable or full; the message says which and what to do
     */
    static RunFolder create(Posix posix, Log log) throws IOException {
        Path temp = Path.of(System.getProperty("java.io.tmpdir"));
        removeLeftovers(temp, posix, log);
        try {
            Path path = Files.createTempDirectory(temp, PREFIX + posix.pid() + "-");
            OptionalInt lock = posix.lockFile(path.resolve(LOCK));
            return new RunFolder(path, posix, lock.orElseThrow(), log);
        } catch (IOException e) {
            throw new IOException(
                    "no folder can be made in " + temp + " (" + e.getMessage()
                            + "). Free some space there, or set TMPDIR to another folder",
                    e);
        }
    }

    Path path() {
        return path;
    }

    @Override
    public void close() {
        posix.close(lock);
        try {
            Snapshots.remove(path);
        } catch (IOException e) {
            log.warning("The folder " + path + " cannot be removed: " + e.getMessage());
        }
    }

    private static void removeLeftovers(Path temp, Posix posix, Log log) {
        try (DirectoryStream<Path> candidates = Files.newDirectoryStream(temp, PREFIX + "[0-9]*-*")) {
            for (Path candidate : candidates) {
                if (Files.isRegularFile(candidate.resolve(LOCK)) && Files.isWritable(candidate)) {
                    removeIfDead(candidate, posix);
                }
            }
        } catch (IOException e) {
            log.debug("Left-over folders in " + temp + " cannot be removed: " + e.getMessage());
        }
    }

    private static void removeIfDead(Path candidate, Posix posix) throws IOException {
        try {
            OptionalInt lock = posix.lockFile(candidate.resolve(LOCK));
            if (lock.isPresent()) {
                Snapshots.remove(candidate);
                posix.close(lock.getAsInt());
            }
        } catch (PosixException e) {
            // Another user's; not ours to remove.
            return;
        }
    }
}
