package io.jcorn.master.metrics;

import io.jcorn.master.arbiter.Status;
import io.jcorn.master.arbiter.WorkerState;
import io.jcorn.wire.Scoreboard;
import io.jcorn.wire.Scoreboard.Cell;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Everything that is not an event but can be read at any time: the scoreboard, the arbiter's status, the listeners.
 *
 * <p>A collector of the Prometheus client, behind Micrometer's registry, and not Micrometer's own gauges and function
 * counters: those read value by value, so the numbers of one page would be of different moments, and they cannot take over
 * the buckets of a histogram that others have filled.
 */
final class ServerCollector implements MultiCollector {

    private static final double MICROS_PER_SECOND = 1e6;

    private static final Map<Cell, String> STATUS_CLASSES = Map.of(
            Cell.RESPONSES_1XX, "1xx",
            Cell.RESPONSES_2XX, "2xx",
            Cell.RESPONSES_3XX, "3xx",
            Cell.RESPONSES_4XX, "4xx",
            Cell.RESPONSES_5XX, "5xx");

    private final Supplier<ServerView> view;

    ServerCollector(Supplier<ServerView> view) {
        this.view = view;
    }

    @Override
    public MetricSnapshots collect() {
        ServerView seen = view.get();
        Families families = new Families();
        master(families, seen);
        status(families, seen.status());
        connections(families, seen);
        tls(families, seen.counts().total());
        requests(families, seen.counts().total());
        time(families, seen.counts().total());
        acceptQueues(families, seen.acceptQueues());
        return families.build();
    }

    private static void master(Families families, ServerView seen) {
        families.info(
                "jcorn_build",
                "1, with the versions of jcorn and of the master's JVM.",
                Labels.of("version", seen.version(), "java_version", System.getProperty("java.version", "unknown")));
        families.gauge(
                "jcorn_start_time_seconds",
                "When the master was started, in seconds since 1970-01-01 UTC.",
                seen.started().toEpochMilli() / 1000.0);
    }

    private static void status(Families families, Status status) {
        families.gauge("jcorn_workers", "Worker processes, by state and generation.", workers(status));
        families.gauge(
                "jcorn_workers_wanted",
                "Workers that there should be.",
                status.target().workers());
        families.gauge(
                "jcorn_generation",
                "The generation that every slot should have; it counts reloads.",
                status.target().wanted());
        families.gauge(
                "jcorn_breaker_open", "1 while a crash loop keeps failing slots empty.", status.breakerOpen() ? 1 : 0);
    }

    /** Every state of every generation in use, zeros included: a rule can then tell "none" from "unknown". */
    private static Map<Labels, Integer> workers(Status status) {
        SortedSet<Integer> generations = new TreeSet<>();
        generations.add(status.target().wanted());
        status.workers().forEach(worker -> generations.add(worker.generation()));
        Map<Labels, Integer> workers = new HashMap<>();
        for (int generation : generations) {
            for (WorkerState state : WorkerState.values()) {
                if (state != WorkerState.GONE) {
                    workers.put(labels(state, generation), 0);
                }
            }
        }
        status.workers().forEach(worker -> workers.merge(labels(worker.state(), worker.generation()), 1, Integer::sum));
        return workers;
    }

    private static Labels labels(WorkerState state, int generation) {
        return Labels.of("state", state.name().toLowerCase(Locale.ROOT), "generation", Integer.toString(generation));
    }

    private static void connections(Families families, ServerView seen) {
        Counts total = seen.counts().total();
        families.counter("jcorn_connections_accepted", "Client connections accepted.", total.get(Cell.ACCEPTED));
        families.gauge("jcorn_connections_open", "Client connections open now.", total.get(Cell.CONNECTIONS));
        Map<Labels, Long> bySlot = new HashMap<>();
        LongSummaryStatistics spread = new LongSummaryStatistics();
        for (Status.Worker worker : seen.status().workers()) {
            long open = seen.countsOf(worker).get(Cell.CONNECTIONS);
            // While a generation replaces another, two processes share a slot.
            bySlot.merge(Labels.of("slot", Integer.toString(worker.slot())), open, Long::sum);
            if (worker.state() == WorkerState.READY) {
                spread.accept(open);
            }
        }
        families.gauge("jcorn_worker_connections_open", "Client connections open now, by slot.", bySlot);
        families.gauge(
                "jcorn_worker_connections_most",
                "Client connections of the ready worker that has most.",
                spread.getCount() == 0 ? 0 : spread.getMax());
        families.gauge(
                "jcorn_worker_connections_least",
                "Client connections of the ready worker that has least.",
                spread.getCount() == 0 ? 0 : spread.getMin());
        families.counter(
                "jcorn_accept_pauses",
                "Times that a worker with more connections than the others stopped accepting for a moment.",
                total.get(Cell.ACCEPT_PAUSES));
    }

    private static void tls(Families families, Counts total) {
        families.counter(
                "jcorn_tls_handshakes", "TLS handshakes that led to a connection.", total.get(Cell.TLS_HANDSHAKES));
        families.counter(
                "jcorn_tls_handshakes_failed",
                "TLS handshakes that failed, and connections to a TLS port that spoke something else.",
                total.get(Cell.TLS_FAILURES));
    }

    private static void requests(Families families, Counts total) {
        Map<Labels, Long> byStatus = new HashMap<>();
        STATUS_CLASSES.forEach((cell, name) -> byStatus.put(Labels.of("status", name), total.get(cell)));
        families.counter("jcorn_requests", "Requests whose response was completed, by class of status.", byStatus);
        families.gauge("jcorn_requests_in_flight", "Requests being answered now.", total.get(Cell.IN_FLIGHT));
        families.counter(
                "jcorn_requests_refused",
                "Requests refused before the application saw them, also counted by status.",
                total.get(Cell.REFUSED));
        families.counter(
                "jcorn_application_errors",
                "Exceptions that the application let escape.",
                total.get(Cell.APPLICATION_ERRORS));
        families.counter(
                "jcorn_client_disconnects",
                "Requests whose client went away before it had sent all of it, or before the response was complete.",
                total.get(Cell.CLIENT_DISCONNECTS));
        families.counter(
                "jcorn_access_log_lines_lost",
                "Lines that the workers could not write to the access log.",
                total.get(Cell.ACCESS_LINES_LOST));
        families.counter(
                "jcorn_received_bytes", "Bytes read from clients, heads included.", total.get(Cell.BYTES_READ));
        families.counter(
                "jcorn_sent_bytes", "Bytes written to clients, heads included.", total.get(Cell.BYTES_WRITTEN));
        families.histogram(
                "jcorn_request_duration_seconds",
                "Time that requests took, as the workers measure it.",
                buckets(total),
                total.get(Cell.LATENCY_SUM) / MICROS_PER_SECOND);
    }

    private static void time(Families families, Counts total) {
        families.gauge(
                "jcorn_queue_length", "Requests that wait for a thread of the application.", total.get(Cell.QUEUED));
        families.counter(
                "jcorn_queue_wait_seconds",
                "Time that requests have waited for a thread of the application, all added up.",
                total.get(Cell.QUEUE_WAIT) / MICROS_PER_SECOND);
        families.counter(
                "jcorn_queue_refused",
                "Requests answered with 503 that the application never saw, by reason.",
                Map.of(
                        Labels.of("reason", "full"), total.get(Cell.QUEUE_REJECTED),
                        Labels.of("reason", "timeout"), total.get(Cell.QUEUE_EXPIRED)));
        families.counter(
                "jcorn_request_timeouts",
                "Requests that the application took too long for.",
                total.get(Cell.REQUEST_TIMEOUTS));
        families.counter(
                "jcorn_client_timeouts",
                "Clients that were too slow, by what they were slow with.",
                Map.of(
                        Labels.of("phase", "head"), total.get(Cell.TIMEOUTS_HEAD),
                        Labels.of("phase", "body"), total.get(Cell.TIMEOUTS_BODY),
                        Labels.of("phase", "response"), total.get(Cell.TIMEOUTS_SEND)));
    }

    /** The scoreboard's bucket i ends below 2^i microseconds; the last one is the unbounded one of both worlds. */
    private static ClassicHistogramBuckets buckets(Counts total) {
        ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
        for (int bucket = 0; bucket < Scoreboard.BUCKETS; bucket++) {
            boolean last = bucket == Scoreboard.BUCKETS - 1;
            double bound = last ? Double.POSITIVE_INFINITY : (1L << bucket) / MICROS_PER_SECOND;
            buckets.bucket(bound, total.latencyBucket(bucket));
        }
        return buckets.build();
    }

    private static void acceptQueues(Families families, Collection<AcceptQueue> queues) {
        Map<Labels, Integer> lengths = new HashMap<>();
        queues.stream()
                .filter(queue -> queue.length() >= 0)
                .forEach(queue -> lengths.put(Labels.of("listener", queue.address()), queue.length()));
        families.gauge(
                "jcorn_accept_queue_length", "Connections that no worker has accepted yet, by listener.", lengths);
    }
}
