package io.jcorn.master.archive;

import io.jcorn.master.settings.ClassPathWildcard;
import io.jcorn.master.settings.Configuration;
import io.jcorn.master.settings.HostedSettings;
import io.jcorn.master.settings.ModuleName;
import io.jcorn.master.settings.Settings;
import io.jcorn.wire.WorkerKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the configuration says about how the application is to be run.
 *
 * @param kind the kind of worker; empty: whatever the application is
 * @param module the module to run; empty: no module
 * @param classpath further archives and folders
 */
public record Wish(Optional<WorkerKind> kind, Optional<ModuleName> module, List<Path> classpath) {

    public Wish {
        classpath = List.copyOf(classpath);
    }

    /**
     * Reads it from the configuration.
     *
     * @throws IOException if a folder of the class path cannot be read
     */
    public static Wish of(Configuration configuration) throws IOException {
        return new Wish(
                configuration.get(HostedSettings.WORKER_CLASS),
                configuration.get(HostedSettings.MODULE),
                ClassPathWildcard.expand(configuration.get(Settings.CLASSPATH)));
    }
}
