package io.jcorn.worker.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChunkedDecoderTest {

    private static final Limits LIMITS = new Limits(200, 5, 100, 0, 50);

    @Test
    void stopsWhenTheSinkIsFullAndGoesOnLater() throws Refused {
        ChunkedDecoder decoder = new ChunkedDecoder(LIMITS, RequestRules.STRICT);
        Inbox in = new Inbox();
        in.add(HeadParserTest.ascii("1\r\na\r\n1\r\nb\r\n0\r\n\r\nrest"));
        StringBuilder taken = new StringBuilder();
        BodyDecoder.Sink reluctant = (array, offset, length) -> {
            taken.append((char) array[offset]);
            return false;
        };
        decoder.decode(in, reluctant);
        assertThat(taken.toString()).isEqualTo("a");
        decoder.decode(in, reluctant);
        decoder.decode(in, reluctant);
        assertThat(taken.toString()).isEqualTo("ab");
        assertThat(decoder.complete()).isTrue();
        assertThat(in.size()).isEqualTo(4);
    }

    /** As object stores sign each chunk: no budget for the whole body would be enough. */
    @Test
    void extensionsMayGoOnForEverAsLongAsDataComesWithThem() throws Refused {
        ChunkedDecoder decoder = new ChunkedDecoder(new Limits(200, 5, 100, 0, 0), RequestRules.STRICT);
        byte[] chunk = HeadParserTest.ascii("64;signature=" + "f".repeat(64) + "\r\n" + "x".repeat(100) + "\r\n");
        Inbox in = new Inbox();
        for (int i = 0; i < 10 * ChunkExtensions.BUDGET / chunk.length; i++) {
            in.add(chunk);
            decoder.decode(in, (array, offset, length) -> true);
        }
        assertThat(in.isEmpty()).isTrue();
    }

    @Test
    void trailersAreFoundInWhateverCaseAndCannotBeChanged() throws Refused {
        ChunkedDecoder decoder = new ChunkedDecoder(LIMITS, RequestRules.STRICT);
        Inbox in = new Inbox();
        in.add(HeadParserTest.ascii("0\r\nX-Sum: 1\r\nHost: b\r\nx-sum: 2\r\n\r\n"));
        decoder.decode(in, (array, offset, length) -> true);
        Map<String, List<String>> trailers = decoder.trailers();
        assertThat(trailers).hasSize(1);
        assertThat(trailers.get("X-SUM")).containsExactly("1", "2");
        assertThatThrownBy(() -> trailers.put("A", List.of())).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> trailers.get("x-sum").add("3")).isInstanceOf(UnsupportedOperationException.class);
    }
}
