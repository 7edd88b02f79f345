package io.jcorn.worker.engine;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.jcorn.worker.http.ParserFuzzTest;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Both fuzz targets on each input, for the few seconds that a build has. */
class BothFuzzTest {

    static Stream<byte[]> seeds() {
        return ConnectionFuzzTest.seeds();
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "12s")
    void understandsAndServesOneThing(byte[] bytes) throws Exception {
        ParserFuzzTest.check(bytes);
        ConnectionFuzzTest.check(bytes);
    }
}
