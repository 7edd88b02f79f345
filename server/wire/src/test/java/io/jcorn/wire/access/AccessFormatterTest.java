package io.jcorn.wire.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jcorn.wire.AccessLogOptions;
import io.jcorn.wire.access.AccessFormatter.Identity;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessFormatterTest {

    private static final Identity IDENTITY = new Identity(4711, 2, 3, Map.of("COLOR", "deep \"blue\""));

    private final Request request = new Request();

    private String line(String format) {
        return line(format, "UTC");
    }

    private String line(String format, String zone) {
        LineBuffer out = new LineBuffer(1);
        new AccessFormatter(AccessFormat.parse(format), IDENTITY, ZoneId.of(zone)).append(out, request);
        String text = new String(out.array(), 0, out.length(), StandardCharsets.ISO_8859_1);
        assertThat(text).endsWith("\n");
        return text.substring(0, text.length() - 1);
    }

    @Test
    void theDefaultIsTheCombinedFormat() {
        request.fields.put("referer", "http://a/");
        request.fields.put("user-agent", "curl/8");
        request.user = "ann";
        assertThat(line(AccessLogOptions.COMBINED))
                .isEqualTo("10.0.0.7 - ann [26/Nov/2026:20:54:33 +0000] \"GET /a?b=c HTTP/1.1\" 200 13 \"http://a/\""
                        + " \"curl/8\"");
    }

    @ParameterizedTest
    @CsvSource({
        "h, 10.0.0.7",
        "l, -",
        "u, -",
        "r, GET /a?b=c HTTP/1.1",
        "m, GET",
        "U, /a",
        "q, b=c",
        "H, HTTP/1.1",
        "s, 200",
        "b, 13",
        "B, 13",
        "f, -",
        "a, -",
        "T, 1",
        "M, 1234",
        "D, 1234567",
        "L, 1.234567",
        "p, <4711>",
        "{X-One}i, eins",
        "{x-two}I, ''",
        "{Content-Type}o, text/html",
        "{none}i, -",
        "{none}o, -",
        "{color}e, deep\\x20\\x22blue\\x22",
        "{HTTP_X_ONE}e, eins",
        "{REMOTE_ADDR}e, 10.0.0.7",
        "{raw_uri}e, /a?b=c",
        "{NO_SUCH}e, -",
        "{slot}j, 2",
        "{Generation}j, 3",
        "{end}j, -"
    })
    void everyAtomHasItsMeaning(String atom, String expected) {
        request.fields.put("x-one", "eins");
        request.responseFields.put("content-type", "text/html");
        if (atom.endsWith("I")) {
            assertThatThrownBy(() -> line("%(" + atom + ")s")).hasMessageContaining("unknown atom %({x-two}I)s");
            return;
        }
        assertThat(line("<%(" + atom + ")s>")).isEqualTo("<" + expected + ">");
    }

    @Test
    void numbersMayBeWrittenAsPythonDoes() {
        assertThat(line("%(D)d %(s)d 100%%")).isEqualTo("1234567 200 100%");
    }

    @Test
    void aTargetWithoutQueryHasAnEmptyOne() {
        request.target = "/x";
        assertThat(line("%(U)s?%(q)s|")).isEqualTo("/x?|");
    }

    @Test
    void timesAreLocalAndChangeWithTheSecond() {
        assertThat(line("%(t)s", "Asia/Kolkata")).isEqualTo("[27/Nov/2026:02:24:33 +0530]");
        assertThat(line("%(t)s", "America/St_Johns")).isEqualTo("[26/Nov/2026:17:24:33 -0330]");
        AccessFormatter formatter = new AccessFormatter(AccessFormat.parse("%(t)s"), IDENTITY, ZoneId.of("UTC"));
        LineBuffer out = new LineBuffer(8);
        formatter.append(out, request);
        request.endMillis += 955;
        formatter.append(out, request);
        assertThat(new String(out.array(), 0, out.length(), StandardCharsets.US_ASCII))
                .isEqualTo("[26/Nov/2026:20:54:33 +0000]\n[26/Nov/2026:20:54:34 +0000]\n");
    }

    @Test
    void jsonHasAlwaysTheSameMembers() {
        assertThat(line("json"))
                .isEqualTo("{\"time\":\"2026-11-26T20:54:33.045Z\",\"client\":\"10.0.0.7\",\"user\":null,"
                        + "\"method\":\"GET\",\"target\":\"/a?b=c\",\"protocol\":\"HTTP/1.1\",\"status\":200,"
                        + "\"bytes\":13,\"duration_us\":1234567,\"referer\":null,\"user_agent\":null,\"pid\":4711,"
                        + "\"slot\":2,\"generation\":3,\"end\":null}");
        request.bodyBytes = -1;
        request.status = 0;
        request.end = "killed by SIGKILL";
        assertThat(line("json")).contains("\"status\":0,\"bytes\":null").endsWith("\"end\":\"killed by SIGKILL\"}");
    }

    @Test
    void aRequestThatDiedSaysWhyInEveryFormat() {
        request.status = 0;
        request.bodyBytes = -1;
        request.end = "killed by SIGKILL";
        LineBuffer out = new LineBuffer(8);
        new AccessFormatter(AccessFormat.parse("%(h)s %(s)s %(b)s"), IDENTITY, ZoneId.of("UTC"))
                .appendWithEnd(out, request);
        new AccessFormatter(AccessFormat.parse("%(s)s [%({end}j)s]"), IDENTITY, ZoneId.of("UTC"))
                .appendWithEnd(out, request);
        assertThat(new String(out.array(), 0, out.length(), StandardCharsets.US_ASCII))
                .isEqualTo("10.0.0.7 000 - \"killed by SIGKILL\"\n000 [killed\\x20by\\x20SIGKILL]\n");
    }

    @Test
    void aRequestLineThatCouldNotBeReadIsShownAsFarAsItCame() {
        request.method = null;
        request.version = null;
        request.target = "GET /\"\\ \u0016\u0003";
        assertThat(line("\"%(r)s\"")).isEqualTo("\"GET /\\x22\\x5C \\x16\\x03\"");
        request.target = null;
        assertThat(line("\"%(r)s\" %(m)s %(U)s %(H)s")).isEqualTo("\"-\" - - -");
    }

    @Test
    void whatAClientSendsCanForgeNeitherLineNorField() {
        request.target = "/\r\n1.2.3.4 \"GET / HTTP/1.1\" 200\t\u001b[31m\u0000\u007f\u0080\u00ff\\";
        request.user = "eve [01/Jan/1970] \"x";
        assertThat(line("%(u)s \"%(r)s\""))
                .isEqualTo("eve\\x20[01/Jan/1970]\\x20\\x22x \"GET /\\x0D\\x0A1.2.3.4 \\x22GET / HTTP/1.1\\x22"
                        + " 200\\x09\\x1B[31m\\x00\\x7F\\x80\\xFF\\x5C HTTP/1.1\"");
        request.user = "";
        assertThat(line("%(u)s|\"%(u)s\"")).isEqualTo("-|\"\"");
    }

    @Test
    void jsonKeepsCharactersAndEscapesEverythingElse() {
        request.user = utf8("é€😀\u2028\u0085\u0001\"\\")
                + "\u00ff\u00c0\u00af\u00ed\u00a0\u0080\u00f4\u0090\u0080\u0080\u00e2\u0082";
        String line = new String(line("json").getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        assertThat(line)
                .contains("\"user\":\"é€😀\\u2028\\u0085\\u0001\\\"\\\\\\u00FF\\u00C0\\u00AF\\u00ED\\u00A0\\u0080"
                        + "\\u00F4\\u0090\\u0080\\u0080\\u00E2\\u0082\"");
    }

    private static String utf8(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    @Test
    void randomBytesNeverBreakALine() throws CharacterCodingException {
        Pattern combined =
                Pattern.compile("[!-~]+ - [!-~]+ \\[[^]]+] \"[ -!#-~]*\" 200 13 \"[ -!#-~]*\" \"[ -!#-~]*\"");
        Random random = new Random(20261126);
        for (int round = 0; round < 5_000; round++) {
            request.target = bytes(random);
            request.user = bytes(random);
            request.client = bytes(random);
            request.fields.put("referer", bytes(random));
            request.fields.put("user-agent", bytes(random));
            assertThat(line(AccessLogOptions.COMBINED)).matches(combined);
            String json = line("json");
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json.getBytes(StandardCharsets.ISO_8859_1)));
            assertThat(json).matches("[^\\x00-\\x1f\\x7f]*");
            assertThat(StrictJson.members(json)).isEqualTo(15);
        }
    }

    private static String bytes(Random random) {
        byte[] bytes = new byte[random.nextInt(24)];
        random.nextBytes(bytes);
        for (int i = 0; i < bytes.length; i++) {
            // Half of them are what an attacker would choose.
            bytes[i] = random.nextBoolean()
                    ? bytes[i]
                    : (byte) "\"\\\r\n {}:,\u00e2\u0080\u00a8".charAt(random.nextInt(12));
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "%(x)s | unknown atom %(x)s. Known: h l u t r",
                "%(h)s %(u | %( at character 7 that is never closed",
                "%(h)s %(u) %(r)s | has   after %(u) where an s belongs",
                "%(h)d | has d after %(h)",
                "%(h) | lacks the s after %(h)",
                "%h | % alone at character 1",
                "50% | % alone at character 3",
                "%()s | unknown atom %()s",
                "%({}i)s | unknown atom %({}i)s",
                "%({x)s | unknown atom %({x)s",
                "%({x}z)s | unknown atom %({x}z)s",
                "%({pid}j)s | unknown atom %({pid}j)s",
                "\"%(r)s | quote that is never closed"
            })
    void aWrongFormatIsExplained(String format, String message) {
        assertThatThrownBy(() -> AccessFormat.parse(format))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message.replaceFirst("^has   ", "has   "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "a\rb", "\u001b[1m"})
    void aFormatOfSeveralLinesIsRefused(String format) {
        assertThatThrownBy(() -> AccessFormat.parse(format)).hasMessageContaining("control character");
    }
}
