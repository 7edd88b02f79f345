package io.jcorn.master.posix;

import java.util.Optional;
import jnr.posix.POSIX;
import jnr.posix.POSIXFactory;
import jnr.posix.Passwd;

/**
 * The users of the machine, from wherever its C library takes them. The one place that loads jnr-posix, which is slow: ask
 * only where a person waits for the answer.
 */
public final class Users {
    private static final Object ONE_AT_A_TIME = new Object();

    private Users() {}

    /** Returns the login name of a user id; empty: nobody has it. */
    public static Optional<String> name(int uid) {
        // jnr hands out a live view of the C library's only buffer: the next question changes the former answer. So
        // everything is copied before anybody else may ask.
        synchronized (ONE_AT_A_TIME) {
            Passwd passwd = Library.INSTANCE.getpwuid(uid);
            return passwd == null ? Optional.empty() : Optional.of(passwd.getLoginName());
        }
    }

    private static final class Library {
        private static final POSIX INSTANCE = POSIXFactory.getNativePOSIX();

        private Library() {}
    }
}
