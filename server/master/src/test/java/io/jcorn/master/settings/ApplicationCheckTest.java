package io.jcorn.master.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether an application can be read at all. */
class ApplicationCheckTest {

    private Path folder;

    private Path jar;
    private final Map<String, String> entries = new LinkedHashMap<>();

    @BeforeEach
    void start(@TempDir Path folder) {
        this.folder = folder;
        jar = folder.resolve("app.jar");
        entries.put("com/example/Hello.class", "");
        entries.put("com/example/Outer$Inner.class", "");
    }

    @Test
    void aFolderOfClasses() throws IOException {
        jar = folder.resolve("classes");
        Files.createDirectories(jar.resolve("com/example"));
        Files.createFile(jar.resolve("com/example/Hello.class"));

        assertThat(problem()).isEmpty();
    }

    @Test
    void aFolderWithoutClasses() throws IOException {
        jar = Files.createDirectory(folder.resolve("target"));
        assertThat(problem()).contains("/here/target is a folder without classes");

        write(jar.resolve("b.jar"), entries);
        assertThat(problem())
                .contains("/here/target is a folder without classes. It holds b.jar: did you mean /here/target/b.jar?");
    }

    @Test
    void aFolderOfJarsIsAModulePath() throws IOException {
        jar = Files.createDirectory(folder.resolve("modules"));
        assertThat(problem(true)).contains("/here/modules is a folder without classes");

        write(jar.resolve("b.jar"), entries);
        assertThat(problem(true)).isEmpty();
    }

    @Test
    void anExplodedWarMayHaveNoClasses() throws IOException {
        jar = folder.resolve("war");
        Files.createDirectories(jar.resolve("WEB-INF"));

        assertThat(problem()).isEmpty();
    }

    @Test
    void whatIsNoArchive() throws IOException {
        Files.writeString(jar, "");
        assertThat(problem()).contains("/here/app.jar is empty. Was it being built or copied just now?");

        Files.writeString(jar, "<html>404</html>");
        assertThat(problem())
                .contains("/here/app.jar is not a jar: it is no zip archive at all (zip END header not found)");

        write();
        byte[] whole = Files.readAllBytes(jar);
        Files.write(jar, java.util.Arrays.copyOf(whole, whole.length / 2));
        assertThat(problem())
                .contains("/here/app.jar is a damaged archive (zip END header not found)."
                        + " Was it being built or copied just now?");
    }

    @Test
    void aJarMayBeginWithAScript() throws IOException {
        write();
        byte[] zip = Files.readAllBytes(jar);
        byte[] script = "#!/bin/sh\nexec java -jar $0\n".getBytes(StandardCharsets.UTF_8);
        byte[] both = new byte[script.length + zip.length];
        System.arraycopy(script, 0, both, 0, script.length);
        System.arraycopy(zip, 0, both, script.length, zip.length);
        Files.write(jar, both);

        assertThat(problem()).isEmpty();
    }

    @Test
    void aMissingFileWhoseNameHasAColon() {
        jar = folder.resolve("app.jar:com/example/Hello");

        assertThat(problem()).get().asString().contains("After a colon stands the name of a class, with dots");
    }

    private void write() throws IOException {
        write(jar, entries);
    }

    private static void write(Path file, Map<String, String> entries) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (Map.Entry<String, String> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private Optional<String> problem() {
        return problem(false);
    }

    private Optional<String> problem(boolean modules) {
        return ApplicationCheck.readable(jar, modules).map(problem -> problem.replace(folder.toString(), "/here"));
    }
}
