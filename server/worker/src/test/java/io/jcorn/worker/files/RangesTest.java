package io.jcorn.worker.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ranges of a file of 100 bytes. */
class RangesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bytes=0-0                       | 0+1",
                "bytes=0-99                      | 0+100",
                "bytes=0-                        | 0+100",
                "bytes=0-100                     | 0+100",
                "bytes=99-                       | 99+1",
                "bytes=10-19                     | 10+10",
                "bytes=010-019                   | 10+10",
                "BYTES=10-19                     | 10+10",
                "bytes=-1                        | 99+1",
                "bytes=-100                      | 0+100",
                "bytes=-101                      | 0+100",
                "bytes=-99999999999999999999     | 0+100",
                "bytes=5-99999999999999999999    | 5+95",
                "bytes=0-0,-1                    | 0+1 99+1",
                "bytes=0-0 , 2-2\t,4-4           | 0+1 2+1 4+1",
                "bytes=,0-0,                     | 0+1",
                "bytes=50-59,0-9                 | 50+10 0+10",
                "bytes=0-0,200-                  | 0+1",
                "bytes=0-49,50-99                | 0+50 50+50",
                // None of what was asked for is there: 416.
                "bytes=100-                      | none",
                "bytes=100-200                   | none",
                "bytes=-0                        | none",
                "bytes=99999999999999999999-     | none",
                "bytes=-0,100-                   | none",
                // Nothing that we understand, or that makes sense: the whole.
                "bytes=                          | ignored",
                "bytes=,                         | ignored",
                "bytes=9-1                       | ignored",
                "bytes=0-0,9-1                   | ignored",
                "bytes=a-b                       | ignored",
                "bytes=--1                       | ignored",
                "bytes=1                         | ignored",
                "bytes=-                         | ignored",
                "bytes=1-2-3                     | ignored",
                "bytes=+1-2                      | ignored",
                "bytes 0-1                       | ignored",
                "bytes =0-1                      | ignored",
                "items=0-1                       | ignored",
                "lines=0-1                       | ignored",
                "bytes=0-,0-                     | ignored",
                "bytes=0-60,40-99                | ignored",
                "bytes=0-0,1-1,2-2,3-3,4-4,5-5,6-6,7-7,8-8,9-9,10-10,11-11,12-12,13-13,14-14,15-15,16-16 | ignored",
            })
    void ranges(String range, String parts) {
        List<Ranges.Part> read = Ranges.parse(range, 100);
        String text = read == null
                ? "ignored"
                : read.stream().map(part -> part.first() + "+" + part.length()).collect(Collectors.joining(" "));
        assertThat(text.isEmpty() ? "none" : text).isEqualTo(parts);
    }

    @ParameterizedTest
    @CsvSource({"bytes=0-", "bytes=-1", "bytes=0-0"})
    void anEmptyFileHasNoParts(String range) {
        assertThat(Ranges.parse(range, 0)).isEmpty();
    }
}
