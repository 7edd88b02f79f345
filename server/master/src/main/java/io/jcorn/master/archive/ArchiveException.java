package io.jcorn.master.archive;

/** The application cannot be run as it is; the message says why and what to do, in complete sentences for the user. */
public final class ArchiveException extends Exception {
    private static final long serialVersionUID = 1L;

    public ArchiveException(String message) {
        super(message);
    }
}
