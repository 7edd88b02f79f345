package io.jcorn.worker.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths of requests below a mount. */
class TargetPathTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''              | [] false",
                "/               | [] true",
                "/a              | [a] false",
                "/a/             | [a] true",
                "/a/b.c/d        | [a, b.c, d] false",
                "/a%20b          | [a b] false",
                "/%61            | [a] false",
                "/%2561          | [%61] false",
                "/%c3%a4         | [ä] false",
                "/a..b           | [a..b] false",
                "/a.             | [a.] false",
                "/a:b            | [a:b] false",
                "/~a             | [~a] false",
                "/.well-known/x  | [.well-known, x] false",
            })
    void namesOfFiles(String path, String names) {
        TargetPath read = TargetPath.parse(path);
        assertThat(read.names() + " " + read.folder()).isEqualTo(names);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/..",
                "/../x",
                "/a/..",
                "/a/../b",
                "/.",
                "/./a",
                "/a/./b",
                "//a",
                "/a//b",
                "/a//",
                "//",
                "/%2e%2e/x",
                "/%2E%2e/x",
                "/.%2e/x",
                "/%2e/x",
                "/a%2fb",
                "/a%2Fb",
                "/..%2fx",
                "/..%5cx",
                "/a\\b",
                "/a%5cb",
                "/a%00",
                "/a%00.html",
                "/a%0a",
                "/a%7f",
                "/a%1f",
                "/.git/config",
                "/a/.htaccess",
                "/.env",
                "/...",
                "/.well-known2",
                "/%",
                "/%2",
                "/a%2",
                "/%zz",
                "/%-1",
                "/%+1",
                "/%c0%ae%c0%ae/x",
                "/%c0%af",
                "/%e0%80%ae",
                "/%ff",
                "/%ed%a0%80",
                "/%u002e",
                "/\u0161"
            })
    void whatCouldMeanAnythingElseIsNoPath(String path) {
        assertThat(TargetPath.parse(path)).isNull();
    }

    @Test
    void namesMayBeAsLongAsFilesHaveThem() {
        assertThat(TargetPath.parse("/" + "x".repeat(255))).isNotNull();
        assertThat(TargetPath.parse("/" + "x".repeat(256))).isNull();
        assertThat(TargetPath.parse("/" + "%61".repeat(255))).isNotNull();
        assertThat(TargetPath.parse("/" + "%c3%a4".repeat(128))).isNull();
    }

    /** Whatever is read: every name is the name of a file in a folder, and nothing leads upwards. */
    @Test
    void noNoiseLeadsUpwards() {
        Random random = new Random(12);
        String letters = "/./.%2e%2f%5c%00\\a%c0%aee";
        for (int i = 0; i < 300_000; i++) {
            StringBuilder text = new StringBuilder("/");
            for (int length = random.nextInt(16); length > 0; length--) {
                text.append(letters.charAt(random.nextInt(letters.length())));
            }
            TargetPath path = TargetPath.parse(text.toString());
            if (path != null) {
                assertThat(path.names())
                        .noneMatch(name -> name.isEmpty()
                                || name.startsWith(".")
                                || name.contains("/")
                                || name.contains("\\")
                                || name.indexOf(0) >= 0);
            }
        }
    }
}
