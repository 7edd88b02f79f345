package io.jcorn.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.wire.Log;
import io.jcorn.wire.LogLevel;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DefectLogTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private long now = -1;

    private List<String> lines() {
        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        out.reset();
        return lines;
    }

    @Test
    void aFloodIsANumberAndNoTrace() {
        DefectLog log = new DefectLog(Log.to(out, LogLevel.INFO, 1, Clock.systemUTC()), () -> now);
        for (int i = 0; i < 1000; i++) {
            log.add("sending to /127.0.0.1:" + i, new NoClassDefFoundError("com/example/Optional"));
        }
        assertThat(lines())
                .hasSize(DefectLog.LINES)
                .allMatch(line -> line.contains("The server failed while sending to /127.0.0.1:")
                        && line.contains("NoClassDefFoundError: com/example/Optional at "));
        now += TimeUnit.SECONDS.toNanos(1);
        log.add("sending to /127.0.0.1:1", new NoClassDefFoundError("com/example/Optional"));
        assertThat(lines())
                .singleElement()
                .asString()
                .contains("(and " + (1000 - DefectLog.LINES) + " more times since the last line like this)");
    }

    @Test
    void whoDebugsSeesTheTraces() {
        DefectLog log = new DefectLog(Log.to(out, LogLevel.DEBUG, 1, Clock.systemUTC()), () -> now);
        log.add("sending to /127.0.0.1:1", new NoClassDefFoundError("com/example/Optional"));
        assertThat(lines()).anyMatch(line -> line.contains("\tat " + DefectLogTest.class.getName()));
    }
}
