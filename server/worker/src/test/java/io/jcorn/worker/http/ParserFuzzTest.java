package io.jcorn.worker.http;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Any bytes at all against the parsers. What must hold: it does not matter how the bytes are cut; a message takes its own bytes
 * and no others; what is written again is understood again; and a slow and obvious reader, who shares no code with ours,
 * understands the same requests, the same ends, and refuses what we refuse.
 *
 * <p>Without {@code JAZZER_FUZZ=1} in the environment this runs the corpus only. A full build fuzzes both targets together.
 */
public class ParserFuzzTest {

    /** So small that the fuzzer reaches them. */
    private static final Limits LIMITS = new Limits(300, 12, 200, 0, 1000);

    static Stream<byte[]> seeds() {
        return Corpus.cases().map(Corpus.Case::copy).filter(bytes -> bytes.length < 600);
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "60s")
    void understandsOneThing(byte[] bytes) {
        check(bytes);
    }

    /** Checks one input. */
    public static void check(byte[] bytes) {
        ReferenceReader.assertAgreement(bytes, Invariants.check(bytes, LIMITS, RequestRules.STRICT, false));
    }
}
