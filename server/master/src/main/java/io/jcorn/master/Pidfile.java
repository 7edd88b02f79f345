package io.jcorn.master;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.jcorn.master.posix.Errno;
import io.jcorn.master.posix.Posix;
import io.jcorn.master.posix.PosixException;
import io.jcorn.master.posix.Reason;
import io.jcorn.wire.Log;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * The file with the master's pid, locked as long as the master lives.
 *
 * <p>The lock decides, not the number: a pid may be used again by another process, and a stale file then keeps a server from
 * starting; a lock ends with its process. Only its owner can open the file, since whoever can may lock it.
 *
 * <p>A path that leads anywhere else than to a pidfile is refused: what it leads to would be overwritten, and removed in the
 * end.
 */
final class Pidfile implements AutoCloseable {

    /** What is longer holds no process id, in bytes. */
    private static final long LONGEST = 64;

    /** What would be overwritten is not ours. */
    private static final class NotAPidfileException extends IOException {

        private static final long serialVersionUID = 1L;

        NotAPidfileException(Path path, String what) {
            super("the pidfile " + path + " " + what + ". Name a file that is the pidfile's alone, or remove this one");
        }
    }

    private final Path path;
    private final Posix posix;
    private final int descriptor;
    private final Log log;

    private Pidfile(Path path, Posix posix, int descriptor, Log log) {
        this.path = path;
        this.posix = posix;
        this.descriptor = descriptor;
        this.log = log;
    }

    /**
     * Takes the file.
     *
     * @throws IOException if another master holds it or it cannot be written; the message says who and what to do
     */
    static Pidfile take(Path path, Posix posix, Log log) throws IOException {
        int descriptor = lock(path, posix);
        try {
            check(path, descriptor);
            Files.writeString(opened(descriptor), posix.pid() + "\n");
        } catch (NotAPidfileException e) {
            posix.close(descriptor);
            throw e;
        } catch (IOException e) {
            posix.close(descriptor);
            throw new IOException("the pidfile " + path + " cannot be written (" + Reason.of(e) + ")", e);
        }
        return new Pidfile(path, posix, descriptor, log);
    }

    private static int lock(Path path, Posix posix) throws IOException {
        while (true) {
            OptionalInt lock;
            try {
                lock = posix.lockFile(path);
            } catch (PosixException e) {
                if (e.errno() == Errno.ELOOP) {
                    throw new NotAPidfileException(path, "is a symbolic link");
                }
                throw new IOException(
                        "the pidfile " + path + " cannot be opened: " + e.getMessage()
                                + ". Its folder must exist and be writable",
                        e);
            }
            if (lock.isEmpty()) {
                throw held(path);
            }
            if (names(path, lock.getAsInt())) {
                return lock.getAsInt();
            }
            // Its holder removed it after we had opened it: what we have locked has no name any more, and the next
            // master would lock another file.
            posix.close(lock.getAsInt());
        }
    }

    /** The file is locked, so whatever it holds is nobody's any more: a pid, or nothing. Anything else is no pidfile. */
    private static void check(Path path, int descriptor) throws IOException {
        Path file = opened(descriptor);
        if (!Files.isRegularFile(file)) {
            throw new NotAPidfileException(path, "is no regular file");
        }
        if (Files.size(file) > LONGEST || !Files.readString(file, ISO_8859_1).matches("\\s*[0-9]*\\s*")) {
            throw new NotAPidfileException(path, "holds something else than a process id");
        }
    }

    /** The file behind a descriptor, whatever the path leads to by now. */
    private static Path opened(int descriptor) {
        return Path.of("/proc/self/fd/" + descriptor);
    }

    private static IOException held(Path path) throws IOException {
        String holder = Files.readString(path).trim();
        if (!holder.matches("\\d+")) {
            return new IOException("Already running: another process holds the pidfile " + path);
        }
        return new IOException("Already running on PID " + holder + ": it holds the pidfile " + path
                + ". To stop it: kill -TERM " + holder);
    }

    /** Whether the path still leads to the file behind the descriptor. */
    private static boolean names(Path path, int descriptor) throws IOException {
        try {
            return Files.isSameFile(path, opened(descriptor));
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** Removes the file, unless somebody has put another one in its place. */
    @Override
    public void close() {
        try {
            if (names(path, descriptor)) {
                Files.delete(path);
            }
        } catch (IOException e) {
            log.warning("The pidfile " + path + " cannot be removed: " + Reason.of(e));
        }
        posix.close(descriptor);
    }
}
