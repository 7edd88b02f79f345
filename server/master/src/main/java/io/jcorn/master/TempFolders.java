package io.jcorn.master;

import io.jcorn.master.posix.Reason;
import io.jcorn.master.snapshot.Snapshots;
import io.jcorn.wire.Log;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The temp folders of the workers, {@code tmp-N} in the run folder: what a worker and its libraries leave there goes when the
 * worker is reaped, however it ended. Those of a master that was killed go with its run folder.
 *
 * <p>They are removed on a thread of their own, for nobody knows how much is in them.
 */
final class TempFolders implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 5;

    private final Path runFolder;
    private final Log log;
    private final ExecutorService sweeper = Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "jcorn-sweeper");
        thread.setDaemon(true);
        return thread;
    });

    TempFolders(Path runFolder, Log log) {
        this.runFolder = runFolder.toAbsolutePath();
        this.log = log;
    }

    /**
     * Returns the folder of a worker; whoever starts it makes it.
     *
     * @param id its birth number: a scoreboard row may have its next worker before the folder of the last is gone
     */
    Path of(long id) {
        return runFolder.resolve("tmp-" + id);
    }

    /** Removes the folder of a worker that was reaped; returns at once. */
    void remove(long id) {
        sweeper.execute(() -> {
            try {
                Snapshots.remove(of(id));
            } catch (IOException e) {
                // A program that the worker started may still write there. The end of the master is the next occasion.
                log.debug("The temp folder " + of(id) + " cannot be removed: " + Reason.of(e));
            }
        });
    }

    /** Gives the removals under way a moment; the run folder takes the rest with it. */
    @Override
    public void close() {
        sweeper.shutdown();
        try {
            if (!sweeper.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                sweeper.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
