package io.jcorn.worker.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.Headers;
import io.jcorn.worker.http.ResponseHead.Framing;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseHeadTest {

    private final Headers headers = newHeaders();

    /** What the head is made of. */
    Headers newHeaders() {
        return new Headers();
    }

    private String head(int status, Framing framing, long length, boolean keepAlive, boolean http11) {
        Bytes out = new Bytes(1);
        ResponseHead.append(out, status, headers, framing, length, keepAlive, http11);
        String text = new String(out.array(), 0, out.length(), StandardCharsets.ISO_8859_1);
        return text.replaceFirst("Date: \\w{3}, \\d\\d \\w{3} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT\r\n", "<date>");
    }

    @Test
    void tellsALength() {
        headers.set("Content-Type", "text/plain");
        assertThat(head(200, Framing.LENGTH, 13, true, true))
                .isEqualTo(
                        "HTTP/1.1 200 OK\r\n<date>Content-type: text/plain\r\nServer: jcorn\r\nContent-Length: 13\r\n\r\n");
    }

    @Test
    void tellsChunksAndTheEnd() {
        assertThat(head(404, Framing.CHUNKED, 0, false, true))
                .isEqualTo(
                        "HTTP/1.1 404 Not Found\r\n<date>Server: jcorn\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n");
    }

    @Test
    void anOldClientMustBeToldThatTheConnectionStays() {
        assertThat(head(200, Framing.LENGTH, 0, true, false))
                .contains("Content-Length: 0\r\nConnection: keep-alive\r\n");
    }

    @Test
    void aStatusWithoutANameHasAnEmptyReason() {
        assertThat(head(799, Framing.NONE, 0, true, true)).startsWith("HTTP/1.1 799 \r\n");
    }

    @Test
    void theApplicationMayNameTheServer() {
        headers.set("Server", "mine");
        assertThat(head(200, Framing.NONE, 0, true, true))
                .contains("Server: mine\r\n")
                .doesNotContain("jcorn");
    }

    @Test
    void repeatedFieldsStayRepeated() {
        headers.add("Set-Cookie", "a=1");
        headers.add("Set-Cookie", "b=2");
        assertThat(head(200, Framing.NONE, 0, true, true)).contains("Set-cookie: a=1\r\nSet-cookie: b=2\r\n");
    }

    @Test
    void whatTheEngineOwnsIsNotForTheApplication() {
        headers.set("Content-Length", "99");
        headers.set("Transfer-Encoding", "gzip");
        headers.set("Connection", "keep-alive, X");
        headers.set("Keep-Alive", "timeout=9");
        headers.set("Date", "yesterday");
        assertThat(head(200, Framing.LENGTH, 3, true, true))
                .isEqualTo("HTTP/1.1 200 OK\r\n<date>Server: jcorn\r\nContent-Length: 3\r\n\r\n");
    }

    @Test
    void aLengthThatTheApplicationGivesStandsWhereThereIsNoBody() {
        headers.set("Content-Length", "99");
        assertThat(head(304, Framing.NONE, 0, true, true)).contains("Content-Length: 99\r\n");
        headers.set("Content-Length", "9x");
        assertThat(head(304, Framing.NONE, 0, true, true)).doesNotContain("Content-Length");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nb", "a\r\n b", "a\nb", "a\u0000b", "\u20ac", "a\u007fb"})
    void aValueThatCouldEndTheFieldIsRefusedHoweverItGotThere(String value) {
        List<String> smuggled = new ArrayList<>(List.of("harmless"));
        headers.put("X-Note", smuggled);
        smuggled.set(0, value);
        assertThatThrownBy(() -> head(200, Framing.NONE, 0, true, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("X-note")
                .hasMessageNotContaining("\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"A: x", "A b", "A\t", "", "Caf\u00e9"})
    void aNameThatIsNoTokenIsRefused(String name) {
        headers.put(name, List.of("x"));
        assertThatThrownBy(() -> head(200, Framing.NONE, 0, true, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not a token");
    }

    @Test
    void latin1Passes() {
        headers.set("X-Name", "caf\u00e9");
        assertThat(head(200, Framing.NONE, 0, true, true)).contains("X-name: caf\u00e9\r\n");
    }

    @Test
    void hearsTheWishToClose() {
        assertThat(ResponseHead.asksToClose(headers)).isFalse();
        headers.set("Connection", "Close");
        assertThat(ResponseHead.asksToClose(headers)).isTrue();
    }
}
