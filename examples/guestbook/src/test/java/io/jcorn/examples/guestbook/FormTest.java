package io.jcorn.examples.guestbook;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FormTest {

    private static final byte[] NOTHING = new byte[0];

    @Test
    void takesWhatIsRight() {
        Form form = Form.of(" Ada ", "one\r\ntwo\n", NOTHING);
        assertThat(form.complaints()).isEmpty();
        assertThat(form.name()).isEqualTo("Ada");
        assertThat(form.text()).isEqualTo("one\ntwo");
        assertThat(form.picture()).isEmpty();
    }

    @Test
    void saysAllThatIsWrong() {
        Form form = Form.of(null, "x".repeat(Form.LONGEST_TEXT + 1), bytes("<svg onload='alert(1)'/>"));
        assertThat(form.complaints())
                .containsExactly(
                        "The name is missing.",
                        "The text is longer than 2000 characters.",
                        "The picture is none that can be shown: PNG, JPEG, GIF and WebP can.");
    }

    @Test
    void knowsPicturesByTheirFirstBytes() {
        assertThat(type("\u0089PNG\r\n\u001a\n…")).isEqualTo("image/png");
        assertThat(type("\u00ff\u00d8\u00ff\u00e0…")).isEqualTo("image/jpeg");
        assertThat(type("GIF89a…")).isEqualTo("image/gif");
        assertThat(type("RIFF\0\0\0\0WEBPVP8 ")).isEqualTo("image/webp");
        assertThat(type("RIFF\0\0\0\0WAVEfmt ")).isEqualTo("none");
        assertThat(type("GIF")).isEqualTo("none");
        assertThat(type("")).isEqualTo("none");
    }

    @Test
    void readsMilliseconds() {
        assertThat(Slow.millis("0")).hasValue(0);
        assertThat(Slow.millis("60000")).hasValue(60_000);
        assertThat(Slow.millis("60001")).isEmpty();
        assertThat(Slow.millis("-1")).isEmpty();
        assertThat(Slow.millis("1e3")).isEmpty();
        assertThat(Slow.millis("")).isEmpty();
        assertThat(Slow.millis(null)).isEmpty();
    }

    private static String type(String bytes) {
        return Picture.of(bytes(bytes)).map(Picture::type).orElse("none");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }
}
