package io.jcorn.master.settings;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever a worker would get changed is refused, and not only the names of files. */
class NativeCharsetTest {

    private static Configuration load(Charset charset, Setting<?> setting, String text) throws ConfigurationException {
        Flags flags = Flags.NONE.with(setting, text);
        return new ConfigurationLoader(flags, Map.of(), Path.of("/"), new NativeCharset(charset)).resolve();
    }

    @ParameterizedTest
    @CsvSource({
        "java-opt,-Dgreeting=gr\u00fc\u00dfe",
        "env,GREETING=gr\u00fc\u00dfe",
        "app-args,gr\u00fc\u00dfe",
        "name,gr\u00fc\u00dfe"
    })
    void asciiKnowsNoUmlauts(String key, String text) throws ConfigurationException {
        Setting<?> setting = Settings.all().stream()
                .filter(each -> each.key().equals(key))
                .findFirst()
                .orElseThrow();

        assertThatThrownBy(() -> load(US_ASCII, setting, text))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("has characters that the locale does not know")
                .hasMessageContaining("LC_ALL=C.UTF-8");
        assertThat(load(UTF_8, setting, text)).isNotNull();
    }

    /** What was decoded wrongly already. */
    @Test
    void replacedCharactersAreNoText() {
        assertThatThrownBy(() -> load(UTF_8, Settings.JAVA_OPTS, "-Dgreeting=gr\ufffd\ufffde"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("has characters that the locale does not know");
    }
}
