package io.jcorn.examples.misbehaving;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Starts every second time. What it remembers is the file {@code MISBEHAVING_MARKER}, else {@code misbehaving.marker} in the
 * working directory: when it is not there it is made and the start succeeds, when it is there it is removed and the start
 * fails.
 *
 * <p>What jcorn does: it tries the failed slots again, later each time, while the others serve.
 */
public final class FlakyStart extends Misbehaving {

    /** Throws every second time. */
    public FlakyStart() throws IOException {
        Path marker = Path.of(System.getenv().getOrDefault("MISBEHAVING_MARKER", "misbehaving.marker"));
        try {
            Files.createFile(marker);
        } catch (FileAlreadyExistsException e) {
            Files.deleteIfExists(marker);
            throw new IllegalStateException("not this time; the next start will work", e);
        }
    }
}
