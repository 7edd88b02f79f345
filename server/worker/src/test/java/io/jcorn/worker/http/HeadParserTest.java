package io.jcorn.worker.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.worker.http.Corpus.Case;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HeadParserTest {

    private static final Limits LIMITS = new Limits(200, 5, 100, 50);

    static Stream<Case> heads() {
        return Corpus.read("heads.txt");
    }

    @ParameterizedTest
    @MethodSource("heads")
    void judgesAHeadHoweverItArrives(Case head) {
        Corpus.cuts(head.bytes())
                .forEach(pieces -> assertThat(parse(pieces))
                        .as("in %s pieces", pieces.size())
                        .isEqualTo(head.expected()));
    }

    @Test
    void theCorpusIsThere() {
        assertThat(heads()).hasSizeGreaterThan(80);
    }

    private static String parse(List<byte[]> pieces) {
        HeadParser parser = new HeadParser(LIMITS);
        Inbox in = new Inbox();
        RequestHead head = null;
        try {
            for (byte[] piece : pieces) {
                in.add(piece);
                head = head == null ? parser.parse(in) : head;
            }
        } catch (Refused e) {
            return Integer.toString(e.status());
        }
        if (head == null) {
            return "incomplete";
        }
        assertThat(in.isEmpty()).isTrue();
        head.uri();
        return "ok " + head.method() + " " + head.target() + " " + (head.version() == Version.HTTP_1_1 ? "1.1" : "1.0")
                + " " + head.bodyLength() + (head.persistent() ? " keep" : " close")
                + (head.expectContinue() ? " 100" : "");
    }

    @Test
    void readsPipelinedHeadsAndLeavesWhatFollows() throws Refused {
        HeadParser parser = new HeadParser(LIMITS);
        Inbox in = new Inbox();
        in.add(ascii("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: b\r\n\r\nGET /3"));
        List<String> targets = new ArrayList<>();
        for (RequestHead head = parser.parse(in); head != null; head = parser.parse(in)) {
            targets.add(head.target() + " " + head.first("HOST"));
        }
        assertThat(targets).containsExactly("/1 a", "/2 b");
        assertThat(parser.midway()).isTrue();
        in.add(ascii(" HTTP/1.1\r\nHost: c\r\n\r\nrest"));
        RequestHead third = parser.parse(in);
        assertThat(third).isNotNull();
        assertThat(third.target()).isEqualTo("/3");
        assertThat(third.first("host")).isEqualTo("c");
        assertThat(parser.midway()).isFalse();
        assertThat(in.size()).isEqualTo(4);
    }

    @Test
    void knowsEveryField() throws Refused {
        Inbox in = new Inbox();
        in.add(ascii("GET / HTTP/1.1\r\nHost: a\r\nx-Y:  1 \r\nX-y: 2\r\n\r\n"));
        RequestHead head = new HeadParser(LIMITS).parse(in);
        assertThat(head).isNotNull();
        assertThat(head.fieldCount()).isEqualTo(3);
        assertThat(head.fieldName(1)).isEqualTo("x-Y");
        assertThat(head.fieldValue(1)).isEqualTo("1");
        assertThat(head.first("X-Y")).isEqualTo("1");
        assertThat(head.first("Z")).isNull();
    }

    @Test
    void withoutLimitsOfTheirOwnElementsMayBeLarge() throws Refused {
        Inbox in = new Inbox();
        in.add(ascii("GET /" + "a".repeat(100_000) + " HTTP/1.1\r\nHost: a\r\nX: " + "b".repeat(100_000) + "\r\n\r\n"));
        RequestHead head = new HeadParser(new Limits(0, 5, 0, 0)).parse(in);
        assertThat(head).isNotNull();
        assertThat(head.target()).hasSize(100_001);
        assertThat(head.first("x")).hasSize(100_000);
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
