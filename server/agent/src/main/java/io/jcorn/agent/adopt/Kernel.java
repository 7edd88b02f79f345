package io.jcorn.agent.adopt;

import io.jcorn.agent.InheritedDescriptor;
import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.ProtocolFamily;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import sun.nio.ch.IOUtil;

/**
 * The system calls of adoption, through private members of the JDK: so no native library has to be loaded into the
 * application's process.
 */
final class Kernel {

    /** socket(2): SOCK_STREAM. */
    private static final int STREAM = 1;

    private Kernel() {}

    /** Makes a socket another name of an inherited listener: dup2(2). */
    static void adopt(int socket, int listener) throws IOException {
        InheritedDescriptor.replace(socket, listener);
        // The flag belongs to the open file description, which all processes share. A worker that loses the race for a
        // connection would sit in accept(2) for ever if it were off, whatever mode the application has asked for.
        IOUtil.configureBlocking(IOUtil.newFD(socket), false);
    }

    /** Whether a socket is one of connections, rather than of datagrams. */
    static boolean isStream(int socket) throws IOException {
        return (int) invoke("sun.nio.ch.InheritedChannel", "soType0", new Class<?>[] {int.class}, socket) == STREAM;
    }

    /** Returns another descriptor of the same file: dup(2). */
    static int duplicate(int descriptor) throws IOException {
        return (int) invoke("sun.nio.ch.InheritedChannel", "dup", new Class<?>[] {int.class}, descriptor);
    }

    /** Lets other processes bind the same port: SO_REUSEPORT, see socket(7). */
    static void sharePort(int socket) throws IOException {
        invoke(
                "sun.nio.ch.Net",
                "setSocketOption",
                new Class<?>[] {FileDescriptor.class, ProtocolFamily.class, SocketOption.class, Object.class},
                IOUtil.newFD(socket),
                StandardProtocolFamily.INET,
                StandardSocketOptions.SO_REUSEPORT,
                true);
    }

    /** Whether bytes have arrived on a socket that nobody has read yet: FIONREAD, see tcp(7). False if that cannot be told. */
    static boolean unread(int socket) {
        try {
            return (int) invoke(
                            "sun.nio.ch.Net", "available", new Class<?>[] {FileDescriptor.class}, IOUtil.newFD(socket))
                    > 0;
        } catch (IOException e) {
            return false;
        }
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
