package io.jcorn.worker.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.worker.http.Corpus.Case;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ChunkedDecoderTest {

    private static final Limits LIMITS = new Limits(200, 5, 100, 50);

    static Stream<Case> chunks() {
        return Corpus.read("chunks.txt");
    }

    @ParameterizedTest
    @MethodSource("chunks")
    void decodesABodyHoweverItArrives(Case body) {
        Corpus.cuts(body.bytes())
                .forEach(pieces -> assertThat(decode(pieces))
                        .as("in %s pieces", pieces.size())
                        .isEqualTo(body.expected()));
    }

    private static String decode(List<byte[]> pieces) {
        ChunkedDecoder decoder = new ChunkedDecoder(LIMITS);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Inbox in = new Inbox();
        try {
            for (byte[] piece : pieces) {
                in.add(piece);
                decoder.decode(in, (array, offset, length) -> {
                    out.write(array, offset, length);
                    return true;
                });
            }
        } catch (Refused e) {
            return Integer.toString(e.status());
        }
        assertThat(decoder.expected() == 0).isEqualTo(decoder.complete());
        return (decoder.complete() ? "ok " : "more ") + out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void stopsWhenTheSinkIsFullAndGoesOnLater() throws Refused {
        ChunkedDecoder decoder = new ChunkedDecoder(LIMITS);
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
}
