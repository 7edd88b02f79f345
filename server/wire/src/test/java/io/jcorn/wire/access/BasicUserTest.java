package io.jcorn.wire.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BasicUserTest {

    @ParameterizedTest
    @CsvSource({
        "Basic YW5uOnNlY3JldA==, ann",
        "basic YW5uOnNlY3JldA==, ann",
        "BASIC   YW5u, ann",
        "Basic OnNlY3JldA==, ''",
        "Basic YW5uOmE6Yg==, ann",
        "Basic, ",
        "'Basic ', ",
        "Basic !!!, ",
        "Bearer YW5uOnNlY3JldA==, "
    })
    void theNameIsWhatStandsBeforeTheColon(String field, String name) {
        Slice slice = new Slice();
        slice.set(field);
        BasicUser.decode(slice);
        assertThat(slice.present() ? slice.text() : null).isEqualTo(name);
    }
}
