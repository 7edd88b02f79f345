package io.jcorn.master.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.jcorn.master.arbiter.Exit;
import io.jcorn.master.arbiter.Handles;
import io.jcorn.master.arbiter.Journal;
import io.jcorn.master.arbiter.Status;
import io.jcorn.master.arbiter.Target.Phase;
import io.jcorn.master.arbiter.WorkerState;
import io.jcorn.wire.Scoreboard;
import io.jcorn.wire.Scoreboard.Cell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExpositionTest {

    private static final Path DOCUMENT = Path.of("../../docs/metrics.md");

    private final Scoreboard scoreboard = Views.scoreboard();
    private final Tally tally = new Tally();
    private Status status = Views.status(Phase.SERVING, 0);
    private AcceptQueue[] queues = {};
    private final Exposition exposition = new Exposition(() -> Views.view(status, tally, queues));

    @Test
    void tellsWorkersByStateAndGeneration() {
        status = Views.status(
                Phase.SERVING,
                2,
                Views.worker(1, 0, 1, WorkerState.DRAINING),
                Views.worker(2, 1, 1, WorkerState.READY),
                Views.worker(3, 0, 2, WorkerState.SPAWNED));

        PrometheusText page = scrape();

        assertThat(page.value("jcorn_workers", "state", "ready", "generation", "1"))
                .isEqualTo(1);
        assertThat(page.value("jcorn_workers", "state", "draining", "generation", "1"))
                .isEqualTo(1);
        assertThat(page.value("jcorn_workers", "state", "spawned", "generation", "2"))
                .isEqualTo(1);
        assertThat(page.value("jcorn_workers", "state", "ready", "generation", "2"))
                .isZero();
        assertThat(page.value("jcorn_workers_wanted")).isEqualTo(2);
    }

    @Test
    void aGenerationThatIsGoneHasNoSeries() {
        status = Views.status(Phase.SERVING, 1, Views.worker(1, 0, 7, WorkerState.READY));
        assertThat(scrape().has("jcorn_workers", "state", "ready", "generation", "7"))
                .isTrue();

        status = Views.status(Phase.SERVING, 1);

        assertThat(scrape().has("jcorn_workers", "state", "ready", "generation", "7"))
                .isFalse();
    }

    @Test
    void tellsConnectionsBySlotAndTheirSpreadOverReadyWorkers() {
        join(1, 0).set(Cell.CONNECTIONS, 7);
        join(2, 1).set(Cell.CONNECTIONS, 3);
        join(3, 2).set(Cell.CONNECTIONS, 1);
        status = Views.status(
                Phase.SERVING,
                2,
                Views.worker(1, 0, 1, WorkerState.READY),
                Views.worker(2, 1, 1, WorkerState.READY),
                Views.worker(3, 1, 1, WorkerState.DRAINING));

        PrometheusText page = scrape();

        assertThat(page.value("jcorn_connections_open")).isEqualTo(11);
        assertThat(page.value("jcorn_worker_connections_open", "slot", "0")).isEqualTo(7);
        assertThat(page.value("jcorn_worker_connections_open", "slot", "1")).isEqualTo(4);
        assertThat(page.value("jcorn_worker_connections_most")).isEqualTo(7);
        assertThat(page.value("jcorn_worker_connections_least")).isEqualTo(3);
    }

    @Test
    void tellsWhatTheWorkersCounted() {
        Scoreboard.Row row = join(1, 0);
        row.set(Cell.RESPONSES_2XX, 5);
        row.set(Cell.RESPONSES_4XX, 2);
        row.set(Cell.REFUSED, 1);
        row.set(Cell.APPLICATION_ERRORS, 3);
        row.set(Cell.CLIENT_DISCONNECTS, 11);
        row.set(Cell.BYTES_READ, 1L << 40);
        row.set(Cell.BYTES_WRITTEN, 99);
        row.set(Cell.IN_FLIGHT, 4);
        row.set(Cell.ACCEPTED, 6);
        row.set(Cell.ACCEPT_PAUSES, 8);

        PrometheusText page = scrape();

        assertThat(page.value("jcorn_requests_total", "status", "2xx")).isEqualTo(5);
        assertThat(page.value("jcorn_requests_total", "status", "4xx")).isEqualTo(2);
        assertThat(page.value("jcorn_requests_total", "status", "5xx")).isZero();
        assertThat(page.value("jcorn_requests_refused_total")).isEqualTo(1);
        assertThat(page.value("jcorn_application_errors_total")).isEqualTo(3);
        assertThat(page.value("jcorn_client_disconnects_total")).isEqualTo(11);
        assertThat(page.value("jcorn_received_bytes_total")).isEqualTo(0x1p40);
        assertThat(page.value("jcorn_sent_bytes_total")).isEqualTo(99);
        assertThat(page.value("jcorn_requests_in_flight")).isEqualTo(4);
        assertThat(page.value("jcorn_connections_accepted_total")).isEqualTo(6);
        assertThat(page.value("jcorn_accept_pauses_total")).isEqualTo(8);
    }

    @Test
    void durationsBecomeAHistogramInSeconds() {
        Scoreboard.Row row = join(1, 0);
        row.recordLatency(0);
        row.recordLatency(1_000);
        row.recordLatency(1_500_000);
        row.recordLatency(3_000_000_000_000L);

        PrometheusText page = scrape();

        Map<Double, Double> buckets = page.buckets("jcorn_request_duration_seconds");
        assertThat(buckets).hasSize(Scoreboard.BUCKETS);
        assertThat(buckets.get(1e-6)).as("less than 1 µs").isEqualTo(1);
        assertThat(buckets.get(2e-6)).as("1 µs").isEqualTo(2);
        assertThat(buckets.get(1_024e-6)).isEqualTo(2);
        assertThat(buckets.get(2_048e-6)).as("1.5 ms").isEqualTo(3);
        assertThat(buckets.get(1_073.741824)).isEqualTo(3);
        assertThat(buckets.get(Double.POSITIVE_INFINITY)).as("50 minutes").isEqualTo(4);
        assertThat(page.value("jcorn_request_duration_seconds_count")).isEqualTo(4);
        assertThat(page.value("jcorn_request_duration_seconds_sum")).isCloseTo(3_000.001501, within(1e-9));
    }

    @Test
    void nothingGoesBackWhenAWorkerDies() {
        Scoreboard.Row row = join(1, 0);
        row.set(Cell.RESPONSES_2XX, 5);
        row.recordLatency(1_500_000);
        tally.departed(1);
        row.clear();
        join(2, 0).set(Cell.RESPONSES_2XX, 1);

        PrometheusText page = scrape();

        assertThat(page.value("jcorn_requests_total", "status", "2xx")).isEqualTo(6);
        assertThat(page.value("jcorn_request_duration_seconds_count")).isEqualTo(1);
    }

    @Test
    void tellsAcceptQueuesThatTheKernelTells() {
        queues = new AcceptQueue[] {
            new AcceptQueue("127.0.0.1:9000", 3), new AcceptQueue("unix:/a \"b\" \\c", 0), new AcceptQueue("[::]:1", -1)
        };

        PrometheusText page = scrape();

        assertThat(page.value("jcorn_accept_queue_length", "listener", "127.0.0.1:9000"))
                .isEqualTo(3);
        assertThat(page.value("jcorn_accept_queue_length", "listener", "unix:/a \\\"b\\\" \\\\c"))
                .isZero();
        assertThat(page.has("jcorn_accept_queue_length", "listener", "[::]:1")).isFalse();
    }

    @Test
    void countsEvents() {
        Journal events = exposition.events();
        events.spawned(Handles.spawned());
        events.spawnFailed(0, 1, "no memory");
        events.ready(Handles.ready(), "App", 1_500);
        events.late(Handles.spawned(), "");
        events.late(Handles.ready(), "");
        events.late(Handles.draining(), "");
        events.killing(Handles.ready());
        events.unfinished(Handles.draining(), 3);
        events.breakerOpened(6, 0);
        events.promoted(1, 4, 900);
        events.promoted(2, 4, 900);
        events.reloadFailed(3, 2, "no");
        events.reloadRefused("no");

        PrometheusText page = scrape();

        assertThat(page.value("jcorn_worker_spawns_total")).isEqualTo(1);
        assertThat(page.value("jcorn_worker_spawn_failures_total")).isEqualTo(1);
        assertThat(page.value("jcorn_worker_time_to_ready_seconds_count")).isEqualTo(1);
        assertThat(page.value("jcorn_worker_time_to_ready_seconds_sum")).isEqualTo(1.5);
        assertThat(page.value("jcorn_worker_time_to_ready_seconds_bucket", "le", "1.0"))
                .isZero();
        assertThat(page.value("jcorn_worker_time_to_ready_seconds_bucket", "le", "2.5"))
                .isEqualTo(1);
        assertThat(page.value("jcorn_worker_late_total", "missed", "boot")).isEqualTo(1);
        assertThat(page.value("jcorn_worker_late_total", "missed", "heartbeat")).isEqualTo(1);
        assertThat(page.value("jcorn_worker_late_total", "missed", "drain")).isEqualTo(1);
        assertThat(page.value("jcorn_worker_kills_total")).isEqualTo(1);
        assertThat(page.value("jcorn_requests_given_up_total")).isEqualTo(3);
        assertThat(page.value("jcorn_breaker_opened_total")).isEqualTo(1);
        assertThat(page.value("jcorn_reloads_total", "result", "complete"))
                .as("the first generation is no reload")
                .isEqualTo(1);
        assertThat(page.value("jcorn_reloads_total", "result", "failed")).isEqualTo(1);
        assertThat(page.value("jcorn_reloads_total", "result", "refused")).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(Exit.Kind.class)
    void countsExitsByReason(Exit.Kind kind) {
        String reason = kind.name().toLowerCase(java.util.Locale.ROOT);
        assertThat(scrape().value("jcorn_worker_exits_total", "reason", reason)).isZero();

        exposition.events().exited(Handles.ready(), Handles.exit(kind));

        assertThat(scrape().value("jcorn_worker_exits_total", "reason", reason)).isEqualTo(1);
    }

    /** docs/metrics.md names every metric with its type and labels, and no other. */
    @Test
    void isDocumented() throws IOException {
        join(1, 0);
        status = Views.status(Phase.SERVING, 1, Views.worker(1, 0, 1, WorkerState.READY));
        queues = new AcceptQueue[] {new AcceptQueue("127.0.0.1:9000", 0)};
        PrometheusText page = scrape();
        Map<String, String> told = new TreeMap<>();
        page.types.forEach((name, type) ->
                told.put(name, type + " " + new TreeSet<>(page.labels.getOrDefault(name, java.util.Set.of()))));

        Map<String, String> documented = new TreeMap<>();
        Matcher row = Pattern.compile("(?m)^\\| `(jcorn_\\w+)` \\| (\\w+) \\|([^|]*)\\|")
                .matcher(Files.readString(DOCUMENT));
        while (row.find()) {
            TreeSet<String> labels = new TreeSet<>();
            Matcher label = Pattern.compile("`(\\w+)`").matcher(row.group(3));
            while (label.find()) {
                labels.add(label.group(1));
            }
            documented.put(row.group(1), row.group(2) + " " + labels);
        }

        assertThat(documented).isEqualTo(told);
    }

    private PrometheusText scrape() {
        return PrometheusText.parse(exposition.scrape());
    }

    private Scoreboard.Row join(long worker, int index) {
        Scoreboard.Row row = scoreboard.row(index);
        tally.joined(worker, row);
        return row;
    }
}
