package io.jcorn.master.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTest {

    @Test
    void writesValuesOfEveryKind() {
        String text = new Json()
                .object()
                .put("text", "a")
                .put("number", Long.MIN_VALUE)
                .put("truth", true)
                .putNull("nothing")
                .object("empty")
                .endObject()
                .array("list")
                .object()
                .put("x", 1)
                .endObject()
                .object()
                .put("x", 2)
                .endObject()
                .endArray()
                .endObject()
                .toString();

        assertThat(text).isEqualTo("""
                {
                  "text": "a",
                  "number": -9223372036854775808,
                  "truth": true,
                  "nothing": null,
                  "empty": {},
                  "list": [
                    {
                      "x": 1
                    },
                    {
                      "x": 2
                    }
                  ]
                }""");
    }

    /** RFC 8259 section 7; the first column is what Java reads between the quotes. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "quote            | 0022      | \\\"",
                "backslash        | 005c      | \\\\",
                "line feed        | 000a      | \\n",
                "carriage return  | 000d      | \\r",
                "tab              | 0009      | \\t",
                "null             | 0000      | \\u0000",
                "escape           | 001b      | \\u001b",
                "delete           | 007f      | \\u007f",
                "half a pair      | d83d      | \\ud83d",
                "the other half   | de00      | \\ude00",
                "halves reversed  | de00 d83d | \\ude00\\ud83d",
                "two first halves | d83d d83d de00 | \\ud83d\uD83D\uDE00",
            })
    void escapes(String what, String units, String expected) {
        StringBuilder text = new StringBuilder();
        for (String unit : units.split(" ", -1)) {
            text.append((char) Integer.parseInt(unit, 16));
        }

        assertThat(written(text.toString())).as(what).isEqualTo("\"" + expected + "\"");
    }

    @Test
    void leavesEverythingElse() {
        String text = "/ é 日本 \uD83D\uDE00 \u2028 '<>&";

        assertThat(written(text)).isEqualTo("\"" + text + "\"");
        assertThat(new String(written(text).getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                .isEqualTo(written(text));
    }

    private static String written(String text) {
        String object = new Json().object().put("k", text).endObject().toString();
        return object.substring(object.indexOf(": ") + 2, object.lastIndexOf("\n"));
    }
}
