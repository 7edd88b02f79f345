package io.jcorn.master.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassPathWildcardTest {

    private final Path folder;
    private final Sources sources;

    ClassPathWildcardTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        this.sources = new Sources(folder);
        Files.createDirectories(folder.resolve("lib/sub.jar"));
        Files.createDirectories(folder.resolve("empty"));
        for (String name : List.of("b.jar", "a.jar", "C.JAR", "notes.txt", "a.jar.bak", "sub.jar/d.jar")) {
            Files.createFile(folder.resolve("lib").resolve(name));
        }
    }

    @Test
    void allJarsOfTheFolderInTheOrderOfTheirNamesAndNothingElse() throws IOException {
        Path lib = folder.resolve("lib");
        Path other = folder.resolve("other.jar");
        assertThat(ClassPathWildcard.expand(List.of(other, lib.resolve("*"), lib)))
                .containsExactly(other, lib.resolve("C.JAR"), lib.resolve("a.jar"), lib.resolve("b.jar"), lib);
    }

    @Test
    void theFolderHasToBeThereAndToHoldAJar() {
        assertThat(sources.flag(Settings.CLASSPATH, "lib/*").problems()).noneMatch(text -> text.contains("classpath"));
        assertThat(sources.flag(Settings.CLASSPATH, "empty/*").problems())
                .anyMatch(text -> text.contains("/empty/*: there is no jar in "));
        assertThat(sources.flag(Settings.CLASSPATH, "nowhere/*").problems())
                .anyMatch(text -> text.contains("/nowhere/*: ") && text.contains("nowhere: there is no such folder"));
    }
}
