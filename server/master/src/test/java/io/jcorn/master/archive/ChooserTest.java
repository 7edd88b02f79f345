package io.jcorn.master.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jcorn.master.settings.Application;
import io.jcorn.master.settings.ModuleName;
import io.jcorn.wire.WorkerKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which kind of worker an application gets, rule by rule, and what is said when no rule fits. */
class ChooserTest {

    private static final String LAUNCHER = "org.springframework.boot.loader.launch.JarLauncher";

    private final Path folder;
    private Optional<WorkerKind> kind = Optional.empty();
    private List<Path> classpath = List.of();

    ChooserTest(@TempDir Path folder) {
        this.folder = folder;
    }

    private String chosen(Jar jar) throws IOException {
        return chosen(jar, "");
    }

    /** Returns kind, reason and note, or what is wrong, with /here for the folder. */
    private String chosen(Jar jar, String className) throws IOException {
        Path path = jar.write(folder.resolve("app.jar"));
        try {
            Choice choice = choice(path, className);
            return choice.kind() + " (" + choice.reason() + ")"
                    + choice.note().map(note -> " " + note).orElse("");
        } catch (ArchiveException e) {
            return String.valueOf(e.getMessage()).replace(folder.toString(), "/here");
        }
    }

    private Choice choice(Path path, String className) throws ArchiveException {
        Optional<String> name = Optional.of(className).filter(text -> !text.isEmpty());
        return Chooser.choose(new Application(path, name), new Wish(kind, Optional.empty(), classpath));
    }

    private void wish(WorkerKind wanted) {
        kind = Optional.of(wanted);
    }

    @Test
    void theClassOnTheCommandLineIsWhateverItIs() throws IOException {
        Jar jar = new Jar()
                .handler("com.example.Hello")
                .main("com.example.Shop")
                .type("com.example.Both", ClassBytes.handler("com.example.Both").withMain())
                .type("com.example.Outer$Inner", ClassBytes.handler("com.example.Outer$Inner"))
                .type("com.example.Neither", ClassBytes.of("com.example.Neither"));

        assertThat(chosen(jar, "com.example.Hello")).isEqualTo("HANDLER (com.example.Hello)");
        assertThat(chosen(jar, "com.example.Outer$Inner")).isEqualTo("HANDLER (com.example.Outer$Inner)");
        assertThat(chosen(jar, "com.example.Shop")).isEqualTo("MAIN (app.jar: class com.example.Shop)");
        assertThat(chosen(jar, "com.example.Both"))
                .isEqualTo("com.example.Both in /here/app.jar is a com.sun.net.httpserver.HttpHandler and has a main"
                        + " method too. Say which of them is meant: --worker-class handler or --worker-class main");
        assertThat(chosen(jar, "com.example.Neither"))
                .isEqualTo(
                        "com.example.Neither in /here/app.jar neither implements com.sun.net.httpserver.HttpHandler nor"
                                + " has a method public static void main(String[]). If it is one of them all the same, say"
                                + " which: --worker-class handler or --worker-class main");

        wish(WorkerKind.MAIN);
        assertThat(chosen(jar, "com.example.Both")).isEqualTo("MAIN (app.jar: class com.example.Both)");
        assertThat(chosen(jar, "com.example.Neither")).isEqualTo("MAIN (app.jar: class com.example.Neither)");
        wish(WorkerKind.HANDLER);
        assertThat(chosen(jar, "com.example.Both")).isEqualTo("HANDLER (com.example.Both)");
    }

    @Test
    void theClassOnTheCommandLineHasToBeThere() throws IOException {
        Jar jar = new Jar()
                .handler("com.example.Hello")
                .handler("com.example.Outer$Inner")
                .in("BOOT-INF/classes/", "com.example.Shop", ClassBytes.main("com.example.Shop"));

        assertThat(chosen(jar, "com.example.Helo"))
                .isEqualTo("/here/app.jar has no class com.example.Helo; did you mean com.example.Hello?");
        assertThat(chosen(jar, "com.example.Outer.Inner"))
                .isEqualTo("/here/app.jar has no class com.example.Outer.Inner; did you mean com.example.Outer$Inner?");
        assertThat(chosen(jar, "Hello")).isEqualTo("/here/app.jar has no class Hello; did you mean com.example.Hello?");
        assertThat(chosen(jar, "org.Zebra")).isEqualTo("/here/app.jar has no class org.Zebra");
        assertThat(chosen(jar, "com.example.Shop"))
                .isEqualTo(
                        "/here/app.jar has com.example.Shop in BOOT-INF/classes/, where only Spring Boot's own launcher"
                                + " finds it. Leave the class out: jcorn app.jar");
    }

    @Test
    void aHandlerMayInheritWhatMakesItOne() throws IOException {
        new Jar()
                .type("org.lib.Base", ClassBytes.handler("org.lib.Base"))
                .type(
                        "org.lib.Special",
                        ClassBytes.of("org.lib.Special").implementing("com.sun.net.httpserver.HttpHandler"))
                .write(folder.resolve("lib.jar"));
        Jar jar = new Jar()
                .attribute("Class-Path", "lib.jar missing.jar http://x/y.jar %zz")
                .type("com.example.Sub", ClassBytes.of("com.example.Sub").extending("org.lib.Base"))
                .type("com.example.Other", ClassBytes.of("com.example.Other").implementing("org.lib.Special"))
                .type(
                        "com.example.Started",
                        ClassBytes.of("com.example.Started").extending("com.example.Starter"))
                .main("com.example.Starter");

        assertThat(chosen(jar, "com.example.Sub")).isEqualTo("HANDLER (com.example.Sub)");
        assertThat(chosen(jar, "com.example.Other")).isEqualTo("HANDLER (com.example.Other)");
        assertThat(chosen(jar, "com.example.Started")).isEqualTo("MAIN (app.jar: class com.example.Started)");
        assertThat(chosen(jar, "org.lib.Base"))
                .as("on the manifest's Class-Path")
                .isEqualTo("HANDLER (org.lib.Base)");
    }

    @Test
    void aHandlerMayComeFromTheClasspath() throws IOException {
        classpath = List.of(new Jar().handler("org.Handler").write(folder.resolve("library.jar")));

        assertThat(chosen(new Jar().file("x", ""), "org.Handler")).isEqualTo("HANDLER (org.Handler)");
    }

    @Test
    void aDeclaredHandlerGoesFirst() throws IOException {
        Jar jar = new Jar()
                .attribute("Main-Class", "com.example.Shop")
                .file(Jar.SERVICE, "# comment\n\n  com.example.Hello # the one\n")
                .file("WEB-INF/web.xml", "<web-app/>")
                .handler("com.example.Hello")
                .main("com.example.Shop");

        assertThat(chosen(jar))
                .isEqualTo(
                        "HANDLER (com.example.Hello) app.jar also has the Main-Class com.example.Shop; --worker-class"
                                + " main would run that instead");
        wish(WorkerKind.MAIN);
        assertThat(chosen(jar)).isEqualTo("MAIN (app.jar: Main-Class com.example.Shop)");
    }

    @Test
    void theManifestMayDeclareTheHandler() throws IOException {
        Jar jar = new Jar().attribute("Jcorn-Handler", "com.example.Hello");

        assertThat(chosen(jar)).isEqualTo("/here/app.jar has no class com.example.Hello");
        assertThat(chosen(jar.handler("com.example.Hello"))).isEqualTo("HANDLER (com.example.Hello)");
    }

    @Test
    void aWarIsDeployed() throws IOException {
        assertThat(chosen(new Jar().file("WEB-INF/web.xml", "<web-app/>"))).isEqualTo("SERVLET (app.jar: WEB-INF)");
        assertThat(chosen(new Jar().file("WEB-INF/x", "").file("index.jsp", "")))
                .isEqualTo("SERVLET (app.jar: WEB-INF)");
        assertThat(chosen(new Jar()
                        .attribute("Main-Class", "executable.Main")
                        .main("executable.Main")
                        .file("WEB-INF/lib/a.jar", "")))
                .isEqualTo(
                        "SERVLET (app.jar: WEB-INF) app.jar also has the Main-Class executable.Main; --worker-class main"
                                + " would run that instead");
        assertThat(chosen(new Jar().file("WEB-INF/", "")))
                .contains("has WEB-INF but nothing in it that could be served");
        assertThat(chosen(new Jar().file("WEB-INF/notes.txt", "")))
                .isEqualTo(
                        "/here/app.jar has WEB-INF but nothing in it that could be served: neither WEB-INF/classes nor"
                                + " WEB-INF/lib nor WEB-INF/web.xml, and no *.jsp or *.html");
    }

    @Test
    void anExplodedWar() throws Exception {
        Path war = new Jar().file("WEB-INF/web.xml", "<web-app/>").explode(folder.resolve("guestbook"));

        assertThat(choice(war, "").reason()).isEqualTo("guestbook: WEB-INF");
    }

    @Test
    void anExecutableWarCanBeTwoThings() throws IOException {
        String launcher = "org.springframework.boot.loader.launch.WarLauncher";
        Jar jar = new Jar()
                .attribute("Main-Class", launcher)
                .attribute("Start-Class", "com.example.Shop")
                .attribute("Spring-Boot-Classes", "WEB-INF/classes/")
                .main(launcher)
                .in("WEB-INF/classes/", "com.example.Shop", ClassBytes.main("com.example.Shop"));

        assertThat(chosen(jar))
                .isEqualTo("/here/app.jar is an executable WAR of Spring Boot, which can be run in two ways. Say which:"
                        + " --worker-class main runs it as java -jar does, with the server that it brings along in"
                        + " WEB-INF/lib-provided; --worker-class servlet deploys it on jcorn's Jetty");
        wish(WorkerKind.MAIN);
        assertThat(chosen(jar)).isEqualTo("MAIN (app.jar: Main-Class " + launcher + ", Start-Class com.example.Shop)");
        wish(WorkerKind.SERVLET);
        assertThat(chosen(jar)).isEqualTo("SERVLET (app.jar: WEB-INF)");
    }

    @Test
    void aWarOfTheOldPackageIsRefused() throws IOException {
        String end =
                "), and jcorn serves Jakarta Servlet 5 and later, whose package is jakarta.servlet. Take a version of"
                        + " it for Jakarta EE 9 or later, or convert it with the Eclipse Transformer or Apache Tomcat's"
                        + " migration tool for Jakarta EE";

        assertThat(chosen(descriptor("<web-app xmlns=\"http://xmlns.jcp.org/xml/ns/javaee\" version=\"4.0\">")))
                .isEqualTo("/here/app.jar is made for javax.servlet (WEB-INF/web.xml says version 4.0" + end);
        assertThat(chosen(descriptor("<!DOCTYPE web-app SYSTEM 'http://java.sun.com/dtd/web-app_2_3.dtd'><web-app>")))
                .contains("(WEB-INF/web.xml has the namespace of Java EE)");
        assertThat(chosen(new Jar()
                        .in(
                                "WEB-INF/classes/",
                                "com.example.Old",
                                ClassBytes.of("com.example.Old").extending("javax.servlet.http.HttpServlet"))))
                .contains("(a class of it uses javax.servlet.http.HttpServlet)");
        assertThat(chosen(new Jar().file("WEB-INF/lib/spring-webmvc-5.3.39.jar", "")))
                .contains("(it brings spring-webmvc-5.3.39.jar)");
    }

    @Test
    void aWarOfTheNewPackageMayLookOldInPart() throws IOException {
        String served = "SERVLET (app.jar: WEB-INF)";

        assertThat(chosen(descriptor("<web-app version='6.0' xmlns='https://jakarta.ee/xml/ns/jakartaee'>")))
                .isEqualTo(served);
        assertThat(chosen(descriptor("<!-- java.sun.com/ --><web-app>"))).isEqualTo(served);
        assertThat(chosen(descriptor("<web-app version=\"3.1\">")
                        .in(
                                "WEB-INF/classes/",
                                "com.example.New",
                                ClassBytes.of("com.example.New").extending("jakarta.servlet.http.HttpServlet"))))
                .isEqualTo(served);
        assertThat(chosen(new Jar().file("WEB-INF/lib/spring-webmvc-6.2.1.jar", "")))
                .isEqualTo(served);
    }

    private static Jar descriptor(String start) {
        return new Jar().file("WEB-INF/web.xml", "<?xml version='1.0'?>\n" + start + "</web-app>");
    }

    @Test
    void aMainClassIsRun() throws IOException {
        Jar jar = new Jar().attribute("Main-Class", "com.example.Shop").main("com.example.Shop");

        assertThat(chosen(jar)).isEqualTo("MAIN (app.jar: Main-Class com.example.Shop)");
        assertThat(chosen(new Jar().attribute("Main-Class", "com.example.Shp").main("com.example.Shop")))
                .isEqualTo("/here/app.jar has no class com.example.Shp, which its manifest names as Main-Class; did you"
                        + " mean com.example.Shop?");
    }

    @Test
    void aBootJarNamesTheClassThatStarts() throws IOException {
        Jar jar = boot("com.example.Shop")
                .in("BOOT-INF/classes/", "com.example.Shop", ClassBytes.main("com.example.Shop"));

        assertThat(chosen(jar)).isEqualTo("MAIN (app.jar: Main-Class " + LAUNCHER + ", Start-Class com.example.Shop)");
    }

    @Test
    void theClassThatStartsHasToBeThere() throws IOException {
        Jar jar = boot("com.example.Shp")
                .in("BOOT-INF/classes/", "com.example.Shop", ClassBytes.main("com.example.Shop"));

        assertThat(chosen(jar))
                .isEqualTo(
                        "/here/app.jar has no class com.example.Shp, which its manifest names as Start-Class; did you"
                                + " mean com.example.Shop?");
    }

    @Test
    void theClassThatStartsMayBeInALibrary() throws IOException {
        Path library = new Jar().main("com.example.Shop").write(folder.resolve("lib.jar"));
        Jar jar = boot("com.example.Shop").file("BOOT-INF/lib/lib.jar", Files.readAllBytes(library));

        assertThat(chosen(jar)).startsWith("MAIN (");
    }

    private static Jar boot(String start) {
        return new Jar()
                .attribute("Main-Class", LAUNCHER)
                .attribute("Start-Class", start)
                .main(LAUNCHER);
    }

    @Test
    void anAgentOfTheManifestNeedsJavaMinusJar() throws IOException {
        Jar jar = new Jar()
                .attribute("Main-Class", "com.example.Shop")
                .attribute("Launcher-Agent-Class", "com.example.Agent")
                .main("com.example.Shop");
        assertThat(chosen(jar)).startsWith("MAIN (");

        classpath = List.of(new Jar().file("x", "").write(folder.resolve("lib.jar")));
        assertThat(chosen(jar))
                .isEqualTo(
                        "/here/app.jar has a Launcher-Agent-Class in its manifest, which only java -jar starts, and that"
                                + " takes no further class path. Make one jar of all, or name the agent as"
                                + " --java-opt=-javaagent:FILE and take it out of the manifest");
    }

    @Test
    void annotatedServletsAreDeployed() throws IOException {
        Jar jar = new Jar()
                .type("com.example.A", ClassBytes.of("com.example.A"))
                .type(
                        "com.example.B",
                        ClassBytes.of("com.example.B").annotated("jakarta.servlet.annotation.WebServlet"));

        assertThat(chosen(jar)).isEqualTo("SERVLET (app.jar: @WebServlet com.example.B)");
        assertThat(chosen(new Jar()
                        .file("META-INF/services/jakarta.servlet.ServletContainerInitializer", "com.example.Init")
                        .type("com.example.Init", ClassBytes.of("com.example.Init"))))
                .isEqualTo("SERVLET (app.jar: ServletContainerInitializer com.example.Init)");
    }

    @Test
    void whatIsNotSaidIsNotGuessed() throws IOException {
        assertThat(chosen(new Jar().handler("com.example.Hello").main("com.example.Tool")))
                .isEqualTo("/here/app.jar names no handler, but com.example.Hello in it is one. Name it: jcorn"
                        + " app.jar:com.example.Hello");
        assertThat(chosen(new Jar().main("com.example.Shop").type("com.example.A", ClassBytes.of("com.example.A"))))
                .isEqualTo(
                        "/here/app.jar has no Main-Class in its manifest, but com.example.Shop in it has a main method."
                                + " Name it: jcorn app.jar:com.example.Shop");
    }

    @Test
    void nothingFitsAndThatIsSaid() throws IOException {
        String start = "/here/app.jar names no handler and says nothing else about how to serve it. It has neither "
                + Jar.SERVICE + " nor Jcorn-Handler in its manifest, no WEB-INF, no Main-Class in its manifest, and no"
                + " class annotated @WebServlet, @WebFilter or @WebListener. ";

        assertThat(chosen(new Jar().file("x", ""))).isEqualTo(start + "There are no classes in it at all");
        assertThat(chosen(new Jar().type("A", ClassBytes.of("A"))))
                .isEqualTo(start + "Its only class is no handler and has no main method");
        assertThat(chosen(new Jar()
                        .type("A", ClassBytes.of("A"))
                        .type("B", ClassBytes.handler("B").withoutConstructor())))
                .isEqualTo(start + "None of its 2 classes is a handler or has a main method");
        assertThat(chosen(new Jar().handler("A").handler("B")))
                .isEqualTo(start + "Several classes in it are handlers: A, B. Name one: jcorn app.jar:A");
        assertThat(chosen(new Jar().main("A").main("B").main("C").main("D")))
                .isEqualTo(start + "Several classes in it have a main method: A, B, C, …. Name one: jcorn app.jar:A");
    }

    @Test
    void whatIsWantedHasToBePossible() throws IOException {
        Jar nothing = new Jar().type("A", ClassBytes.of("A"));

        wish(WorkerKind.HANDLER);
        assertThat(chosen(nothing))
                .isEqualTo("/here/app.jar names no handler: it has neither " + Jar.SERVICE + " nor Jcorn-Handler in its"
                        + " manifest. Name the class: jcorn app.jar:com.example.Handler");
        assertThat(chosen(new Jar().handler("B"))).endsWith("Name the class: jcorn app.jar:B");

        wish(WorkerKind.MAIN);
        assertThat(chosen(nothing))
                .isEqualTo(
                        "/here/app.jar has no Main-Class in its manifest, and no class in it has a main method. Name the"
                                + " class: jcorn app.jar:com.example.Main");
        assertThat(chosen(new Jar().main("B")))
                .isEqualTo(
                        "/here/app.jar has no Main-Class in its manifest, but B in it has a main method. Name it: jcorn"
                                + " app.jar:B");
        assertThat(chosen(new Jar().main("B").main("C")))
                .isEqualTo(
                        "/here/app.jar has no Main-Class in its manifest, and several classes in it have a main method:"
                                + " B, C. Name the one to run: jcorn app.jar:B");

        wish(WorkerKind.SERVLET);
        assertThat(chosen(nothing))
                .isEqualTo(
                        "/here/app.jar is no web application: it has neither WEB-INF nor a class annotated @WebServlet,"
                                + " @WebFilter or @WebListener (of jakarta.servlet.annotation) nor"
                                + " META-INF/services/jakarta.servlet.ServletContainerInitializer");
        assertThat(chosen(nothing, "A"))
                .isEqualTo(
                        "/here/app.jar:A names a class, and with the worker-class servlet the archive is deployed as a"
                                + " whole. Leave the class out: jcorn --worker-class servlet app.jar");
    }

    @Test
    void aModuleIsRunFromTheModulePath() throws Exception {
        Path jar = new Jar().main("com.example.Shop").write(folder.resolve("shop-1.0.jar"));

        Choice choice = module(jar, "shop/com.example.Shop");

        assertThat(choice.kind()).isEqualTo(WorkerKind.MAIN);
        assertThat(choice.reason()).isEqualTo("shop-1.0.jar: module shop/com.example.Shop");
        assertThat(choice.feature()).isEqualTo(17);
        assertThatThrownBy(() -> module(jar, "shpo"))
                .isInstanceOf(ArchiveException.class)
                .hasMessage(jar + " has no module shpo; did you mean shop?");
    }

    @Test
    void aModuleMayComeFromAFolderOfJarsOrFromTheClasspath() throws Exception {
        Path modules = Files.createDirectory(folder.resolve("modules"));
        new Jar().main("A").write(modules.resolve("one.jar"));
        classpath = List.of(new Jar().main("B").write(folder.resolve("two.jar")));

        assertThat(module(modules, "one").reason()).isEqualTo("modules: module one");
        assertThat(module(modules, "two").reason()).isEqualTo("modules: module two");
    }

    private Choice module(Path path, String name) throws ArchiveException {
        int slash = name.indexOf('/');
        ModuleName module = slash < 0
                ? new ModuleName(name, Optional.empty())
                : new ModuleName(name.substring(0, slash), Optional.of(name.substring(slash + 1)));
        return Chooser.choose(new Application(path, Optional.empty()), new Wish(kind, Optional.of(module), classpath));
    }

    @Test
    void aDamagedManifest() throws IOException {
        assertThat(chosen(new Jar().file("META-INF/MANIFEST.MF", "no manifest at all\n")))
                .startsWith("/here/app.jar cannot be read: ");
    }

    @Test
    void aFolderOfClassesMayHaveAManifest() throws Exception {
        Jar jar = new Jar().attribute("Main-Class", "com.example.Shop").main("com.example.Shop");
        Path classes = jar.explode(folder.resolve("classes"));

        Choice choice = choice(classes, "");

        assertThat(choice.reason()).isEqualTo("classes: Main-Class com.example.Shop");
        assertThat(choice.launch().jar()).as("java -jar takes no folder").isFalse();
        assertThat(choice.launch().mainClass()).contains("com.example.Shop");
    }

    @Test
    void theManifestsFlagsAreKnownForTheTimeWithoutIt() throws Exception {
        Path jar = new Jar()
                .attribute("Main-Class", "com.example.Shop")
                .attribute("Add-Exports", "java.base/sun.nio.ch java.base/sun.net")
                .attribute("Add-Opens", "java.base/java.lang")
                .attribute("Enable-Native-Access", "ALL-UNNAMED")
                .main("com.example.Shop")
                .write(folder.resolve("app.jar"));

        assertThat(choice(jar, "").launch())
                .isEqualTo(new Choice.Launch(
                        Optional.of("com.example.Shop"),
                        true,
                        List.of(
                                "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                                "--add-exports=java.base/sun.net=ALL-UNNAMED",
                                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                                "--enable-native-access=ALL-UNNAMED")));
        assertThat(choice(jar, "com.example.Shop").launch().jar()).isFalse();
    }

    @Test
    void theNewestClassThatStartsDecidesWhichJavaIsNeeded() throws Exception {
        Path boot = boot("com.example.Shop")
                .in(
                        "BOOT-INF/classes/",
                        "com.example.Shop",
                        ClassBytes.main("com.example.Shop").java(25))
                .write(folder.resolve("boot.jar"));
        Path war = new Jar()
                .in("WEB-INF/classes/", "A", ClassBytes.of("A").java(21))
                .in("WEB-INF/classes/", "B", ClassBytes.of("B").java(11))
                .write(folder.resolve("app.war"));
        Path handler = new Jar()
                .type("A", ClassBytes.handler("A").java(21))
                .type("B", ClassBytes.of("B").java(25))
                .write(folder.resolve("handler.jar"));

        assertThat(choice(boot, "").feature()).isEqualTo(25);
        assertThat(choice(war, "").feature()).isEqualTo(21);
        assertThat(choice(handler, "A").feature()).isEqualTo(21);
    }
}
