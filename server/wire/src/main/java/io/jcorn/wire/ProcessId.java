package io.jcorn.wire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The id of this process, see proc(5). {@link ProcessHandle} knows it too, but takes long to load. */
public final class ProcessId {

    private static final long OWN = own0();

    private ProcessId() {}

    /** Returns it. */
    public static long own() {
        return OWN;
    }

    private static long own0() {
        try {
            return Long.parseLong(Files.readSymbolicLink(Path.of("/proc/self")).toString());
        } catch (IOException e) {
            throw new UncheckedIOException("/proc is not mounted", e);
        }
    }
}
