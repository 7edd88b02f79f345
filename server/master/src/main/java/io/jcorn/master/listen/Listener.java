package io.jcorn.master.listen;

import io.jcorn.master.posix.Errno;
import io.jcorn.master.posix.PosixException;
import io.jcorn.master.posix.SocketName;
import io.jcorn.master.posix.Sockets;
import io.jcorn.master.settings.BindAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A listening socket of the master: non-blocking, close-on-exec, shared by all workers. The master never accepts from it.
 *
 * <p>To end one without resetting anybody: {@link #shield}, let the workers accept until {@link #queued} is 0, {@link
 * #unlinkIfOurs}, {@link #close}.
 */
public final class Listener implements AutoCloseable {
    private final Sockets sockets;
    private final BindAddress requested;
    private final int descriptor;
    private final SocketName name;
    /** What identifies the file of a Unix socket that we made; empty: there is no file, or it is somebody else's. */
    private final Optional<FileIdentity> file;

    private boolean closed;

    Listener(Sockets sockets, BindAddress requested, int descriptor, SocketName name, Optional<FileIdentity> file) {
        this.sockets = sockets;
        this.requested = requested;
        this.descriptor = descriptor;
        this.name = name;
        this.file = file;
    }

    /** As the user asked for it, with port 0 where he left the port open. */
    public BindAddress requested() {
        return requested;
    }

    /**
     * As bound: {@code 127.0.0.1:9000}, {@code [::1]:9000}, {@code unix:/path}, {@code unix:@name}. The port is the real
     * one, a host name has become an address and a path is absolute.
     */
    public String address() {
        return name.toString();
    }

    /**
     * As the log says it: {@code http://127.0.0.1:9000}, {@code unix:/path}.
     *
     * @param tls whether the workers speak TLS on it
     */
    public String url(boolean tls) {
        return tcp() ? (tls ? "https://" : "http://") + address() : address();
    }

    /** Its number in the master. */
    public int descriptor() {
        return descriptor;
    }

    /** Whether this is TCP rather than a Unix socket. */
    public boolean tcp() {
        return name instanceof SocketName.Inet;
    }

    /** Its TCP port, the real one; empty: it is a Unix socket. */
    public OptionalInt port() {
        return name instanceof SocketName.Inet inet ? OptionalInt.of(inet.port()) : OptionalInt.empty();
    }

    SocketName name() {
        return name;
    }

    /**
     * Keeps new clients out while those who are in can still be accepted. For a listener that is about to go: one that
     * stays must not be shielded.
     *
     * <p>TCP: new SYNs are dropped, and the client repeats its own after a second, perhaps to our successor. Where that
     * takes a privilege that we lack, new connections are refused instead, for good. Unix path: the file goes away, so that
     * new clients find nothing. Abstract name: nothing can be done but to make the queue as short as the kernel lets us (1).
     *
     * @throws PosixException this kernel lets us do neither; close as quickly as possible then
     */
    public void shield() throws PosixException {
        if (tcp()) {
            shieldTcp();
            return;
        }
        unlinkIfOurs();
        sockets.listen(descriptor, 0);
    }

    private void shieldTcp() throws PosixException {
        try {
            sockets.dropNewConnections(descriptor);
        } catch (PosixException e) {
            if (e.errno() != Errno.EPERM) {
                throw e;
            }
            sockets.refuseNewConnections(descriptor);
        }
    }

    /** Lets new TCP clients in again, if they were not refused for good. Nothing for a Unix socket, whose file is gone. */
    public void unshield() {
        if (tcp()) {
            try {
                sockets.admitNewConnections(descriptor);
            } catch (PosixException e) {
                // There was no filter: already as wanted.
                return;
            }
        }
    }

    /**
     * Counts the connections that completed their handshake and that no worker has accepted yet.
     *
     * @return -1: the kernel does not say, or the listener is closed
     */
    public synchronized int queued() {
        if (closed) {
            return -1;
        }
        try {
            return sockets.acceptQueue(descriptor);
        } catch (PosixException e) {
            return -1;
        }
    }

    /**
     * Changes who may connect to a Unix socket that we made. Nothing for any other.
     *
     * @param mode of its file, 0..0777
     * @throws IOException the file is not there any more, or is another's by now
     */
    void mode(int mode) throws IOException {
        if (name instanceof SocketName.Local local && file.isPresent()) {
            Path path = Path.of(local.path());
            if (!FileIdentity.of(path).equals(file)) {
                throw new NoSuchFileException(local.path());
            }
            Files.setPosixFilePermissions(path, permissions(mode));
        }
    }

    /**
     * Removes the file of a Unix socket that we made, unless another one stands at its path by now: a successor that took
     * the path over keeps it. Must come before {@link #close}: while the socket is open the kernel cannot give its inode
     * number to a new file.
     */
    public void unlinkIfOurs() {
        if (!(name instanceof SocketName.Local local) || file.isEmpty()) {
            return;
        }
        Path path = Path.of(local.path());
        try {
            if (FileIdentity.of(path).equals(file)) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            // A folder that went read-only or away. The next start replaces a stale socket anyway.
            return;
        }
    }

    /** Closes the master's copy; the port is free when the workers have closed theirs. Closing twice does nothing. */
    @Override
    public synchronized void close() {
        // The admin pages ask for the queue on a thread of their own: never of a descriptor that means another socket
        // by now.
        if (!closed) {
            closed = true;
            sockets.close(descriptor);
        }
    }

    @Override
    public String toString() {
        return address() + " (descriptor " + descriptor + ")";
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        // The constants stand in the order of the bits, from the owner's read, 0400, down.
        for (PosixFilePermission permission : PosixFilePermission.values()) {
            if ((mode & 0400 >> permission.ordinal()) != 0) {
                permissions.add(permission);
            }
        }
        return permissions;
    }

    /** Two paths with equal identities are the same file, see stat(2). */
    record FileIdentity(Object device, Object inode) {
        /** Returns the identity of the file at this path, not of what a symbolic link points to; empty: there is none. */
        static Optional<FileIdentity> of(Path path) throws IOException {
            if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                return Optional.empty();
            }
            return Optional.of(new FileIdentity(
                    Files.getAttribute(path, "unix:dev", LinkOption.NOFOLLOW_LINKS),
                    Files.getAttribute(path, "unix:ino", LinkOption.NOFOLLOW_LINKS)));
        }
    }
}
