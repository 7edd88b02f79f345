package io.jcorn.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jcorn.wire.AccessLogOptions.Output;
import io.jcorn.wire.ServletOptions.Sessions;
import io.jcorn.wire.WorkerOptions.Threads;
import io.jcorn.wire.forwarded.ForwardedHeader;
import io.jcorn.wire.forwarded.SchemeHeader;
import io.jcorn.wire.syslog.SyslogOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ServletOptionsTest {

    private static ServletOptions options(Sessions sessions, List<Path> classpath, List<String> proxies) {
        return new ServletOptions(
                Path.of("/srv/a=b.war"),
                "--application=x",
                classpath,
                Path.of("/tmp/work = folder"),
                "/shop",
                new Threads(Threads.Kind.VIRTUAL, 0),
                sessions,
                new Deadlines(2_000, 1, 2, 3, 4, 5, 6, 7, 8),
                new RequestLimits(1, 2, 3, 4, 4L << 40),
                new RequestReading(proxies.isEmpty(), true, false, true, RequestReading.HeaderMap.REFUSE, proxies, ""),
                new ForwardingOptions(
                        proxies,
                        proxies.isEmpty() ? ForwardedHeader.AUTO : ForwardedHeader.X_FORWARDED,
                        proxies.stream()
                                .map(proxy -> new SchemeHeader("X-From", "a=" + proxy))
                                .toList()),
                proxies.isEmpty()
                        ? AccessLogOptions.NONE
                        : new AccessLogOptions(Output.FILE, Optional.of(Path.of("/a=b:c")), "%(h)s = \"%(r)s\""),
                proxies.stream()
                        .findFirst()
                        .map(proxy -> SyslogOptions.parse("LOCAL0 true prefix udp://127.0.0.1:514")));
    }

    @ParameterizedTest
    @EnumSource
    void argumentsComeBackAsOptions(Sessions.Kind kind) {
        ServletOptions sparse = options(new Sessions(kind, ""), List.of(), List.of());
        ServletOptions full = options(
                new Sessions(kind, "jdbc:h2:tcp://db:9092/a;USER=b"),
                List.of(Path.of("/lib/driver.jar"), Path.of("/lib/driver.jar")),
                List.of("127.0.0.1", "10.0.0.0/8", "*"));

        assertThat(ServletOptions.fromArguments(sparse.toArguments())).isEqualTo(sparse);
        assertThat(ServletOptions.fromArguments(full.toArguments())).isEqualTo(full);
    }

    @Test
    void aProgramThatNoMasterStartedIsToldSo() {
        assertThatThrownBy(() -> ServletOptions.fromArguments(List.of("app.war")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("only a jcorn master starts workers");
    }
}
