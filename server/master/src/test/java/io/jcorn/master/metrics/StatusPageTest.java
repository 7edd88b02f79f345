package io.jcorn.master.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.master.arbiter.Status;
import io.jcorn.master.arbiter.Target;
import io.jcorn.master.arbiter.Target.Phase;
import io.jcorn.master.arbiter.WorkerState;
import io.jcorn.wire.Scoreboard;
import io.jcorn.wire.Scoreboard.Cell;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StatusPageTest {

    private final Scoreboard scoreboard = Views.scoreboard();
    private final Tally tally = new Tally();

    @Test
    void tellsEverything() {
        Scoreboard.Row row = scoreboard.row(0);
        tally.joined(1, row);
        row.set(Cell.CONNECTIONS, 3);
        row.set(Cell.IN_FLIGHT, 1);
        row.set(Cell.QUEUED, 4);
        row.set(Cell.ACCEPTED, 9);
        row.set(Cell.RESPONSES_2XX, 20);
        row.set(Cell.RESPONSES_5XX, 1);
        row.set(Cell.BYTES_READ, 100);
        row.set(Cell.BYTES_WRITTEN, 200);
        row.set(Cell.BEAT, TimeUnit.MILLISECONDS.toNanos(Views.CLOCK - 250));
        Status.Worker leaving = new Status.Worker(
                2, 1, 1, 4713, WorkerState.DRAINING, Views.CLOCK - 100, Views.CLOCK - 50_000, "say \"bye\"");
        Status status = new Status(
                new Target(Phase.SERVING, 2, 2, 1, true, true, 1, 0),
                false,
                true,
                6,
                List.of(Views.worker(1, 0, 2, WorkerState.READY), leaving),
                Views.CLOCK,
                Views.CLOCK);
        LastReload.Outcome refused =
                new LastReload.Outcome(LastReload.Result.REFUSED, Instant.parse("2026-11-21T19:00:30Z"), "a\nb");

        String page = StatusPage.of(Views.view(
                status, tally, refused, new AcceptQueue("127.0.0.1:9000", 5), new AcceptQueue("unix:/run/a", -1)));

        assertThat(page).isEqualTo("""
                {
                  "version": "0.1.0",
                  "pid": 7312,
                  "started": "2026-11-21T19:00:00Z",
                  "uptime_ms": 59000,
                  "phase": "serving",
                  "generation": 2,
                  "workers_wanted": 2,
                  "workers_ready": 1,
                  "reload": {
                    "state": "rolling",
                    "proven_generation": 1,
                    "last_result": "refused",
                    "last_at": "2026-11-21T19:00:30Z",
                    "last_reason": "a\\nb"
                  },
                  "crash_loop": {
                    "open": true,
                    "recent_failures": 6
                  },
                  "totals": {
                    "connections": 3,
                    "in_flight": 1,
                    "queued": 4,
                    "accepted": 9,
                    "requests": 21,
                    "errors_5xx": 1,
                    "received_bytes": 100,
                    "sent_bytes": 200
                  },
                  "listeners": [
                    {
                      "address": "127.0.0.1:9000",
                      "accept_queue": 5
                    },
                    {
                      "address": "unix:/run/a",
                      "accept_queue": null
                    }
                  ],
                  "workers": [
                    {
                      "slot": 0,
                      "generation": 2,
                      "pid": 4712,
                      "state": "ready",
                      "since": "2026-11-21T19:00:59.500Z",
                      "because": "",
                      "age_ms": 2000,
                      "connections": 3,
                      "in_flight": 1,
                      "queued": 4,
                      "accepted": 9,
                      "requests": 21,
                      "last_beat_age_ms": 250
                    },
                    {
                      "slot": 1,
                      "generation": 1,
                      "pid": 4713,
                      "state": "draining",
                      "since": "2026-11-21T19:00:59.900Z",
                      "because": "say \\"bye\\"",
                      "age_ms": 50000,
                      "connections": 0,
                      "in_flight": 0,
                      "queued": 0,
                      "accepted": 0,
                      "requests": 0,
                      "last_beat_age_ms": null
                    }
                  ]
                }
                """);
    }

    @Test
    void aReloadIsFirstPreparedAndThenRolled() {
        Status rolling = Views.status(Phase.SERVING, 1);
        Status preparing = new Status(rolling.target(), true, false, 0, List.of(), 0, 0);

        assertThat(StatusPage.of(Views.view(preparing, tally))).contains("\"state\": \"preparing\"");
        assertThat(StatusPage.of(Views.view(rolling, tally))).contains("\"state\": \"idle\"", "\"last_at\": null");
    }

    @Test
    void anEmptyServerIsStillJson() {
        assertThat(StatusPage.of(Views.view(Views.status(Phase.EMPTYING, 0), tally)))
                .contains("\"phase\": \"emptying\"", "\"listeners\": []", "\"workers\": []");
    }
}
