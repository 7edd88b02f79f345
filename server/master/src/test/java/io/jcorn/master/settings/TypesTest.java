package io.jcorn.master.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jcorn.wire.LogLevel;
import io.jcorn.wire.WorkerOptions.Threads;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every type: what it reads, how it writes that, and how it refuses the rest. */
class TypesTest {

    private static final Path BASE = Path.of("/srv/app");

    @Test
    void integersKeepToTheirRange() {
        SettingType<Integer> type = ScalarTypes.integer(1, 512);

        assertThat(read(type, "1")).isEqualTo(1);
        assertThat(read(type, " 512\n")).isEqualTo(512);
        assertThat(read(type, "+7")).isEqualTo(7);
        assertRefused(type, "0", "\"0\" is too small. Allowed: a whole number from 1 to 512");
        assertRefused(type, "513", "\"513\" is too large. Allowed: a whole number from 1 to 512");
        assertRefused(type, "-3", "\"-3\" is too small. Allowed: a whole number from 1 to 512");
        assertRefused(
                type, "9".repeat(40), "\"" + "9".repeat(40) + "\" is too large. Allowed: a whole number from 1 to 512");
        assertRefused(type, "four", "\"four\" is not a whole number. Allowed: a whole number from 1 to 512");
        assertRefused(type, "4.0", "\"4.0\" is not a whole number. Allowed: a whole number from 1 to 512");
        assertRefused(type, "٤", "\"٤\" is not a whole number. Allowed: a whole number from 1 to 512");
        assertRefused(type, " ", "the value is empty. Allowed: a whole number from 1 to 512");
    }

    @Test
    void anIntegerWithoutUpperBoundSaysSo() {
        assertRefused(
                ScalarTypes.integer(0, Integer.MAX_VALUE),
                "-1",
                "\"-1\" is too small. Allowed: a whole number of at least 0");
    }

    @Test
    void autoIsTheNumberOfProcessors() {
        SettingType<Integer> type = ScalarTypes.processes(1, 512);

        assertThat(read(type, "auto")).isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(read(type, "3")).isEqualTo(3);
        assertRefused(
                type,
                "automatic",
                "\"automatic\" is not a whole number. Allowed: a whole number from 1 to 512, or auto");
    }

    @ParameterizedTest
    @CsvSource({
        "30, 30000, 30s",
        "30s, 30000, 30s",
        "0.5, 500, 500ms",
        "1.5s, 1500, 1500ms",
        "500ms, 500, 500ms",
        "500 millis, 500, 500ms",
        "2m, 120000, 120s",
        "2 minutes, 120000, 120s",
        "1h, 3600000, 3600s",
        "1 day, 86400000, 86400s",
        "0, 0, 0s",
    })
    void durations(String text, long millis, String written) {
        SettingType<Duration> type = ScalarTypes.duration(Duration.ZERO, Duration.ofDays(1), "");

        Duration duration = read(type, text);

        assertThat(duration).isEqualTo(Duration.ofMillis(millis));
        assertThat(type.print(duration)).containsExactly(written);
        assertThat(read(type, written)).isEqualTo(duration);
    }

    @ParameterizedTest
    @CsvSource({
        "10ms, is too short",
        "2d, is too long",
        "999999999999999d, is too long",
        "10 fortnights, has an unknown unit",
        "5M, is not a duration",
        "-1, is not a duration",
        "0.0001s, is not a whole number of milliseconds",
        "1m30s, is not a duration",
        "soon, is not a duration",
    })
    void durationsThatAreRefused(String text, String why) {
        assertRefused(
                ScalarTypes.duration(Duration.ofMillis(100), Duration.ofDays(1), "for no supervision"),
                text,
                "\"" + text + "\" " + why + ". Allowed: a duration from 100ms to 86400s such as 30, 30s, 500ms or 2m"
                        + " (a plain number counts seconds), or 0 for no supervision");
    }

    @Test
    void zeroMayBeAllowedBelowTheShortestDuration() {
        SettingType<Duration> off = ScalarTypes.duration(Duration.ofMillis(100), Duration.ofDays(1), "for none");
        SettingType<Duration> on = ScalarTypes.duration(Duration.ofMillis(100), Duration.ofDays(1), "");

        assertThat(read(off, "0")).isEqualTo(Duration.ZERO);
        assertThatThrownBy(() -> read(on, "0")).hasMessageStartingWith("\"0\" is too short.");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 0",
        "4096, 4096, 4k",
        "4097, 4097, 4097",
        "64k, 65536, 64k",
        "10M, 10485760, 10m",
        "10 MiB, 10485760, 10m",
        "1g, 1073741824, 1g",
        "1024m, 1073741824, 1g",
        "5b, 5, 5",
    })
    void sizes(String text, long bytes, String written) {
        SettingType<Long> type = ScalarTypes.size(1L << 50, "for no limit");

        assertThat(read(type, text)).isEqualTo(bytes);
        assertThat(type.print(bytes)).containsExactly(written);
        assertThat(read(type, written)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({
        "10MB, has an ambiguous unit",
        "10t, has an unknown unit",
        "1.5g, is not a number of bytes",
        "-1, is not a number of bytes",
        "999999999999999999g, is too large",
        "lots, is not a number of bytes",
    })
    void sizesThatAreRefused(String text, String why) {
        assertThatThrownBy(() -> read(ScalarTypes.size(1L << 50, "for no limit"), text))
                .hasMessage("\"" + text + "\" " + why + ". Allowed: a number of bytes up to 1048576g such as 4096, 64k,"
                        + " 10m or 1g (k, m and g count in 1024), or 0 for no limit");
    }

    @Test
    void truth() {
        SettingType<Boolean> type = ScalarTypes.truth();

        for (String yes : List.of("true", "yes", "on", "1", "TRUE")) {
            assertThat(read(type, yes)).isTrue();
        }
        for (String no : List.of("false", "no", "off", "0", "False")) {
            assertThat(read(type, no)).isFalse();
        }
        assertRefused(type, "maybe", "\"maybe\" is neither true nor false. Allowed: true or false");
    }

    @ParameterizedTest
    @CsvSource({"22, 18, 0022", "0022, 18, 0022", "0o27, 23, 0027", "0, 0, 00", "777, 511, 0777"})
    void octalNumbers(String text, int bits, String written) {
        SettingType<Integer> type = ScalarTypes.octal(0777);

        assertThat(read(type, text)).isEqualTo(bits);
        assertThat(Integer.parseInt(type.print(bits).get(0), 8)).isEqualTo(Integer.parseInt(written, 8));
        assertThat(read(type, type.print(bits).get(0))).isEqualTo(bits);
    }

    @Test
    void octalNumbersThatAreRefused() {
        SettingType<Integer> type = ScalarTypes.octal(0777);
        String allowed = ". Allowed: octal digits from 0 to 0777 such as 0022";

        assertRefused(type, "0088", "\"0088\" is not an octal number" + allowed);
        assertRefused(type, "1777", "\"1777\" is too large" + allowed);
        assertRefused(type, "u=rwx", "\"u=rwx\" is not an octal number" + allowed);
    }

    @Test
    void choicesAreTheConstantsInLowerCase() {
        SettingType<LogLevel> type = ScalarTypes.choice("LEVEL", LogLevel.class);

        assertThat(read(type, "warning")).isEqualTo(LogLevel.WARNING);
        assertThat(read(type, "DEBUG")).isEqualTo(LogLevel.DEBUG);
        assertThat(type.print(LogLevel.CRITICAL)).containsExactly("critical");
        assertRefused(type, "warn", "\"warn\" is not known. Allowed: debug, info, warning, error or critical");
    }

    @Test
    void textsAreOfOneLine() {
        SettingType<String> type = ScalarTypes.text("NAME", "a text of one line");

        assertThat(read(type, "The Shop ☕")).isEqualTo("The Shop ☕");
        assertRefused(type, "a\nb", "\"a?b\" holds a control character. Allowed: a text of one line");
    }

    @Test
    void relativePathsStartFromTheBase() {
        SettingType<Path> type = ScalarTypes.path("FILE", "a file");

        assertThat(read(type, "run/jcorn.pid")).isEqualTo(Path.of("/srv/app/run/jcorn.pid"));
        assertThat(read(type, "../x")).isEqualTo(Path.of("/srv/x"));
        assertThat(read(type, "/etc/x")).isEqualTo(Path.of("/etc/x"));
        assertRefused(type, "a\0b", "the value holds a NUL character. Allowed: a file");
    }

    @Test
    void threads() {
        SettingType<Threads> type = ServerTypes.threads(10_000);

        assertThat(read(type, "0")).isEqualTo(new Threads(Threads.Kind.LOOP, 0));
        assertThat(read(type, "8")).isEqualTo(new Threads(Threads.Kind.POOL, 8));
        assertThat(read(type, "virtual")).isEqualTo(new Threads(Threads.Kind.VIRTUAL, 0));
        for (String text : List.of("0", "8", "virtual")) {
            assertThat(type.print(read(type, text))).containsExactly(text);
        }
        assertRefused(
                type,
                "many",
                "\"many\" is not a whole number. Allowed: a whole number from 1 to 10000, 0 for the event loop itself,"
                        + " or virtual");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0:80", ":80", "[::1]:0", "unix:/run/x.sock", "unix:@x", "fd://3", "example.com:443"})
    void addresses(String text) {
        SettingType<BindAddress> type = ServerTypes.address();

        assertThat(type.print(read(type, text))).containsExactly(text);
    }

    @Test
    void anAddressThatIsRefused() {
        assertRefused(
                ServerTypes.address(),
                "localhost",
                "\"localhost\" is no address to listen on: the port is missing; it is written HOST:PORT."
                        + " Allowed: HOST:PORT, :PORT, [v6]:PORT, unix:PATH, unix:@NAME, fd://N");
    }

    @Test
    void addressesOfTcpOnly() {
        SettingType<BindAddress> type = ServerTypes.tcpAddress();

        assertThat(read(type, "[::1]:80")).isEqualTo(new BindAddress.Tcp("::1", 80));
        assertRefused(type, "unix:/x", "\"unix:/x\" is no TCP address. Allowed: HOST:PORT, :PORT, [v6]:PORT");
        assertRefused(type, "fd://3", "\"fd://3\" is no TCP address. Allowed: HOST:PORT, :PORT, [v6]:PORT");
    }

    @Test
    void applications() {
        SettingType<Application> type = ServerTypes.application();

        assertThat(read(type, "app.jar")).isEqualTo(new Application(Path.of("/srv/app/app.jar"), Optional.empty()));
        assertThat(read(type, "/x/app.jar:com.example.Hello$Inner"))
                .isEqualTo(new Application(Path.of("/x/app.jar"), Optional.of("com.example.Hello$Inner")));
        assertThat(read(type, "/a:b/app.jar").path()).isEqualTo(Path.of("/a:b/app.jar"));
        assertThat(type.print(read(type, "/x/app.jar:Hello"))).containsExactly("/x/app.jar:Hello");
        String allowed = ". Allowed: app.jar, app.jar:com.example.Handler, or a folder of classes";
        assertRefused(type, "app.jar:", "\"app.jar:\" has no class name after the colon" + allowed);
        assertRefused(type, "app.jar:com.1x", "\"app.jar:com.1x\" has no class name after the colon" + allowed);
        assertRefused(type, ":com.example.Hello", "\":com.example.Hello\" names no archive before the colon" + allowed);
    }

    @Test
    void aLogFileOrStandardError() {
        SettingType<Optional<Path>> type = ServerTypes.logFile();

        assertThat(read(type, "-")).isEmpty();
        assertThat(read(type, "log/x")).contains(Path.of("/srv/app/log/x"));
        assertThat(type.print(Optional.empty())).containsExactly("-");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-Xmx1g",
                "-ea",
                "-Dname=a -b",
                "-XX:OnOutOfMemoryError=kill -9 %p",
                "-Xlog:gc:file=gc-{slot}-{generation}-{pid}.log",
                "-Djson={\"a\": 1}",
                "-Dpattern=%d{ISO8601} %X{traceId} %m{nolookups}%n",
                "-Dfile=${HOSTNAME}-{slot}.log",
                "-Dx={slots}",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
            })
    void optionsOfTheJvm(String text) {
        assertThat(read(ServerTypes.javaOption(), text)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-Xmx1g -Xms1g | holds several options; give each its own --java-opt, or a list in the file",
                "Xmx1g | does not begin with -; an option with a value is one text, as in --add-opens=VALUE",
                "-cp | is jcorn's own to set; further archives are given by --classpath",
                "--class-path=x | is jcorn's own to set; further archives are given by --classpath",
                "-jar | is jcorn's own to set; the application is the command's argument",
                "-m | is jcorn's own to set; a module is named by --module",
                "--module=shop | is jcorn's own to set; a module is named by --module",
            })
    void optionsOfTheJvmThatAreRefused(String text, String why) {
        assertRefused(
                ServerTypes.javaOption(),
                text,
                "\"" + text + "\" " + why + ". Allowed: one option of the java command such as -Xmx256m, with {slot},"
                        + " {generation} and {pid} as templates");
    }

    @Test
    void aScalarTakesOneValue() {
        assertThatThrownBy(() -> ScalarTypes.integer(1, 2).read(List.of("1", "2"), BASE))
                .hasMessage("one value is wanted, not a list of 2. Allowed: a whole number from 1 to 2");
    }

    @Test
    void anOptionalValueMayBeMissing() {
        SettingType<Optional<Integer>> type = CompoundTypes.optional(ScalarTypes.integer(1, 2));

        assertThat(type.read(List.of(), BASE)).isEmpty();
        assertThat(type.read(List.of("2"), BASE)).contains(2);
        assertThat(type.print(Optional.empty())).isEmpty();
        assertThat(type.print(Optional.of(2))).containsExactly("2");
    }

    @Test
    void listsAreSplitByTheirSeparator() {
        SettingType<List<String>> commas = listOf(CompoundTypes.Separator.COMMA);
        SettingType<List<String>> colons = listOf(CompoundTypes.Separator.COLON);
        SettingType<List<String>> blanks = listOf(CompoundTypes.Separator.BLANK);

        assertThat(commas.split("a , b,c", false)).containsExactly("a", "b", "c");
        assertThat(colons.split("a:b", false)).containsExactly("a", "b");
        assertThat(blanks.split("a b", false)).containsExactly("a b");
        assertThat(blanks.split("a b", true)).containsExactly("a", "b");
        assertThat(commas.read(List.of("a", "b"), BASE)).containsExactly("a", "b");
        assertThat(commas.read(List.of(), BASE)).isEmpty();
        assertThatThrownBy(() -> commas.read(Arrays.asList("a", ""), BASE))
                .hasMessage("the value is empty. Allowed: a text");
    }

    private static SettingType<List<String>> listOf(CompoundTypes.Separator separator) {
        return CompoundTypes.list(ScalarTypes.text("TEXT", "a text"), separator);
    }

    @Test
    void wordsAreSplitAsAShellDoes() {
        assertThat(CompoundTypes.words("")).isEmpty();
        assertThat(CompoundTypes.words("  a\tb  ")).containsExactly("a", "b");
        assertThat(CompoundTypes.words("-Da='b c' \"d e\"f g\\ h ''")).containsExactly("-Da=b c", "d ef", "g h", "");
        assertThat(CompoundTypes.words("\"a\\\"b\" 'c\\d'")).containsExactly("a\"b", "c\\d");
        assertThatThrownBy(() -> CompoundTypes.words("a 'b")).hasMessage("a ' is opened and never closed");
    }

    @Test
    void theEnvironmentIsAMap() {
        SettingType<Map<String, String>> type = CompoundTypes.environment();

        assertThat(type.read(List.of("A=1", "B=x=y", "A=2", "C="), BASE))
                .containsExactlyInAnyOrderEntriesOf(Map.of("A", "2", "B", "x=y", "C", ""));
        assertThat(type.print(Map.of("A", "1"))).containsExactly("A=1");
        assertRefused(type, "A", "\"A\" is not a variable. Allowed: NAME=VALUE; the value may be empty");
        assertRefused(type, "=1", "\"=1\" is not a variable. Allowed: NAME=VALUE; the value may be empty");
        assertRefused(
                type,
                "JCORN_SLOT=1",
                "\"JCORN_SLOT=1\" is set by jcorn itself for each worker. Allowed: NAME=VALUE; the value may be empty");
    }

    private static <T> T read(SettingType<T> type, String text) {
        return type.read(List.of(text), BASE);
    }

    private static void assertRefused(SettingType<?> type, String text, String message) {
        assertThatThrownBy(() -> read(type, text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
