package io.jcorn.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jcorn.wire.TlsOptions.CertificateFiles;
import io.jcorn.wire.TlsOptions.ClientCertificates;
import io.jcorn.wire.TlsOptions.TlsVersion;
import io.jcorn.wire.WorkerOptions.Threads;
import io.jcorn.wire.forwarded.ForwardedHeader;
import io.jcorn.wire.syslog.SyslogOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WorkerOptionsTest {

    private static WorkerOptions options(
            String application, Optional<String> handler, List<Path> classpath, Threads threads, Optional<Path> log) {
        return options(application, handler, classpath, threads, Optional.empty(), log);
    }

    private static WorkerOptions options(
            String application,
            Optional<String> handler,
            List<Path> classpath,
            Threads threads,
            Optional<TlsOptions> tls,
            Optional<Path> log) {
        return new WorkerOptions(
                Path.of(application),
                application,
                handler,
                classpath,
                threads,
                1,
                2,
                new RequestLimits(5, 6, 7, 8, 8L << 40),
                new RequestReading(
                        true, false, true, false, RequestReading.HeaderMap.REFUSE, forwarderHeaders(handler), "/shop"),
                new Deadlines(3, 4, 11, 12, 13, 14, 15, 16, 22),
                new ProxyOptions(ProxyProtocol.V2, classpath.isEmpty() ? List.of() : List.of("*", "::1")),
                new ForwardingOptions(List.of(), ForwardedHeader.FORWARDED, List.of()),
                new FileOptions(
                        classpath.stream()
                                .map(folder -> new FileOptions.Mount("/a", folder))
                                .toList(),
                        handler.map(name -> "max-age=1, " + name),
                        classpath.isEmpty()),
                tls,
                new WebSocketOptions(11, 12, 13, true),
                new Http2Options(List.of("h2", "http/1.1"), true, 11, 12, 13, 14),
                new Admission(17, 18, 19, 20, 21),
                9,
                10,
                LogLevel.WARNING,
                log,
                new AccessLogOptions(
                        AccessLogOptions.Output.FILE, Optional.of(Path.of("/var/log/a b")), "%(h)s \"%(r)s\""),
                handler.map(name -> SyslogOptions.parse("LOCAL1 true shop unix:///a b#dgram")));
    }

    private static List<String> forwarderHeaders(Optional<String> handler) {
        return handler.isPresent() ? List.of("SCRIPT_NAME", "PATH_INFO") : List.of();
    }

    @ParameterizedTest
    @EnumSource
    void argumentsComeBackAsOptions(Threads.Kind kind) {
        WorkerOptions sparse = options("/app.jar", Optional.empty(), List.of(), new Threads(kind, 0), Optional.empty());
        WorkerOptions full = options(
                "/a b/--threads=LOOP:0/u=1.jar",
                Optional.of("com.example.Outer$Handler"),
                List.of(Path.of("/lib/a:b.jar"), Path.of("/lib/a:b.jar"), Path.of("relative/--backlog=9")),
                new Threads(kind, 64),
                Optional.of(new TlsOptions(
                        List.of(
                                new CertificateFiles(Path.of("/a=b.pem"), Path.of("/a b.key")),
                                new CertificateFiles(Path.of("/both.p12"), Path.of("/both.p12"))),
                        Optional.of(Path.of("/password")),
                        ClientCertificates.OPTIONAL,
                        Optional.of(Path.of("/ca.pem")),
                        TlsCipher.modern(),
                        TlsVersion.V1_3,
                        Path.of("/run/secret"))),
                Optional.of(Path.of("/var/log/a=b.log")));

        assertThat(WorkerOptions.fromArguments(sparse.toArguments())).isEqualTo(sparse);
        assertThat(WorkerOptions.fromArguments(full.toArguments())).isEqualTo(full);
    }

    @Test
    void whatIsMissingOrGivenTwiceIsNamed() {
        List<String> whole = options(
                        "/app.jar", Optional.empty(), List.of(), new Threads(Threads.Kind.LOOP, 0), Optional.empty())
                .toArguments();
        for (int i = 0; i < whole.size(); i++) {
            List<String> broken = new ArrayList<>(whole);
            String name = broken.remove(i).replaceFirst("=.*", "");
            assertThatThrownBy(() -> WorkerOptions.fromArguments(broken))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(name + " must be given once: only a jcorn master starts workers");
        }
        List<String> twice = new ArrayList<>(whole);
        twice.add("--backlog=7");
        assertThatThrownBy(() -> WorkerOptions.fromArguments(twice)).hasMessageStartingWith("--backlog must be given");
    }

    @Test
    void valuesOfTheWrongKindAreRefused() {
        List<String> whole = options(
                        "/app.jar", Optional.empty(), List.of(), new Threads(Threads.Kind.LOOP, 0), Optional.empty())
                .toArguments();
        for (String wrong : List.of("--threads=LOOP", "--threads=FEW:1", "--backlog=many", "--log-level=LOUD")) {
            List<String> broken = new ArrayList<>(whole);
            String name = wrong.replaceFirst("=.*", "=");
            broken.replaceAll(argument -> argument.startsWith(name) ? wrong : argument);
            assertThatThrownBy(() -> WorkerOptions.fromArguments(broken)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
