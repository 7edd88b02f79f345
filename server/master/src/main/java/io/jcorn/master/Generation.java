package io.jcorn.master;

import io.jcorn.master.listen.Listener;
import io.jcorn.master.settings.Configuration;
import io.jcorn.master.snapshot.Snapshot;
import io.jcorn.master.spawn.WorkerCommand;
import java.util.List;

/**
 * What all workers of one generation have in common.
 *
 * @param number from 1
 * @param configuration the settings that it was made from
 * @param snapshot its copy of the application
 * @param listeners what its workers inherit, in bind order
 * @param command how its workers are started
 */
record Generation(
        int number, Configuration configuration, Snapshot snapshot, List<Listener> listeners, WorkerCommand command) {}
