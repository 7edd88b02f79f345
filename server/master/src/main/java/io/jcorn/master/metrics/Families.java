package io.jcorn.master.metrics;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Map;
import java.util.TreeMap;

/** Collects metric families for one scrape; says in one line each what the client library says in six. */
final class Families {

    private final MetricSnapshots.Builder all = MetricSnapshots.builder();

    MetricSnapshots build() {
        return all.build();
    }

    /** Adds a counter; its name gets the ending {@code _total}. */
    void counter(String name, String help, Number value) {
        counter(name, help, Map.of(Labels.EMPTY, value));
    }

    void counter(String name, String help, Map<Labels, ? extends Number> values) {
        CounterSnapshot.Builder family = CounterSnapshot.builder().name(name).help(help);
        // Sorted, so that two scrapes can be compared by eye.
        new TreeMap<>(values)
                .forEach((labels, value) -> family.dataPoint(CounterDataPointSnapshot.builder()
                        .labels(labels)
                        .value(value.doubleValue())
                        .build()));
        all.metricSnapshot(family.build());
    }

    void gauge(String name, String help, Number value) {
        gauge(name, help, Map.of(Labels.EMPTY, value));
    }

    void gauge(String name, String help, Map<Labels, ? extends Number> values) {
        GaugeSnapshot.Builder family = GaugeSnapshot.builder().name(name).help(help);
        new TreeMap<>(values)
                .forEach((labels, value) -> family.dataPoint(GaugeDataPointSnapshot.builder()
                        .labels(labels)
                        .value(value.doubleValue())
                        .build()));
        all.metricSnapshot(family.build());
    }

    void histogram(String name, String help, ClassicHistogramBuckets buckets, double sum) {
        HistogramDataPointSnapshot.Builder point =
                HistogramDataPointSnapshot.builder().classicHistogramBuckets(buckets);
        point.sum(sum);
        all.metricSnapshot(HistogramSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(point.build())
                .build());
    }

    /** Adds a constant 1 whose labels are what matters; its name gets the ending {@code _info}. */
    void info(String name, String help, Labels labels) {
        all.metricSnapshot(InfoSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(InfoDataPointSnapshot.builder().labels(labels).build())
                .build());
    }
}
