package io.jcorn.master.arbiter;

import io.jcorn.master.posix.Reaped;
import io.jcorn.master.posix.Signal;

/** What the arbiter tells the world: the log and the metrics are journals. Times are in milliseconds. */
public interface Journal {

    default void signalCame(Signal signal) {}

    /** Log files may have been moved away: time to open them again by name. */
    default void reopenLogs() {}

    default void ignored(Signal signal, String why) {}

    default void spawned(WorkerHandle worker) {}

    default void spawnFailed(int slot, int generation, String reason) {}

    default void ready(WorkerHandle worker, String application, long took) {}

    /** All slots are filled; the first time, and after each reload. */
    default void promoted(int generation, int workers, long took) {}

    default void cannotBoot(WorkerHandle worker, String reason) {}

    default void draining(WorkerHandle worker) {}

    /** Its server is not ours, and nobody new comes in any more. */
    default void gateClosed(WorkerHandle worker, int connections) {}

    default void unfinished(WorkerHandle worker, int requests) {}

    default void late(WorkerHandle worker, String what) {}

    default void dumped(WorkerHandle worker, String text) {}

    default void killing(WorkerHandle worker) {}

    default void exited(WorkerHandle worker, Exit exit) {}

    default void foreignChild(Reaped reaped) {}

    default void breakerOpened(int failures, int healthy) {}

    default void breakerClosed() {}

    default void reloadStarted(int generation) {}

    default void reloadRefused(String reason) {}

    default void reloadFailed(int generation, int proven, String reason) {}

    default void reloadQueued() {}

    default void workersWanted(int before, int after) {}

    default void suspended(long millis) {}

    default void stopping(boolean gracefully) {}

    default void listenersClosed(long took) {}

    default void gaveUp(Exit first) {}
}
