package io.jcorn.master.posix;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Why something with a file failed, for the log. The message of the JDK's own exceptions is often only the file's name. */
public final class Reason {

    private Reason() {}

    /** Returns {@code /srv/app.jar: Permission denied}, or whatever comes closest. */
    public static String of(IOException e) {
        String message = e.getMessage();
        if (e instanceof FileSystemException failure && failure.getReason() == null) {
            return failure.getFile() + ": " + text(failure);
        }
        return message == null ? e.getClass().getSimpleName() : message;
    }

    private static String text(FileSystemException e) {
        if (e instanceof AccessDeniedException) {
            return Errno.EACCES.text();
        }
        if (e instanceof NoSuchFileException) {
            return Errno.ENOENT.text();
        }
        if (e instanceof FileAlreadyExistsException) {
            return Errno.EEXIST.text();
        }
        if (e instanceof NotDirectoryException) {
            return "Not a directory";
        }
        if (e instanceof DirectoryNotEmptyException) {
            return "Directory not empty";
        }
        if (e instanceof FileSystemLoopException) {
            return "A link that leads to itself";
        }
        return e.getClass().getSimpleName();
    }
}
