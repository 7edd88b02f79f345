package io.jcorn.agent.adopt;

import io.jcorn.agent.InheritedDescriptor;
import io.jcorn.wire.Scoreboard;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.ProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import sun.nio.ch.IOUtil;
import sun.nio.ch.Net;

/**
 * The system calls of adoption, through private members of the JDK: so no native library has to be loaded into the
 * application's process.
 */
final class Kernel {

    /** socket(2): SOCK_STREAM. */
    private static final int STREAM = 1;

    private static volatile @Nullable Access access;

    private Kernel() {}

    /** Says how members of {@code sun.nio.ch} are called. */
    static void use(Access made) {
        access = made;
        InheritedDescriptor.duplicateBy(made);
    }

    private static Access access() {
        Access made = access;
        if (made == null) {
            throw new IllegalStateException("nothing was patched");
        }
        return made;
    }

    /**
     * Makes a socket another name of an inherited listener: dup2(2). Its epoll registrations stay.
     *
     * @throws IOException if the kernel or this JDK refuses
     */
    static void adopt(int socket, int listener) throws IOException {
        // The former socket stays open under another number until its registrations are found: one that another
        // thread makes meanwhile is either found too, or is one of the listener already.
        try (FileInputStream former = new FileInputStream("/dev/null")) {
            int number = InheritedDescriptor.number(former.getFD());
            InheritedDescriptor.replace(number, socket);
            InheritedDescriptor.replace(socket, listener);
            EpollRegistrations.of(socket, inode(identity(number))).renew(access());
        }
        // The flag belongs to the open file description, which all processes share. A worker that loses the race for a
        // connection would sit in accept(2) for ever if it were off, whatever mode the application has asked for.
        IOUtil.configureBlocking(IOUtil.newFD(socket), false);
    }

    /** Binds a socket as usual. */
    static void bind(ProtocolFamily family, FileDescriptor socket, InetAddress host, int port) throws IOException {
        access().bind(family, socket, host, port);
    }

    /** Lets other processes bind the same port: SO_REUSEPORT, see socket(7). */
    static void sharePort(int socket) throws IOException {
        access().setOption(IOUtil.newFD(socket), StandardSocketOptions.SO_REUSEPORT, true);
    }

    /** Whether bytes have arrived on a socket that nobody has read yet: FIONREAD, see tcp(7). False if that cannot be told. */
    static boolean unread(int socket) {
        try {
            return access().available(IOUtil.newFD(socket)) > 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether a socket takes nothing more now, because its peer does not: poll(2). False if that cannot be told. */
    static boolean full(int socket) {
        try {
            return access().poll(IOUtil.newFD(socket), Net.POLLOUT, 0) == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns four bytes of memory. */
    static int getInt(long address) {
        return access().getInt(address);
    }

    /** Returns eight bytes of memory. */
    static long getLong(long address) {
        return access().getLong(address);
    }

    /** Has the owner of a socket read an end of file: shutdown(2) of the receiving side. Nothing happens if it is closed already. */
    static void halfClose(int socket) {
        try {
            InheritedDescriptor.shutdownInput(IOUtil.newFD(socket));
        } catch (IOException e) {
            // ENOTCONN: the client was faster.
            return;
        }
    }

    /** Maps the scoreboard. */
    static Scoreboard scoreboard(int descriptor) throws IOException {
        ByteBuffer memory = access().map(IOUtil.newFD(descriptor), Scoreboard.BYTES);
        return memory == null ? Scoreboard.map(descriptor) : Scoreboard.over(memory);
    }

    /** Whether a socket is one of connections, rather than of datagrams. */
    static boolean isStream(int socket) throws IOException {
        return (int) invoke("sun.nio.ch.InheritedChannel", "soType0", new Class<?>[] {int.class}, socket) == STREAM;
    }

    /** Returns another descriptor of the same file: dup(2). */
    static int duplicate(int descriptor) throws IOException {
        return (int) invoke("sun.nio.ch.InheritedChannel", "dup", new Class<?>[] {int.class}, descriptor);
    }

    /** Returns the number in {@code socket:[inode]}. */
    private static long inode(String identity) {
        return Long.parseLong(identity.substring(identity.indexOf('[') + 1, identity.length() - 1));
    }

    /** Returns what identifies an open socket, whatever descriptors name it: {@code socket:[inode]}. */
    static String identity(int socket) throws IOException {
        return Files.readSymbolicLink(Path.of("/proc/self/fd/" + socket)).toString();
    }

    private static Object invoke(String type, String method, Class<?>[] parameters, Object... arguments)
            throws IOException {
        try {
            Method member = Class.forName(type).getDeclaredMethod(method, parameters);
            member.setAccessible(true);
            return member.invoke(null, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw new IOException(method + " failed: " + e.getCause(), e.getCause());
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new IOException("this Java (" + Runtime.version() + ") has no " + type + "." + method, e);
        }
    }
}
