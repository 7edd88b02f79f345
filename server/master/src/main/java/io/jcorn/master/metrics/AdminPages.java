package io.jcorn.master.metrics;

import io.jcorn.master.arbiter.Arbiter;
import io.jcorn.master.arbiter.Journal;
import io.jcorn.master.arbiter.Status;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The pages.
 *
 * <pre>
 *   arbiter's thread ── after each turn: one immutable Status ──► volatile field ──► threads of the server
 *                    └─ events: counters ─────────────────────────────────────────► (they read, and never wait for it)
 * </pre>
 */
final class AdminPages implements Admin {

    private final AdminServer server;
    private final Supplier<List<AcceptQueue>> acceptQueues;
    private final Tally tally;
    private final int pid;
    private final String version;
    private final Instant started = started();
    private final long startedAt =
            clock() - Duration.between(started, Instant.now()).toMillis();
    private final LastReload lastReload = new LastReload(Clock.systemUTC());
    /** Loading Micrometer takes 100 ms of CPU; meanwhile the master prepares the first generation. */
    private final CompletableFuture<Exposition> exposition =
            CompletableFuture.supplyAsync(() -> new Exposition(this::view));

    private volatile @Nullable Status status;

    AdminPages(AdminServer server, Supplier<List<AcceptQueue>> acceptQueues, Tally tally, int pid, String version) {
        this.server = server;
        this.acceptQueues = acceptQueues;
        this.tally = tally;
        this.pid = pid;
        this.version = version;
    }

    /** The kernel's word, which has ticks of 10 ms and may be ahead of the clock by one. */
    private static Instant started() {
        Instant now = Instant.now();
        return ProcessHandle.current()
                .info()
                .startInstant()
                .filter(now::isAfter)
                .orElse(now);
    }

    @Override
    public Optional<String> url() {
        return Optional.of(server.url());
    }

    @Override
    public Journal journal(Journal other) {
        return new JointJournal(other, new JointJournal(exposition.join().events(), lastReload));
    }

    @Override
    public void turned(Arbiter arbiter) {
        boolean first = status == null;
        status = arbiter.status();
        if (first) {
            server.start(this::page);
        }
    }

    Page page(String path) {
        return switch (path) {
            case "/livez" -> Health.live(latest(), clock());
            case "/readyz" -> Health.ready(latest());
            case "/metrics" -> Page.prometheus(exposition.join().scrape());
            case "/status" -> Page.json(StatusPage.of(view()));
            default -> Page.text(404, "there are /livez, /readyz, /metrics and /status");
        };
    }

    private ServerView view() {
        return new ServerView(
                version,
                pid,
                started,
                startedAt,
                Instant.now(),
                clock(),
                latest(),
                tally.read(),
                acceptQueues.get(),
                lastReload.outcome());
    }

    private Status latest() {
        Status latest = status;
        if (latest == null) {
            throw new IllegalStateException("the server starts with the first turn");
        }
        return latest;
    }

    /** The arbiter's clock, see {@link Status}. */
    private static long clock() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    @Override
    public void close() {
        server.close();
    }
}
