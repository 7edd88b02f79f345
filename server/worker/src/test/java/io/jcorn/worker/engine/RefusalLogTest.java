package io.jcorn.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.wire.Log;
import io.jcorn.wire.LogLevel;
import io.jcorn.worker.http.Refused;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RefusalLogTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ArrayDeque<Runnable> later = new ArrayDeque<>();
    private long now = -1;
    private final RefusalLog log =
            new RefusalLog(Log.to(out, LogLevel.INFO, 1, Clock.systemUTC()), () -> now, later::add);

    private void refuse(int times) {
        for (int i = 0; i < times; i++) {
            log.add("/127.0.0.1:" + i, new Refused(400, "reason " + i));
        }
    }

    private void second() {
        now += TimeUnit.SECONDS.toNanos(1);
        for (Runnable task = later.poll(); task != null; task = later.poll()) {
            task.run();
        }
    }

    private List<String> lines() {
        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        out.reset();
        return lines;
    }

    @Test
    void aFewAreToldEach() {
        refuse(RefusalLog.LINES);
        assertThat(lines()).hasSize(RefusalLog.LINES).allMatch(line -> line.contains("Refused a request of"));
        second();
        assertThat(lines()).isEmpty();
    }

    @Test
    void aFloodIsANumber() {
        refuse(1000);
        assertThat(lines()).hasSize(RefusalLog.LINES);
        second();
        assertThat(lines())
                .singleElement()
                .asString()
                .contains(
                        "Refused " + (1000 - RefusalLog.LINES) + " more requests in a second; the latest: reason 999");
    }

    @Test
    void aFloodThatGoesOnStaysWithinItsLines() {
        for (int i = 0; i < 10; i++) {
            refuse(1000);
            second();
        }
        assertThat(lines()).hasSizeLessThanOrEqualTo(10 * (RefusalLog.LINES + 1));
    }

    @Test
    void afterAQuietSecondEachIsToldAgain() {
        refuse(7);
        second();
        second();
        lines();
        refuse(RefusalLog.LINES);
        assertThat(lines()).hasSize(RefusalLog.LINES);
        assertThat(later).isEmpty();
    }
}
