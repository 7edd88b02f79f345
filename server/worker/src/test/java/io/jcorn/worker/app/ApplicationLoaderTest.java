package io.jcorn.worker.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jcorn.wire.Log;
import io.jcorn.wire.LogLevel;
import io.jcorn.wire.Message.BootFailed.Cause;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApplicationLoaderTest {

    private static final String HANDLER = "import com.sun.net.httpserver.*; public class %s implements HttpHandler {"
            + " public void handle(HttpExchange exchange) {} %s }";

    @TempDir
    Path temp;

    private Path classes;
    private ClassLoader before;

    @BeforeEach
    void keepLoader() throws IOException {
        before = Thread.currentThread().getContextClassLoader();
        classes = Files.createDirectory(temp.resolve("classes"));
    }

    @AfterEach
    void restoreLoader() {
        Thread.currentThread().setContextClassLoader(before);
    }

    // ---- making applications

    private void compile(String name, String source) throws IOException {
        compile(classes, name, source);
    }

    private void compile(String name, String source, Path library) throws IOException {
        compile(classes, name, source, library);
    }

    private void compile(Path into, String name, String source, Path... libraries) throws IOException {
        Path file = temp.resolve(name + ".java");
        Files.writeString(file, source);
        StringBuilder path = new StringBuilder(classes.toString());
        Stream.of(libraries)
                .forEach(library -> path.append(File.pathSeparatorChar).append(library));
        int result = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-d", into.toString(), "-cp", path.toString(), file.toString());
        assertThat(result).isZero();
    }

    private void handler(String name, String members) throws IOException {
        compile(name, HANDLER.formatted(name, members));
    }

    private void services(String text) throws IOException {
        Path file = classes.resolve(ApplicationLoader.SERVICES);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private Path jar(String name, Path content, String... attributes) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        for (int i = 0; i < attributes.length; i += 2) {
            manifest.getMainAttributes().putValue(attributes[i], attributes[i + 1]);
        }
        Path file = temp.resolve(name);
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out, manifest);
                Stream<Path> paths = Files.walk(content)) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                jar.putNextEntry(new JarEntry(content.relativize(path).toString()));
                Files.copy(path, jar);
            }
        }
        return file;
    }

    private static Application load(Path archive, String handlerClass, Path... classpath) throws LoadFailure {
        return new ApplicationLoader(archive, "app.jar", Optional.ofNullable(handlerClass), List.of(classpath)).load();
    }

    private static LoadFailure failure(Path archive, String handlerClass) {
        return catchThrowableOfType(LoadFailure.class, () -> load(archive, handlerClass));
    }

    private void cannotBeLoaded(String handlerClass, String... says) {
        LoadFailure failure = failure(classes, handlerClass);
        assertThat(failure.kind()).isEqualTo(Cause.LOAD);
        assertThat(failure.reason()).contains(says).doesNotContain("\tat ");
    }

    // ---- finding it

    @Test
    void takesTheClassThatIsNamed() throws Exception {
        handler("One", "");
        handler("Two", "");
        services("One\n");
        assertThat(load(classes, "Two").name()).isEqualTo("Two");
    }

    @Test
    void takesTheService() throws Exception {
        handler("One", "");
        services("# the handler\n\n  One # of this application\n");
        assertThat(load(classes, null).name()).isEqualTo("One");
        assertThat(load(jar("a.jar", classes), null).name()).isEqualTo("One");
    }

    @Test
    void takesTheManifestsAttribute() throws Exception {
        handler("One", "");
        assertThat(load(jar("a.jar", classes, "Jcorn-Handler", "One"), null).name())
                .isEqualTo("One");
        Files.createDirectories(classes.resolve("META-INF"));
        Files.writeString(classes.resolve("META-INF/MANIFEST.MF"), "Manifest-Version: 1.0\nJcorn-Handler: One\n");
        assertThat(load(classes, null).name()).isEqualTo("One");
    }

    @Test
    void findsWhatTheHandlerNeeds() throws Exception {
        Path library = Files.createDirectory(temp.resolve("library"));
        compile(library, "Base", HANDLER.formatted("Base", ""));
        compile("One", "public class One extends Base {}", library);
        Path libraryJar = jar("library.jar", library);
        assertThat(load(classes, "One", libraryJar).name()).isEqualTo("One");
        assertThat(load(classes, "One", library).name()).isEqualTo("One");
        Path alone = jar("a.jar", classes, "Class-Path", "library.jar", "Jcorn-Handler", "One");
        assertThat(load(alone, null).name()).isEqualTo("One");
    }

    @Test
    void theApplicationDoesNotSeeTheServer() throws Exception {
        handler("One", "public One() throws Exception { Class.forName(\"io.netty.buffer.ByteBuf\"); }");
        LoadFailure failure = failure(classes, "One");
        assertThat(failure.reason()).startsWith("java.lang.ClassNotFoundException: io.netty.buffer.ByteBuf");
    }

    @Test
    void theContextClassLoaderIsTheApplications() throws Exception {
        handler("One", "public One() { Thread.currentThread().getContextClassLoader().getResource(\"x\").getPath(); }");
        Files.writeString(classes.resolve("x"), "");
        Application application = load(classes, "One");
        assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(application.loader());
    }

    @Test
    void theConstructorNeedNotBePublic() throws Exception {
        compile(
                "Hidden",
                "class Hidden implements com.sun.net.httpserver.HttpHandler { private Hidden() {}"
                        + " public void handle(com.sun.net.httpserver.HttpExchange exchange) {} }");
        assertThat(load(classes, "Hidden").name()).isEqualTo("Hidden");
    }

    // ---- mistakes of the user

    @Test
    void saysWhatIsMissing() throws Exception {
        assertThat(failure(temp.resolve("absent.jar"), null).reason())
                .isEqualTo("The application app.jar does not exist");
        Path text = Files.writeString(temp.resolve("text.jar"), "not a jar at all");
        assertThat(failure(text, null).reason())
                .startsWith("The application app.jar is neither a jar nor a folder of classes");
        LoadFailure noEntry =
                catchThrowableOfType(LoadFailure.class, () -> load(classes, "One", temp.resolve("lib.jar")));
        assertThat(noEntry.reason()).contains("class path entry").endsWith("lib.jar does not exist");
    }

    @Test
    void saysWhereItLookedForAHandler() {
        cannotBeLoaded(
                null,
                "app.jar names no HttpHandler",
                "app.jar:com.example.Handler",
                ApplicationLoader.SERVICES,
                "Jcorn-Handler");
    }

    @Test
    void saysThatThereAreSeveral() throws Exception {
        services("One\nTwo\n");
        cannotBeLoaded(null, "several handlers: One, Two", "app.jar:One");
    }

    @Test
    void saysWhatIsWrongWithTheClass() throws Exception {
        compile("Plain", "public class Plain {}");
        compile("Half", "public abstract class Half implements com.sun.net.httpserver.HttpHandler {}");
        handler("Needy", "public Needy(String what) {}");
        cannotBeLoaded("com.example.Absent", "The class com.example.Absent is not in app.jar");
        cannotBeLoaded("Plain", "Plain", "does not implement com.sun.net.httpserver.HttpHandler");
        cannotBeLoaded("Half", "abstract");
        cannotBeLoaded("Needy", "no constructor without parameters");
    }

    @Test
    void saysThatAClassIsTooNew() throws Exception {
        handler("One", "");
        Path file = classes.resolve("One.class");
        byte[] bytes = Files.readAllBytes(file);
        bytes[7] = 99;
        Files.write(file, bytes);
        cannotBeLoaded("One", "compiled for a newer Java", "--java-home");
    }

    // ---- failures of the application

    @Test
    void anExceptionIsShownAsTheApplicationThrewIt() throws Exception {
        handler(
                "One",
                "public One() { throw new IllegalStateException(\"no database\", new RuntimeException(\"refused\")); }");
        LoadFailure failure = failure(classes, "One");
        assertThat(failure.kind()).isEqualTo(Cause.BOOT);
        assertThat(failure.reason())
                .startsWith("java.lang.IllegalStateException: no database")
                .contains("at One.<init>")
                .contains("Caused by: java.lang.RuntimeException: refused")
                .doesNotContain("io.jcorn", "reflect", "junit");
    }

    @Test
    void aStaticInitialiserThatThrowsIsAFailureOfTheApplication() throws Exception {
        handler("One", "static { if (true) throw new IllegalStateException(\"static\"); }");
        LoadFailure failure = failure(classes, "One");
        assertThat(failure.kind()).isEqualTo(Cause.BOOT);
        assertThat(failure.reason()).contains("IllegalStateException: static");
    }

    @Test
    void aLibraryThatIsMissingIsAMatterOfLoadingWhereverItShows() throws Exception {
        compile("Gone", "public class Gone {}");
        handler("Two", "public Two() { new Gone(); }");
        Files.delete(classes.resolve("Gone.class"));
        LoadFailure failure = failure(classes, "Two");
        assertThat(failure.kind()).isEqualTo(Cause.LOAD);
        assertThat(failure.reason()).contains("NoClassDefFoundError: Gone").contains("at Two.<init>");
    }

    // ---- the end

    @Test
    void closesWhatCanBeClosedWithinABound() throws Exception {
        ByteArrayOutputStream logged = new ByteArrayOutputStream();
        Log log = Log.to(logged, LogLevel.DEBUG, 1, Clock.systemUTC());
        compile(
                "Closes",
                "import com.sun.net.httpserver.*; public class Closes implements HttpHandler, AutoCloseable {"
                        + " public void handle(HttpExchange exchange) {} public void close() { System.setProperty(\"closes.closed\","
                        + " \"\" + (Thread.currentThread().getContextClassLoader() == Closes.class.getClassLoader())); } }");
        compile(
                "Hangs",
                "import com.sun.net.httpserver.*; public class Hangs implements HttpHandler, AutoCloseable {"
                        + " public void handle(HttpExchange exchange) {} public void close() throws Exception { new"
                        + " java.util.concurrent.CountDownLatch(1).await(); } }");
        compile(
                "Fails",
                "import com.sun.net.httpserver.*; public class Fails implements HttpHandler, AutoCloseable {"
                        + " public void handle(HttpExchange exchange) {} public void close() { throw new IllegalStateException(\"stuck\"); } }");
        load(classes, "Closes").close(10_000, log);
        assertThat(System.clearProperty("closes.closed")).isEqualTo("true");
        load(classes, "Hangs").close(50, log);
        load(classes, "Fails").close(10_000, log);
        assertThat(logged.toString(StandardCharsets.UTF_8))
                .contains("close() has not returned after 50 ms")
                .contains("[ERROR] The application's close() failed")
                .contains("stuck");
    }
}
