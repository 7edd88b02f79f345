package io.jcorn.examples.guestbook;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;

/** Which version of the application this is: what stands in {@code version.txt} at the root of its archive. */
final class Version {

    private Version() {}

    /** Throws when nothing stands there: an archive that was put together wrongly must not start. */
    static String read() throws IOException {
        try (InputStream file = Version.class.getResourceAsStream("/version.txt")) {
            String version = file == null ? "" : new String(file.readAllBytes(), UTF_8).trim();
            if (version.isEmpty()) {
                throw new IllegalStateException("version.txt is empty");
            }
            return version;
        }
    }
}
