package io.jcorn.master.metrics;

import io.jcorn.master.arbiter.Exit;
import io.jcorn.master.arbiter.Journal;
import io.jcorn.master.arbiter.WorkerHandle;
import io.jcorn.master.arbiter.WorkerState;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Counts what happens to workers. Every series exists from the start with the value 0, because a series that appears with
 * its first event hides that event from {@code rate()}.
 */
final class EventMetrics implements Journal {

    /** What a worker can be late with. */
    private enum Missed {
        BOOT,
        HEARTBEAT,
        DRAIN
    }

    private enum ReloadResult {
        COMPLETE,
        FAILED,
        REFUSED
    }

    private static final Duration[] BOOT_BUCKETS = {
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2_500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofSeconds(60)
    };

    private final MeterRegistry registry;
    private final Counter spawns;
    private final Counter spawnFailures;
    private final Counter kills;
    private final Counter breakers;
    private final Counter givenUp;
    private final Timer timeToReady;
    private final Map<Exit.Kind, Counter> exits;
    private final Map<Missed, Counter> late;
    private final Map<ReloadResult, Counter> reloads;

    EventMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.spawns = counter("jcorn.worker.spawns", "Worker processes started.");
        this.spawnFailures = counter("jcorn.worker.spawn.failures", "Worker processes that could not be started.");
        this.kills = counter("jcorn.worker.kills", "KILL signals that the master sent to workers.");
        this.breakers = counter("jcorn.breaker.opened", "Times that a crash loop opened the breaker.");
        this.givenUp = counter("jcorn.requests.given.up", "Requests that did not end within graceful-timeout.");
        this.timeToReady = Timer.builder("jcorn.worker.time.to.ready")
                .description("Time from the start of a worker process until it was ready.")
                .serviceLevelObjectives(BOOT_BUCKETS)
                .register(registry);
        this.exits =
                counters(Exit.Kind.class, "jcorn.worker.exits", "reason", "Worker processes that ended, by reason.");
        this.late = counters(Missed.class, "jcorn.worker.late", "missed", "Deadlines that workers missed.");
        this.reloads =
                counters(ReloadResult.class, "jcorn.reloads", "result", "Reloads that came to an end, by result.");
    }

    private Counter counter(String name, String help) {
        return Counter.builder(name).description(help).register(registry);
    }

    private <E extends Enum<E>> Map<E, Counter> counters(Class<E> values, String name, String label, String help) {
        Map<E, Counter> counters = new EnumMap<>(values);
        for (E value : values.getEnumConstants()) {
            String text = value.name().toLowerCase(Locale.ROOT);
            counters.put(
                    value,
                    Counter.builder(name).tag(label, text).description(help).register(registry));
        }
        return counters;
    }

    private static <E> void count(Map<E, Counter> counters, E value) {
        Counter counter = counters.get(value);
        if (counter != null) {
            counter.increment();
        }
    }

    @Override
    public void spawned(WorkerHandle worker) {
        spawns.increment();
    }

    @Override
    public void spawnFailed(int slot, int generation, String reason) {
        spawnFailures.increment();
    }

    @Override
    public void ready(WorkerHandle worker, String application, long took) {
        timeToReady.record(took, TimeUnit.MILLISECONDS);
    }

    @Override
    public void exited(WorkerHandle worker, Exit exit) {
        count(exits, exit.kind());
    }

    /** The worker is still in the state in which it missed the deadline. */
    @Override
    public void late(WorkerHandle worker, String what) {
        count(late, missed(worker.state()));
    }

    private static Missed missed(WorkerState state) {
        return switch (state) {
            case SPAWNED -> Missed.BOOT;
            case READY -> Missed.HEARTBEAT;
            case DRAINING, LATE, KILLED, GONE -> Missed.DRAIN;
        };
    }

    @Override
    public void killing(WorkerHandle worker) {
        kills.increment();
    }

    @Override
    public void unfinished(WorkerHandle worker, int requests) {
        givenUp.increment(requests);
    }

    @Override
    public void breakerOpened(int failures, int healthy) {
        breakers.increment();
    }

    /** The first generation fills its slots too, but nobody reloaded it. */
    @Override
    public void promoted(int generation, int workers, long took) {
        if (generation > 1) {
            count(reloads, ReloadResult.COMPLETE);
        }
    }

    @Override
    public void reloadFailed(int generation, int proven, String reason) {
        count(reloads, ReloadResult.FAILED);
    }

    @Override
    public void reloadRefused(String reason) {
        count(reloads, ReloadResult.REFUSED);
    }
}
