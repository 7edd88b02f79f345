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
 *
 * <p>A listener is <em>lent</em> when it was open before jcorn started, see sd_listen_fds(3). It outlives jcorn, and clients
 * that connect between two runs wait in its queue. Everything that can be set on a socket belongs to the open socket and not
 * to a process, so a lent one gets no filter, no interface, no backlog and no mode, and its O_NONBLOCK is put back.
 */
public final class Listener implements AutoCloseable {
    private final Sockets sockets;
    private final BindAddress requested;
    private final int descriptor;
    private final SocketName name;
    /** What identifies the file of a Unix socket that we made; empty: there is no file, or it is somebody else's. */
    private final Optional<FileIdentity> file;
    /** Of a lent socket: the flags that it came with, see F_GETFL in fcntl(2). Empty: the socket is ours. */
    private final OptionalInt lentFlags;

    private boolean closed;

    /** A socket that we opened. */
    Listener(Sockets sockets, BindAddress requested, int descriptor, SocketName name, Optional<FileIdentity> file) {
        this(sockets, requested, descriptor, name, file, OptionalInt.empty());
    }

    private Listener(
            Sockets sockets,
            BindAddress requested,
            int descriptor,
            SocketName name,
            Optional<FileIdentity> file,
            OptionalInt lentFlags) {
        this.sockets = sockets;
        this.requested = requested;
        this.descriptor = descriptor;
        this.name = name;
        this.file = file;
        this.lentFlags = lentFlags;
    }

    /** Takes a listening socket that was open before us, and makes it non-blocking until it goes back. */
    static Listener lent(Sockets sockets, BindAddress requested, int descriptor) throws PosixException {
        SocketName name = sockets.name(descriptor);
        int flags = sockets.adopt(descriptor);
        return new Listener(sockets, requested, descriptor, name, Optional.empty(), OptionalInt.of(flags));
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

    /** Whether the socket was open before us and outlives us. */
    public boolean lent() {
        return lentFlags.isPresent();
    }

    SocketName name() {
        return name;
    }

    /**
     * Keeps new clients out while those who are in can still be accepted. For a listener that is about to go: one that
     * stays must not be shielded, since nobody without privileges can undo it.
     *
     * <p>TCP: new SYNs are dropped, and the client repeats its own after a second, perhaps to our successor. Where that
     * takes a privilege that we lack, new connections are refused instead, for good. Unix path: the file goes away, so that
     * new clients find nothing. Abstract name: nothing can be done but to make the queue as short as the kernel lets us (1).
     *
     * @throws PosixException this kernel lets us do neither; close as quickly as possible then
     */
    public void shield() throws PosixException {
        if (lent()) {
            throw new IllegalStateException(
                    this + " is lent: its owner's clients would be kept out, too, and for good");
        }
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

    /**
     * Takes an opening back, after a failure. A lent socket stays open, as it came: the next attempt may ask for it again.
     */
    public synchronized void abandon() {
        if (lent()) {
            giveBack();
            closed = true;
            return;
        }
        unlinkIfOurs();
        close();
    }

    /**
     * Closes the master's copy; the port is free when the workers have closed theirs. A lent socket goes back as it came, so
     * no worker may accept from it any more: O_NONBLOCK is theirs, too. Closing twice does nothing.
     */
    @Override
    public synchronized void close() {
        // The admin pages ask for the queue on a thread of their own: never of a descriptor that means another
        // socket by now.
        if (!closed) {
            closed = true;
            giveBack();
            sockets.close(descriptor);
        }
    }

    private void giveBack() {
        if (lentFlags.isPresent()) {
            sockets.giveBack(descriptor, lentFlags.getAsInt());
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
