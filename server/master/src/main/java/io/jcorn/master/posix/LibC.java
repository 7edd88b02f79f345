package io.jcorn.master.posix;

import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;

/**
 * The functions of the C library that the master calls, as they are. Public only because jnr may generate stubs for it in
 * another class loader; nobody outside this package uses it.
 *
 * <p>Only numbers, byte arrays and raw memory cross: no structures, whose layouts differ between C libraries, and no
 * strings, whose encoding jnr would choose. A function that this C library lacks fails when called, with
 * UnsatisfiedLinkError, not when loaded.
 *
 * <p>Why not jnr-posix for these: its spawn attributes cannot say signal mask and default dispositions, it has no closefrom
 * and no chdir file action, and it costs every start some 180 ms of CPU and 10 MB. It is asked for users only, {@link Users}.
 */
public interface LibC {
    int posix_spawn_file_actions_init(Pointer actions);

    int posix_spawn_file_actions_destroy(Pointer actions);

    int posix_spawn_file_actions_addopen(Pointer actions, int fd, @In byte[] path, int flags, int mode);

    int posix_spawn_file_actions_adddup2(Pointer actions, int from, int to);

    int posix_spawn_file_actions_addclose(Pointer actions, int fd);

    int posix_spawn_file_actions_addclosefrom_np(Pointer actions, int lowest);

    int posix_spawn_file_actions_addchdir_np(Pointer actions, @In byte[] path);

    int posix_spawnattr_init(Pointer attributes);

    int posix_spawnattr_destroy(Pointer attributes);

    int posix_spawnattr_setflags(Pointer attributes, short flags);

    int posix_spawnattr_setpgroup(Pointer attributes, int group);

    int posix_spawnattr_setsigdefault(Pointer attributes, Pointer set);

    int posix_spawnattr_setsigmask(Pointer attributes, Pointer set);

    int posix_spawn(
            @Out int[] pid,
            @In byte[] path,
            Pointer actions,
            Pointer attributes,
            Pointer arguments,
            Pointer environment);

    long signal(int signal, long handler);

    int waitpid(int pid, @Out int[] status, int options);

    int kill(int pid, int signal);

    int getpid();

    int prctl(int option, long a, long b, long c, long d);

    int umask(int mask);

    int open(@In byte[] path, int flags, int mode);

    int close(int fd);

    int fcntl(int fd, int command, long argument);

    int ioctl(int fd, long request, long argument);

    int flock(int fd, int operation);

    int ftruncate(int fd, long length);

    int memfd_create(@In byte[] name, int flags);

    int poll(@In @Out byte[] entries, long count, int timeoutMillis);

    int socket(int domain, int type, int protocol);

    int pipe2(@Out int[] ends, int flags);

    int socketpair(int domain, int type, int protocol, @Out int[] pair);

    int bind(int fd, @In byte[] address, int length);

    int connect(int fd, @In byte[] address, int length);

    int listen(int fd, int backlog);

    int getsockname(int fd, @Out byte[] address, @In @Out int[] length);

    int getsockopt(int fd, int level, int option, @Out byte[] value, @In @Out int[] length);

    int setsockopt(int fd, int level, int option, @In byte[] value, int length);

    long send(int fd, @In byte[] bytes, long length, int flags);

    long recv(int fd, @Out byte[] bytes, long length, int flags);

    /** Returns the library, loaded at the first call. */
    static LibC library() {
        return Loaded.LIBRARY;
    }

    /** Returns the error number of this thread's last call. */
    static int errno() {
        return Loaded.RUNTIME.getLastError();
    }

    /** Returns jnr's runtime, which allocates native memory. */
    static Runtime runtime() {
        return Loaded.RUNTIME;
    }

    /** Defers loading to the first use, so that {@code --help} and {@code --version} never pay for it. */
    final class Loaded {
        private static final LibC LIBRARY = load();
        private static final Runtime RUNTIME = Runtime.getRuntime(LIBRARY);

        // Without generated stubs the master is up some 50 ms earlier. Reflection makes each call slower by
        // microseconds,
        // and the master makes few.
        private static LibC load() {
            if (System.getProperty("jnr.ffi.asm.enabled") == null) {
                System.setProperty("jnr.ffi.asm.enabled", "false");
            }
            return LibraryLoader.create(LibC.class).load("c");
        }

        private Loaded() {}
    }
}
