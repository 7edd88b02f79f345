package io.jcorn.master.metrics;

import io.jcorn.master.arbiter.Journal;
import io.micrometer.core.instrument.Clock;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.function.Supplier;

/** {@code /metrics}: Micrometer's registry of the events, and beside it what the server looks like now. */
final class Exposition {

    private final PrometheusMeterRegistry registry;
    private final EventMetrics events;

    Exposition(Supplier<ServerView> view) {
        PrometheusRegistry families = new PrometheusRegistry();
        this.registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, families, Clock.SYSTEM);
        this.events = new EventMetrics(registry);
        families.register(new ServerCollector(view));
    }

    /** What has to hear of the events. */
    Journal events() {
        return events;
    }

    /** Returns the page in the Prometheus text format. */
    String scrape() {
        return registry.scrape();
    }
}
