package io.jcorn.master.spawn;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The working folder of workers, as it is when one is started.
 *
 * <p>A folder that was there when the master started need not be there later: deployments remove the folders of old
 * releases. A JVM whose working folder was removed does not start, and the master would pass its own on. So the folder is
 * looked at for each worker, and a worker in {@code /} is better than none.
 */
public final class WorkingFolder {

    /** What the kernel appends to the name of a folder that was removed, see proc(5). */
    private static final String REMOVED = " (deleted)";

    private static final Path ROOT = Path.of("/");

    private final Optional<Path> wanted;
    private final Path start;
    private final Path current;
    private final Consumer<String> warnings;

    /**
     * The working folder of a configuration.
     *
     * @param wanted the configuration's, which may be a link that points elsewhere by now; empty: the master's
     * @param start where the master was started
     * @param warnings hears of a folder that is gone, once for each worker
     */
    public WorkingFolder(Optional<Path> wanted, Path start, Consumer<String> warnings) {
        this(wanted, start, Path.of("/proc/self/cwd"), warnings);
    }

    WorkingFolder(Optional<Path> wanted, Path start, Path current, Consumer<String> warnings) {
        this.wanted = wanted;
        this.start = start.toAbsolutePath();
        this.current = current;
        this.warnings = warnings;
    }

    /** Returns where a worker that is started now begins; empty: where the master is. */
    Optional<Path> now() {
        if (wanted.isPresent()) {
            return Optional.of(orRoot(wanted.get(), "The folder of chdir, "));
        }
        return removed() ? Optional.of(orRoot(start, "The folder that jcorn was started in, ")) : Optional.empty();
    }

    private Path orRoot(Path folder, String which) {
        // A folder of the same name may have taken the place of the one that was removed.
        if (Files.isDirectory(folder)) {
            return folder;
        }
        warnings.accept(which + folder + ", is gone: workers start in / until it is back."
                + " Give them one that stays: --chdir FOLDER");
        return ROOT;
    }

    private boolean removed() {
        try {
            String target = Files.readSymbolicLink(current).toString();
            return target.endsWith(REMOVED) && !Files.exists(Path.of(target));
        } catch (IOException e) {
            // No /proc: nobody can tell, and usually the folder is there.
            return false;
        }
    }
}
