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
import java.io.IOException;
import java.util.Map;

/** What can be told about an application and its settings without a worker: it is told at once, and once. */
public final class Inspection {

    /** The versions of the format have counted along with Java's releases since 1.1, which was 45. */
    private static final int MAJOR_OF_JAVA_0 = 44;

    private Inspection() {}

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
