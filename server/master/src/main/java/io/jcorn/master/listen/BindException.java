package io.jcorn.master.listen;

/**
 * An address that cannot be listened on. The message is complete, of several lines and meant for the user: what failed, why,
 * who is in the way, and what helps. Trying again without doing anything does not.
 */
public final class BindException extends Exception {
    private static final long serialVersionUID = 1L;

    BindException(String message) {
        super(message);
    }

    BindException(String message, Throwable cause) {
        super(message, cause);
    }
}
