package io.jcorn.master.posix;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import jnr.ffi.LibraryLoader;

/** What others do with sockets and the master never does. */
public final class KernelSockets {
    private static final Accept LIBRARY = LibraryLoader.create(Accept.class).load("c");

    private KernelSockets() {}

    /** Of the C library. */
    public interface Accept {
        int accept(int fd, long address, long length);
    }

    /** Returns the descriptor of the oldest waiting connection. */
    public static int accept(int listener) throws IOException {
        int descriptor = LIBRARY.accept(listener, 0, 0);
        if (descriptor < 0) {
            throw new PosixException(
                    "accept(" + listener + ")",
                    jnr.ffi.Runtime.getRuntime(LIBRARY).getLastError());
        }
        return descriptor;
    }

    /** Returns a bound Unix datagram socket. */
    public static int datagram(Path path) throws IOException {
        byte[] address = new SocketName.Local(path.toString()).encode();
        int descriptor = LibC.library().socket(1, 2, 0);
        if (LibC.library().bind(descriptor, address, address.length) != 0) {
            throw new PosixException("bind(" + path + ")", LibC.errno());
        }
        return descriptor;
    }

    /** Makes a socket blocking, as others leave it. */
    public static void block(int socket) {
        LibC.library().fcntl(socket, 4, 0);
    }

    /** Returns another descriptor of the same open socket. */
    public static int duplicate(int socket) {
        return LibC.library().fcntl(socket, 0, 0);
    }

    /** Returns the backlog of a TCP listener: tcpi_sacked of tcp_info. */
    public static int backlog(int listener) {
        byte[] info = new byte[32];
        LibC.library().getsockopt(listener, 6, 11, info, new int[] {info.length});
        return ByteBuffer.wrap(info).order(ByteOrder.nativeOrder()).getInt(28);
    }
}
