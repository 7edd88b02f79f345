package io.jcorn.master;

import io.jcorn.master.archive.ArchiveException;
import io.jcorn.master.archive.Choice;
import io.jcorn.master.archive.Chooser;
import io.jcorn.master.archive.Wish;
import io.jcorn.master.settings.Application;
import io.jcorn.master.settings.Configuration;
import io.jcorn.master.settings.ConfigurationException;
import io.jcorn.master.settings.KindChecks;
import io.jcorn.master.settings.Settings;
import io.jcorn.master.spawn.JavaInstallations;
import io.jcorn.master.spawn.JavaRuntime;
import io.jcorn.wire.WorkerKind;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What can be told about an application and its settings without a worker: it is told at once, and once. */
public final class Inspection {

    /** The versions of the format have counted along with Java's releases since 1.1, which was 45. */
    private static final int MAJOR_OF_JAVA_0 = 44;

    /** The agent's, which rides in every worker. */
    private static final List<String> OF_AGENT = List.of("java.instrument", "java.management", "jdk.unsupported");

    private static final List<String> OF_HANDLERS =
            List.of("java.logging", "java.management", "java.net.http", "jdk.httpserver", "jdk.unsupported");

    private static final List<String> OF_SERVLETS = List.of(
            "java.instrument",
            "java.logging",
            "java.management",
            "java.naming",
            "java.sql",
            "java.xml",
            "jdk.unsupported");

    private Inspection() {}

    /** Returns what the Java of workers needs besides java.base. docs/deployment.md lists the same. */
    static List<String> modules(WorkerKind kind) {
        return switch (kind) {
            case HANDLER -> OF_HANDLERS;
            case SERVLET -> OF_SERVLETS;
            case MAIN -> OF_AGENT;
        };
    }

    /** A worker would run into it: a class that is not found tells nobody what to do. */
    private static void refuseIncomplete(JavaRuntime java, WorkerKind kind) throws IOException {
        List<String> missing = java.lacks(modules(kind));
        if (!missing.isEmpty()) {
            throw new IOException("the Java at " + java.home() + " lacks the "
                    + (missing.size() == 1 ? "module " : "modules ") + String.join(", ", missing) + ", which "
                    + kind.name().toLowerCase(Locale.ROOT) + " workers need. Add to its jlink command:"
                    + " --add-modules " + String.join(",", missing)
                    + "; or set java-home to a complete Java");
        }
    }

    /**
     * Looks into the application, decides what runs it, and whether that can work.
     *
     * @param environment the master's own, which may name other Javas
     * @throws ArchiveException if the application cannot be run
     * @throws ConfigurationException if the settings do not fit the kind of worker
     * @throws IOException if there is no Java for the workers
     */
    public static Choice choose(Configuration configuration, Map<String, String> environment)
            throws ArchiveException, ConfigurationException, IOException {
        Application application = configuration
                .get(Settings.APPLICATION)
                .orElseThrow(() -> new IOException("no application is named. Usage: jcorn [OPTIONS] app.jar"));
        JavaRuntime java = JavaRuntime.find(configuration.get(Settings.JAVA_HOME));
        Choice choice = Chooser.choose(application, Wish.of(configuration));
        KindChecks.refuse(configuration, choice.kind());
        refuseIncomplete(java, choice.kind());
        if (choice.feature() > java.feature()) {
            throw new ArchiveException(application.path() + " is compiled for Java " + choice.feature()
                    + " (class file version " + (choice.feature() + MAJOR_OF_JAVA_0) + ".0)"
                    + ", and the workers run on Java " + java.feature() + ". Give them a newer one: --java-home "
                    + JavaInstallations.atLeast(choice.feature(), java, environment)
                            .map(Object::toString)
                            .orElse("FOLDER"));
        }
        return choice;
    }
}
