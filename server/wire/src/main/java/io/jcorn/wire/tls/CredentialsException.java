package io.jcorn.wire.tls;

/** Certificates, keys or what protects them cannot be used. The message names the file, what is wrong, and the cure. */
public final class CredentialsException extends Exception {

    /** Whose fault it is. */
    public enum Source {
        CERTIFICATE,
        KEY,
        PASSWORD,
        AUTHORITIES
    }

    private final Source source;

    CredentialsException(Source source, String message) {
        super(message);
        this.source = source;
    }

    /** Returns which of the files is to blame. */
    public Source source() {
        return source;
    }
}
