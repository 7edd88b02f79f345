package io.jcorn.worker.engine;

import io.jcorn.worker.engine.Connection.State;
import io.jcorn.worker.exchange.Exchange;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Since when a connection is in its state, and whether that is too long. Decides only; confined to the event loop. */
final class Timing {

    /** What is to be done about a connection. */
    enum Verdict {
        /** Nothing: there is time left. */
        WAIT,
        /** The head takes too long. */
        HEAD_LATE,
        /** The body takes too long. */
        BODY_LATE,
        /** The body took long enough: the application may wait for the rest. */
        HANDLE,
        /** Nothing was asked for too long. */
        IDLE,
        /** A body that nobody wants takes too long. */
        UNWANTED,
        /** The client had its time to read the last response. */
        LINGERED,
        /** Nobody completes the response. */
        UNFINISHED
    }

    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final long COLLECT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** How long an exchange may stand still that the handler has left to another thread. */
    private static final long LATE_NANOS = TimeUnit.MINUTES.toNanos(5);

    private final Engine engine;

    /** When the current state, or the first byte of a head, began; or when the exchange last moved. */
    private long since;

    private boolean served;

    Timing(Engine engine) {
        this.engine = engine;
        this.since = engine.now();
    }

    /** Something has moved or begun. Returns when. */
    long moved() {
        since = engine.now();
        return since;
    }

    /** A request begins. Returns when. */
    long begin() {
        served = true;
        return moved();
    }

    /**
     * Decides.
     *
     * @param midway whether a part of a head has arrived
     * @param pending whether there is something that the kernel has not taken
     */
    Verdict look(State state, boolean midway, boolean pending, @Nullable Exchange exchange, long now) {
        long age = now - since;
        return switch (state) {
            case HEAD -> head(age, midway);
            case COLLECTING -> collecting(age, exchange, now);
            case HANDLING -> {
                boolean left = exchange != null && exchange.returned();
                yield left && age > LATE_NANOS && !pending ? Verdict.UNFINISHED : Verdict.WAIT;
            }
            case DISCARDING -> age > LINGER_NANOS ? Verdict.UNWANTED : Verdict.WAIT;
            case LINGERING -> age > LINGER_NANOS && !pending ? Verdict.LINGERED : Verdict.WAIT;
            case CLOSED -> Verdict.WAIT;
        };
    }

    private Verdict head(long age, boolean midway) {
        if (midway) {
            return age > engine.settings().headTimeoutNanos() ? Verdict.HEAD_LATE : Verdict.WAIT;
        }
        return age > idleLimit() ? Verdict.IDLE : Verdict.WAIT;
    }

    private long idleLimit() {
        EngineSettings settings = engine.settings();
        if (engine.abandoned()) {
            return -1;
        }
        long limit = served ? settings.keepAliveNanos() : settings.headTimeoutNanos();
        return engine.draining() ? Math.min(limit, Engine.DRAIN_IDLE_NANOS) : limit;
    }

    private Verdict collecting(long age, @Nullable Exchange exchange, long now) {
        if (engine.runner().onEventLoop()) {
            return age > engine.settings().headTimeoutNanos() ? Verdict.BODY_LATE : Verdict.WAIT;
        }
        return exchange != null && now - exchange.startNanos() > COLLECT_NANOS ? Verdict.HANDLE : Verdict.WAIT;
    }
}
