package io.jcorn.master.archive;

import io.jcorn.master.settings.Application;
import io.jcorn.wire.WorkerKind;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Decides what kind of worker runs an application. The first rule that fits counts:
 *
 * <pre>
 *   the class after the colon     handler or main, whichever it is
 *   -m                            main
 *   a declared handler            handler
 *   WEB-INF                       servlet
 *   Main-Class                    main
 *   annotated servlets            servlet
 * </pre>
 *
 * <p>What could be two things, or looks like one that it does not say it is, is not guessed at but refused, with the words
 * that would decide it.
 */
public final class Chooser {

    private static final String INITIALIZER = "jakarta.servlet.ServletContainerInitializer";

    private final Application application;
    private final Wish wish;
    private final Archive archive;
    private final Mains mains;

    private Chooser(Application application, Wish wish, Archive archive) {
        this.application = application;
        this.wish = wish;
        this.archive = archive;
        this.mains = new Mains(archive);
    }

    /**
     * Looks into an application and decides.
     *
     * @throws ArchiveException if it cannot be run, or cannot be told how
     */
    public static Choice choose(Application application, Wish wish) throws ArchiveException {
        try (Archive archive = Archive.look(application.path(), wish.classpath())) {
            return new Chooser(application, wish, archive).choose();
        } catch (IOException e) {
            throw new ArchiveException(application.path() + " cannot be read: " + e.getMessage());
        }
    }

    private Choice choose() throws IOException, ArchiveException {
        if (wish.module().isPresent()) {
            return mains.module(wish.module().get(), wish.classpath());
        }
        if (wish.kind().isEmpty()) {
            return guess();
        }
        return switch (wish.kind().get()) {
            case HANDLER -> handler();
            case SERVLET -> servlet();
            case MAIN -> main();
        };
    }

    private Choice guess() throws IOException, ArchiveException {
        if (application.className().isPresent()) {
            return ofClass(application.className().get());
        }
        if (!archive.handlers().isEmpty()) {
            return handler().noting(mainClassToo());
        }
        Optional<WebArchive> web = WebArchive.look(archive);
        if (web.isPresent()) {
            return guessWeb(web.get());
        }
        if (mains.declared().isPresent()) {
            return main();
        }
        Candidates candidates = Candidates.of(archive);
        return annotated(candidates).orElseThrow(() -> undecided(candidates));
    }

    private Choice ofClass(String name) throws IOException, ArchiveException {
        if (!archive.hasClass(name)) {
            // It says what is the matter with it.
            return mains.named(name);
        }
        boolean handler = archive.isHandler(name);
        boolean main = archive.hasMain(name);
        if (handler != main) {
            return handler ? handler() : main();
        }
        throw new ArchiveException(name + " in " + archive.path()
                + (handler
                        ? " is a " + Archive.HANDLER + " and has a main method too. Say which of them is meant:"
                                + " --worker-class handler or --worker-class main"
                        : " neither implements " + Archive.HANDLER + " nor has a method public static void"
                                + " main(String[]). If it is one of them all the same, say which: --worker-class"
                                + " handler or --worker-class main"));
    }

    private Choice handler() throws IOException, ArchiveException {
        List<String> handlers = application.className().map(List::of).orElse(archive.handlers());
        if (handlers.isEmpty()) {
            List<String> found = Candidates.of(archive).handlers();
            throw new ArchiveException(archive.path() + " names no handler: it has neither META-INF/services/"
                    + Archive.HANDLER + " nor Jcorn-Handler in its manifest. Name the class: jcorn " + archive.name()
                    + ":" + (found.size() == 1 ? found.get(0) : "com.example.Handler"));
        }
        for (String handler : handlers) {
            if (!archive.hasClass(handler)) {
                throw new ArchiveException(
                        archive.path() + " has no class " + handler + Archive.similar(handler, archive.classNames("")));
            }
        }
        String first = handlers.get(0);
        int feature = archive.classNamed(first).map(ClassFile::feature).orElse(0);
        return Choice.of(WorkerKind.HANDLER, first, feature);
    }

    private Choice main() throws IOException, ArchiveException {
        return application.className().isPresent()
                ? mains.named(application.className().get())
                : mains.ofManifest(wish.classpath());
    }

    private Choice guessWeb(WebArchive web) throws IOException, ArchiveException {
        if (mains.executableWar()) {
            throw new ArchiveException(archive.path() + " is an executable WAR of Spring Boot, which can be run in two"
                    + " ways. Say which: --worker-class main runs it as java -jar does, with the server that it brings"
                    + " along in WEB-INF/lib-provided; --worker-class servlet deploys it on jcorn's Jetty");
        }
        return web(web).noting(mainClassToo());
    }

    private Choice web(WebArchive web) throws IOException, ArchiveException {
        if (!web.servable()) {
            throw new ArchiveException(archive.path() + " has WEB-INF but nothing in it that could be served: neither"
                    + " WEB-INF/classes nor WEB-INF/lib nor WEB-INF/web.xml, and no *.jsp or *.html");
        }
        Optional<String> javax = web.javaxSign();
        if (javax.isPresent()) {
            throw new ArchiveException(
                    archive.path() + " is made for javax.servlet (" + javax.get() + "), and jcorn serves"
                            + " Jakarta Servlet 5 and later, whose package is jakarta.servlet. Take a version of it for Jakarta"
                            + " EE 9 or later, or convert it with the Eclipse Transformer or Apache Tomcat's migration tool for"
                            + " Jakarta EE");
        }
        return Choice.of(WorkerKind.SERVLET, archive.name() + ": WEB-INF", web.feature());
    }

    private Choice servlet() throws IOException, ArchiveException {
        if (application.className().isPresent()) {
            throw new ArchiveException(application + " names a class, and with the worker-class servlet the archive is"
                    + " deployed as a whole. Leave the class out: jcorn --worker-class servlet " + archive.name());
        }
        Optional<WebArchive> web = WebArchive.look(archive);
        if (web.isPresent()) {
            return web(web.get());
        }
        return annotated(Candidates.of(archive))
                .orElseThrow(
                        () -> new ArchiveException(archive.path() + " is no web application: it has neither WEB-INF nor"
                                + " a class annotated @WebServlet, @WebFilter or @WebListener (of jakarta.servlet.annotation) nor"
                                + " META-INF/services/" + INITIALIZER));
    }

    private Optional<Choice> annotated(Candidates candidates) throws IOException {
        if (!candidates.servlets().isEmpty()) {
            String name = candidates.servlets().get(0);
            String how = archive.classNamed(name).map(Candidates::annotation).orElse("");
            return Optional.of(
                    Choice.of(WorkerKind.SERVLET, archive.name() + ": " + how + " " + name, candidates.feature()));
        }
        return archive.providers(INITIALIZER).stream()
                .findFirst()
                .map(name -> Choice.of(
                        WorkerKind.SERVLET,
                        archive.name() + ": ServletContainerInitializer " + name,
                        candidates.feature()));
    }

    private Optional<String> mainClassToo() {
        return mains.declared()
                .map(name -> archive.name() + " also has the Main-Class " + name
                        + "; --worker-class main would run that instead");
    }

    private ArchiveException undecided(Candidates candidates) {
        List<String> handlers = candidates.handlers();
        List<String> classes = candidates.mains();
        if (handlers.size() == 1) {
            return new ArchiveException(archive.path() + " names no handler, but " + handlers.get(0)
                    + " in it is one. Name it: jcorn " + archive.name() + ":" + handlers.get(0));
        }
        if (handlers.isEmpty() && classes.size() == 1) {
            return new ArchiveException(archive.path() + " has no Main-Class in its manifest, but " + classes.get(0)
                    + " in it has a main method. Name it: jcorn " + archive.name() + ":" + classes.get(0));
        }
        return new ArchiveException(archive.path()
                + " names no handler and says nothing else about how to serve it. It has"
                + " neither META-INF/services/" + Archive.HANDLER + " nor Jcorn-Handler in its manifest, no WEB-INF, no"
                + " Main-Class in its manifest, and no class annotated @WebServlet, @WebFilter or @WebListener. "
                + found(candidates));
    }

    private String found(Candidates candidates) {
        if (candidates.classes() == 0) {
            return "There are no classes in it at all";
        }
        String name = ": jcorn " + archive.name() + ":";
        if (!candidates.handlers().isEmpty()) {
            return "Several classes in it are handlers: " + Candidates.some(candidates.handlers()) + ". Name one" + name
                    + candidates.handlers().get(0);
        }
        if (!candidates.mains().isEmpty()) {
            return "Several classes in it have a main method: " + Candidates.some(candidates.mains()) + ". Name one"
                    + name + candidates.mains().get(0);
        }
        return (candidates.classes() == 1 ? "Its only class" : "None of its " + candidates.classes() + " classes")
                + (candidates.classes() == 1 ? " is no handler and has no" : " is a handler or has a")
                + " main method";
    }
}
