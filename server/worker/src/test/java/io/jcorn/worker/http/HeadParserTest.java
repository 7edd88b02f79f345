package io.jcorn.worker.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeadParserTest {

    private static final Limits LIMITS = new Limits(200, 5, 100, 0, 50);

    @Test
    void anEmptyLineIsNotTheBeginningOfAHead() throws Refused {
        HeadParser parser = new HeadParser(LIMITS, RequestRules.STRICT);
        Inbox in = new Inbox();
        for (String piece : List.of("\r", "\n")) {
            in.add(ascii(piece));
            assertThat(parser.parse(in)).isNull();
            assertThat(parser.midway()).isFalse();
        }
        in.add(ascii("G"));
        assertThat(parser.parse(in)).isNull();
        assertThat(parser.midway()).isTrue();
    }

    @Test
    void aFoldedValueIsUnfoldedInTheEyeOfTheReaderOnly() throws Refused {
        RequestRules folding = new RequestRules(true, false, false, false, RequestRules.HeaderMap.DROP, List.of());
        byte[] bytes = ascii("GET / HTTP/1.1\r\nHost: a\r\nX: 1 \r\n\t 2\r\n\r\n");
        Inbox in = new Inbox();
        in.add(bytes);
        RequestHead head = new HeadParser(LIMITS, folding).parse(in);
        assertThat(head).isNotNull();
        assertThat(head.first("x")).isEqualTo("1 2");
        assertThat(bytes).isEqualTo(ascii("GET / HTTP/1.1\r\nHost: a\r\nX: 1 \r\n\t 2\r\n\r\n"));
    }

    @Test
    void readsPipelinedHeadsAndLeavesWhatFollows() throws Refused {
        HeadParser parser = new HeadParser(LIMITS, RequestRules.STRICT);
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
        RequestHead head = new HeadParser(LIMITS, RequestRules.STRICT).parse(in);
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
        RequestHead head = new HeadParser(new Limits(0, 5, 0, 0, 0), RequestRules.STRICT).parse(in);
        assertThat(head).isNotNull();
        assertThat(head.target()).hasSize(100_001);
        assertThat(head.first("x")).hasSize(100_000);
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
