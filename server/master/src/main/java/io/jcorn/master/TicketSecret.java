package io.jcorn.master;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * The secret that all workers of a master make the keys of TLS session tickets of. It is made once, outlives reloads, and
 * goes with the master.
 *
 * <p>A file for the server's user alone: arguments and the environment can be read in /proc, and the application's own
 * children would inherit both the environment and a descriptor.
 */
final class TicketSecret {

    /** The name of the file. */
    static final String NAME = "tickets";

    private static final int BYTES = 32;

    private TicketSecret() {}

    /** Returns the file in a run folder; it is made if it is not there. */
    static Path in(Path runFolder) throws IOException {
        Path file = runFolder.resolve(NAME);
        if (Files.exists(file)) {
            return file;
        }
        byte[] secret = new byte[BYTES];
        new SecureRandom().nextBytes(secret);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, HexFormat.of().formatHex(secret) + "\n");
        return file;
    }
}
