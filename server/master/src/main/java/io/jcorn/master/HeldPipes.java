package io.jcorn.master;

import io.jcorn.wire.access.LineFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Log files that are no regular files, such as named pipes, held open for the life of the master.
 *
 * <p>The reader of a pipe sees its end when the last writer closes it, see fifo(7): when a file is opened to try it, or when
 * the only worker is replaced. While the master holds it there is no end.
 */
final class HeldPipes {

    /** An open pipe; the key tells whether another one stands at its path by now. */
    private record Held(@Nullable Object key, LineFile file) {}

    private final Map<Path, Held> held = new ConcurrentHashMap<>();

    /**
     * Opens a log file as workers do. A regular one is made and closed again.
     *
     * @throws IOException if it cannot be opened
     */
    void open(Path path) throws IOException {
        Held present = held.get(path);
        if (present != null && Objects.equals(present.key, key(path))) {
            return;
        }
        LineFile file = LineFile.open(Optional.of(path));
        if (Files.isRegularFile(path)) {
            file.close();
            return;
        }
        Held before = held.put(path, new Held(key(path), file));
        if (before != null) {
            before.file.close();
        }
    }

    private static @Nullable Object key(Path path) throws IOException {
        return Files.exists(path) ? Files.getAttribute(path, "unix:ino") : null;
    }
}
