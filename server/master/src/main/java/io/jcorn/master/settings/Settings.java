package io.jcorn.master.settings;

import static io.jcorn.master.settings.ScalarTypes.choice;
import static io.jcorn.master.settings.ScalarTypes.duration;
import static io.jcorn.master.settings.ScalarTypes.integer;
import static io.jcorn.master.settings.ScalarTypes.octal;
import static io.jcorn.master.settings.ScalarTypes.path;
import static io.jcorn.master.settings.ScalarTypes.processes;
import static io.jcorn.master.settings.ScalarTypes.size;
import static io.jcorn.master.settings.ScalarTypes.text;
import static io.jcorn.master.settings.ScalarTypes.truth;

import io.jcorn.master.settings.CompoundTypes.Separator;
import io.jcorn.wire.LogLevel;
import io.jcorn.wire.WorkerOptions.Threads;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Every setting, one block each, in the order in which the help and the pages show them. To add one, add its block:
 * nothing else names the settings one by one.
 *
 * <p>Names and defaults are gunicorn's wherever both servers have the setting, or the prose says why not.
 */
public final class Settings {

    private static final List<Setting<?>> REGISTRY = new ArrayList<>();
    private static final Duration INSTANT = Duration.ofMillis(100);
    private static final Duration DAY = Duration.ofDays(1);

    public static final Setting<Optional<Application>> APPLICATION = optional(
                    Section.WHAT, "application", ServerTypes.application())
            .without("none: it has to be named", "app.jar:com.example.Handler")
            .argument()
            .prose("What to serve: a jar, a WAR or a folder, perhaps with a class.", """
                    It is the argument of the command, or stands in the file or the environment. The class after the
                    colon implements com.sun.net.httpserver.HttpHandler, or has a main method. Without it the archive
                    says what it is: a handler is named in META-INF/services/com.sun.net.httpserver.HttpHandler or as
                    Jcorn-Handler in the manifest, a WAR has WEB-INF, a server has a Main-Class, and servlets are
                    annotated. See worker-class.

                    The workers run from a copy that is taken at start and at each reload: replacing the file on disk
                    changes nothing until then.
                    """);

    public static final Setting<List<Path>> CLASSPATH = list(
                    Section.WHAT,
                    "classpath",
                    path("PATH", "archives and folders, separated by colons"),
                    Separator.COLON)
            .without("the application alone", "lib/extra.jar", "classes")
            .prose("Further archives and folders of the application's classes.", """
                    They come after the application and what its manifest names in Class-Path. May be given several
                    times. Each entry has to exist. lib/* stands for all jars of the folder lib, as in java -cp; in a
                    shell it needs quotes.
                    """);

    public static final Setting<Map<String, String>> ENV = setting(Section.WHAT, "env", CompoundTypes.environment())
            .flag("-e")
            .without("what jcorn itself was started with", "GREETING=hello")
            .prose("An environment variable for the workers.", """
                    May be given several times; of one name the last counts. The workers inherit all others from jcorn,
                    except its own settings, whose names begin with JCORN_.
                    JCORN_SLOT, JCORN_GENERATION, JCORN_HANDOVER and JCORN_HOSTING belong to jcorn and are refused. In
                    the file the value may also be an object: env { GREETING = hello }.
                    """);

    public static final Setting<List<BindAddress>> BIND = list(
                    Section.SOCKETS, "bind", ServerTypes.address(), Separator.COMMA, "127.0.0.1:8000")
            .flag("-b")
            .alsoFrom("PORT", "0.0.0.0:$")
            .prose("An address to listen on.", """
                    May be given several times; all are served alike. Port 0 lets the kernel choose, and the log says
                    what it chose. An empty host means every address of the machine. unix:PATH is a socket in the file
                    system, unix:@NAME one in Linux's abstract namespace, fd://N one that jcorn was started with.

                    On a reload, listeners that stay in the list keep their queue, new ones are opened, the others are
                    closed. Ports below 1024 need the capability CAP_NET_BIND_SERVICE.

                    A socket that jcorn was started with, by LISTEN_FDS or as fd://N, goes back as it came: backlog and
                    unix-mode do not hold for it, and its clients wait in its queue between two runs.
                    """);

    public static final Setting<Integer> BACKLOG = setting(Section.SOCKETS, "backlog", integer(1, 65_535), "2048")
            .onlyOnRestart()
            .prose("How many connections may wait for a worker, for each listener.", """
                    A client that comes when the queue is full waits for seconds and tries again. The kernel cuts the
                    number down to /proc/sys/net/core/somaxconn without a word: raise that too.
                    """);

    public static final Setting<Optional<Integer>> UNIX_MODE = optional(Section.SOCKETS, "unix-mode", octal(0777))
            .onlyOnRestart()
            .without("0777 without the bits of the umask", "0660")
            .prose("The permissions of the Unix sockets in the file system.", """
                    A client needs the right to write. With the usual umask of 0022 nobody but the owner has it: 0660
                    lets in a proxy of the same group, 0666 everybody. Always read as octal.
                    """);

    public static final Setting<Integer> WORKERS = setting(Section.PROCESSES, "workers", processes(1, 512), "1")
            .flag("-w")
            .alsoFrom("WEB_CONCURRENCY", "$")
            .prose("How many worker processes serve.", """
                    auto means one for each processor that jcorn may use; a container's limit counts. The signals TTIN
                    and TTOU add and remove one while it runs, and a reload keeps that count unless this value itself
                    was changed.

                    Each worker is a JVM with a heap of its own: mind the memory. More workers than processors help
                    only against applications that block or crash.
                    """);

    public static final Setting<Threads> THREADS = setting(
                    Section.PROCESSES, "threads", ServerTypes.threads(10_000), "64")
            .prose("How many threads of each worker run the application.", """
                    So many requests of one worker are handled at once; the next ones wait. The threads are started on
                    demand, so a high number costs nothing until it is needed; gunicorn's default of 1 is a process's
                    economy, not a JVM's. 0 runs the application on the event loop itself, one request at a time: the
                    fastest for handlers that never block, and ruinous for others. virtual gives each request a virtual
                    thread and needs Java 21 or later in the workers.
                    """);

    public static final Setting<Integer> WORKER_CONNECTIONS = setting(
                    Section.PROCESSES, "worker-connections", integer(1, 1_000_000), "10000")
            .prose("How many client connections one worker holds open at once.", """
                    At the limit a worker stops to accept until a connection ends; what comes meanwhile goes to other
                    workers or waits in the queue. An idle connection costs an event loop little, so the default is ten
                    times gunicorn's. Each needs a file descriptor. Where a process may have too few (ulimit -n, LimitNOFILE=)
                    the start says so, and workers hold so many connections that an eighth of the descriptors, and 64
                    at the least, are left for everything else.
                    """);

    public static final Setting<Duration> TIMEOUT = setting(
                    Section.PROCESSES, "timeout", duration(INSTANT, DAY, "for no supervision"), "30s")
            .flag("-t")
            .prose("How long a worker may be silent before it is killed and replaced.", """
                    It watches the worker's event loops, not the requests: a slow request never trips it, a loop that
                    hangs does. Before the kill, the worker's thread dump and its requests in flight go to the log. A
                    machine that was suspended kills nobody. 0 turns the watch off.
                    """);

    public static final Setting<Duration> BOOT_TIMEOUT = setting(
                    Section.PROCESSES, "boot-timeout", duration(INSTANT, DAY, ""), "60s")
            .prose("How long a worker may take from its birth until it is ready.", """
                    A worker that takes longer is dumped, killed and tried again, each time after a longer pause; during
                    a reload the old generation stays instead. Raise it for an application that starts slowly.
                    """);

    public static final Setting<Duration> GRACEFUL_TIMEOUT = setting(
                    Section.PROCESSES, "graceful-timeout", duration(Duration.ZERO, DAY, ""), "30s")
            .prose("How long requests in flight may take to finish on stop, reload and recycling.", """
                    After that the worker's thread dump goes to the log and the worker is killed. 0 waits for nothing.
                    Whatever supervises jcorn (systemd's TimeoutStopSec, Kubernetes' terminationGracePeriodSeconds) has
                    to wait longer than this.
                    """);

    public static final Setting<Duration> KEEP_ALIVE = setting(
                    Section.PROCESSES, "keep-alive", duration(Duration.ZERO, DAY, ""), "2s")
            .prose("How long an idle connection stays open for the client's next request.", """
                    0 closes each connection after its response. Behind a proxy that keeps connections open, choose
                    more than the proxy does, or it may send a request into a connection that is just being closed.
                    """);

    public static final Setting<Integer> MAX_SURGE = setting(Section.RELOADS, "max-surge", integer(0, 512), "1")
            .prose("How many workers above the wanted number a reload may run at a time.", """
                    So many new workers are started before old ones are drained. More makes a reload faster and needs
                    memory for so many more JVMs. It cannot be 0 while max-unavailable is 0.
                    """);

    public static final Setting<Integer> MAX_UNAVAILABLE = setting(
                    Section.RELOADS, "max-unavailable", integer(0, 512), "0")
            .prose("How many workers below the wanted number a reload may go.", """
                    0 keeps the full capacity. Where the memory does not suffice for one JVM more, set this to 1 and
                    max-surge to 0.
                    """);

    public static final Setting<Optional<Path>> JAVA_HOME = optional(
                    Section.JVM, "java-home", path("FOLDER", "a folder of a JDK or JRE that has bin/java"))
            .without("the Java that jcorn itself runs on", "/usr/lib/jvm/java-21")
            .prose("The Java that the workers run on, 17 or later.", """
                    It may be another than the master's. The environment variable JAVA_HOME chooses the master's.
                    """);

    public static final Setting<List<String>> JAVA_OPTS = list(
                    Section.JVM, "java-opt", ServerTypes.javaOption(), Separator.BLANK)
            .without("the JVM's own defaults", "-Xmx256m", "-Xlog:gc:file=gc-{slot}.log")
            .prose("An option for the JVM of each worker.", """
                    May be given several times: --java-opt=-Xmx256m --java-opt=-Dcolor=blue. In an option, {slot}
                    becomes the number of the worker's slot from 0, {generation} the count of reloads from 1, and {pid}
                    the worker's process id; all other braces stay as they are. The options of the master's own JVM are
                    in JCORN_MASTER_JAVA_OPTS.
                    """);

    public static final Setting<Integer> LIMIT_REQUEST_LINE = setting(
                    Section.REQUESTS, "limit-request-line", integer(0, 1 << 20), "8190")
            .prose("The longest request line in bytes.", """
                    A longer one is answered with 414. RFC 9112 wants at least 8000; gunicorn's default is 4094. 0 sets
                    no limit but limit-request-head.
                    """);

    public static final Setting<Integer> LIMIT_REQUEST_FIELDS = setting(
                    Section.REQUESTS, "limit-request-fields", integer(1, 32_768), "100")
            .prose("How many header fields a request may have.", """
                    One with more is answered with 431.
                    """);

    public static final Setting<Integer> LIMIT_REQUEST_FIELD_SIZE = setting(
                    Section.REQUESTS, "limit-request-field-size", integer(0, Integer.MAX_VALUE), "8190")
            .prose("The longest header field in bytes, name and value together.", """
                    A longer one is answered with 431. 0 sets no limit but limit-request-head.
                    """);

    public static final Setting<Integer> LIMIT_REQUEST_HEAD = setting(
                    Section.REQUESTS, "limit-request-head", integer(0, 16 << 20), "65536")
            .prose("The largest head of a request in bytes: request line and header fields together.", """
                    A larger one is answered with 431, and so are trailer fields that are larger together. Heads are
                    held in memory until they are complete, so this times worker-connections is what clients can take of
                    it by heads alone. 0 sets no limit but 16 MiB. gunicorn has no such limit.
                    """);

    public static final Setting<Long> LIMIT_REQUEST_BODY = setting(
                    Section.REQUESTS, "limit-request-body", size(1L << 50, "for no limit"), "1g")
            .prose("The longest request body in bytes.", """
                    A longer one is answered with 413. Bodies are streamed, not collected, so the limit guards the
                    application's disk and patience rather than the worker's heap. gunicorn has no such limit.
                    """);

    public static final Setting<Optional<Path>> CHDIR = optional(
                    Section.MECHANICS, "chdir", path("FOLDER", "a folder that exists"))
            .onlyOnRestart()
            .without("the folder that jcorn was started in", "/srv/app")
            .prose("The folder that the workers run in, and where all relative paths start.", """
                    Only the path of the configuration file itself starts from where jcorn was started.
                    """);

    public static final Setting<Optional<Path>> WORKER_TMP_DIR = optional(
                    Section.MECHANICS, "worker-tmp-dir", path("FOLDER", "a folder that exists"))
            .without("each worker has its own, which goes with it", "/var/tmp")
            .prose("The folder of the workers' temporary files, for all of them together.", """
                    It becomes java.io.tmpdir. Without it each worker gets a folder of its own inside of jcorn's, in
                    TMPDIR, and whatever its server and its libraries leave there is removed when it ends, however it
                    ends. Name a folder if workers hand files to each other by it, or if they are to outlive their
                    worker; jcorn removes nothing there. --java-opt=-Djava.io.tmpdir=… and --env TMPDIR=… do the same.
                    """);

    public static final Setting<Optional<Path>> PID = optional(Section.MECHANICS, "pid", path("FILE", "a file"))
            .flag("-p")
            .onlyOnRestart()
            .without("no file is written", "/run/jcorn.pid")
            .prose("A file to write the master's process id to.", """
                    It is locked while the master runs: a second start with the same file fails and says who runs. It
                    is removed at the end. Its folder has to exist. Only its owner can open it (mode 0600), since
                    whoever can may lock it. A link, a device and a file that holds anything else are refused.
                    """);

    public static final Setting<Optional<String>> NAME = optional(
                    Section.MECHANICS, "name", text("NAME", "a text of one line"))
            .flag("-n")
            .onlyOnRestart()
            .without("the application's file name", "shop")
            .prose("What ps shows in brackets for the master and its workers.", "");

    public static final Setting<Optional<Integer>> UMASK = optional(Section.MECHANICS, "umask", octal(0777))
            .onlyOnRestart()
            .without("the one that jcorn was started with", "0027")
            .prose("The permission bits that files made by jcorn and its workers do not get.", """
                    Always read as octal: 22, 022 and 0022 are the same. gunicorn's default is 0, which lets everybody
                    write to the files that the application makes; jcorn changes nothing unless asked. gunicorn's short
                    flag -m is another one's here: it names a module, as java -m does.
                    """);

    public static final Setting<LogLevel> LOG_LEVEL = setting(
                    Section.LOGS, "log-level", choice("LEVEL", LogLevel.class), "info")
            .prose("The lowest level that jcorn logs.", """
                    It concerns the server's own lines, not the application's.
                    """);

    public static final Setting<Optional<Path>> ERROR_LOGFILE = setting(
                    Section.LOGS, "error-logfile", ServerTypes.logFile(), "-")
            .onlyOnRestart()
            .prose("The file that jcorn logs to; - is standard error.", """
                    The signal USR1 opens it anew, after logrotate has moved it away.
                    """);

    public static final Setting<Optional<BindAddress>> ADMIN_BIND = optional(
                    Section.HEALTH, "admin-bind", ServerTypes.tcpAddress())
            .onlyOnRestart()
            .without("none: nothing is answered", "127.0.0.1:9901")
            .prose("Where the master answers /livez, /readyz, /metrics and /status.", """
                    The workers never see these requests, so they tell the truth when all workers hang. There is no
                    authentication: an address that others can reach is refused unless admin-public allows it.
                    """);

    public static final Setting<Boolean> ADMIN_PUBLIC = setting(Section.HEALTH, "admin-public", truth(), "false")
            .onlyOnRestart()
            .prose("Allows admin-bind to be an address that other machines can reach.", """
                    Kubernetes probes come from outside the container and need it; then let a network policy guard it.
                    """);

    private static final List<Setting<?>> ALL = Stream.of(
                    REGISTRY,
                    RequestSettings.all(),
                    ProxySettings.all(),
                    FileSettings.all(),
                    TimeSettings.all(),
                    Http2Settings.all(),
                    WebSocketSettings.all(),
                    TlsSettings.all(),
                    HostedSettings.all(),
                    AccessLogSettings.all())
            .<Setting<?>>flatMap(List::stream)
            .toList();

    private Settings() {}

    /** Returns all settings in the order of their declaration, the groups of their own last. */
    public static List<Setting<?>> all() {
        return ALL;
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
