package io.jcorn.servlet;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Who may know whom in this module. */
class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.jcorn.servlet");

    @Test
    void knowsNeitherTheMasterNorTheOtherEngine() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.jcorn.master..", "io.jcorn.worker..")
                .check(CLASSES);
    }

    /** Its libraries come in two editions, each in a class loader that this module's classes do not see. */
    @Test
    void knowsNoEditionOfJakarta() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("jakarta..", "org.eclipse.jetty.ee10..", "org.eclipse.jetty.ee11..")
                .check(CLASSES);
    }

    @Test
    void anArchiveIsReadWithoutAServer() {
        noClasses()
                .that()
                .resideInAPackage("io.jcorn.servlet.archive")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.eclipse.jetty..")
                .check(CLASSES);
    }

    @Test
    void nobodySleepsOrStartsProcesses() {
        noClasses()
                .should()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(ProcessBuilder.class)
                .check(CLASSES);
    }
}
