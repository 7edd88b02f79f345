package io.jcorn.agent.adopt;

import io.jcorn.wire.ProcessId;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import sun.nio.ch.IOStatus;
import sun.nio.ch.IOUtil;
import sun.nio.ch.Net;

/**
 * What patched code calls: one method for each patch point, named as what it stands before or instead of. Public only because
 * classes of the JDK and of Netty must see it; not an interface for anybody else.
 *
 * <p>The methods without a prefix belong to the JDK's sockets, whose key is the {@link FileDescriptor}; those with {@code netty} to
 * Netty's native ones, whose key is its {@code Socket}.
 */
public final class Hook {

    /** For Netty's accept: nothing is decided here, go on. */
    public static final int GO_ON = -2;

    /** For Netty's accept: no connection is there. */
    private static final int NOTHING = -1;

    private static volatile @Nullable Adoption adoption;
    private static volatile @Nullable ReadyProbe probe;
    private static volatile boolean nettyUnseen;

    private Hook() {}

    static void install(@Nullable Adoption adoption, @Nullable ReadyProbe probe) {
        Hook.probe = probe;
        Traffic.note(adoption == null ? null : adoption.connections());
        Hook.adoption = adoption;
    }

    /** A native transport of Netty has other reads and writes than those that are patched. */
    static void nettyIsUnseen() {
        nettyUnseen = true;
    }

    /** Called by the class that {@link AccessClass} makes, with an instance of itself. */
    public static void access(Access access) {
        Kernel.use(access);
    }

    /** Instead of {@code Net.bind}, for channels. */
    public static void bind(ProtocolFamily family, FileDescriptor descriptor, InetAddress host, int port)
            throws IOException {
        int left = bound(descriptor, host, port);
        if (left != Adoption.DONE) {
            Kernel.bind(family, descriptor, host, left);
        }
    }

    /** Instead of {@code Net.bind}, for others. */
    public static void bind(FileDescriptor descriptor, InetAddress host, int port) throws IOException {
        int left = bound(descriptor, host, port);
        if (left != Adoption.DONE) {
            Net.bind(descriptor, host, left);
        }
    }

    private static int bound(FileDescriptor descriptor, InetAddress host, int port) throws IOException {
        Adoption adoption = Hook.adoption;
        return adoption == null ? port : adoption.bind(descriptor, IOUtil.fdVal(descriptor), host, port);
    }

    /** Before {@code UnixDomainSockets.bind}: whether there is nothing left to do. */
    public static boolean bindUnix(FileDescriptor descriptor, Path path) throws IOException {
        Adoption adoption = Hook.adoption;
        return adoption != null && adoption.bindUnix(descriptor, IOUtil.fdVal(descriptor), path);
    }

    /** Before {@code Net.listen}: the backlog to use. */
    public static int backlog(FileDescriptor descriptor, int backlog) {
        Adoption adoption = Hook.adoption;
        return adoption == null ? backlog : adoption.listen(descriptor, backlog);
    }

    /** Instead of {@code Net.accept}. */
    public static int accept(FileDescriptor descriptor, FileDescriptor accepted, InetSocketAddress[] peer)
            throws IOException {
        Adoption adoption = Hook.adoption;
        if (adoption == null) {
            return Net.accept(descriptor, accepted, peer);
        }
        ReadyProbe probe = Hook.probe;
        if (probe != null && adoption.isAdopted(descriptor) && probe.enter(accepted, peer)) {
            return 1;
        }
        if (!adoption.mayAccept(descriptor)) {
            return IOStatus.UNAVAILABLE;
        }
        int count = Net.accept(descriptor, accepted, peer);
        if (count > 0) {
            adoption.accepted(descriptor, IOUtil.fdVal(accepted));
        }
        return count;
    }

    /** Before {@code UnixDomainSockets.accept}: whether it may go on; otherwise nothing is there. */
    public static boolean mayAccept(FileDescriptor descriptor) {
        Adoption adoption = Hook.adoption;
        return adoption == null || adoption.mayAccept(descriptor);
    }

    /** After {@code UnixDomainSockets.accept}, with what it returns. */
    public static void accepted(FileDescriptor descriptor, FileDescriptor accepted, int count) {
        Adoption adoption = Hook.adoption;
        if (adoption != null && count > 0) {
            adoption.accepted(descriptor, IOUtil.fdVal(accepted));
        }
    }

    /** Instead of {@code IOUtil.configureBlocking}: the flag of a shared socket stays as it is, see {@link Kernel#adopt}. */
    public static void configureBlocking(FileDescriptor descriptor, boolean blocking) throws IOException {
        Adoption adoption = Hook.adoption;
        IOUtil.configureBlocking(descriptor, blocking && (adoption == null || !adoption.isAdopted(descriptor)));
    }

    /** Before {@code close}. */
    public static void closing(FileDescriptor descriptor) {
        Adoption adoption = Hook.adoption;
        if (adoption != null) {
            adoption.closing(descriptor, IOUtil.fdVal(descriptor));
        }
    }

    /** Instead of {@code InheritedChannel.dup(0)}. */
    public static int inherited(int standardInput) throws IOException {
        Adoption adoption = Hook.adoption;
        return adoption == null ? Kernel.duplicate(standardInput) : adoption.inherited(standardInput);
    }

    /** After the JDK has made a channel of a descriptor that is bound or not. */
    public static void opened(FileDescriptor descriptor, boolean bound) {
        Adoption adoption = Hook.adoption;
        if (adoption != null && bound) {
            adoption.given(descriptor, IOUtil.fdVal(descriptor));
        }
    }

    /** Before {@code InheritedChannel.detachIOStreams}: whether standard output and error stay, for the log of the stop. */
    public static boolean keepsStreams() {
        return Hook.adoption != null;
    }

    /**
     * Before a variable of the environment is read: its value, null if it is as it is. By {@code LISTEN_PID} systemd says whom the
     * sockets of {@code LISTEN_FDS} are for, see sd_listen_fds(3), and nobody knows the id of a process before it runs. Children do not
     * inherit it, as it should be.
     */
    public static @Nullable String variable(String name) {
        if (Hook.adoption == null || !name.equals("LISTEN_PID") || System.getenv("LISTEN_FDS") == null) {
            return null;
        }
        return Long.toString(ProcessId.own());
    }

    /** Before Netty's {@code Socket.bind}: the address to bind, null if there is nothing left to do. */
    public static @Nullable SocketAddress nettyBind(Object socket, int number, SocketAddress address)
            throws IOException {
        Adoption adoption = Hook.adoption;
        InetSocketAddress wanted = Adoption.resolved(address);
        if (adoption == null || wanted == null) {
            return address;
        }
        // The same method binds datagram sockets; the JDK's patched ones bind none.
        int port = Kernel.isStream(number)
                ? adoption.bind(socket, number, wanted.getAddress(), wanted.getPort())
                : wanted.getPort();
        if (port == Adoption.DONE) {
            return null;
        }
        return port == wanted.getPort() ? address : new InetSocketAddress(wanted.getAddress(), port);
    }

    /** Before Netty's {@code Socket.listen}: the backlog to use. */
    public static int nettyBacklog(Object socket, int backlog) {
        Adoption adoption = Hook.adoption;
        return adoption == null ? backlog : adoption.listen(socket, backlog);
    }

    /** Before Netty's {@code Socket.accept}: {@link #GO_ON}, a descriptor that it returns, or that there is none. */
    public static int nettyAccept(Object socket, byte[] peer) throws IOException {
        Adoption adoption = Hook.adoption;
        if (adoption == null) {
            return GO_ON;
        }
        ReadyProbe probe = Hook.probe;
        if (probe != null && adoption.isAdopted(socket)) {
            int entered = probe.enter(peer);
            if (entered >= 0) {
                return entered;
            }
        }
        return adoption.mayAccept(socket) ? GO_ON : NOTHING;
    }

    /** After Netty's {@code accept(2)}, with what it returns. */
    public static void nettyAccepted(Object socket, int number) {
        Adoption adoption = Hook.adoption;
        if (adoption != null && number >= 0) {
            if (nettyUnseen) {
                adoption.acceptedUnseen(socket, number);
            } else {
                adoption.accepted(socket, number);
            }
        }
    }

    /** Before Netty's {@code close(2)}. */
    public static void nettyClosing(Object socket, int number) {
        Adoption adoption = Hook.adoption;
        if (adoption != null) {
            adoption.closing(socket, number);
        }
    }

    /** After Netty has made a socket of a number. */
    public static void nettyOpened(Object socket, int number) {
        Adoption adoption = Hook.adoption;
        if (adoption != null && adoption.maybeInherited(number)) {
            adoption.given(socket, number);
        }
    }
}
