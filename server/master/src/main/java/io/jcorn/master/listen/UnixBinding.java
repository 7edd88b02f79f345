package io.jcorn.master.listen;

import io.jcorn.master.listen.Listener.FileIdentity;
import io.jcorn.master.posix.Errno;
import io.jcorn.master.posix.PosixException;
import io.jcorn.master.posix.SocketName;
import io.jcorn.master.posix.Sockets;
import io.jcorn.master.settings.BindAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Unix sockets in the file system. The kernel never frees a path: the file of a server that was killed stays, and bind fails
 * on it. Deleting whatever is there would rob a living server, so the path is asked first.
 *
 * <pre>
 *   nothing there ─────────────────────────────────► bind, mode, listen
 *   a socket, connection refused: stale ── remove ─► bind, mode, listen
 *   a socket, somebody accepts: named, refused
 *   anything else: refused
 * </pre>
 */
final class UnixBinding {
    private final Sockets sockets;
    private final Explanation explanation;

    UnixBinding(Sockets sockets, Explanation explanation) {
        this.sockets = sockets;
        this.explanation = explanation;
    }

    Listener open(BindAddress.Unix requested, int backlog, OptionalInt mode, List<Listener> ours) throws BindException {
        // Absolute, because the master may change its directory before it unlinks.
        Path path = Path.of(requested.path()).toAbsolutePath().normalize();
        SocketName.Local name = new SocketName.Local(path.toString());
        checkLength(requested, name.path());
        for (Listener present : ours) {
            if (present.name().equals(name)) {
                throw Explanation.twice(requested, name, present);
            }
        }
        Path folder = path.getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            throw Explanation.noFolder(requested, folder);
        }
        clear(requested, name, path);
        try {
            return bind(requested, name, path, backlog, mode);
        } catch (PosixException e) {
            throw explanation.unix(requested, name, e);
        }
    }

    static void checkLength(BindAddress requested, String path) throws BindException {
        int length = SocketName.lengthInBytes(path);
        if (length > SocketName.MAX_PATH) {
            throw new BindException("""
                    Cannot listen on %s: its path has %d bytes, and the kernel allows a Unix socket %d.
                      Choose a shorter one, for example in /run.""".formatted(requested, length, SocketName.MAX_PATH));
        }
    }

    private Listener bind(BindAddress requested, SocketName.Local name, Path path, int backlog, OptionalInt mode)
            throws PosixException, BindException {
        int descriptor = sockets.open(name);
        Listener listener = new Listener(sockets, requested, descriptor, name, Optional.empty());
        try {
            sockets.bind(descriptor, name);
            listener = new Listener(sockets, requested, descriptor, name, FileIdentity.of(path));
            // Between bind and listen nobody can connect, so nobody slips in under the wrong mode.
            if (mode.isPresent()) {
                listener.mode(mode.getAsInt());
            }
            sockets.listen(descriptor, backlog);
            return listener;
        } catch (PosixException e) {
            listener.unlinkIfOurs();
            listener.close();
            throw e;
        } catch (IOException e) {
            listener.unlinkIfOurs();
            listener.close();
            throw Explanation.noMode(requested, path, e);
        }
    }

    private void clear(BindAddress requested, SocketName.Local name, Path path) throws BindException {
        try {
            Optional<FileIdentity> present = FileIdentity.of(path);
            if (present.isEmpty()) {
                return;
            }
            if (!isSocket(path)) {
                throw Explanation.notASocket(requested, path);
            }
            refuseIfAlive(requested, name);
            // Only the very file that was asked: a server that took the path a moment ago keeps it, and bind says so.
            if (FileIdentity.of(path).equals(present)) {
                Files.deleteIfExists(path);
            }
        } catch (PosixException e) {
            throw explanation.unix(requested, name, e);
        } catch (IOException e) {
            throw Explanation.cannotRemove(requested, path, e);
        }
    }

    private void refuseIfAlive(BindAddress requested, SocketName.Local name) throws BindException, PosixException {
        int descriptor = sockets.open(name);
        try {
            Optional<PosixException> refusal = sockets.connect(descriptor, name);
            if (refusal.isEmpty()) {
                throw explanation.alive(requested, name, sockets.peer(descriptor));
            }
            Errno why = refusal.get().errno();
            if (why != Errno.ECONNREFUSED && why != Errno.ENOENT) {
                // EACCES: not ours to ask. EPROTOTYPE: a datagram server. Neither is known to be stale.
                throw explanation.unknown(requested, name, refusal.get());
            }
        } finally {
            sockets.close(descriptor);
        }
    }

    private static boolean isSocket(Path path) throws IOException {
        int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        return (mode & 0170000) == 0140000;
    }
}
