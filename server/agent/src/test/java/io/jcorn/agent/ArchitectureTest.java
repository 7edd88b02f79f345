package io.jcorn.agent;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** This module lives inside other people's processes: it brings nothing along that could meet their libraries. */
class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.jcorn.agent");

    @Test
    void needsTheJdkOnly() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.jcorn.agent..",
                        "io.jcorn.wire..",
                        "java..",
                        "javax..",
                        "jdk..",
                        "sun..",
                        "com.sun..",
                        "org.objectweb.asm",
                        "org.jspecify..",
                        "")
                .check(CLASSES);
    }

    /** Relocated into the boot jar; a handler worker goes without it. */
    @Test
    void onlyAdoptionRewritesClasses() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.jcorn.agent.adopt")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.objectweb.asm..", "io.jcorn.agent.adopt..")
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
