package io.jcorn.master;

import io.jcorn.master.posix.Posix;
import io.jcorn.master.posix.PosixException;
import io.jcorn.wire.Log;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * The file with the master's pid, locked as long as the master lives.
 *
 * <p>The lock decides, not the number: a pid may be used again by another process, and a stale file then keeps a server from
 * starting; a lock ends with its process.
 */
final class Pidfile implements AutoCloseable {

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
        OptionalInt lock;
        try {
            lock = posix.lockFile(path);
        } catch (PosixException e) {
            throw new IOException(
                    "the pidfile " + path + " cannot be opened: " + e.getMessage()
                            + ". Its folder must exist and be writable",
                    e);
        }
        if (lock.isEmpty()) {
            String holder = Files.readString(path).trim();
            throw new IOException("Already running on PID " + holder + ": it holds the pidfile " + path
                    + ". To stop it: kill -TERM " + holder);
        }
        Files.writeString(path, posix.pid() + "\n");
        return new Pidfile(path, posix, lock.getAsInt(), log);
    }

    /** Removes the file, unless somebody has put another one in its place. */
    @Override
    public void close() {
        try {
            if (Files.exists(path) && Files.readString(path).trim().equals(Integer.toString(posix.pid()))) {
                Files.delete(path);
            }
        } catch (IOException e) {
            log.warning("The pidfile " + path + " cannot be removed: " + e.getMessage());
        }
        posix.close(descriptor);
    }
}
