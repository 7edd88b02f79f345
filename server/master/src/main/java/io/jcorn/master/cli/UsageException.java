package io.jcorn.master.cli;

/** The command line cannot be understood; the message is sentences for the user, the last one says where help is. */
public final class UsageException extends Exception {

    UsageException(String message) {
        super(message + (message.endsWith("?") ? "" : ".") + " See jcorn --help.");
    }
}
