package io.jcorn.master.settings;

import java.util.List;

/** What must hold between settings, and between a setting and this machine. */
final class ConfigurationChecks {
    private ConfigurationChecks() {}

    static List<Problem> problems(Configuration configuration) {
        return List.of();
    }
}
