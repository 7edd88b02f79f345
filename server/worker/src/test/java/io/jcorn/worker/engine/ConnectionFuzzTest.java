package io.jcorn.worker.engine;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.jcorn.worker.engine.Embedded.Talk;
import io.jcorn.worker.http.Corpus;
import io.jcorn.worker.http.Limits;
import io.jcorn.worker.http.Message;
import io.jcorn.worker.http.Reading;
import io.jcorn.worker.http.Reading.Outcome;
import io.jcorn.worker.http.RequestRules;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Any bytes at all against a connection of the engine. What must hold, however the bytes are cut: the application sees exactly the
 * requests that the parsers alone understand; each gets one response, in their order; whoever is refused is told once and for all,
 * and nothing is said afterwards; the connection is open if and only if more may come.
 *
 * <p>Without {@code JAZZER_FUZZ=1} in the environment this runs the corpus only. A full build fuzzes {@link BothFuzzTest both targets} together.
 */
class ConnectionFuzzTest {

    private static final Limits LIMITS = new Limits(300, 12, 200, 0, 1000);
    private static final Embedded ENGINE = new Embedded(LIMITS, RequestRules.STRICT);

    static Stream<byte[]> seeds() {
        return Corpus.cases().map(Corpus.Case::copy).filter(bytes -> bytes.length < 600);
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "60s")
    void servesWhatTheParsersUnderstand(byte[] bytes) throws Exception {
        check(bytes);
    }

    /** Checks one input. */
    static void check(byte[] bytes) throws Exception {
        int hash = Arrays.hashCode(bytes);
        boolean halfCloses = (hash & 1) != 0;
        Reading reading = Reading.of(List.of(bytes.clone()), LIMITS, RequestRules.STRICT, false);
        Talk whole = ENGINE.talk(List.of(bytes.clone()), halfCloses);
        check(reading, whole, halfCloses);
        int cut = bytes.length == 0 ? 0 : Math.floorMod(hash, bytes.length);
        Talk two = ENGINE.talk(
                List.of(Arrays.copyOf(bytes, cut), Arrays.copyOfRange(bytes, cut, bytes.length)), halfCloses);
        require(two.seen().equals(whole.seen()) && two.open() == whole.open(), "the cut matters", whole, two);
        check(reading, two, halfCloses);
    }

    private static void check(Reading reading, Talk talk, boolean halfCloses) {
        List<Seen> expected =
                new ArrayList<>(reading.messages().stream().map(Seen::of).toList());
        require(talk.seen().equals(expected), "the application sees something else", expected, talk.seen());
        Responses responses = new Responses(talk.sent());
        for (Message message : reading.messages()) {
            require(responses.next(message.method().equals("HEAD")) == 200, "a response is missing", reading, talk);
        }
        boolean refused =
                reading.outcome() == Outcome.REFUSED || (reading.outcome() == Outcome.INCOMPLETE && halfCloses);
        if (refused) {
            int status = reading.outcome() == Outcome.REFUSED ? reading.status() : 400;
            require(responses.last() == status, "the refusal is another", reading, talk);
        }
        require(responses.nothingLeft(), "something is said that nobody asked for", reading, talk);
        boolean open = !refused && !halfCloses && reading.outcome() != Outcome.CLOSED;
        require(talk.open() == open, "the connection is not as it should be", reading, talk);
    }

    private static void require(boolean right, String otherwise, Object expected, Object actual) {
        if (!right) {
            throw new AssertionError(otherwise + "\n  " + expected + "\n  " + actual);
        }
    }

    /** Reads responses of two bytes each, and perhaps a refusal at the end. */
    private static final class Responses {
        private final String text;
        private int at;

        Responses(String text) {
            this.text = text;
        }

        int next(boolean toHead) {
            int status = head();
            while (status == 100) {
                status = head();
            }
            at += toHead ? 0 : 2;
            return status;
        }

        int last() {
            int status = head();
            while (status == 100) {
                status = head();
            }
            at = text.length();
            return status;
        }

        boolean nothingLeft() {
            return at == text.length() || text.substring(at).equals("HTTP/1.1 100 Continue\r\n\r\n");
        }

        private int head() {
            int end = text.indexOf("\r\n\r\n", at);
            if (end < 0 || !text.startsWith("HTTP/1.1 ", at)) {
                return -1;
            }
            int status = Integer.parseInt(text.substring(at + 9, at + 12));
            at = end + 4;
            return status;
        }
    }
}
