package io.jcorn.worker.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class KnownTargetsTest {

    private static URI uri(String target) {
        byte[] bytes = ("GET " + target + " HTTP").getBytes(StandardCharsets.ISO_8859_1);
        return KnownTargets.uri(bytes, 4, bytes.length - 5);
    }

    @Test
    void aPathThatWasAskedForIsNotParsedAgain() {
        assertThat(uri("/known")).isEqualTo(URI.create("/known")).isSameAs(uri("/known"));
    }

    @Test
    void queriesAndLongTargetsAreNotKept() {
        String longTarget = "/" + "x".repeat(64);
        assertThat(uri("/known?token=1")).hasToString("/known?token=1").isNotSameAs(uri("/known?token=1"));
        assertThat(uri(longTarget)).hasToString(longTarget).isNotSameAs(uri(longTarget));
    }

    @Test
    void nobodyGetsAnothersTarget() {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 50_000; i++) {
            // So many that they share places, and some the same hash.
            String target = "/"
                    + Integer.toString(random.nextInt(3_000), 2)
                            .replace("01", "Aa")
                            .replace("10", "BB");
            assertThat(uri(target)).hasToString(target);
        }
    }
}
