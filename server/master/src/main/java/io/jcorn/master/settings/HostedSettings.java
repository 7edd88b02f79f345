package io.jcorn.master.settings;

import static io.jcorn.master.settings.ScalarTypes.choice;

import io.jcorn.master.settings.CompoundTypes.Separator;
import io.jcorn.wire.ExtraPorts;
import io.jcorn.wire.ServletOptions.Sessions;
import io.jcorn.wire.WorkerKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** The settings for applications that are no handlers: servers with a main class, and servlets. As in {@link Settings}. */
public final class HostedSettings {

    private static final List<Setting<?>> REGISTRY = new ArrayList<>();

    public static final Setting<Optional<ModuleName>> MODULE = optional(Section.WHAT, "module", HostedTypes.module())
            .flag("-m")
            .without("none: the application is run from the class path", "com.example.shop")
            .prose("The module to run, as in java -m; the application is the module path.", """
                    The application is a modular jar, or a folder of jars; classpath adds to the module path. Without a
                    class the module names its own. It is a server with a main class, of the worker class main.

                    gunicorn's -m is the umask. Here that has only its long flag, --umask.
                    """);

    public static final Setting<List<String>> APP_ARGS = list(
                    Section.WHAT, "app-args", HostedTypes.argument(), Separator.BLANK)
            .rest()
            .without("none", "--spring.profiles.active=prod")
            .prose("The arguments of the application's main class.", """
                    On the command line they are all that comes after --, as in jcorn app.jar -- --color=blue. Only
                    applications of the worker class main have arguments; with another kind they are an error.
                    """);

    public static final Setting<Optional<WorkerKind>> WORKER_CLASS = setting(
                    Section.PROCESSES, "worker-class", HostedTypes.workerClass(), "auto")
            .flag("-k")
            .prose("What runs the application: handler, servlet, main, or auto to find out.", """
                    handler is jcorn's own HTTP engine, for implementations of com.sun.net.httpserver.HttpHandler.
                    servlet is Jetty, for WARs and jars of Jakarta servlets. main is the application's own main class,
                    unmodified, with the server that it brings along: its sockets become jcorn's. auto looks into the
                    archive, and the log says what it found. gunicorn's kinds (sync, gthread, gevent, …) are of another
                    sort: see threads.
                    """);

    public static final Setting<Optional<String>> READY_PATH = optional(
                    Section.PROCESSES, "ready-path", HostedTypes.requestPath())
            .without("a worker is ready when its server listens", "/actuator/health/readiness")
            .prose("The path that has to answer with 2xx before a worker counts as ready.", """
                    For the worker classes main and servlet. The worker asks itself; boot-timeout is how long that may
                    take. A server that listens before its application can answer needs it, so that a reload waits
                    long enough.
                    """);

    public static final Setting<List<AppPort>> APP_PORT = list(
                    Section.SOCKETS, "app-port", HostedTypes.appPort(), Separator.COMMA)
            .without("the application binds the port of bind", "8080", "8443=9443")
            .prose("A port that the application binds although jcorn holds another one.", """
                    For applications whose port cannot be configured, or not as PORT and its relatives do it. With
                    bind = ":9000" and app-port = 8080, who binds 8080 gets the socket of 9000. 8080 alone stands for the
                    first TCP address of bind; 8443=9443 names the port of another one. For the worker classes main and
                    servlet.
                    """);

    public static final Setting<ExtraPorts> EXTRA_PORTS = setting(
                    Section.SOCKETS, "extra-ports", choice("POLICY", ExtraPorts.class), "share")
            .prose("What happens when the application binds a port that jcorn does not hold.", """
                    All workers would bind it, and the second would fail. share lets all of them bind it (SO_REUSEPORT),
                    and the kernel chooses who gets a connection. offset gives each worker its own: the port asked for
                    + 1 + the slot, for metrics or a debugger. fail refuses it with an error that names the cures.
                    A port that matters is better added to bind: then it survives the worker. For the worker classes
                    main and servlet.
                    """);

    public static final Setting<String> CONTEXT_PATH = setting(
                    Section.SERVLETS, "context-path", HostedTypes.contextPath(), "/")
            .prose("The path that a web application is deployed at.", """
                    For the worker class servlet. Requests that do not begin with it get 404.
                    """);

    public static final Setting<Sessions> SESSIONS = setting(
                    Section.SERVLETS, "sessions", HostedTypes.sessions(), "file")
            .prose("Where HTTP sessions are kept, so that any worker can go on with them.", """
                    For the worker class servlet. file is a folder of the master's, which outlives workers and reloads
                    and goes with the master; file:/FOLDER is one that stays, and it has to exist. jdbc:URL is a
                    database, also for several machines; its driver comes with the application or the classpath. With
                    memory each worker has its own sessions, and a client that meets another worker has none: only for
                    applications without sessions.
                    """);

    private HostedSettings() {}

    static List<Setting<?>> all() {
        return Collections.unmodifiableList(REGISTRY);
    }

    private static <T> Setting.Block<T> setting(Section section, String key, SettingType<T> type, String... texts) {
        return new Setting.Block<>(REGISTRY, section, key, type, texts);
    }

    private static <T> Setting.Block<Optional<T>> optional(Section section, String key, ScalarType<T> type) {
        return setting(section, key, CompoundTypes.optional(type));
    }

    private static <T> Setting.Block<List<T>> list(
            Section section, String key, ScalarType<T> element, Separator separator, String... texts) {
        return setting(section, key, CompoundTypes.list(element, separator), texts);
    }
}
