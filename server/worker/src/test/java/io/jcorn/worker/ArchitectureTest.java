package io.jcorn.worker;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Who may know whom in this module. */
class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.jcorn.worker");

    @Test
    void knowsNothingOfTheMaster() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.jcorn.master..")
                .check(CLASSES);
    }

    @Test
    void theProtocolIsPure() {
        classes()
                .that()
                .resideInAPackage("io.jcorn.worker.http")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("io.jcorn.worker.http", "java..", "com.sun.net.httpserver", "org.jspecify..", "")
                .check(CLASSES);
    }

    @Test
    void theContractDoesNotKnowTheEngine() {
        noClasses()
                .that()
                .resideInAnyPackage("io.jcorn.worker.exchange", "io.jcorn.worker.pool", "io.jcorn.worker.app")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.jcorn.worker.engine")
                .check(CLASSES);
    }

    @Test
    void http2DoesNotKnowTheEngine() {
        noClasses()
                .that()
                .resideInAPackage("io.jcorn.worker.http2")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.jcorn.worker.engine")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.jcorn.worker.http",
                        "io.jcorn.worker.exchange",
                        "io.jcorn.worker.pool",
                        "io.jcorn.worker.app")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.jcorn.worker.http2")
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
