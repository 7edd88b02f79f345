package io.jcorn.worker.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the application sees of a request target, and what of it is refused. */
class TargetTest {

    private static URI uri(String target, String host) throws Refused {
        Inbox in = new Inbox();
        in.add(("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n").getBytes(ISO_8859_1));
        RequestHead head = new HeadParser(new Limits(8190, 100, 8190, 0, 0), RequestRules.STRICT).parse(in);
        assertThat(head).isNotNull();
        assertThat(head.target()).isEqualTo(target);
        return head.uri();
    }

    /** Joined base URLs make them. The path keeps its slashes, and names the host that was asked for and no other. */
    @ParameterizedTest
    @CsvSource({
        "//evil/path, example.com:8080, //example.com:8080//evil/path, example.com, //evil/path,",
        "//, a, //a//, a, //,",
        "///x, a, //a///x, a, ///x,",
        "//x?y=//z, a, //a//x?y=//z, a, //x, y=//z",
        "//%2e%2e/x|y, a, //a//%2e%2e/x%7Cy, a, //%2e%2e/x%7Cy,",
        "//x, [::1]:80, //[::1]:80//x, [::1], //x,",
        "//x, '', ////x,, //x,",
        // A host of the RFC that is none of java.net.URI.
        "//x, a_b:80, //a_b:80//x,, //x,",
    })
    void twoSlashesAreAPath(String target, String host, String text, String named, String path, String query)
            throws Refused {
        URI uri = uri(target, host);
        assertThat(uri).hasToString(text);
        assertThat(uri.getHost()).isEqualTo(named);
        assertThat(uri.getRawPath()).isEqualTo(path);
        assertThat(uri.getRawQuery()).isEqualTo(query);
    }

    @ParameterizedTest
    @CsvSource({
        "/?a=|b, /?a=%7Cb",
        "/x?q=^`{}\\[], /x?q=%5E%60%7B%7D%5C[]",
        "/a|b^c, /a%7Cb%5Ec",
        "/a[1].txt?b[]=1, /a%5B1%5D.txt?b[]=1",
        "/%41|?%42, /%41%7C?%42",
        "http://a/b|c?d|e, http://a/b%7Cc?d%7Ce",
        "http://a?d|e, http://a?d%7Ce",
        "http://a//x/[y], http://a//x/%5By%5D",
    })
    void whatBrowsersSendRawIsEscaped(String target, String text) throws Refused {
        assertThat(uri(target, "a")).hasToString(text);
    }

    @Test
    void anAddressKeepsItsBrackets() throws Refused {
        assertThat(uri("http://[::1]:80/a[b]?c|d", "[::1]:80")).hasToString("http://[::1]:80/a%5Bb%5D?c%7Cd");
    }

    @ParameterizedTest
    @CsvSource({
        "/?a=\"b, 0x22 (\") at offset 4",
        "/?a=<b, 0x3C (<) at offset 4",
        "/a{b, 0x7B ({) at offset 2",
        "/a\\b, 0x5C (\\) at offset 2",
        "/a`b?c, 0x60 (`) at offset 2",
        "//a{b, 0x7B ({) at offset 3",
        "http://a/b{, 0x7B ({) at offset",
        "/é, 0xE9 at offset 1",
        "/a#b, 0x23 (#) at offset 2",
        "/%zz, percent sign that escapes nothing",
        "/a?%4, percent sign that escapes nothing",
        "//%4, percent sign that escapes nothing",
        "http://a{b/, the request target's authority is not a host",
        "http://a|b/, the request target's authority is not a host",
    })
    void theByteIsTold(String target, String reason) {
        assertThatThrownBy(() -> uri(target, "a"))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.status()).isEqualTo(400))
                .hasMessageContaining(reason);
    }
}
