package io.jcorn.master.settings;

import io.jcorn.wire.FileOptions.Mount;
import io.jcorn.wire.ProxyProtocol;
import io.jcorn.wire.ServletOptions.Sessions;
import io.jcorn.wire.WorkerKind;
import io.jcorn.wire.WorkerOptions.Threads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What must hold between settings, and between a setting and this machine. */
final class ConfigurationChecks {

    private final Configuration configuration;
    private final List<Problem> problems = new ArrayList<>();

    private ConfigurationChecks(Configuration configuration) {
        this.configuration = configuration;
    }

    /** Returns all problems; none: the configuration can be used. */
    static List<Problem> problems(Configuration configuration) {
        ConfigurationChecks checks = new ConfigurationChecks(configuration);
        // In a folder that does not exist everything else is missing too: one message says it all.
        if (checks.folder(Settings.CHDIR)) {
            checks.application();
            checks.classpath();
            checks.fileToWrite(Settings.PID, configuration.get(Settings.PID));
            checks.fileToWrite(Settings.ERROR_LOGFILE, configuration.get(Settings.ERROR_LOGFILE));
            checks.accessLog();
            checks.java();
            checks.sessions();
            checks.tempFolder();
            checks.mounts();
            checks.problems.addAll(TlsChecks.problems(configuration));
        }
        checks.module();
        checks.bind();
        checks.problems.addAll(AppPorts.problems(configuration));
        checks.reload();
        checks.protocols();
        checks.limits();
        checks.admin();
        checks.proxies();
        return checks.problems;
    }

    /** What could never be used up, since the head as a whole is refused before. */
    private void limits() {
        int head = configuration.get(Settings.LIMIT_REQUEST_HEAD);
        for (Setting<Integer> part : List.of(Settings.LIMIT_REQUEST_LINE, Settings.LIMIT_REQUEST_FIELD_SIZE)) {
            int size = configuration.get(part);
            if (head > 0 && size > head) {
                add(
                        part,
                        size + " is more than the whole head may have (limit-request-head, " + head
                                + "). Raise that too, or set it to 0");
            }
        }
    }

    private void protocols() {
        List<HttpProtocol> protocols = configuration.get(Http2Settings.HTTP_PROTOCOLS);
        if (protocols.isEmpty()) {
            add(Http2Settings.HTTP_PROTOCOLS, "no protocol is left. Choose h2, h1 or both");
        } else if (new HashSet<>(protocols).size() < protocols.size()) {
            add(Http2Settings.HTTP_PROTOCOLS, "a protocol is named twice. Name each once");
        }
    }

    private boolean folder(Setting<Optional<Path>> setting) {
        Path folder = configuration.get(setting).orElse(null);
        if (folder == null) {
            return true;
        }
        if (Files.isDirectory(folder)) {
            return enterable(setting, folder);
        }
        add(setting, Files.exists(folder) ? folder + " is not a folder" : missing(folder, "folder"));
        return false;
    }

    /** posix_spawn(3) would say EACCES of the program that it starts, not of the folder. */
    private boolean enterable(Setting<?> setting, Path folder) {
        if (!Files.isExecutable(folder)) {
            add(
                    setting,
                    folder + " cannot be entered: permission denied for user " + System.getProperty("user.name")
                            + ". Give it the right: chmod +x, or choose another folder");
            return false;
        }
        return true;
    }

    private void application() {
        Application application = configuration.get(Settings.APPLICATION).orElse(null);
        if (application == null) {
            add(
                    Settings.APPLICATION,
                    "no application is named. Name it on the command line (jcorn app.jar), as application = \"app.jar\""
                            + " in jcorn.conf, or in JCORN_APPLICATION");
            return;
        }
        Optional<ModuleName> module = configuration.get(HostedSettings.MODULE);
        ApplicationCheck.readable(application.path(), module.isPresent())
                .ifPresent(problem -> add(Settings.APPLICATION, problem));
        if (module.isPresent() && application.className().isPresent()) {
            add(
                    HostedSettings.MODULE,
                    "the module " + module.get() + " and the class "
                            + application.className().get()
                            + " contradict each other. Choose one; a class of the module is written MODULE/CLASS");
        }
    }

    private void module() {
        Optional<WorkerKind> kind = configuration.get(HostedSettings.WORKER_CLASS);
        if (configuration.get(HostedSettings.MODULE).isPresent() && kind.isPresent() && kind.get() != WorkerKind.MAIN) {
            add(
                    HostedSettings.MODULE,
                    "a module is run by its main class, so the worker-class is main, not "
                            + HostedTypes.name(kind.get()) + ". Leave one of the two out");
        }
    }

    private void sessions() {
        Sessions sessions = configuration.get(HostedSettings.SESSIONS);
        if (sessions.kind() != Sessions.Kind.FILE || sessions.place().isEmpty()) {
            return;
        }
        Path folder = Path.of(sessions.place());
        if (!Files.isDirectory(folder)) {
            add(
                    HostedSettings.SESSIONS,
                    Files.exists(folder)
                            ? folder + " is not a folder"
                            : missing(folder, "folder") + ". Make it: mkdir -p " + folder);
        } else if (!Files.isWritable(folder) || !Files.isExecutable(folder)) {
            add(
                    HostedSettings.SESSIONS,
                    folder + " cannot be written to: permission denied for user " + System.getProperty("user.name"));
        }
    }

    private void mounts() {
        Set<String> prefixes = new HashSet<>();
        for (Mount mount : configuration.get(FileSettings.STATIC)) {
            Path folder = mount.folder();
            if (!prefixes.add(mount.prefix())) {
                add(FileSettings.STATIC, mount.prefix() + " is named twice. One path has one folder");
            }
            if (!Files.isDirectory(folder)) {
                add(
                        FileSettings.STATIC,
                        Files.exists(folder) ? folder + " is not a folder" : missing(folder, "folder"));
            } else {
                enterable(FileSettings.STATIC, folder);
            }
        }
    }

    private void classpath() {
        for (Path entry : configuration.get(Settings.CLASSPATH)) {
            if (ClassPathWildcard.is(entry)) {
                jarsOf(entry, ClassPathWildcard.folder(entry));
            } else if (!Files.exists(entry)) {
                add(Settings.CLASSPATH, missing(entry, "file or folder"));
            } else if (!Files.isReadable(entry)) {
                add(Settings.CLASSPATH, entry + " cannot be read: permission denied");
            }
        }
    }

    private void jarsOf(Path entry, Path folder) {
        try {
            if (!Files.isDirectory(folder)) {
                add(Settings.CLASSPATH, entry + ": " + missing(folder, "folder"));
            } else if (ClassPathWildcard.jars(folder).isEmpty()) {
                add(Settings.CLASSPATH, entry + ": there is no jar in " + folder);
            }
        } catch (IOException e) {
            add(Settings.CLASSPATH, entry + ": the folder " + folder + " cannot be read: permission denied");
        }
    }

    private void tempFolder() {
        Path folder = configuration.get(Settings.WORKER_TMP_DIR).orElse(null);
        if (folder == null) {
            return;
        }
        if (!Files.isDirectory(folder)) {
            add(
                    Settings.WORKER_TMP_DIR,
                    Files.exists(folder)
                            ? folder + " is not a folder"
                            : missing(folder, "folder") + ". Make it: mkdir -p " + folder);
        } else if (!Files.isWritable(folder) || !Files.isExecutable(folder)) {
            add(
                    Settings.WORKER_TMP_DIR,
                    folder + " cannot be written to: permission denied for user " + System.getProperty("user.name"));
        }
    }

    /** Appended to as long as the server runs, also by workers that a reload starts: the right to write is looked at now. */
    private void accessLog() {
        Optional<Path> place =
                configuration.get(AccessLogSettings.ACCESS_LOGFILE).flatMap(AccessLogSettings.Place::file);
        Path file = place.orElse(null);
        if (file == null || !fileToWrite(AccessLogSettings.ACCESS_LOGFILE, place)) {
            return;
        }
        Path writable = Files.exists(file) ? file : file.getParent();
        if (writable != null && !Files.isWritable(writable)) {
            add(
                    AccessLogSettings.ACCESS_LOGFILE,
                    writable + " cannot be written to by user " + System.getProperty("user.name")
                            + ". Give it the right, or choose another file");
        }
    }

    private boolean fileToWrite(Setting<?> setting, Optional<Path> place) {
        Path file = place.orElse(null);
        if (file == null) {
            return true;
        }
        Path folder = file.getParent();
        if (Files.isDirectory(file)) {
            add(setting, file + " is a folder, and a file is to be written there");
            return false;
        }
        if (folder != null && !Files.isDirectory(folder)) {
            add(setting, "the folder " + folder + " does not exist. Make it: mkdir -p " + folder);
            return false;
        }
        return true;
    }

    private void java() {
        Path home = configuration.get(Settings.JAVA_HOME).orElse(null);
        int version = Runtime.version().feature();
        if (home != null) {
            if (!Files.isExecutable(home.resolve("bin/java"))) {
                add(Settings.JAVA_HOME, home + " holds no Java: there is no bin/java that can be run");
                return;
            }
            // A build of Java without a release file is taken as it is: its worker will tell.
            version = JavaRelease.feature(home).orElse(Integer.MAX_VALUE);
            if (version < 17) {
                add(Settings.JAVA_HOME, home + " is Java " + version + ", and the workers need 17 or later");
                return;
            }
        }
        if (configuration.get(Settings.THREADS).kind() == Threads.Kind.VIRTUAL && version < 21) {
            add(
                    Settings.THREADS,
                    "virtual threads need Java 21 or later, and the workers run on Java " + version
                            + ". Choose a later one with --java-home, or a number of threads");
        }
    }

    private void bind() {
        Set<BindAddress> seen = new HashSet<>();
        for (BindAddress address : configuration.get(Settings.BIND)) {
            if (!seen.add(address) && !anyPort(address)) {
                add(Settings.BIND, address + " is named twice");
            }
        }
    }

    /** Port 0 is another port each time. */
    private static boolean anyPort(BindAddress address) {
        return address instanceof BindAddress.Tcp tcp && tcp.port() == 0;
    }

    private void reload() {
        if (configuration.get(Settings.MAX_SURGE) == 0 && configuration.get(Settings.MAX_UNAVAILABLE) == 0) {
            Setting<?> blamed = configuration.origin(Settings.MAX_SURGE) instanceof Origin.Default
                    ? Settings.MAX_UNAVAILABLE
                    : Settings.MAX_SURGE;
            add(
                    blamed,
                    "max-surge and max-unavailable are both 0: a reload could neither start a worker more nor stop one"
                            + " first, so it could do nothing. Set one of them to 1");
        }
    }

    private void admin() {
        BindAddress admin = configuration.get(Settings.ADMIN_BIND).orElse(null);
        if (!(admin instanceof BindAddress.Tcp tcp)) {
            return;
        }
        for (BindAddress address : configuration.get(Settings.BIND)) {
            if (address instanceof BindAddress.Tcp other && !anyPort(tcp) && overlap(tcp, other)) {
                String what = tcp.equals(other) ? " is an address of bind too" : " overlaps with " + other + " of bind";
                add(Settings.ADMIN_BIND, tcp + what + "; the master needs one of its own");
            }
        }
        if (!loopback(tcp.host()) && !configuration.get(Settings.ADMIN_PUBLIC)) {
            add(
                    Settings.ADMIN_BIND,
                    tcp + " can be reached from other machines, and these pages ask nobody for a password."
                            + " Use 127.0.0.1:" + tcp.port() + ", or allow it with --admin-public");
        }
    }

    private void proxies() {
        if (configuration.get(ProxySettings.PROXY_PROTOCOL) != ProxyProtocol.OFF
                && configuration.get(ProxySettings.PROXY_ALLOW_FROM).isEmpty()) {
            add(
                    ProxySettings.PROXY_ALLOW_FROM,
                    "nobody is allowed, and proxy-protocol lets in only who is. Name the addresses or networks of the"
                            + " load balancers");
        }
    }

    private static boolean overlap(BindAddress.Tcp one, BindAddress.Tcp other) {
        boolean sameHost = one.host().equals(other.host()) || everyAddress(one.host()) || everyAddress(other.host());
        return sameHost && one.port() == other.port();
    }

    private static boolean everyAddress(String host) {
        return host.isEmpty() || host.equals("0.0.0.0") || host.equals("::");
    }

    /** By its text alone: what a name server answers may change after it was asked. */
    private static boolean loopback(String host) {
        return host.equals("localhost") || host.equals("::1") || host.matches("127(\\.[0-9]{1,3}){3}");
    }

    private static String missing(Path path, String what) {
        return path + ": there is no such " + what + Siblings.suggestion(path);
    }

    private void add(Setting<?> setting, String message) {
        problems.add(new Problem(configuration.origin(setting), setting.key(), message));
    }
}
