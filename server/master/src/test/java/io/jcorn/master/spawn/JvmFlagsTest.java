package io.jcorn.master.spawn;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The flags that give way to the user's, and the collector, which depends on the heap. */
class JvmFlagsTest {

    private static final long GIB = 1L << 30;

    private static final JavaRuntime JAVA = new JavaRuntime(Path.of("/jdk"), 25, false);

    private static List<String> flags(boolean handler, long memory, Map<String, String> variables, String... options) {
        return new JvmFlags(JAVA, handler, List.of(options), variables, memory).flags(Optional.empty());
    }

    private static boolean serial(boolean handler, long memory, Map<String, String> variables, String... options) {
        return flags(handler, memory, variables, options).contains("-XX:+UseSerialGC");
    }

    @Test
    void theSerialCollectorIsForSmallHeaps() {
        assertThat(serial(false, 16 * GIB, Map.of())).as("a quarter is 4 GiB").isTrue();
        assertThat(serial(false, 17 * GIB, Map.of())).isFalse();
        assertThat(serial(false, 64 * GIB, Map.of(), "-Xmx4g")).isTrue();
        assertThat(serial(false, 1 * GIB, Map.of(), "-Xmx4097m")).isFalse();
        assertThat(serial(false, 0, Map.of()))
                .as("nobody says how much there is")
                .isTrue();
    }

    @Test
    void aHandlerKeepsItUnlessItsHeapIsAskedToBeLarge() {
        assertThat(serial(true, 64 * GIB, Map.of())).isTrue();
        assertThat(serial(true, 64 * GIB, Map.of(), "-Xmx8g")).isFalse();
        assertThat(serial(true, 64 * GIB, Map.of(), "-XX:MaxRAMPercentage=50")).isFalse();
        assertThat(serial(true, 64 * GIB, Map.of(), "-XX:MaxRAMPercentage=5.5")).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "-Xmx8g, false",
        "-Xmx8G, false",
        "-Xmx8192m, false",
        "-Xmx8388608k, false",
        "-Xmx8589934592, false",
        "-Xmx1T, false",
        "-XX:MaxHeapSize=8g, false",
        "-Xmx900000000000000t, false",
        "-Xmx512m, true",
        "-XX:MaxHeapSize=512m, true",
        "-XX:MaxRAMPercentage=10, true",
        "-XX:MaxRAMPercentage=100, false",
        "-Dx=-Xmy8g, true",
    })
    void theHeapIsReadAsTheJvmReadsIt(String option, boolean serial) {
        assertThat(serial(false, 8 * GIB, Map.of(), option)).isEqualTo(serial);
    }

    @Test
    void theLastWordOnTheHeapCountsInTheOrderOfTheJvm() {
        Map<String, String> tools = Map.of("JAVA_TOOL_OPTIONS", "-Xmx8g");
        assertThat(serial(false, GIB, tools)).isFalse();
        assertThat(serial(false, GIB, tools, "-Xmx1g"))
                .as("the command line comes later")
                .isTrue();
        assertThat(serial(false, GIB, Map.of("_JAVA_OPTIONS", "-Xmx8g"), "-Xmx1g"))
                .as("and these last")
                .isFalse();
        assertThat(serial(false, GIB, Map.of("JDK_JAVA_OPTIONS", "-Xmx8g -Xmx1g")))
                .isTrue();
        assertThat(serial(false, 64 * GIB, Map.of(), "-Xmx1g", "-XX:MaxRAMPercentage=90"))
                .as("a size goes before a share")
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"})
    void whatAVariableSaysIsNotUndoneByWhatComesAfterIt(String variable) {
        assertThat(flags(true, GIB, Map.of(variable, "-XX:+UsePerfData")))
                .doesNotContain("-XX:-UsePerfData")
                .contains("-XX:+ExitOnOutOfMemoryError");
        assertThat(flags(true, GIB, Map.of(variable, "-XX:-ExitOnOutOfMemoryError")))
                .doesNotContain("-XX:+ExitOnOutOfMemoryError")
                .contains("-XX:-UsePerfData");
        assertThat(flags(true, GIB, Map.of(variable, "-Xlog:gc:file=gc.log")))
                .noneMatch(flag -> flag.startsWith("-Xlog"));
        assertThat(flags(true, GIB, Map.of(variable, "--sun-misc-unsafe-memory-access=deny")))
                .noneMatch(flag -> flag.startsWith("--sun-misc"));
        assertThat(flags(true, GIB, Map.of(variable, "-Dx=1")))
                .contains("-XX:-UsePerfData", "-XX:+ExitOnOutOfMemoryError", "-Xlog:disable");
    }
}
