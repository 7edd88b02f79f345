package io.jcorn.wire;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** What is shared by both sides lives inside other people's processes: nothing but the JDK. */
class ImportLawTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.jcorn.wire");

    @Test
    void wireNeedsNothingButTheJdk() {
        classes()
                .that()
                .resideInAPackage("io.jcorn.wire..")
                .should()
                .onlyDependOnClassesThat()
                // JSpecify's annotations are for the compiler; no jar ships them.
                .resideInAnyPackage("java..", "io.jcorn.wire..", "org.jspecify..")
                .check(CLASSES);
    }
}
