package io.jcorn.master;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.junit.jupiter.api.Test;

/** The import law: each outside library has one door, and some calls are forbidden everywhere. */
class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.jcorn.master");

    @Test
    void picocliIsSeenByTheCommandLineOnly() {
        onlyIn("io.jcorn.master.cli", "picocli..");
    }

    @Test
    void typesafeConfigIsSeenByTheSettingsOnly() {
        onlyIn("io.jcorn.master.settings", "com.typesafe..");
    }

    @Test
    void typesafeConfigIsBehindOneClass() {
        noClasses()
                .that()
                .haveNameNotMatching("io\\.jcorn\\.master\\.settings\\.ConfigFile(\\$.*)?")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.typesafe..")
                .check(CLASSES);
    }

    @Test
    void jnrIsSeenByPosixOnly() {
        onlyIn("io.jcorn.master.posix", "jnr..", "com.kenai..");
    }

    @Test
    void micrometerIsSeenByTheMetricsOnly() {
        onlyIn("io.jcorn.master.metrics", "io.micrometer..", "io.prometheus..");
    }

    @Test
    void masterAndWorkersMeetInWireOnly() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.jcorn.worker..", "io.jcorn.agent..", "io.jcorn.servlet..", "io.netty..")
                .check(CLASSES);
    }

    @Test
    void roomsDoNotKnowTheProcess() {
        noClasses()
                .that()
                .resideInAnyPackage("io.jcorn.master.*..")
                .and()
                .resideOutsideOfPackage("io.jcorn.master.cli..")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("io.jcorn.master.Master")
                .check(CLASSES);
    }

    @Test
    void roomsDoNotDependOnEachOtherInCircles() {
        SlicesRuleDefinition.slices()
                .matching("io.jcorn.master.(*)..")
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }

    @Test
    void theSettingsKnowNoOtherRoom() {
        noClasses()
                .that()
                .resideInAPackage("io.jcorn.master.settings..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.jcorn.master",
                        "io.jcorn.master.arbiter..",
                        "io.jcorn.master.archive..",
                        "io.jcorn.master.cli..",
                        "io.jcorn.master.control..",
                        "io.jcorn.master.listen..",
                        "io.jcorn.master.metrics..",
                        "io.jcorn.master.posix..",
                        "io.jcorn.master.snapshot..",
                        "io.jcorn.master.spawn..")
                .check(CLASSES);
    }

    /** It judges an application by what is in it, and by the settings; who runs it and how is nothing to it. */
    @Test
    void theArchiveKnowsOnlyTheSettings() {
        noClasses()
                .that()
                .resideInAPackage("io.jcorn.master.archive..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.jcorn.master",
                        "io.jcorn.master.arbiter..",
                        "io.jcorn.master.cli..",
                        "io.jcorn.master.control..",
                        "io.jcorn.master.listen..",
                        "io.jcorn.master.metrics..",
                        "io.jcorn.master.posix..",
                        "io.jcorn.master.snapshot..",
                        "io.jcorn.master.spawn..")
                .check(CLASSES);
    }

    /** It closes inherited descriptors and takes SIGCHLD for itself; posix_spawn is behind Posix. */
    @Test
    void nobodyStartsProcessesByTheJdk() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(ProcessBuilder.class)
                .orShould()
                .callMethod(Runtime.class, "exec", String.class)
                .orShould()
                .callMethod(Runtime.class, "exec", String[].class)
                .check(CLASSES);
    }

    /** Who sleeps is deaf: wait on the queue, or on a descriptor, with the next deadline. */
    @Test
    void nobodySleeps() {
        noClasses()
                .should()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(Thread.class, "sleep", long.class, int.class)
                .check(CLASSES);
    }

    /** The one way out is the end of main, after everything was closed and removed. */
    @Test
    void onlyTheCommandEndsTheProcess() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.jcorn.master.cli..")
                .should()
                .callMethod(System.class, "exit", int.class)
                .check(CLASSES);
    }

    private static void onlyIn(String room, String... libraries) {
        noClasses()
                .that()
                .resideOutsideOfPackage(room + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(libraries)
                .check(CLASSES);
    }
}
