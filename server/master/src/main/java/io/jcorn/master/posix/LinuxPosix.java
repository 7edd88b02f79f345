package io.jcorn.master.posix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The real kernel. Holds no state of its own: every instance is the same, and every method may be called by any thread. */
public final class LinuxPosix implements Posix {
    private static final int AF_UNIX = 1;
    private static final int SOCK_STREAM = 1;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int O_NONBLOCK = 0x800;
    private static final int O_CLOEXEC = 0x80000;
    private static final int O_RDONLY = 0;
    private static final int O_WRONLY = 1;
    private static final int O_RDWR = 2;
    private static final int O_CREAT = 0x40;
    private static final int O_NOFOLLOW = 0x20000;
    private static final int O_EXCL = 0x80;
    private static final int F_SETFL = 4;
    private static final int F_ADD_SEALS = 1033;
    private static final int F_SEAL_SEAL = 1;
    private static final int F_SEAL_SHRINK = 2;
    private static final int F_SEAL_GROW = 4;
    private static final int MFD_CLOEXEC = 1;
    private static final int MFD_ALLOW_SEALING = 2;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int WNOHANG = 1;
    private static final int PR_SET_CHILD_SUBREAPER = 36;
    private static final long FICLONE = 0x40049409L;
    private static final int LOCK_EX = 2;
    private static final int LOCK_NB = 4;

    private final LibC libc = LibC.library();
    private final Spawner spawner = new Spawner(libc);

    @Override
    public int spawn(SpawnSpec spec) throws PosixException {
        return spawner.spawn(spec);
    }

    @Override
    public @Nullable Reaped reap() throws PosixException {
        int[] status = new int[1];
        int pid = libc.waitpid(-1, status, WNOHANG);
        if (pid > 0) {
            return new Reaped(pid, new WaitStatus(status[0]));
        }
        if (pid == 0 || LibC.errno() == Errno.ECHILD.number()) {
            return null;
        }
        throw failure("waitpid(-1)");
    }

    @Override
    public boolean kill(int pid, int signal) throws PosixException {
        if (pid == 0 || pid == -1) {
            throw new IllegalArgumentException("pid " + pid + " means more than one process or group");
        }
        if (libc.kill(pid, signal) == 0) {
            return true;
        }
        if (LibC.errno() == Errno.ESRCH.number()) {
            return false;
        }
        throw failure("kill(" + pid + ", " + signal + ")");
    }

    @Override
    public SocketPair socketPair() throws PosixException {
        int[] pair = new int[2];
        check(libc.socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), "socketpair");
        check(libc.fcntl(pair[0], F_SETFL, O_NONBLOCK), "fcntl(O_NONBLOCK)");
        return new SocketPair(pair[0], pair[1]);
    }

    @Override
    public int sharedMemory(String name, long bytes) throws PosixException {
        int flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
        int descriptor = check(libc.memfd_create(NativeText.terminated(name), flags), "memfd_create");
        try {
            check(libc.ftruncate(descriptor, bytes), "ftruncate(" + bytes + ")");
            check(libc.fcntl(descriptor, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW), "fcntl(F_ADD_SEALS)");
            return descriptor;
        } catch (PosixException e) {
            close(descriptor);
            throw e;
        }
    }

    @Override
    public int send(int descriptor, byte[] bytes, int offset, int length) throws PosixException {
        byte[] slice = offset == 0 ? bytes : Arrays.copyOfRange(bytes, offset, offset + length);
        long sent = libc.send(descriptor, slice, length, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent >= 0) {
            return (int) sent;
        }
        if (LibC.errno() == Errno.EAGAIN.number()) {
            return 0;
        }
        throw failure("send(" + descriptor + ")");
    }

    @Override
    public int receive(int descriptor, byte[] buffer) throws PosixException {
        long received = libc.recv(descriptor, buffer, buffer.length, MSG_DONTWAIT);
        if (received > 0) {
            return (int) received;
        }
        if (received == 0) {
            return -1;
        }
        PosixException failure = failure("recv(" + descriptor + ")");
        return switch (failure.errno()) {
            case EAGAIN, EINTR -> 0;
            // The other end was closed with bytes of ours unread.
            case ECONNRESET -> -1;
            default -> throw failure;
        };
    }

    @Override
    public int[] poll(int[] descriptors, int timeoutMillis) throws PosixException {
        PollEntries entries = new PollEntries(descriptors);
        int ready = libc.poll(entries.bytes(), descriptors.length, timeoutMillis);
        if (ready < 0 && LibC.errno() != Errno.EINTR.number()) {
            throw failure("poll");
        }
        return ready <= 0 ? new int[0] : entries.ready(ready);
    }

    @Override
    public void close(int descriptor) {
        // Linux frees the number even when close reports EINTR or EIO, so only a wrong number can matter here.
        if (libc.close(descriptor) != 0 && LibC.errno() == Errno.EBADF.number()) {
            throw new IllegalStateException("close(" + descriptor + "): it is not open");
        }
    }

    @Override
    public int pid() {
        return libc.getpid();
    }

    @Override
    public boolean title(String title) {
        return ProcessTitle.set(title);
    }

    @Override
    public void becomeSubreaper() throws PosixException {
        check(libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), "prctl(PR_SET_CHILD_SUBREAPER)");
    }

    @Override
    public int umask(int mask) {
        return libc.umask(mask);
    }

    @Override
    public boolean cloneFile(Path from, Path to) throws PosixException {
        int source = open(from, O_RDONLY, 0);
        try {
            int target = open(to, O_WRONLY | O_CREAT | O_EXCL, 0644);
            boolean cloned = libc.ioctl(target, FICLONE, source) == 0;
            close(target);
            if (!cloned) {
                delete(to);
            }
            return cloned;
        } finally {
            close(source);
        }
    }

    @Override
    public OptionalInt lockFile(Path file) throws PosixException {
        // Without O_NONBLOCK some devices keep whoever opens them waiting.
        return lock(file, open(file, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0600));
    }

    @Override
    public OptionalInt lockFolder(Path folder) throws PosixException {
        return lock(folder, open(folder, O_RDONLY, 0));
    }

    private OptionalInt lock(Path file, int descriptor) throws PosixException {
        if (libc.flock(descriptor, LOCK_EX | LOCK_NB) == 0) {
            return OptionalInt.of(descriptor);
        }
        PosixException failure = failure("flock(" + file + ")");
        close(descriptor);
        if (failure.errno() == Errno.EAGAIN) {
            return OptionalInt.empty();
        }
        throw failure;
    }

    private int open(Path file, int flags, int mode) throws PosixException {
        return check(libc.open(NativeText.terminated(file), flags | O_CLOEXEC, mode), "open(" + file + ")");
    }

    private static void delete(Path file) throws PosixException {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new PosixException("unlink(" + file + ")", Errno.EACCES);
        }
    }

    private static int check(int result, String call) throws PosixException {
        if (result < 0) {
            throw failure(call);
        }
        return result;
    }

    private static PosixException failure(String call) {
        return new PosixException(call, LibC.errno());
    }
}
