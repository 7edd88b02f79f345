package io.jcorn.worker.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What clients say about what they have and want: entity tags, dates, codings. */
class HeadersTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "\"a\"                    | true  | true",
                "W/\"a\"                  | false | true",
                "*                        | true  | true",
                "\"b\", \"a\"             | true  | true",
                "\"b\",W/\"a\"            | false | true",
                "\"b\",,\t\"a\" ,         | true  | true",
                "\"a,\", \"a\"            | true  | true",
                "\"a,a\"                  | false | false",
                "\"aa\"                   | false | false",
                "\"\"                     | false | false",
                "a                        | false | false",
                "w/\"a\"                  | false | false",
                "\"a                      | false | false",
                "\"b\" x \"a\"            | false | false",
                "\"*\"                    | false | false",
                "''                       | false | false",
            })
    void tags(String line, boolean strongly, boolean weakly) {
        assertThat(EntityTags.contain(List.of(line), "\"a\"", false)).isEqualTo(strongly);
        assertThat(EntityTags.contain(List.of(line), "\"a\"", true)).isEqualTo(weakly);
        assertThat(EntityTags.contain(List.of("\"x\"", line), "\"a\"", true)).isEqualTo(weakly);
    }

    /** The example of RFC 9110, section 5.6.7. */
    @Test
    void datesOfThreeForms() {
        long seconds = 784_111_777;
        assertThat(Dates.text(seconds)).isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
        assertThat(Dates.seconds("Sun, 06 Nov 1994 08:49:37 GMT")).isEqualTo(seconds);
        assertThat(Dates.seconds("Sunday, 06-Nov-94 08:49:37 GMT")).isEqualTo(seconds);
        assertThat(Dates.seconds("Sun Nov  6 08:49:37 1994")).isEqualTo(seconds);
        assertThat(Dates.seconds("Sun Nov 16 08:49:37 2025")).isNotNull();
        for (String wrong :
                List.of("", "yesterday", "0", "Sun, 06 Nov 1994 08:49:37 +0100", "Sun, 32 Nov 1994 08:49:37 GMT")) {
            assertThat(Dates.seconds(wrong)).as(wrong).isNull();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gzip                     | 0    | 0    | 1000 | 0",
                "gzip, br                 | 1000 | 0    | 1000 | 0",
                "x-gzip                   | 0    | 0    | 1000 | 0",
                "GZip;q=0.5, zstd;Q=0.25  | 0    | 250  | 500  | 0",
                "br;q=0, *                | 0    | 1000 | 1000 | 0",
                "*;q=0                    | 0    | 0    | 0    | 0",
                "gzip ; q=1.000           | 0    | 0    | 1000 | 0",
                "gzip;q=1.001             | 0    | 0    | 0    | 0",
                "gzip;q=2                 | 0    | 0    | 0    | 0",
                "gzip;q=                  | 0    | 0    | 0    | 0",
                "gzip;level=9             | 0    | 0    | 0    | 0",
                "identity, gzip;q=0.5     | 0    | 0    | 500  | 1000",
                "identity;q=0             | 0    | 0    | 0    | 0",
            })
    void codings(String accepted, int br, int zstd, int gzip, int identity) {
        List<String> lines = List.of(accepted);
        assertThat(List.of(
                        Coding.BR.quality(lines),
                        Coding.ZSTD.quality(lines),
                        Coding.GZIP.quality(lines),
                        Coding.identity(lines)))
                .containsExactly(br, zstd, gzip, identity);
        assertThat(Coding.BR.quality(List.of())).isZero();
    }

    @Test
    void types() {
        assertThat(MediaTypes.of("a.html")).isEqualTo("text/html; charset=utf-8");
        assertThat(MediaTypes.of("a.b.JS")).isEqualTo("text/javascript; charset=utf-8");
        assertThat(MediaTypes.of("a.png")).isEqualTo("image/png");
        assertThat(MediaTypes.of("html")).isEqualTo("application/octet-stream");
        assertThat(MediaTypes.of("a.")).isEqualTo("application/octet-stream");
        assertThat(MediaTypes.of("a.unheard")).isEqualTo("application/octet-stream");
    }
}
