package io.jcorn.master;

import io.jcorn.master.posix.Posix;
import io.jcorn.master.posix.Reason;
import io.jcorn.master.snapshot.Snapshots;
import io.jcorn.wire.Log;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A folder of this master's own, for snapshots and argument files: {@code $TMPDIR/jcorn-PID-…}, mode 0700, gone when the
 * master is.
 *
 * <p>A master that was killed cannot clean up. Each folder is locked, and a lock does not outlive its process, so the next
 * master of the same user recognises what the dead have left, and removes it. The lock also keeps those away who clean the
 * temp folder by age: the snapshot of a server that runs for weeks is old.
 */
final class RunFolder implements AutoCloseable {

    private static final String PREFIX = "jcorn-";
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");
    private static final Pattern NAME = Pattern.compile("jcorn-\\d+-\\d+");

    /** Bits of a mode, see inode(7). */
    private static final int EVERYBODY_WRITES = 0002;

    private static final int STICKY = 01000;

    /** In every folder of ours, from the moment that it is locked until nothing else is in it. */
    private static final String MARK = "master.pid";

    private final Path path;
    private final Posix posix;
    private final Log log;
    private int lock;

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
        return create(Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath(), posix, log);
    }

    static RunFolder create(Path temp, Posix posix, Log log) throws IOException {
        try {
            checkOwners(temp);
            removeLeftovers(temp, posix, log);
            Path path = Files.createTempDirectory(temp, PREFIX + posix.pid() + "-");
            OptionalInt lock = posix.lockFolder(path);
            if (lock.isEmpty()) {
                throw new IOException("somebody else has locked " + path);
            }
            return new RunFolder(path, posix, lock.getAsInt(), log).marked();
        } catch (IOException e) {
            throw new IOException(
                    "no folder can be made in " + temp + " (" + Reason.of(e)
                            + "). Mend that, or set TMPDIR to another folder",
                    e);
        }
    }

    /**
     * Whoever may rename our folder may put one of his own in its place, and our workers then run what he has put there. The
     * sticky bit keeps everybody but its owner from that, see unlink(2).
     */
    private static void checkOwners(Path temp) throws IOException {
        int mode = (Integer) Files.getAttribute(temp, "unix:mode");
        if ((mode & EVERYBODY_WRITES) != 0 && (mode & STICKY) == 0) {
            throw new IOException("everybody may replace what lies there: chmod +t " + temp);
        }
    }

    /** A disk that is full has room for a folder, which is an entry of its parent, and none for a file in it. */
    private RunFolder marked() throws IOException {
        try {
            mark();
            return this;
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private void mark() throws IOException {
        Files.writeString(path.resolve(MARK), posix.pid() + "\n");
    }

    Path path() {
        return path;
    }

    /**
     * Makes the folder again, empty, if somebody has removed it: those who clean the temp folder by age do not all ask for
     * locks. Every worker needs a file in it.
     *
     * @throws IOException if it cannot be made, or something else is at its place: whoever may write there could give the
     *     workers their arguments
     */
    synchronized void restore() throws IOException {
        if (isOurs()) {
            if (!Files.exists(path.resolve(MARK))) {
                mark();
            }
            return;
        }
        try {
            Files.createDirectory(path, PosixFilePermissions.asFileAttribute(PRIVATE));
        } catch (FileAlreadyExistsException e) {
            throw new IOException(
                    "the temporary folder " + path
                            + " was replaced by somebody else's. Remove that, and look who did it",
                    e);
        } catch (IOException e) {
            throw new IOException(
                    "the temporary folder " + path + " was removed and cannot be made again (" + Reason.of(e) + ")", e);
        }
        log.warning("The temporary folder " + path + " was removed by somebody else, and is made again."
                + " Keep those who clean up there away from " + PREFIX + "*");
        OptionalInt locked = posix.lockFolder(path);
        if (locked.isPresent()) {
            posix.close(lock);
            lock = locked.getAsInt();
        }
        mark();
    }

    /** Whether the folder is the one that we have locked, which is open and keeps its inode number. */
    private boolean isOurs() throws IOException {
        if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        return Files.isSameFile(path, Path.of("/proc/self/fd/" + lock));
    }

    @Override
    public synchronized void close() {
        try {
            if (isOurs() || !Files.exists(path)) {
                remove(path);
            }
        } catch (IOException e) {
            log.warning("The folder " + path + " cannot be removed: " + Reason.of(e));
        } finally {
            // Last: an unlocked folder of ours is anybody's to remove.
            posix.close(lock);
        }
    }

    private static void removeLeftovers(Path temp, Posix posix, Log log) {
        try (DirectoryStream<Path> candidates = Files.newDirectoryStream(temp, PREFIX + "*")) {
            for (Path candidate : candidates) {
                try {
                    removeIfDead(candidate, posix, log);
                } catch (IOException e) {
                    log.debug("The left-over folder " + candidate + " cannot be removed: " + Reason.of(e));
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            log.debug("Left-over folders in " + temp + " cannot be looked for: " + e.getMessage());
        }
    }

    /** Nobody else's folders, not even for root: while we are in them their owner could put links in our way. */
    private static void removeIfDead(Path candidate, Posix posix, Log log) throws IOException {
        boolean ours = NAME.matcher(candidate.getFileName().toString()).matches()
                && Files.isDirectory(candidate, LinkOption.NOFOLLOW_LINKS)
                && Files.isRegularFile(candidate.resolve(MARK), LinkOption.NOFOLLOW_LINKS)
                && owner(candidate).equals(owner(Path.of("/proc/" + posix.pid())));
        if (!ours) {
            return;
        }
        OptionalInt lock = posix.lockFolder(candidate);
        if (lock.isPresent()) {
            try {
                remove(candidate);
                log.debug("Removed " + candidate + ", which a dead master had left");
            } finally {
                posix.close(lock.getAsInt());
            }
        }
    }

    private static Object owner(Path file) throws IOException {
        return Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    }

    /** The mark goes last: who dies in the middle of this leaves what the next one recognises. */
    private static void remove(Path folder) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                if (!entry.endsWith(MARK)) {
                    Snapshots.remove(entry);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        Snapshots.remove(folder);
    }
}
