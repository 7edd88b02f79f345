package io.jcorn.master.posix;

import java.nio.file.Path;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What the master asks of the kernel about processes and the channels to them. {@link LinuxPosix} is the real one; an
 * in-memory one lets the arbiter be tested without starting a process.
 *
 * <p>Every call returns at once, except {@link #poll}. Descriptors are plain numbers, as in the kernel.
 */
public interface Posix {
    /**
     * Starts a program with exactly the descriptors of the specification behind standard input (/dev/null or a pipe), output and
     * error (ours), with default signal dispositions, an empty signal mask and a process group of its own.
     *
     * @return its pid
     * @throws PosixException ENOENT or EACCES: the executable or the directory; EAGAIN: a process limit; ENOMEM, E2BIG
     */
    int spawn(SpawnSpec spec) throws PosixException;

    /**
     * Takes one child that has ended. One SIGCHLD may stand for many children: call until null.
     *
     * @return null: none is waiting, or there are no children
     */
    @Nullable
    Reaped reap() throws PosixException;

    /**
     * Sends a signal.
     *
     * @param pid a process; negative: the process group with this number
     * @param signal 0 only asks whether the process exists (a zombie does)
     * @return false: there is no such process
     * @throws IllegalArgumentException for 0 and -1, which would hit the master itself or every process of the machine
     * @throws PosixException EPERM: not ours
     */
    boolean kill(int pid, int signal) throws PosixException;

    /** Makes a control channel. A pair is also the way to wake the thread that sits in {@link #poll}. */
    SocketPair socketPair() throws PosixException;

    /**
     * Makes a piece of anonymous memory, zeroed, that children share through its descriptor (close-on-exec here).
     *
     * @param name for /proc/PID/maps
     * @param bytes its size
     */
    int sharedMemory(String name, long bytes) throws PosixException;

    /**
     * Sends without waiting and without SIGPIPE.
     *
     * @return bytes taken by the kernel, possibly fewer than asked; 0: its buffer is full
     * @throws PosixException EPIPE or ECONNRESET: the other end is gone
     */
    int send(int descriptor, byte[] bytes, int offset, int length) throws PosixException;

    /**
     * Receives without waiting.
     *
     * @return bytes read; 0: nothing there yet; -1: the other end is gone
     */
    int receive(int descriptor, byte[] buffer) throws PosixException;

    /**
     * Waits until one of the descriptors can be read, is at its end or has failed; the next {@link #receive} tells which.
     *
     * @param timeoutMillis 0: do not wait; -1: for ever
     * @return the descriptors of which that is true; empty: the time is over, or a signal came
     */
    int[] poll(int[] descriptors, int timeoutMillis) throws PosixException;

    /** Closes a descriptor of ours. Closing one that is not open is a defect and fails with EBADF, unchecked. */
    void close(int descriptor);

    /** The master's own process id. */
    int pid();

    /**
     * Sets what {@code ps} shows for the master. The kernel gives the title no more room than the command line had, the
     * rest is cut off.
     *
     * @return false: this kernel or sandbox does not let us; nothing else suffers
     */
    boolean title(String title);

    /** Makes orphaned descendants children of the master, so that it can reap them, see PR_SET_CHILD_SUBREAPER in prctl(2). */
    void becomeSubreaper() throws PosixException;

    /**
     * Sets the permission bits that new files do not get.
     *
     * @param mask 0..0777
     * @return the mask before
     */
    int umask(int mask);

    /**
     * Makes {@code to}, which must not exist, a copy-on-write clone of {@code from}: no data is copied and later writes to
     * either do not show in the other.
     *
     * @return false: this file system cannot (or the two are on different ones); {@code to} does not exist then
     */
    boolean cloneFile(Path from, Path to) throws PosixException;

    /**
     * Opens a file, creating it when missing (mode 0600), and locks it until the descriptor is closed or the process
     * ends. The lock is flock(2)'s: unlike fcntl's it does not vanish when some other code closes the same file, and a
     * lock cannot outlive its process as the pid in a stale file does.
     *
     * @return its descriptor (close-on-exec); empty: somebody else holds the lock
     * @throws PosixException ELOOP: it is a symbolic link, which is not followed
     */
    OptionalInt lockFile(Path file) throws PosixException;

    /**
     * Locks a folder in the same way. Who cleans up a temp folder by age leaves a locked one alone, with all that is in it,
     * see tmpfiles.d(5).
     *
     * @return its descriptor (close-on-exec); empty: somebody else holds the lock
     * @throws PosixException ENOENT: there is no such folder
     */
    OptionalInt lockFolder(Path folder) throws PosixException;
}
