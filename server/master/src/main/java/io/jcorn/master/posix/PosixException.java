package io.jcorn.master.posix;

import java.io.IOException;

/** A system call that failed. The message reads {@code bind(127.0.0.1:80): Permission denied (EACCES)}. */
public final class PosixException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String call;
    private final int number;

    /**
     * @param call the call with the argument that matters to a reader, {@code bind(127.0.0.1:80)}
     * @param number what the kernel said, see errno(3)
     */
    public PosixException(String call, int number) {
        super(call + ": " + describe(number));
        this.call = call;
        this.number = number;
    }

    /**
     * @param call the call with the argument that matters to a reader, {@code bind(127.0.0.1:80)}
     * @param errno what the kernel said
     */
    public PosixException(String call, Errno errno) {
        this(call, errno.number());
    }

    /** The call that failed, as given. */
    public String call() {
        return call;
    }

    /** Why it failed. */
    public Errno errno() {
        return Errno.of(number);
    }

    /** The kernel's number, also when {@link #errno()} is {@link Errno#UNKNOWN}. */
    public int number() {
        return number;
    }

    private static String describe(int number) {
        Errno errno = Errno.of(number);
        return errno == Errno.UNKNOWN ? "error " + number : errno.text() + " (" + errno + ")";
    }
}
