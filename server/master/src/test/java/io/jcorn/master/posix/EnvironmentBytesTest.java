package io.jcorn.master.posix;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvironmentBytesTest {

    @TempDir
    Path folder = Path.of("set by JUnit");

    /** The bytes, seen as Latin-1, that a variable is written as when it was read so. */
    private List<String> passedOn(Charset charset, String name, String value) throws IOException {
        Path environ = folder.resolve("environ");
        Files.write(environ, ("A=1\0" + name + "=" + value + "\0").getBytes(ISO_8859_1));
        String decoded = new String(value.getBytes(ISO_8859_1), charset);
        List<String> result = new ArrayList<>();
        new EnvironmentBytes(environ, charset)
                .encode(Map.of(name, decoded))
                .forEach(bytes -> result.add(new String(bytes, ISO_8859_1)));
        return result;
    }

    @Test
    void bytesThatTheLocaleDoesNotKnowAreHandedOnAsTheyWere() throws IOException {
        assertThat(passedOn(UTF_8, "LATIN", "gr\u00fc\u00dfe")).containsExactly("LATIN=gr\u00fc\u00dfe\0");
        assertThat(passedOn(US_ASCII, "UTF", "gr\u00c3\u00bc")).containsExactly("UTF=gr\u00c3\u00bc\0");
        assertThat(passedOn(UTF_8, "PLAIN", "a=b")).containsExactly("PLAIN=a=b\0");
    }

    @Test
    void whatTheConfigurationSaysInsteadIsEncoded() throws IOException {
        Path environ = Files.write(folder.resolve("environ"), "X=\u00fc\0".getBytes(ISO_8859_1));

        assertThat(new EnvironmentBytes(environ, UTF_8).encode(Map.of("X", "\u00fc")))
                .containsExactly("X=\u00fc\0".getBytes(UTF_8));
        assertThat(new EnvironmentBytes(folder.resolve("none"), UTF_8).encode(Map.of("X", "y")))
                .containsExactly("X=y\0".getBytes(UTF_8));
    }
}
