package io.jcorn.master.settings;

import io.jcorn.wire.ProxyProtocol;
import io.jcorn.wire.WorkerKind;
import io.jcorn.wire.WorkerOptions.Threads;
import io.jcorn.wire.syslog.SyslogOptions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What must hold between the settings and the kind of worker, which is known only when the application was looked at. */
public final class KindChecks {

    private static final Set<Setting<?>> OF_SERVLETS = Set.of(HostedSettings.CONTEXT_PATH, HostedSettings.SESSIONS);

    /** Those of time that Jetty can hold clients to as well. */
    private static final Set<Setting<?>> TIMES_OF_ENGINES_OF_OURS = Set.of(
            TimeSettings.FIRST_BYTE_TIMEOUT,
            TimeSettings.HEADER_TIMEOUT,
            TimeSettings.BODY_TIMEOUT,
            TimeSettings.SEND_TIMEOUT,
            TimeSettings.KEEP_ALIVE_REQUESTS);

    private static final Set<Setting<?>> OF_HANDLERS = Stream.of(
                    List.of(RequestSettings.ROOT_PATH),
                    TimeSettings.all(),
                    Http2Settings.all(),
                    WebSocketSettings.all(),
                    FileSettings.all(),
                    List.of(ProxySettings.PROXY_ALLOW_FROM))
            .flatMap(List::stream)
            .filter(setting -> !TIMES_OF_ENGINES_OF_OURS.contains(setting))
            .collect(Collectors.toUnmodifiableSet());

    private static final Set<Setting<?>> OF_HOSTED = Set.of(HostedSettings.READY_PATH, HostedSettings.EXTRA_PORTS);

    private static final Set<Setting<?>> OF_ENGINES_OF_OURS = Stream.of(
                    RequestSettings.all(),
                    TIMES_OF_ENGINES_OF_OURS,
                    List.of(
                            ProxySettings.FORWARDED_ALLOW_IPS,
                            ProxySettings.FORWARDED_HEADER,
                            ProxySettings.SECURE_SCHEME_HEADERS,
                            AccessLogSettings.ACCESS_LOGFILE,
                            AccessLogSettings.ACCESS_LOGFORMAT,
                            Settings.THREADS,
                            Settings.KEEP_ALIVE,
                            Settings.LIMIT_REQUEST_LINE,
                            Settings.LIMIT_REQUEST_FIELDS,
                            Settings.LIMIT_REQUEST_FIELD_SIZE,
                            Settings.LIMIT_REQUEST_HEAD,
                            Settings.LIMIT_REQUEST_BODY))
            .flatMap(Collection::stream)
            .collect(Collectors.toUnmodifiableSet());

    private final Configuration configuration;
    private final WorkerKind kind;
    private final List<Problem> problems = new ArrayList<>();

    private KindChecks(Configuration configuration, WorkerKind kind) {
        this.configuration = configuration;
        this.kind = kind;
    }

    /**
     * Refuses what this kind of worker cannot do.
     *
     * @throws ConfigurationException with all problems if there is any
     */
    public static void refuse(Configuration configuration, WorkerKind kind) throws ConfigurationException {
        KindChecks checks = new KindChecks(configuration, kind);
        checks.arguments();
        checks.ports();
        checks.threads();
        checks.addresses();
        checks.proxies();
        checks.tls();
        checks.paths();
        if (!checks.problems.isEmpty()) {
            throw new ConfigurationException(checks.problems);
        }
    }

    private void arguments() {
        if (kind != WorkerKind.MAIN
                && !configuration.get(HostedSettings.APP_ARGS).isEmpty()) {
            add(
                    HostedSettings.APP_ARGS,
                    "only a main class has arguments, and the worker-class is " + HostedTypes.name(kind)
                            + ". Leave them out, or choose --worker-class main");
        }
    }

    private void ports() {
        if (kind == WorkerKind.HANDLER
                && !configuration.get(HostedSettings.APP_PORT).isEmpty()) {
            add(HostedSettings.APP_PORT, "a handler binds no port: jcorn's own engine serves it. Leave this out");
        }
    }

    private void threads() {
        boolean onLoop = configuration.get(Settings.THREADS).kind() == Threads.Kind.LOOP;
        if (kind == WorkerKind.HANDLER
                && onLoop
                && !configuration.get(TimeSettings.REQUEST_TIMEOUT).isZero()) {
            add(
                    TimeSettings.REQUEST_TIMEOUT,
                    "with threads 0 the application runs on the event loop, which cannot watch and interrupt itself. Choose"
                            + " a number of threads from 1, or virtual; the loop as a whole is watched by timeout");
        }
        if (kind == WorkerKind.SERVLET && onLoop) {
            add(
                    Settings.THREADS,
                    "0 has no meaning for servlets: Jetty runs them on threads of their own. Choose a number from 1, or"
                            + " virtual");
        }
    }

    /** An application that makes its links with the wrong path is found out by its users only. */
    private void paths() {
        String root = configuration.get(RequestSettings.ROOT_PATH);
        if (kind == WorkerKind.SERVLET && !root.equals("/")) {
            add(
                    RequestSettings.ROOT_PATH,
                    "a servlet learns its path from getContextPath(). Choose --context-path " + root
                            + ", and let the proxy pass the whole path on");
        }
    }

    /** To serve without a word in the clear what was to be encrypted would be the worst answer. */
    private void tls() {
        if (kind != WorkerKind.HANDLER && TlsSettings.on(configuration)) {
            add(
                    TlsSettings.CERTFILE,
                    "jcorn itself speaks TLS for the worker-class handler only, and this is " + HostedTypes.name(kind)
                            + ". Leave it out, and let a proxy in front"
                            + (kind == WorkerKind.MAIN ? ", or the application's own server," : "") + " speak TLS");
        }
    }

    /** The JDK's sockets know no abstract names (JEP 380), and Jetty uses those. */
    private void addresses() {
        for (BindAddress address : configuration.get(Settings.BIND)) {
            if (kind == WorkerKind.SERVLET && address instanceof BindAddress.Abstract) {
                add(
                        Settings.BIND,
                        address + ": servlets cannot be served on an abstract name, which Java's own sockets do not"
                                + " know. Choose a path, as in unix:/run/app.sock");
            }
        }
    }

    /** Without effect it would be a hole or a riddle: each connection would begin with something that is no request. */
    private void proxies() {
        if (kind != WorkerKind.HANDLER && configuration.get(ProxySettings.PROXY_PROTOCOL) != ProxyProtocol.OFF) {
            add(
                    ProxySettings.PROXY_PROTOCOL,
                    "only handlers can be served behind the PROXY protocol, and the worker-class is "
                            + HostedTypes.name(kind)
                            + ". Leave it out, and let the proxy speak HTTP and send X-Forwarded-For");
        }
    }

    /** Returns what the user should know of this kind of worker and his settings, one sentence each. */
    public static List<String> warnings(Configuration configuration, WorkerKind kind) {
        List<String> warnings = new ArrayList<>();
        List<String> idle = Settings.all().stream()
                .filter(setting -> withoutEffect(setting, kind))
                .filter(setting -> !(configuration.origin(setting) instanceof Origin.Default))
                .map(Setting::key)
                .toList();
        if (!idle.isEmpty()) {
            warnings.add("Settings without effect on the worker-class " + HostedTypes.name(kind) + ": "
                    + String.join(", ", idle)
                    + (kind == WorkerKind.MAIN ? ". The application's own server has settings for that" : ""));
        }
        if (kind == WorkerKind.SERVLET
                && AccessLogSettings.syslog(configuration)
                        .filter(SyslogOptions::access)
                        .isPresent()
                && AccessLogSettings.syslogOfServlets(configuration).isEmpty()) {
            warnings.add("log-syslog-to " + configuration.get(AccessLogSettings.LOG_SYSLOG_TO)
                    + ": the lines of requests to servlets do not go there, for Java has no such sockets. Choose another"
                    + " type, or udp://HOST:PORT, or an access-logfile");
        }
        for (BindAddress address : configuration.get(Settings.BIND)) {
            boolean unix = address instanceof BindAddress.Unix || address instanceof BindAddress.Abstract;
            if (kind == WorkerKind.MAIN && unix) {
                warnings.add(address + " is served only if the application itself binds it");
            }
        }
        return warnings;
    }

    private static boolean withoutEffect(Setting<?> setting, WorkerKind kind) {
        return switch (kind) {
            case HANDLER -> OF_SERVLETS.contains(setting) || OF_HOSTED.contains(setting);
            case SERVLET -> OF_HANDLERS.contains(setting) || setting.section() == Section.TLS;
            case MAIN ->
                OF_SERVLETS.contains(setting)
                        || OF_ENGINES_OF_OURS.contains(setting)
                        || OF_HANDLERS.contains(setting)
                        || setting.section() == Section.TLS;
        };
    }

    private void add(Setting<?> setting, String message) {
        problems.add(new Problem(configuration.origin(setting), setting.key(), message));
    }
}
