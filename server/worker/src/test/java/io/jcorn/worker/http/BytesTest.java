package io.jcorn.worker.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BytesTest {

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 9, 10, 99, 100, 4_294_967_296L, 1_000_000_000_000_000_000L, Long.MAX_VALUE})
    void aNumberIsWrittenInItsDigits(long number) {
        Bytes bytes = new Bytes(0);

        bytes.append("<").append(number).append('>');

        assertThat(new String(bytes.array(), 0, bytes.length(), StandardCharsets.US_ASCII))
                .isEqualTo("<" + number + ">");
    }
}
