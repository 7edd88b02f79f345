package io.jcorn.master.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jcorn.wire.WorkerKind;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What each kind of worker can do with which settings. */
class KindChecksTest {

    private final Sources sources = new Sources(Path.of("/nowhere"));

    private List<String> problems(WorkerKind kind) throws ConfigurationException {
        Configuration configuration = sources.resolve();
        try {
            KindChecks.refuse(configuration, kind);
            return List.of();
        } catch (ConfigurationException e) {
            return e.problems().stream().map(Problem::toString).toList();
        }
    }

    private List<String> warnings(WorkerKind kind) throws ConfigurationException {
        return KindChecks.warnings(sources.resolve(), kind);
    }

    @Test
    void theDefaultsFitAll() throws ConfigurationException {
        for (WorkerKind kind : WorkerKind.values()) {
            assertThat(problems(kind)).isEmpty();
            assertThat(warnings(kind)).isEmpty();
        }
    }

    @Test
    void onlyAMainClassHasArguments() throws ConfigurationException {
        sources.flag(HostedSettings.APP_ARGS, "--color=blue");

        assertThat(problems(WorkerKind.MAIN)).isEmpty();
        assertThat(problems(WorkerKind.SERVLET))
                .containsExactly(
                        "--: only a main class has arguments, and the worker-class is servlet. Leave them out, or"
                                + " choose --worker-class main");
    }

    @Test
    void aHandlerBindsNoPort() throws ConfigurationException {
        sources.flag(HostedSettings.APP_PORT, "8080");

        assertThat(problems(WorkerKind.MAIN)).isEmpty();
        assertThat(problems(WorkerKind.SERVLET)).isEmpty();
        assertThat(problems(WorkerKind.HANDLER))
                .containsExactly("--app-port: a handler binds no port: jcorn's own engine serves it. Leave this out");
    }

    @Test
    void servletsHaveNoLoopOfTheirOwn() throws ConfigurationException {
        sources.flag(Settings.THREADS, "0");

        assertThat(problems(WorkerKind.HANDLER)).isEmpty();
        assertThat(problems(WorkerKind.SERVLET))
                .containsExactly(
                        "--threads: 0 has no meaning for servlets: Jetty runs them on threads of their own. Choose"
                                + " a number from 1, or virtual");
    }

    @Test
    void javasOwnSocketsKnowNoAbstractNames() throws ConfigurationException {
        sources.flag(Settings.BIND, ":1", "unix:@shop");

        assertThat(problems(WorkerKind.HANDLER)).isEmpty();
        assertThat(problems(WorkerKind.MAIN)).isEmpty();
        assertThat(warnings(WorkerKind.MAIN))
                .containsExactly("unix:@shop is served only if the application itself binds it");
        assertThat(problems(WorkerKind.SERVLET))
                .containsExactly("--bind: unix:@shop: servlets cannot be served on an abstract name, which Java's own"
                        + " sockets do not know. Choose a path, as in unix:/run/app.sock");
    }

    @Test
    void onlyHandlersAreServedBehindTheProxyProtocol() throws ConfigurationException {
        sources.flag(ProxySettings.PROXY_PROTOCOL, "v2");

        assertThat(problems(WorkerKind.HANDLER)).isEmpty();
        assertThat(problems(WorkerKind.MAIN)).hasSize(1);
        assertThat(problems(WorkerKind.SERVLET))
                .containsExactly(
                        "--proxy-protocol: only handlers can be served behind the PROXY protocol, and the worker-class"
                                + " is servlet. Leave it out, and let the proxy speak HTTP and send X-Forwarded-For");
    }

    @Test
    void forwardedHeadersConcernHandlersAndServlets() throws ConfigurationException {
        sources.flag(ProxySettings.FORWARDED_ALLOW_IPS, "*").flag(ProxySettings.PROXY_ALLOW_FROM, "*");

        assertThat(warnings(WorkerKind.HANDLER)).isEmpty();
        assertThat(warnings(WorkerKind.SERVLET))
                .containsExactly("Settings without effect on the worker-class servlet: proxy-allow-from");
        assertThat(warnings(WorkerKind.MAIN))
                .containsExactly("Settings without effect on the worker-class main: proxy-allow-from,"
                        + " forwarded-allow-ips. The application's own server has settings for that");
    }

    @Test
    void whatHasNoEffectIsSaidOfWhatWasSet() throws ConfigurationException {
        sources.flag(Settings.THREADS, "64")
                .flag(Settings.LIMIT_REQUEST_BODY, "1m")
                .variable("JCORN_CONTEXT_PATH", "/x")
                .flag(HostedSettings.READY_PATH, "/ready");

        assertThat(warnings(WorkerKind.MAIN))
                .containsExactly("Settings without effect on the worker-class main: threads, limit-request-body,"
                        + " context-path. The application's own server has settings for that");
        assertThat(warnings(WorkerKind.HANDLER))
                .containsExactly("Settings without effect on the worker-class handler: ready-path, context-path");
        assertThat(warnings(WorkerKind.SERVLET)).isEmpty();
    }

    @Test
    void theAccessLogConcernsHandlersAndServlets() throws ConfigurationException {
        sources.flag(AccessLogSettings.ACCESS_LOGFILE, "-").flag(AccessLogSettings.ACCESS_LOGFORMAT, "json");

        assertThat(warnings(WorkerKind.HANDLER)).isEmpty();
        assertThat(warnings(WorkerKind.SERVLET)).isEmpty();
        assertThat(warnings(WorkerKind.MAIN))
                .containsExactly("Settings without effect on the worker-class main: access-logfile, access-logformat."
                        + " The application's own server has settings for that");
    }

    @Test
    void servletsCannotSendLinesToASocketThatJavaLacks() throws ConfigurationException {
        sources.flag(AccessLogSettings.LOG_SYSLOG, "true")
                .flag(AccessLogSettings.LOG_SYSLOG_TO, "unix:///dev/log#dgram");

        assertThat(warnings(WorkerKind.HANDLER)).isEmpty();
        assertThat(warnings(WorkerKind.MAIN)).isEmpty();
        assertThat(warnings(WorkerKind.SERVLET))
                .containsExactly(
                        "log-syslog-to unix:///dev/log#dgram: the lines of requests to servlets do not go there,"
                                + " for Java has no such sockets. Choose another type, or udp://HOST:PORT, or an access-logfile");
        sources.flag(AccessLogSettings.DISABLE_REDIRECT_ACCESS_TO_SYSLOG, "true");
        assertThat(warnings(WorkerKind.SERVLET)).isEmpty();
    }

    @Test
    void howRequestsAreReadConcernsHandlersAndServlets() throws ConfigurationException {
        sources.flag(RequestSettings.HEADER_MAP, "refuse")
                .flag(RequestSettings.FORWARDER_HEADERS, "REMOTE_USER")
                .flag(RequestSettings.PERMIT_OBSOLETE_FOLDING, "true")
                .flag(RequestSettings.PERMIT_UNCONVENTIONAL_HTTP_METHOD, "true")
                .flag(RequestSettings.PERMIT_UNCONVENTIONAL_HTTP_VERSION, "true")
                .flag(RequestSettings.CASEFOLD_HTTP_METHOD, "true")
                .flag(TimeSettings.FIRST_BYTE_TIMEOUT, "1")
                .flag(TimeSettings.HEADER_TIMEOUT, "1")
                .flag(TimeSettings.BODY_TIMEOUT, "1")
                .flag(TimeSettings.SEND_TIMEOUT, "1")
                .flag(TimeSettings.KEEP_ALIVE_REQUESTS, "100");

        assertThat(warnings(WorkerKind.HANDLER)).isEmpty();
        assertThat(warnings(WorkerKind.SERVLET)).isEmpty();
        assertThat(warnings(WorkerKind.MAIN)).hasSize(1);
    }

    @Test
    void servletsHaveAContextPath() throws ConfigurationException {
        sources.flag(RequestSettings.ROOT_PATH, "/shop");

        assertThat(problems(WorkerKind.HANDLER)).isEmpty();
        assertThat(problems(WorkerKind.SERVLET))
                .containsExactly("--root-path: a servlet learns its path from getContextPath(). Choose --context-path"
                        + " /shop, and let the proxy pass the whole path on");
        assertThat(warnings(WorkerKind.MAIN)).hasSize(1);
    }

    @Test
    void forwarderHeadersAreNames() throws ConfigurationException {
        sources.flag(RequestSettings.FORWARDER_HEADERS, "REMOTE_USER,*");
        assertThat(sources.resolve().get(RequestSettings.FORWARDER_HEADERS)).containsExactly("REMOTE_USER", "*");

        sources.flag(RequestSettings.FORWARDER_HEADERS, "REMOTE USER");
        assertThatThrownBy(sources::resolve).hasMessageContaining("no name of a header field");
    }
}
