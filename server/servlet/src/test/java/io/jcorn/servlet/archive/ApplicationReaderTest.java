package io.jcorn.servlet.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an application is taken for. A class that uses a type has its name among its bytes; here that is all it has. */
@SuppressWarnings("NullAway.Init")
class ApplicationReaderTest {

    private static final String JAKARTA = "....jakarta/servlet/http/HttpServlet....";
    private static final String JAVAX = "....javax/servlet/http/HttpServlet....";
    private static final String ANNOTATED = JAKARTA + "Ljakarta/servlet/annotation/WebServlet;";
    private static final String OLD_DESCRIPTOR =
            "<web-app xmlns='http://xmlns.jcp.org/xml/ns/javaee' version='3.1'><servlet/></web-app>";

    @TempDir
    Path folder;

    private WebApplication read(Path application) throws LoadFailure {
        return new ApplicationReader(
                        application, application.getFileName().toString(), List.of(), folder.resolve("temp"))
                .read();
    }

    private Path zip(String name, Map<String, String> entries) throws IOException {
        Path file = folder.resolve(name);
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
            for (Map.Entry<String, String> each : entries.entrySet()) {
                ZipEntry entry = new ZipEntry(each.getKey());
                entry.setLastModifiedTime(FileTime.fromMillis(1_000_000_000_000L));
                out.putNextEntry(entry);
                out.write(each.getValue().getBytes(StandardCharsets.ISO_8859_1));
                out.closeEntry();
            }
        }
        return file;
    }

    private String refused(Path application) {
        LoadFailure[] failure = new LoadFailure[1];
        assertThatExceptionOfType(LoadFailure.class)
                .isThrownBy(() -> read(application))
                .satisfies(thrown -> failure[0] = thrown);
        return failure[0].reason();
    }

    @ParameterizedTest
    @CsvSource({"5.0, EE10", "6.0, EE10", "6.1, EE11"})
    void theDescriptorNamesTheEdition(String version, Edition edition) throws Exception {
        String descriptor =
                "<?xml version='1.0'?><!-- x --><web-app xmlns='https://jakarta.ee/xml/ns/jakartaee' version='"
                        + version + "'/>";
        assertThat(read(zip("app.war", Map.of("WEB-INF/web.xml", descriptor))).edition())
                .isEqualTo(edition);
    }

    @Test
    void withoutDescriptorItIsTheNewest() throws Exception {
        Path war = zip("app.war", Map.of("WEB-INF/classes/A.class", ANNOTATED, "index.html", "hello"));
        WebApplication application = read(war);
        assertThat(application.edition()).isEqualTo(Edition.EE11);
        assertThat(application.base().resolve("index.html")).hasContent("hello");
    }

    @Test
    void whatIsUnpackedKeepsItsTimes() throws Exception {
        Path base = read(zip("app.war", Map.of("index.html", "hello"))).base();
        assertThat(Files.getLastModifiedTime(base.resolve("index.html")).toMillis())
                .isEqualTo(1_000_000_000_000L);
    }

    @Test
    void anArchiveWithWebInfIsAWarWhateverItsName() throws Exception {
        assertThat(read(zip("app.jar", Map.of("WEB-INF/", "", "x.txt", "x")))
                        .base()
                        .resolve("x.txt"))
                .exists();
    }

    @Test
    void anExplodedOneStaysWhereItIs() throws Exception {
        Path app = folder.resolve("app");
        Files.createDirectories(app.resolve("WEB-INF"));
        assertThat(read(app).base()).isEqualTo(app);
    }

    @Test
    void aJarIsAClassPath() throws Exception {
        Path jar = zip("app.jar", Map.of("A.class", ANNOTATED));
        WebApplication application = read(jar);
        assertThat(application.classpath()).containsExactly(jar);
        assertThat(application.base()).isEmptyDirectory();
    }

    @Test
    void classesOfJavaxAreRefused() throws Exception {
        assertThat(refused(zip("app.war", Map.of("WEB-INF/classes/A.class", JAVAX))))
                .startsWith("app.war is an application for javax.servlet")
                .contains("Jakarta Servlet 5.0 to 6.1", "Migration Tool");
        assertThat(refused(zip("app.jar", Map.of("A.class", JAVAX)))).contains("javax.servlet");
    }

    @Test
    void anOldDescriptorIsForgivenWhenTheClassesAreNew() throws Exception {
        Path own = zip("own.war", Map.of("WEB-INF/web.xml", OLD_DESCRIPTOR, "WEB-INF/classes/A.class", JAKARTA));
        assertThat(read(own).edition()).isEqualTo(Edition.EE11);
    }

    @Test
    void theLibrariesDecideWhenNothingElseDoes() throws Exception {
        String newer = Files.readString(zip("l.jar", Map.of("A.class", JAKARTA)), StandardCharsets.ISO_8859_1);
        Path war = zip("new.war", Map.of("WEB-INF/web.xml", OLD_DESCRIPTOR, "WEB-INF/lib/l.jar", newer));
        assertThat(read(war).edition()).isEqualTo(Edition.EE11);
    }

    @Test
    void oldLibrariesUnderAnOldDescriptorAreRefused() throws Exception {
        String older = Files.readString(zip("l.jar", Map.of("A.class", JAVAX)), StandardCharsets.ISO_8859_1);
        Path war = zip("old.war", Map.of("WEB-INF/web.xml", OLD_DESCRIPTOR, "WEB-INF/lib/l.jar", older));
        assertThat(refused(war)).contains("javax.servlet");
    }

    @Test
    void aKnownDocumentTypeIsNotFetched() throws Exception {
        // Port 1 answers nobody: whoever tried would fail.
        String descriptor = "<!DOCTYPE web-app PUBLIC '-//Sun Microsystems, Inc.//DTD Web Application 2.3//EN'"
                + " 'http://127.0.0.1:1/web-app_2_3.dtd'><web-app/>";
        assertThat(read(zip("app.war", Map.of("WEB-INF/web.xml", descriptor))).edition())
                .isEqualTo(Edition.EE11);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUBLIC '-//Example//DTD Own//EN'", "SYSTEM"})
    void anUnknownDocumentTypeIsRefused(String kind) throws Exception {
        String descriptor = "<!DOCTYPE web-app " + kind + " 'http://127.0.0.1:1/own.dtd'>\n<web-app/>";
        assertThat(refused(zip("app.war", Map.of("WEB-INF/web.xml", descriptor))))
                .contains("document type http://127.0.0.1:1/own.dtd", "fetches nothing");
    }

    @Test
    void anEntityFromElsewhereIsRefused() throws Exception {
        String descriptor =
                "<!DOCTYPE web-app [<!ENTITY more SYSTEM 'http://127.0.0.1:1/x'>]><web-app>&more;</web-app>";
        assertThat(refused(zip("app.war", Map.of("WEB-INF/web.xml", descriptor))))
                .contains("entity more", "fetches nothing");
    }

    @Test
    void aDescriptorThatIsNoXmlIsToldWithItsPlace() throws Exception {
        assertThat(refused(zip("app.war", Map.of("WEB-INF/web.xml", "<?xml version='1.0'?>\n<web-app version=>"))))
                .startsWith("WEB-INF/web.xml of app.war is not well-formed XML: line 2");
    }

    @Test
    void whatHoldsNoServletIsNoWebApplication() throws Exception {
        assertThat(refused(zip("app.jar", Map.of("A.class", JAKARTA)))).contains("no web application", "@WebServlet");
        assertThat(refused(Files.createDirectory(folder.resolve("empty")))).contains("no web application");
    }

    @Test
    void anEntryThatLeadsOutIsRefused() throws Exception {
        assertThat(refused(zip("app.war", Map.of("../../evil.txt", "x")))).contains("leads out", "../../evil.txt");
        assertThat(folder.resolve("evil.txt")).doesNotExist();
    }

    @Test
    void whatCannotBeReadIsTold() throws Exception {
        assertThat(refused(folder.resolve("missing.war"))).isEqualTo("The application missing.war does not exist");
        Path text = Files.writeString(folder.resolve("text.war"), "no archive");
        assertThat(refused(text)).startsWith("The application text.war is neither an archive nor a folder");
    }

    @ParameterizedTest
    @ValueSource(strings = {"missing.jar", "text.jar"})
    void aWrongClassPathEntryIsTold(String name) throws Exception {
        Files.writeString(folder.resolve("text.jar"), "no archive");
        Path war = zip("app.war", Map.of("index.html", "x"));
        assertThatExceptionOfType(LoadFailure.class)
                .isThrownBy(() -> new ApplicationReader(war, "app.war", List.of(folder.resolve(name)), folder).read())
                .withMessageContaining("class path entry")
                .withMessageContaining(name);
    }
}
