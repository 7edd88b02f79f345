package io.jcorn.wire;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** This module lives inside other people's processes: it brings nothing along that could meet their libraries. */
class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.jcorn.wire");

    private static final Pattern NAME =
            Pattern.compile("(package|import(?: static)?) (io\\.jcorn\\.wire(?:\\.[a-z]\\w*)*)");

    @Test
    void needsTheJdkOnly() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.jcorn.wire..", "java..", "javax..", "jdk..", "sun..", "com.sun..", "org.jspecify..", "")
                .check(CLASSES);
    }

    @Test
    void packagesKnowEachOtherOneWay() {
        slices().matching("io.jcorn.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    /** Class files do not tell all: constants are inlined, and what only a comment names is not there at all. */
    @Test
    void packagesImportEachOtherOneWay() throws IOException {
        Map<String, Set<String>> imports = imports();
        assertThat(imports).containsKeys("io.jcorn.wire", "io.jcorn.wire.access");
        while (imports.values().removeIf(Set::isEmpty)) {
            // Who imports nobody that is left is in no circle, nor is who imports only such.
            imports.values().forEach(set -> set.retainAll(imports.keySet()));
        }
        assertThat(imports).as("packages in a circle, or behind one").isEmpty();
    }

    private static Map<String, Set<String>> imports() throws IOException {
        Map<String, Set<String>> imports = new TreeMap<>();
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                Set<String> known = new TreeSet<>();
                String own = "";
                for (String line : Files.readAllLines(file)) {
                    Matcher matcher = NAME.matcher(line);
                    if (matcher.lookingAt() && matcher.group(1).equals("package")) {
                        own = matcher.group(2);
                    } else if (matcher.lookingAt()) {
                        known.add(matcher.group(2));
                    }
                }
                known.remove(own);
                imports.computeIfAbsent(own, name -> new TreeSet<>()).addAll(known);
            }
        }
        return imports;
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
