package io.jcorn.master;

import io.jcorn.master.archive.Choice;
import io.jcorn.master.listen.Listener;
import io.jcorn.master.settings.AccessLogSettings;
import io.jcorn.master.settings.AppPort;
import io.jcorn.master.settings.Application;
import io.jcorn.master.settings.Configuration;
import io.jcorn.master.settings.FileSettings;
import io.jcorn.master.settings.HostedSettings;
import io.jcorn.master.settings.Http2Cleartext;
import io.jcorn.master.settings.Http2Settings;
import io.jcorn.master.settings.HttpProtocol;
import io.jcorn.master.settings.ModuleName;
import io.jcorn.master.settings.ProxySettings;
import io.jcorn.master.settings.RequestSettings;
import io.jcorn.master.settings.Settings;
import io.jcorn.master.settings.TimeSettings;
import io.jcorn.master.settings.TlsSettings;
import io.jcorn.master.settings.WebSocketSettings;
import io.jcorn.master.snapshot.Snapshot;
import io.jcorn.master.spawn.HandlerProgram;
import io.jcorn.master.spawn.MainProgram;
import io.jcorn.master.spawn.PortNames;
import io.jcorn.master.spawn.Program;
import io.jcorn.master.spawn.ServletProgram;
import io.jcorn.wire.Admission;
import io.jcorn.wire.Deadlines;
import io.jcorn.wire.FileOptions;
import io.jcorn.wire.ForwardingOptions;
import io.jcorn.wire.HostingOptions;
import io.jcorn.wire.Http2Options;
import io.jcorn.wire.ProxyOptions;
import io.jcorn.wire.RequestLimits;
import io.jcorn.wire.RequestReading;
import io.jcorn.wire.ServletOptions;
import io.jcorn.wire.ServletOptions.Sessions;
import io.jcorn.wire.TlsOptions;
import io.jcorn.wire.WebSocketOptions;
import io.jcorn.wire.WorkerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes of settings and choice what a worker of its kind is started with. */
final class Programs {

    /** The folder in the run folder for sessions for which nobody has named a place. */
    static final String SESSIONS = "sessions";

    /** How often a worker publishes that it is alive, and how many of these it may miss at the least. */
    private static final Duration LONGEST_BEAT = Duration.ofSeconds(1);

    private static final int BEATS_PER_TIMEOUT = 4;

    /** What requests in flight get when the master was killed: long enough for most, short enough for the port's sake. */
    private static final Duration ORPHAN_GRACE = Duration.ofSeconds(5);

    private final Configuration configuration;
    private final Application application;
    private final Choice choice;
    private final Snapshot snapshot;
    private final List<Listener> listeners;
    private final Path runFolder;

    Programs(Configuration configuration, Choice choice, Snapshot snapshot, List<Listener> listeners, Path runFolder) {
        this.configuration = configuration;
        this.application = configuration.get(Settings.APPLICATION).orElseThrow();
        this.choice = choice;
        this.snapshot = snapshot;
        this.listeners = listeners;
        this.runFolder = runFolder;
    }

    /**
     * Makes it.
     *
     * @throws IOException if a port has no listener, or the folder of the sessions cannot be made
     */
    Program program() throws IOException {
        return switch (choice.kind()) {
            case HANDLER -> new HandlerProgram(workerOptions());
            case SERVLET -> new ServletProgram(servletOptions(), hosting());
            case MAIN -> new MainProgram(start(), configuration.get(HostedSettings.APP_ARGS), portNames(), hosting());
        };
    }

    private int connections() {
        return ConnectionLimit.of(configuration.get(Settings.WORKER_CONNECTIONS))
                .connections();
    }

    private WorkerOptions workerOptions() throws IOException {
        return new WorkerOptions(
                snapshot.application(),
                application.path().toString(),
                application.className(),
                snapshot.classpath(),
                configuration.get(Settings.THREADS),
                connections(),
                configuration.get(Settings.BACKLOG),
                limits(),
                reading(),
                deadlines(),
                proxies(),
                forwarding(),
                files(),
                tls(),
                webSocket(),
                http2(),
                admission(),
                beatMillis(),
                ORPHAN_GRACE.toMillis(),
                configuration.get(Settings.LOG_LEVEL),
                configuration.get(Settings.ERROR_LOGFILE),
                AccessLogSettings.options(configuration),
                AccessLogSettings.syslog(configuration));
    }

    private RequestReading reading() {
        String root = configuration.get(RequestSettings.ROOT_PATH);
        return new RequestReading(
                configuration.get(RequestSettings.PERMIT_OBSOLETE_FOLDING),
                configuration.get(RequestSettings.PERMIT_UNCONVENTIONAL_HTTP_METHOD),
                configuration.get(RequestSettings.PERMIT_UNCONVENTIONAL_HTTP_VERSION),
                configuration.get(RequestSettings.CASEFOLD_HTTP_METHOD),
                configuration.get(RequestSettings.HEADER_MAP),
                configuration.get(RequestSettings.FORWARDER_HEADERS),
                root.equals("/") ? "" : root);
    }

    private ProxyOptions proxies() {
        return new ProxyOptions(
                configuration.get(ProxySettings.PROXY_PROTOCOL), configuration.get(ProxySettings.PROXY_ALLOW_FROM));
    }

    private FileOptions files() {
        return new FileOptions(
                configuration.get(FileSettings.STATIC),
                configuration.get(FileSettings.STATIC_CACHE_CONTROL),
                configuration.get(FileSettings.SENDFILE));
    }

    private WebSocketOptions webSocket() {
        return new WebSocketOptions(
                Math.toIntExact(configuration.get(WebSocketSettings.WS_MAX_SIZE)),
                configuration.get(WebSocketSettings.WS_PING_INTERVAL).toMillis(),
                configuration.get(WebSocketSettings.WS_PING_TIMEOUT).toMillis(),
                configuration.get(WebSocketSettings.WS_PER_MESSAGE_DEFLATE));
    }

    private Http2Options http2() {
        return new Http2Options(
                configuration.get(Http2Settings.HTTP_PROTOCOLS).stream()
                        .map(HttpProtocol::alpn)
                        .toList(),
                configuration.get(Http2Settings.HTTP2_CLEARTEXT) == Http2Cleartext.PRIOR_KNOWLEDGE,
                configuration.get(Http2Settings.MAX_CONCURRENT_STREAMS),
                configuration.get(Http2Settings.INITIAL_WINDOW_SIZE),
                configuration.get(Http2Settings.MAX_FRAME_SIZE),
                configuration.get(Http2Settings.MAX_HEADER_LIST_SIZE));
    }

    private Deadlines deadlines() {
        return new Deadlines(
                configuration.get(Settings.KEEP_ALIVE).toMillis(),
                configuration.get(TimeSettings.KEEP_ALIVE_REQUESTS),
                configuration.get(TimeSettings.FIRST_BYTE_TIMEOUT).toMillis(),
                configuration.get(TimeSettings.HEADER_TIMEOUT).toMillis(),
                configuration.get(TimeSettings.BODY_TIMEOUT).toMillis(),
                configuration.get(TimeSettings.BODY_MIN_RATE),
                configuration.get(TimeSettings.SEND_TIMEOUT).toMillis(),
                configuration.get(TimeSettings.SEND_MIN_RATE),
                configuration.get(TlsSettings.TLS_HANDSHAKE_TIMEOUT).toMillis());
    }

    private Admission admission() {
        return new Admission(
                Math.toIntExact(configuration.get(TimeSettings.BODY_BUFFER)),
                configuration.get(TimeSettings.QUEUE),
                configuration.get(TimeSettings.QUEUE_TIMEOUT).toMillis(),
                configuration.get(TimeSettings.REQUEST_TIMEOUT).toMillis(),
                configuration.get(TimeSettings.ASYNC_TIMEOUT).toMillis());
    }

    private Optional<TlsOptions> tls() throws IOException {
        return TlsSettings.on(configuration)
                ? Optional.of(TlsSettings.options(configuration, TicketSecret.in(runFolder.toAbsolutePath())))
                : Optional.empty();
    }

    private RequestLimits limits() {
        return new RequestLimits(
                configuration.get(Settings.LIMIT_REQUEST_LINE),
                configuration.get(Settings.LIMIT_REQUEST_FIELDS),
                configuration.get(Settings.LIMIT_REQUEST_FIELD_SIZE),
                configuration.get(Settings.LIMIT_REQUEST_HEAD),
                configuration.get(Settings.LIMIT_REQUEST_BODY));
    }

    private ForwardingOptions forwarding() {
        return new ForwardingOptions(
                configuration.get(ProxySettings.FORWARDED_ALLOW_IPS),
                configuration.get(ProxySettings.FORWARDED_HEADER),
                configuration.get(ProxySettings.SECURE_SCHEME_HEADERS));
    }

    private ServletOptions servletOptions() throws IOException {
        return new ServletOptions(
                snapshot.application(),
                application.path().toString(),
                snapshot.classpath(),
                runFolder.toAbsolutePath().resolve("work"),
                configuration.get(HostedSettings.CONTEXT_PATH),
                configuration.get(Settings.THREADS),
                sessions(),
                deadlines(),
                limits(),
                reading(),
                forwarding(),
                AccessLogSettings.options(configuration),
                AccessLogSettings.syslogOfServlets(configuration));
    }

    /** Those of a master whose user named no folder: they outlive workers and reloads, and go with it. */
    private Sessions sessions() throws IOException {
        Sessions sessions = configuration.get(HostedSettings.SESSIONS);
        if (sessions.kind() != Sessions.Kind.FILE || !sessions.place().isEmpty()) {
            return sessions;
        }
        Path folder = runFolder.toAbsolutePath().resolve(SESSIONS);
        Files.createDirectories(folder);
        return new Sessions(Sessions.Kind.FILE, folder.toString());
    }

    private HostingOptions hosting() throws IOException {
        return new HostingOptions(
                choice.kind(),
                application.path().toString(),
                appPorts(),
                configuration.get(HostedSettings.EXTRA_PORTS),
                configuration.get(HostedSettings.READY_PATH),
                connections(),
                configuration.get(Settings.BACKLOG),
                configuration.get(Settings.BOOT_TIMEOUT).toMillis(),
                beatMillis(),
                ORPHAN_GRACE.toMillis(),
                configuration.get(Settings.GRACEFUL_TIMEOUT).toMillis(),
                configuration.get(Settings.LOG_LEVEL),
                configuration.get(Settings.ERROR_LOGFILE));
    }

    private Map<Integer, Integer> appPorts() throws IOException {
        Map<Integer, Integer> ports = new LinkedHashMap<>();
        for (AppPort port : configuration.get(HostedSettings.APP_PORT)) {
            ports.put(port.port(), held(port));
        }
        return ports;
    }

    /** The settings know what was asked for; an inherited socket or port 0 has its number only now. */
    private int held(AppPort port) throws IOException {
        for (Listener listener : listeners) {
            int real = listener.port().orElse(0);
            if (real > 0 && port.held().map(held -> held == real).orElse(true)) {
                return real;
            }
        }
        throw new IOException("app-port " + port + ": no TCP listener has "
                + port.held().map(held -> "the port " + held).orElse("a port") + " to take its place");
    }

    private MainProgram.Start start() {
        Path own = snapshot.application();
        Optional<ModuleName> module = configuration.get(HostedSettings.MODULE);
        List<Path> all = new ArrayList<>(List.of(own));
        all.addAll(snapshot.classpath());
        if (module.isPresent()) {
            return new MainProgram.Module(all, module.get().toString());
        }
        Choice.Launch launch = choice.launch();
        return launch.jar() && all.size() == 1
                ? new MainProgram.Jar(own)
                : new MainProgram.ClassPath(
                        launch.flags(), all, launch.mainClass().orElse(""));
    }

    private PortNames portNames() {
        List<String> texts = new ArrayList<>(configuration.get(Settings.JAVA_OPTS));
        texts.addAll(configuration.get(HostedSettings.APP_ARGS));
        return new PortNames(configuration.get(Settings.ENV), texts);
    }

    private long beatMillis() {
        Duration timeout = configuration.get(Settings.TIMEOUT);
        if (timeout.isZero()) {
            return LONGEST_BEAT.toMillis();
        }
        return Math.max(1, Math.min(LONGEST_BEAT.toMillis(), timeout.toMillis() / BEATS_PER_TIMEOUT));
    }
}
