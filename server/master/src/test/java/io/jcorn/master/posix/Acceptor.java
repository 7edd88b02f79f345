package io.jcorn.master.posix;

import java.io.IOException;
import jnr.ffi.LibraryLoader;

/** Accepts from a listener as a worker would; the master itself never does. */
public final class Acceptor {
    private static final Accept LIBRARY = LibraryLoader.create(Accept.class).load("c");

    private Acceptor() {}

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
}
