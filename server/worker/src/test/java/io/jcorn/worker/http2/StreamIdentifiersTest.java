package io.jcorn.worker.http2;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StreamIdentifiersTest {

    private final StreamIdentifiers identifiers = new StreamIdentifiers();

    @Test
    void whatWasPassedOverIsNotUsedAnyMore() {
        assertThat(identifiers.use(3, 0)).isTrue();
        assertThat(identifiers.use(1, 3)).isFalse();
        assertThat(identifiers.use(9, 3)).isTrue();
        assertThat(identifiers.use(5, 9)).isFalse();
        assertThat(identifiers.use(7, 9)).isFalse();
        assertThat(identifiers.use(11, 9)).isTrue();
    }

    @Test
    void whatWasUsedIsNot() {
        for (int id = 1; id < 2000; id += 2) {
            assertThat(identifiers.use(id, id - 2)).isTrue();
        }
        assertThat(identifiers.use(1, 1999)).isTrue();
        // Created, though its header block was not told of.
        assertThat(identifiers.use(2003, 2001)).isTrue();
        assertThat(identifiers.use(2001, 2003)).isTrue();
    }

    @Test
    void theLatestGapsAreKnown() {
        int id = 1;
        for (int gap = 0; gap < 100; gap++, id += 4) {
            assertThat(identifiers.use(id, Math.max(0, id - 4))).isTrue();
        }
        assertThat(identifiers.use(id - 6, id - 4)).isFalse();
        assertThat(identifiers.use(id - 10, id - 4)).isFalse();
    }
}
