package io.jcorn.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import example.Broken;
import example.Echo;
import example.Fails;
import example.Initializer;
import example.Lacking;
import example.Later;
import example.Plain;
import example.Seen;
import example.Signals;
import example.Upload;
import io.jcorn.servlet.RunningServer.Options;
import io.jcorn.servlet.archive.LoadFailure;
import io.jcorn.wire.Message.BootFailed.Cause;
import io.jcorn.wire.WorkerOptions.Threads;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.jetty.websocket.foreign.ForeignInitializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be deployed, what it sees, and what is said when it cannot start. */
class DeploymentTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void aWarIsServed() throws Exception {
        Path war = TestArchive.war(Echo.class).file("page.txt", "static").write(folder.resolve("app.war"));
        try (RunningServer server = RunningServer.start(Options.of(war))) {
            assertThat(server.get("/echo/x").body()).contains("context= path=/x remote=127.0.0.1 scheme=http");
            assertThat(server.get("/page.txt").body()).isEqualTo("static");
            assertThat(server.get("/missing").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void anExplodedOneIsServedWhereItIs() throws Exception {
        Path app = TestArchive.war(Echo.class).file("page.txt", "static").explode(folder.resolve("app"));
        try (RunningServer server = RunningServer.start(Options.of(app))) {
            assertThat(server.get("/echo/x").statusCode()).isEqualTo(200);
            assertThat(server.get("/page.txt").body()).isEqualTo("static");
        }
    }

    @Test
    void aJarOfServletsIsServed() throws Exception {
        Path jar = TestArchive.jar(Echo.class)
                .file("META-INF/resources/page.txt", "resource")
                .write(folder.resolve("app.jar"));
        try (RunningServer server = RunningServer.start(Options.of(jar))) {
            assertThat(server.get("/echo/x").statusCode()).isEqualTo(200);
            assertThat(server.get("/page.txt").body()).isEqualTo("resource");
            assertThat(server.get("/example/Echo.class").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void aFolderOfClassesIsServed() throws Exception {
        Path classes = TestArchive.jar(Echo.class).explode(folder.resolve("classes"));
        try (RunningServer server = RunningServer.start(Options.of(classes))) {
            assertThat(server.get("/echo/x").statusCode()).isEqualTo(200);
            assertThat(server.get("/example/Echo.class").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void aJarMayRegisterItsServletsByProgram() throws Exception {
        Path jar = TestArchive.jar(Initializer.class, Plain.class)
                .file("META-INF/services/jakarta.servlet.ServletContainerInitializer", Initializer.class.getName())
                .write(folder.resolve("app.jar"));
        try (RunningServer server = RunningServer.start(Options.of(jar))) {
            assertThat(server.get("/registered").body()).isEqualTo("plain\n");
        }
    }

    @Test
    void servletsOnTheClassPathAreServedToo() throws Exception {
        Path war = TestArchive.war(Echo.class).write(folder.resolve("app.war"));
        Path more = TestArchive.jar(Seen.class).write(folder.resolve("more.jar"));
        try (RunningServer server = RunningServer.start(Options.of(war).classpath(more))) {
            assertThat(server.get("/seen?class=example.Seen").body()).isEqualTo("own\n");
        }
    }

    @Test
    void theContextPathIsRespected() throws Exception {
        Path war = TestArchive.war(Echo.class).write(folder.resolve("app.war"));
        try (RunningServer server = RunningServer.start(Options.of(war).contextPath("/shop"))) {
            assertThat(server.get("/shop/echo/x").body()).contains("context=/shop path=/x");
            assertThat(server.get("/echo/x").statusCode()).isEqualTo(404);
            HttpResponse<String> redirect = server.get("/shop");
            assertThat(redirect.statusCode()).isBetween(301, 302);
            assertThat(redirect.headers().firstValue("Location")).hasValue("/shop/");
        }
    }

    @Test
    void itDoesNotSeeTheServer() throws Exception {
        Path war = TestArchive.war(Seen.class).write(folder.resolve("app.war"));
        try (RunningServer server = RunningServer.start(Options.of(war))) {
            for (String hidden : List.of(
                    "io.jcorn.servlet.Main",
                    "io.jcorn.wire.Log",
                    "io.jcorn.agent.Hosting",
                    "org.eclipse.jetty.server.Server",
                    "org.slf4j.Logger",
                    "org.objectweb.asm.ClassReader")) {
                assertThat(server.get("/seen?class=" + hidden).body())
                        .as(hidden)
                        .isEqualTo("hidden\n");
            }
            assertThat(server.get("/seen?class=jakarta.servlet.Servlet").body()).isEqualTo("server's\n");
            assertThat(server.get("/seen?class=jakarta.websocket.Session").body())
                    .isEqualTo("server's\n");
            assertThat(server.get("/seen?resource=org/slf4j/Logger.class").body())
                    .isEqualTo("hidden\n");
            assertThat(server.get("/seen?resource=META-INF/services/org.slf4j.spi.SLF4JServiceProvider")
                            .body())
                    .isEqualTo("hidden\n");
        }
    }

    @Test
    void itUsesItsOwnCopiesOfWhatTheServerHasToo() throws Exception {
        Path war = TestArchive.war(Seen.class, org.slf4j.Logger.class, org.eclipse.jetty.http.HttpVersion.class)
                .write(folder.resolve("app.war"));
        try (RunningServer server = RunningServer.start(Options.of(war))) {
            assertThat(server.get("/seen?class=org.slf4j.Logger").body()).isEqualTo("own\n");
            assertThat(server.get("/seen?class=org.eclipse.jetty.http.HttpVersion")
                            .body())
                    .isEqualTo("own\n");
        }
    }

    @Test
    void pagesAreCompiled() throws Exception {
        Path war = TestArchive.war().file("index.jsp", """
                        <%@ page session="false" %><%@ taglib prefix="c" uri="jakarta.tags.core" %>\
                        <c:forEach var="i" begin="1" end="3">${i * i} </c:forEach><%= 6 * 7 %>""").write(folder.resolve("app.war"));
        try (RunningServer server = RunningServer.start(Options.of(war))) {
            assertThat(server.get("/").body()).isEqualTo("1 4 9 42");
            assertThat(server.get("/index.jsp").headers().map()).doesNotContainKeys("Server", "X-Powered-By");
        }
    }

    @Test
    void aFolderIsNoPage() throws Exception {
        Path war = TestArchive.war().file("files/secret.txt", "x").write(folder.resolve("app.war"));
        try (RunningServer server = RunningServer.start(Options.of(war))) {
            HttpResponse<String> answer = server.get("/files/");
            assertThat(answer.statusCode()).isEqualTo(403);
            assertThat(answer.body()).doesNotContain("secret");
            assertThat(server.get("/WEB-INF/").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void answersMayComeAsynchronously() throws Exception {
        Path war = TestArchive.war(Later.class, Signals.class).write(folder.resolve("app.war"));
        Signals.reset();
        Signals.release();
        try (RunningServer server = RunningServer.start(Options.of(war))) {
            assertThat(server.get("/later?async=1").body()).isEqualTo("later, asynchronously\n");
        }
    }

    @Test
    void filesAreUploaded() throws Exception {
        Path war = TestArchive.war(Upload.class).write(folder.resolve("app.war"));
        String content = "x".repeat(100_000);
        String body = "--b\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nhello\r\n"
                + "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\n" + content
                + "\r\n--b--\r\n";
        try (RunningServer server = RunningServer.start(Options.of(war))) {
            HttpRequest upload = HttpRequest.newBuilder(server.uri("/upload"))
                    .header("Content-Type", "multipart/form-data; boundary=b")
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build();
            assertThat(server.send(upload).body()).isEqualTo("a.txt 100000 hello\n");
        }
    }

    @Test
    void anErrorPageTellsNothingOfTheServer() throws Exception {
        Path war = TestArchive.war(Fails.class).write(folder.resolve("app.war"));
        try (RunningServer server = RunningServer.start(Options.of(war))) {
            HttpResponse<String> thrown = server.get("/fails", "Accept", "text/html");
            assertThat(thrown.statusCode()).isEqualTo(500);
            assertThat(thrown.body())
                    .contains("500")
                    .doesNotContainIgnoringCase("jetty")
                    .doesNotContain("swordfish", "example");
            assertThat(server.get("/fails?refuse=1").body()).contains("there is one already");
        }
    }

    @Test
    void aListenerThatThrowsIsToldWithItsCause() throws Exception {
        Path war = TestArchive.war(Broken.class).write(folder.resolve("app.war"));

        LoadFailure failure = failure(Options.of(war));

        assertThat(failure.kind()).isEqualTo(Cause.BOOT);
        assertThat(failure.reason())
                .startsWith("java.lang.IllegalStateException: no database")
                .contains("\tat example.Broken.contextInitialized")
                .contains("Caused by: java.lang.IllegalArgumentException: no such host")
                .doesNotContain("org.eclipse.jetty", "io.jcorn");
    }

    @Test
    void aClassThatIsNotThereIsAMatterOfLoading() throws Exception {
        Path war = TestArchive.war(Lacking.class).write(folder.resolve("app.war"));

        LoadFailure failure = failure(Options.of(war));

        assertThat(failure.kind()).isEqualTo(Cause.LOAD);
        assertThat(failure.reason()).contains("com/example/Missing");
    }

    @Test
    void aServletOfTheDescriptorThatIsNotThereIsToldAtTheStart() throws Exception {
        Path war = TestArchive.war().file("WEB-INF/web.xml", """
                        <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
                          <servlet><servlet-name>x</servlet-name><servlet-class>example.Absent</servlet-class>
                            <load-on-startup>1</load-on-startup></servlet>
                        </web-app>
                        """).write(folder.resolve("app.war"));

        LoadFailure failure = failure(Options.of(war));

        assertThat(failure.reason()).contains("example.Absent");
        assertThat(failure.kind()).as(failure.reason()).isEqualTo(Cause.LOAD);
    }

    /** Listeners, filters, servlets and initializers: what lacks a class cannot be loaded, wherever that shows. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "<listener><listener-class>example.Absent</listener-class></listener>",
                "<filter><filter-name>x</filter-name><filter-class>example.Absent</filter-class></filter>"
                        + "<filter-mapping><filter-name>x</filter-name><url-pattern>/*</url-pattern></filter-mapping>",
                "<servlet><servlet-name>x</servlet-name><servlet-class>example.Absent</servlet-class>"
                        + "<load-on-startup>1</load-on-startup></servlet>"
            })
    void aClassOfTheDescriptorThatIsNotThereIsAMatterOfLoading(String element) throws Exception {
        Path war = TestArchive.war(Echo.class)
                .file(
                        "WEB-INF/web.xml",
                        "<web-app xmlns=\"https://jakarta.ee/xml/ns/jakartaee\" version=\"6.0\">" + element
                                + "</web-app>")
                .write(folder.resolve("app.war"));

        LoadFailure failure = failure(Options.of(war));

        assertThat(failure.kind()).as(failure.reason()).isEqualTo(Cause.LOAD);
        assertThat(failure.reason()).contains("example.Absent");
    }

    @Test
    void initializersOfAnotherJettyAreLeftOut() throws Exception {
        byte[] library = Files.readAllBytes(TestArchive.jar(ForeignInitializer.class)
                .file(
                        "META-INF/services/jakarta.servlet.ServletContainerInitializer",
                        ForeignInitializer.class.getName())
                .write(folder.resolve("websocket-jetty-server.jar")));
        Path war = TestArchive.war(Echo.class)
                .file("WEB-INF/lib/websocket-jetty-server.jar", library)
                .write(folder.resolve("app.war"));
        try (RunningServer server = RunningServer.start(Options.of(war))) {
            assertThat(server.get("/echo/x").statusCode()).isEqualTo(200);
        }
    }

    /** Nobody listens on port 1: whoever wanted to have something from there would fail. */
    @Test
    void nothingIsFetchedToReadADescriptor() throws Exception {
        Path war = TestArchive.war(Echo.class).file("WEB-INF/web.xml", """
                        <!DOCTYPE web-app PUBLIC "-//Sun Microsystems, Inc.//DTD Web Application 2.3//EN"
                          "http://127.0.0.1:1/web-app_2_3.dtd">
                        <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0"
                          xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
                          xsi:schemaLocation="https://jakarta.ee/xml/ns/jakartaee http://127.0.0.1:1/own.xsd"/>
                        """).write(folder.resolve("app.war"));
        try (RunningServer server = RunningServer.start(Options.of(war))) {
            assertThat(server.get("/echo/x").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void nothingIsLeftBehindByOneThatDoesNotStart() throws Exception {
        Path war = TestArchive.war(Broken.class).write(folder.resolve("app.war"));
        List<Path> before = temporaryFolders();

        failure(Options.of(war));

        assertThat(temporaryFolders()).isEqualTo(before);
    }

    @Test
    void nothingIsLeftBehindByOneThatEnds() throws Exception {
        Path war = TestArchive.war(Echo.class).write(folder.resolve("app.war"));
        List<Path> before = temporaryFolders();
        try (RunningServer server = RunningServer.start(Options.of(war))) {
            assertThat(server.get("/echo/x").statusCode()).isEqualTo(200);
            assertThat(temporaryFolders()).hasSize(before.size() + 1);
        }
        assertThat(temporaryFolders()).isEqualTo(before);
    }

    @Test
    void anAddressThatIsTakenIsTold() throws Exception {
        Path war = TestArchive.war(Echo.class).write(folder.resolve("app.war"));
        try (RunningServer server = RunningServer.start(Options.of(war))) {
            LoadFailure failure = failure(Options.of(war).listeners("127.0.0.1:" + server.port()));
            assertThat(failure.kind()).isEqualTo(Cause.BOOT);
            assertThat(failure.reason())
                    .isEqualTo("Cannot listen on 127.0.0.1:" + server.port() + ": Address already in use");
        }
    }

    @Test
    void anAbstractUnixSocketIsRefused() throws Exception {
        Path war = TestArchive.war(Echo.class).write(folder.resolve("app.war"));
        assertThat(failure(Options.of(war).listeners("unix:@jcorn")).reason()).contains("unix:@jcorn", "abstract");
    }

    @Test
    void theLoopIsRefused() throws Exception {
        Path war = TestArchive.war(Echo.class).write(folder.resolve("app.war"));
        assertThat(failure(Options.of(war).threads(Threads.Kind.LOOP, 0)).reason())
                .contains("--threads");
    }

    @Test
    void virtualThreadsNeedAJvmThatHasThem() throws Exception {
        Path war = TestArchive.war(Echo.class).write(folder.resolve("app.war"));
        Options virtual = Options.of(war).threads(Threads.Kind.VIRTUAL, 0);
        if (Runtime.version().feature() < 21) {
            assertThat(failure(virtual).reason()).contains("Java 21", "--java-home");
            return;
        }
        try (RunningServer server = RunningServer.start(virtual)) {
            assertThat(server.get("/echo/x").body()).contains("VirtualThread");
        }
    }

    private static LoadFailure failure(Options options) {
        LoadFailure[] failure = new LoadFailure[1];
        assertThatThrownBy(() -> RunningServer.start(options).close())
                .isInstanceOfSatisfying(LoadFailure.class, thrown -> failure[0] = thrown);
        return failure[0];
    }

    private List<Path> temporaryFolders() throws IOException {
        Path work = folder.resolve("work");
        if (!Files.exists(work)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(work)) {
            return files.sorted().toList();
        }
    }
}
