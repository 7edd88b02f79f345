package io.jcorn.master;

import io.jcorn.master.archive.Choice;
import io.jcorn.master.listen.Listener;
import io.jcorn.master.log.LostRequests;
import io.jcorn.master.settings.AccessLogSettings;
import io.jcorn.master.settings.Configuration;
import io.jcorn.master.settings.HostedSettings;
import io.jcorn.master.settings.KindChecks;
import io.jcorn.master.settings.Settings;
import io.jcorn.master.settings.TlsChecks;
import io.jcorn.master.settings.TlsSettings;
import io.jcorn.master.snapshot.Snapshot;
import io.jcorn.master.spawn.WorkerCommand;
import io.jcorn.wire.Log;
import io.jcorn.wire.WorkerKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What all workers of one generation have in common.
 *
 * @param number from 1
 * @param configuration the settings that it was made from
 * @param choice what runs the application
 * @param snapshot its copy of the application
 * @param listeners what its workers inherit, in bind order
 * @param runFiles what its workers find in the run folder besides
 * @param command how its workers are started
 */
record Generation(
        int number,
        Configuration configuration,
        Choice choice,
        Snapshot snapshot,
        List<Listener> listeners,
        List<Path> runFiles,
        WorkerCommand command) {

    /** Returns what runs the application and why, for the log: {@code servlet (shop.war: WEB-INF; context path /)}. */
    String worker() {
        String context = choice.kind() == WorkerKind.SERVLET
                ? "; context path " + configuration.get(HostedSettings.CONTEXT_PATH)
                : "";
        return choice.kind().name().toLowerCase(Locale.ROOT) + " (" + choice.reason() + context + ")";
    }

    /** Returns where the lines of its requests go. */
    LostRequests.Destination accessLog() {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.putAll(configuration.get(Settings.ENV));
        return new LostRequests.Destination(AccessLogSettings.options(configuration), environment);
    }

    /** Whether the application brings its own server along. */
    boolean hosted() {
        return choice.kind() == WorkerKind.MAIN;
    }

    /** Says what runs the application and what the user should know of that, as far as it is not what was said before. */
    void introduce(@Nullable Generation before, Log log) {
        if (before == null || !before.worker().equals(worker())) {
            log.info("Using worker: " + worker());
        }
        Optional<String> note = choice.note();
        if (note.isPresent() && (before == null || !before.choice.note().equals(note))) {
            log.info(note.get());
        }
        TlsChecks.presentation(configuration).forEach(log::info);
        List<String> said = before == null ? List.of() : before.warnings();
        warnings().stream().filter(warning -> !said.contains(warning)).forEach(log::warning);
        TlsChecks.warnings(configuration).forEach(log::warning);
    }

    /** Returns where it listens, as a client would write it. */
    String url(Listener listener) {
        return listener.url(TlsSettings.on(configuration));
    }

    private List<String> warnings() {
        List<String> warnings = new ArrayList<>(KindChecks.warnings(configuration, choice.kind()));
        ConnectionLimit.of(configuration.get(Settings.WORKER_CONNECTIONS))
                .warning()
                .ifPresent(warnings::add);
        return warnings;
    }
}
