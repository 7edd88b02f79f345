package io.jcorn.wire.tls;

import io.jcorn.wire.tls.CredentialsException.Source;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads files whole, and says what is wrong with them. */
final class Contents {

    /** Whatever is larger is no certificate: a file of all the authorities of the world has a quarter of it. */
    private static final long LARGEST = 1 << 20;

    private Contents() {}

    static byte[] of(Path file, Source source) throws CredentialsException {
        try {
            if (Files.isDirectory(file)) {
                throw new CredentialsException(source, file + " is a folder, and a file is wanted");
            }
            if (Files.size(file) > LARGEST) {
                throw new CredentialsException(source, file + " has more than a megabyte: it is something else");
            }
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new CredentialsException(source, file + ": there is no such file");
        } catch (AccessDeniedException e) {
            throw new CredentialsException(
                    source,
                    file + " cannot be read: permission denied for user " + System.getProperty("user.name")
                            + ". Let it read the file and enter its folders");
        } catch (IOException e) {
            throw new CredentialsException(source, file + " cannot be read: " + e.getMessage());
        }
    }
}
