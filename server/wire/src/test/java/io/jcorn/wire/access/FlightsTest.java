package io.jcorn.wire.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.wire.AccessLogOptions;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class FlightsTest {

    private final ByteBuffer memory =
            ByteBuffer.allocateDirect(2 * Flights.ROW_BYTES + 8).alignedSlice(8);
    private final Flights flights = Flights.over(memory);
    private final FlightRecorder recorder = FlightRecorder.over(memory.slice(Flights.ROW_BYTES, Flights.ROW_BYTES));
    private final Request request = new Request();

    private String line(Flight flight) {
        LineBuffer out = new LineBuffer(8);
        new AccessFormatter(
                        AccessFormat.parse(AccessLogOptions.COMBINED + " %(D)s %({end}j)s"),
                        new AccessFormatter.Identity(1, 0, 1, Map.of()),
                        ZoneId.of("UTC"))
                .append(out, flight.died("killed", 3_000_000L, request.endMillis));
        return new String(out.array(), 0, out.length() - 1, StandardCharsets.US_ASCII);
    }

    @Test
    void aRequestInFlightIsReadAsItWasWritten() {
        request.user = "ann";
        request.fields.put("referer", "");
        recorder.begin(request, 1_000_000);
        List<Flight> found = flights.inFlight(1);
        assertThat(flights.inFlight(0)).isEmpty();
        assertThat(found).hasSize(1);
        assertThat(line(found.get(0)))
                .isEqualTo("10.0.0.7 - ann [26/Nov/2026:20:54:33 +0000] \"GET /a?b=c HTTP/1.1\" 000 - \"\" \"-\" 2000"
                        + " killed");
        assertThat(found.get(0).describe(31_201_000_000L)).isEqualTo("GET /a?b=c of 10.0.0.7 for 31.2 s");
    }

    /** As a wild write of native code leaves it: whatever it says, the master survives to tell it. */
    @Test
    void whateverIsInARowCanBeTold() {
        Random random = new Random(17);
        byte[] row = new byte[Flights.ROW_BYTES];
        for (int i = 0; i < 10; i++) {
            random.nextBytes(row);
            memory.put(Flights.ROW_BYTES, row);
            for (Flight flight : flights.unlogged(1)) {
                assertThat(flight.describe(random.nextLong())).isNotEmpty();
                assertThat(line(flight)).isNotEmpty();
            }
        }
    }

    @Test
    void longValuesAreCutAndMarked() {
        request.client = "f".repeat(45);
        request.method = "M".repeat(30);
        request.target = "/" + "t".repeat(8000);
        request.user = "u".repeat(50);
        request.fields.put("referer", "r".repeat(500));
        request.fields.put("user-agent", "a".repeat(500));
        recorder.begin(request, 0);
        String line = line(flights.inFlight(1).get(0));
        assertThat(line)
                .contains(" \"" + "M".repeat(24) + "... /" + "t".repeat(207) + "... HTTP/1.1\" ")
                .contains(" " + "u".repeat(32) + "... ")
                .contains("\"" + "r".repeat(120) + "...\"")
                .containsPattern("\"a+\\.\\.\\.\"");
    }

    @Test
    void whatHasEndedIsForgotten() {
        int first = recorder.begin(request, 1);
        int second = recorder.begin(request, 2);
        recorder.end(first);
        assertThat(flights.inFlight(1)).extracting(Flight::startNanos).containsExactly(2L);
        recorder.end(second);
        assertThat(flights.unlogged(1)).isEmpty();
    }

    @Test
    void aLineThatWasNotWrittenYetCanBeWrittenByTheMaster() {
        int first = recorder.begin(request, 1_000_000);
        int second = recorder.begin(request, 1_000_000);
        request.status = 404;
        recorder.end(first, request, 1_500_000, 1);
        recorder.end(second, request, 1_500_000, 2);
        recorder.written(1);
        assertThat(flights.inFlight(1)).isEmpty();
        assertThat(flights.unlogged(1)).hasSize(1);
        assertThat(line(flights.unlogged(1).get(0)))
                .contains("[26/Nov/2026:20:54:33 +0000] \"GET /a?b=c HTTP/1.1\" 404 13")
                .endsWith(" 500 -");
        recorder.written(2);
        assertThat(flights.unlogged(1)).isEmpty();
    }

    @Test
    void whoFindsNoRoomIsServedAllTheSame() {
        int[] tickets = new int[Flights.ENTRIES];
        for (int i = 0; i < Flights.ENTRIES; i++) {
            tickets[i] = recorder.begin(request, i);
        }
        assertThat(tickets).doesNotHaveDuplicates().doesNotContain(FlightRecorder.NONE);
        int none = recorder.begin(request, 99);
        assertThat(none).isEqualTo(FlightRecorder.NONE);
        recorder.end(none);
        recorder.end(none, request, 1, 1);
        assertThat(flights.inFlight(1)).hasSize(Flights.ENTRIES);
        recorder.end(tickets[7]);
        assertThat(recorder.begin(request, 100)).isEqualTo(tickets[7]);
        flights.clear(1);
        assertThat(flights.inFlight(1)).isEmpty();
    }

    /** The reader must never see one request's method with another's target. */
    @Test
    void anEntryThatIsBeingWrittenIsNotRead() throws InterruptedException {
        AtomicBoolean done = new AtomicBoolean();
        Thread writer = new Thread(() -> {
            Random random = new Random(1);
            Request changing = new Request();
            while (!done.get()) {
                String word =
                        Character.toString((char) ('a' + random.nextInt(26))).repeat(1 + random.nextInt(20));
                changing.method = word;
                changing.target = word;
                changing.user = word;
                int ticket = recorder.begin(changing, 1);
                changing.fields.put("user-agent", word);
                recorder.end(ticket);
            }
        });
        writer.start();
        try {
            for (int seen = 0; seen < 20_000; ) {
                for (Flight flight : flights.inFlight(1)) {
                    Slice method = new Slice();
                    flight.method(method);
                    Slice target = new Slice();
                    flight.target(target);
                    Slice user = new Slice();
                    flight.user(user);
                    assertThat(target.text()).isEqualTo(method.text());
                    assertThat(user.text()).isEqualTo(method.text());
                    seen++;
                }
            }
        } finally {
            done.set(true);
            writer.join();
        }
    }
}
