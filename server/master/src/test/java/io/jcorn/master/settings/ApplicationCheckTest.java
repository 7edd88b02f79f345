package io.jcorn.master.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be told about an application without loading it. */
class ApplicationCheckTest {

    private static final String SERVICE = "META-INF/services/com.sun.net.httpserver.HttpHandler";
    private static final String MANIFEST = "META-INF/MANIFEST.MF";

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
    void theClassOnTheCommandLineHasToBeThere() throws IOException {
        write();

        assertThat(problem("com.example.Hello")).isEmpty();
        assertThat(problem("com.example.Outer$Inner")).isEmpty();
        assertThat(problem("com.example.Helo"))
                .contains("/here/app.jar has no class com.example.Helo; did you mean com.example.Hello?");
        assertThat(problem("com.example.Outer.Inner"))
                .contains("/here/app.jar has no class com.example.Outer.Inner; did you mean com.example.Outer$Inner?");
        assertThat(problem("Hello")).contains("/here/app.jar has no class Hello; did you mean com.example.Hello?");
        assertThat(problem("org.Zebra")).contains("/here/app.jar has no class org.Zebra");
    }

    @Test
    void theServiceFileNamesTheHandler() throws IOException {
        entries.put(SERVICE, "# comment\n\n  com.example.Hello # the one\n");
        write();
        assertThat(problem(null)).isEmpty();

        entries.put(SERVICE, "org.other.Gone\n");
        write();
        assertThat(problem(null)).contains("/here/app.jar has no class org.other.Gone");
    }

    @Test
    void theManifestNamesTheHandler() throws IOException {
        entries.put(MANIFEST, "Manifest-Version: 1.0\nJcorn-Handler: com.example.Hello\n");
        write();
        assertThat(problem(null)).isEmpty();
    }

    @Test
    void somethingHasToNameTheHandler() throws IOException {
        write();

        assertThat(problem(null))
                .contains("/here/app.jar names no handler: it has neither " + SERVICE + " nor Jcorn-Handler in its"
                        + " manifest. Name the class: jcorn app.jar:com.example.Handler");
    }

    @Test
    void theHandlerMayComeFromTheClasspath() throws IOException {
        write();
        Path library = folder.resolve("library.jar");
        write(library, Map.of("org/Handler.class", ""));
        Optional<String> found =
                ApplicationCheck.problem(new Application(jar, Optional.of("org.Handler")), List.of(library));

        assertThat(found).isEmpty();
    }

    @Test
    void theHandlerMayComeFromTheManifestsClassPath() throws IOException {
        entries.put(MANIFEST, "Manifest-Version: 1.0\nClass-Path: lib/one.jar missing.jar http://x/y.jar %zz\n");
        write();
        Files.createDirectory(folder.resolve("lib"));
        write(folder.resolve("lib/one.jar"), Map.of("org/Handler.class", ""));

        assertThat(problem("org.Handler")).isEmpty();
    }

    @Test
    void aFolderOfClasses() throws IOException {
        jar = folder.resolve("classes");
        Files.createDirectories(jar.resolve("com/example"));
        Files.createFile(jar.resolve("com/example/Hello.class"));

        assertThat(problem("com.example.Hello")).isEmpty();
        assertThat(problem("com.example.Hallo"))
                .contains("/here/classes has no class com.example.Hallo; did you mean com.example.Hello?");
    }

    @Test
    void aFolderWithoutClasses() throws IOException {
        jar = Files.createDirectory(folder.resolve("target"));
        assertThat(problem(null)).contains("/here/target is a folder without classes");

        write(jar.resolve("b.jar"), entries);
        assertThat(problem(null))
                .contains("/here/target is a folder without classes. It holds b.jar: did you mean /here/target/b.jar?");
    }

    @Test
    void whatIsNoArchive() throws IOException {
        Files.writeString(jar, "");
        assertThat(problem(null)).contains("/here/app.jar is empty. Was it being built or copied just now?");

        Files.writeString(jar, "<html>404</html>");
        assertThat(problem(null))
                .contains("/here/app.jar is not a jar: it is no zip archive at all (zip END header not found)");

        write();
        byte[] whole = Files.readAllBytes(jar);
        Files.write(jar, java.util.Arrays.copyOf(whole, whole.length / 2));
        assertThat(problem(null))
                .contains("/here/app.jar is a damaged archive (zip END header not found)."
                        + " Was it being built or copied just now?");
    }

    @Test
    void aJarMayBeginWithAScript() throws IOException {
        entries.put(SERVICE, "com.example.Hello");
        write();
        byte[] zip = Files.readAllBytes(jar);
        byte[] script = "#!/bin/sh\nexec java -jar $0\n".getBytes(StandardCharsets.UTF_8);
        byte[] both = new byte[script.length + zip.length];
        System.arraycopy(script, 0, both, 0, script.length);
        System.arraycopy(zip, 0, both, script.length, zip.length);
        Files.write(jar, both);

        assertThat(problem(null)).isEmpty();
    }

    @Test
    void aDamagedManifest() throws IOException {
        entries.put(MANIFEST, "no manifest at all\n");
        write();

        assertThat(problem(null)).get().asString().startsWith("/here/app.jar cannot be read: ");
    }

    @Test
    void aMissingFileWhoseNameHasAColon() {
        jar = folder.resolve("app.jar:com/example/Hello");

        assertThat(problem(null)).get().asString().contains("After a colon stands the name of a class, with dots");
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

    private Optional<String> problem(@org.jspecify.annotations.Nullable String handler) {
        return ApplicationCheck.problem(new Application(jar, Optional.ofNullable(handler)), List.of())
                .map(problem -> problem.replace(folder.toString(), "/here"));
    }
}
