package io.jcorn.master.metrics;

import io.jcorn.master.arbiter.Status;
import io.jcorn.master.arbiter.Target;
import io.jcorn.master.arbiter.WorkerState;
import io.jcorn.wire.Scoreboard.Cell;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** {@code /status}: the whole server as JSON. Times are ISO 8601 in UTC, durations milliseconds. */
final class StatusPage {

    private StatusPage() {}

    static String of(ServerView seen) {
        Status status = seen.status();
        Json json = new Json().object();
        json.put("version", seen.version())
                .put("pid", seen.pid())
                .put("started", seen.started().toString())
                .put("uptime_ms", seen.uptimeMillis())
                .put("phase", word(status.target().phase()))
                .put("generation", status.target().wanted())
                .put("workers_wanted", status.target().workers())
                .put("workers_ready", status.count(WorkerState.READY));
        reload(json, seen);
        json.object("crash_loop")
                .put("open", status.breakerOpen())
                .put("recent_failures", status.recentFailures())
                .endObject();
        totals(json, seen.counts().total());
        listeners(json, seen);
        json.array("workers");
        status.workers().forEach(worker -> worker(json, seen, worker));
        return json.endArray().endObject() + "\n";
    }

    private static void reload(Json json, ServerView seen) {
        LastReload.Outcome last = seen.lastReload();
        Instant at = last.at();
        json.object("reload")
                .put("state", reloadState(seen.status()))
                .put("proven_generation", seen.status().target().proven())
                .put("last_result", last.result().word());
        if (at == null) {
            json.putNull("last_at");
        } else {
            json.put("last_at", at.toString());
        }
        json.put("last_reason", last.reason()).endObject();
    }

    private static String reloadState(Status status) {
        if (status.preparing()) {
            return "preparing";
        }
        return status.target().rolling() ? "rolling" : "idle";
    }

    private static void totals(Json json, Counts total) {
        json.object("totals")
                .put("connections", total.get(Cell.CONNECTIONS))
                .put("in_flight", total.get(Cell.IN_FLIGHT))
                .put("queued", total.get(Cell.QUEUED))
                .put("accepted", total.get(Cell.ACCEPTED))
                .put("requests", total.requests())
                .put("errors_5xx", total.get(Cell.RESPONSES_5XX))
                .put("received_bytes", total.get(Cell.BYTES_READ))
                .put("sent_bytes", total.get(Cell.BYTES_WRITTEN))
                .endObject();
    }

    private static void listeners(Json json, ServerView seen) {
        json.array("listeners");
        for (AcceptQueue queue : seen.acceptQueues()) {
            json.object().put("address", queue.address());
            if (queue.length() < 0) {
                json.putNull("accept_queue");
            } else {
                json.put("accept_queue", queue.length());
            }
            json.endObject();
        }
        json.endArray();
    }

    private static void worker(Json json, ServerView seen, Status.Worker worker) {
        Counts counts = seen.countsOf(worker);
        json.object()
                .put("slot", worker.slot())
                .put("generation", worker.generation())
                .put("pid", worker.pid())
                .put("state", word(worker.state()))
                .put("since", seen.at(worker.since()).toString())
                .put("because", worker.because())
                .put("age_ms", seen.clock() - worker.spawnedAt())
                .put("connections", counts.get(Cell.CONNECTIONS))
                .put("in_flight", counts.get(Cell.IN_FLIGHT))
                .put("queued", counts.get(Cell.QUEUED))
                .put("accepted", counts.get(Cell.ACCEPTED))
                .put("requests", counts.requests());
        long beat = counts.get(Cell.BEAT);
        if (beat == 0) {
            json.putNull("last_beat_age_ms");
        } else {
            json.put("last_beat_age_ms", Math.max(0, seen.clock() - TimeUnit.NANOSECONDS.toMillis(beat)));
        }
        json.endObject();
    }

    private static String word(Target.Phase phase) {
        return phase.name().toLowerCase(Locale.ROOT);
    }

    private static String word(WorkerState state) {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
