package io.jcorn.worker.engine;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.jcorn.worker.http.ParserFuzzTest;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Both fuzz targets at once, for an hour or until somebody has seen enough. No build runs this; a person does:
 *
 * <pre>
 *   JAZZER_FUZZ=1 ./mvnw -pl server/worker -am -Dtest=LongFuzz -Dsurefire.failIfNoSpecifiedTests=false verify
 * </pre>
 *
 * <p>What it has learned is kept below {@code server/worker/target/fuzz}, and where it left off it goes on.
 */
class LongFuzz {

    static Stream<byte[]> seeds() {
        return ConnectionFuzzTest.seeds();
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "60m")
    void understandsAndServesOneThing(byte[] bytes) throws Exception {
        ParserFuzzTest.check(bytes);
        ConnectionFuzzTest.check(bytes);
    }
}
