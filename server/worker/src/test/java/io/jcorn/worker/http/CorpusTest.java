package io.jcorn.worker.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.worker.http.Corpus.Case;
import io.jcorn.worker.http.Corpus.End;
import io.jcorn.worker.http.Reading.Outcome;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The corpus against the parsers, cut in every way. */
class CorpusTest {

    static Stream<Case> cases() {
        return Corpus.cases();
    }

    @Test
    void theCorpusIsThere() {
        assertThat(cases()).hasSizeGreaterThanOrEqualTo(300);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isUnderstoodHoweverItArrives(Case request) {
        Corpus.cuts(request.copy()).forEach(pieces -> check(request, pieces));
    }

    private static void check(Case request, List<byte[]> pieces) {
        Reading reading = Reading.of(pieces, request.limits(), request.rules(), request.peerTrusted());
        String how = "first piece of " + pieces.get(0).length + " bytes: " + reading;
        assertThat(reading.messages()).as(how).isEqualTo(request.messages());
        if (request.end() != End.REFUSED) {
            assertThat(reading.outcome())
                    .as(how)
                    .isEqualTo(
                            request.end() == End.CLOSED && !request.halfCloses() ? Outcome.CLOSED : reading.outcome())
                    .isIn(Outcome.IDLE, Outcome.CLOSED);
        } else if (request.halfCloses()) {
            assertThat(reading.outcome()).as(how).isEqualTo(Outcome.INCOMPLETE);
        } else {
            assertThat(reading.outcome()).as(how).isEqualTo(Outcome.REFUSED);
            assertThat(reading.status()).as(how).isEqualTo(request.status());
            assertThat(reading.reason()).as(how).contains(request.reason());
        }
    }

    /** A reader that is slow and obvious understands the same; what is too large for us it cannot know. */
    @ParameterizedTest
    @MethodSource("cases")
    void isUnderstoodByTheReferenceToo(Case request) {
        if (request.rules().equals(RequestRules.STRICT)) {
            byte[] bytes = request.copy();
            Reading ours = Reading.of(List.of(bytes), request.limits(), request.rules(), false);
            ReferenceReader.assertAgreement(bytes, ours);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isUnderstoodAgainWhenItIsWrittenAgain(Case request) {
        Invariants.check(request.copy(), request.limits(), request.rules(), request.peerTrusted());
    }
}
