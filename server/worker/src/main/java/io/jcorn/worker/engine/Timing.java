package io.jcorn.worker.engine;

import io.jcorn.worker.engine.Connection.State;
import io.jcorn.worker.exchange.Pace;
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
        /** The client takes too little of a response. */
        SEND_LATE,
        /** Nothing was asked for too long. */
        IDLE,
        /** A body that nobody wants takes too long. */
        UNWANTED,
        /** The client had its time to read the last response. */
        LINGERED
    }

    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Engine engine;
    private final Intake intake;
    private final Outflow outflow;

    /** When the current state, or the first byte of a head, began; or when the exchange last moved. */
    private long since;

    private long requests;
    private long begun;
    private @Nullable Pace body;

    Timing(Engine engine, Intake intake, Outflow outflow) {
        this.engine = engine;
        this.intake = intake;
        this.outflow = outflow;
        this.since = engine.now();
    }

    /** Something has moved or begun. */
    void moved() {
        since = engine.now();
    }

    /** A request begins. Returns when. */
    long begin() {
        requests++;
        moved();
        begun = since;
        return begun;
    }

    /** Returns how many requests have begun. */
    long requests() {
        return requests;
    }

    /** Returns when something last moved. */
    long since() {
        return since;
    }

    /**
     * Decides.
     *
     * @param excused whether the client need not send anything of a body at the moment
     */
    Verdict look(State state, boolean excused, long now) {
        EngineSettings.Clients clients = engine.settings().clients();
        if (outflow.tooSlow(now, requests, clients)) {
            return Verdict.SEND_LATE;
        }
        long age = now - since;
        return switch (state) {
            case HEAD -> head(age, clients);
            case COLLECTING, HANDLING -> bodyLate(excused, now, clients) ? Verdict.BODY_LATE : Verdict.WAIT;
            case DISCARDING -> age > LINGER_NANOS || bodyLate(false, now, clients) ? Verdict.UNWANTED : Verdict.WAIT;
            case LINGERING ->
                (age > LINGER_NANOS || outflow.closing()) && outflow.taken() ? Verdict.LINGERED : Verdict.WAIT;
            case CLOSED -> Verdict.WAIT;
        };
    }

    private Verdict head(long age, EngineSettings.Clients clients) {
        if (intake.midway()) {
            return age > clients.head() ? Verdict.HEAD_LATE : Verdict.WAIT;
        }
        if (outflow.pending() && !engine.abandoned()) {
            // It idles from the moment when it has its response.
            moved();
            return Verdict.WAIT;
        }
        return age > idleLimit(clients) ? Verdict.IDLE : Verdict.WAIT;
    }

    private long idleLimit(EngineSettings.Clients clients) {
        if (engine.abandoned()) {
            return -1;
        }
        long limit = requests > 0 ? clients.keepAlive() : clients.firstByte();
        return engine.draining() ? Math.min(limit, Engine.DRAIN_IDLE_NANOS) : limit;
    }

    private boolean bodyLate(boolean excused, long now, EngineSettings.Clients clients) {
        if (!intake.bodyOutstanding()) {
            body = null;
            return false;
        }
        Pace pace = body;
        if (pace == null || !pace.isOf(requests)) {
            body = new Pace(requests, begun, 0);
            pace = body;
        }
        if (excused || intake.bodyFull()) {
            pace.excuse(now, intake.received());
            return false;
        }
        return pace.tooSlow(now, intake.received(), clients.body(), clients.bodyRate());
    }
}
