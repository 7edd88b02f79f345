package io.jcorn.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code bin/jcorn} up to the moment when it becomes Java, with Javas that are shell scripts. */
class LauncherIT {

    private final Path folder;

    LauncherIT(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void saysThatThereIsNoJava() throws IOException {
        Outcome outcome = jcorn(Map.of("PATH", folder.toString()));

        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err())
                .startsWith("jcorn: no Java found: JAVA_HOME is not set and there is no java on the PATH.")
                .contains("Install a Java 17 or later");
    }

    @Test
    void saysThatJavaHomeHoldsNoJava() throws IOException {
        Outcome outcome = jcorn(Map.of("JAVA_HOME", folder.toString()));

        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err()).startsWith("jcorn: JAVA_HOME=" + folder + " holds no Java (there is no bin/java).");
    }

    @ParameterizedTest
    @CsvSource({"1.8.0_352", "11.0.2", "16", "16.0.1-ea"})
    void refusesAnOldJavaByItsReleaseFile(String version) throws IOException {
        Path home = FakeJava.home(folder, "exit 99", version);

        Outcome outcome = jcorn(Map.of("JAVA_HOME", home.toString()));

        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err())
                .startsWith("jcorn: Java " + version + " at " + home + "/bin/java is too old.")
                .contains("Install a Java 17 or later");
    }

    @ParameterizedTest
    @CsvSource({"1.8.0_352", "11.0.2"})
    void refusesAnOldJavaByWhatItSays(String version) throws IOException {
        Path home = FakeJava.home(folder, "echo 'openjdk version \"" + version + "\" 2019-01-15' >&2");

        Outcome outcome = jcorn(Map.of("JAVA_HOME", home.toString()));

        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err()).startsWith("jcorn: Java " + version + " at " + home + "/bin/java is too old.");
    }

    @Test
    void saysWhatAJavaThatDoesNotRunSaid() throws IOException {
        Path home = FakeJava.home(folder, "echo 'libjli.so is missing' >&2; exit 127");

        Outcome outcome = jcorn(Map.of("JAVA_HOME", home.toString()));

        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err()).contains(home + "/bin/java does not run: libjli.so is missing");
    }

    @Test
    void findsTheJavaOnThePathThroughItsLinks() throws IOException {
        Path home = FakeJava.home(folder, FakeJava.ECHO, "17.0.15");
        Path bin = Files.createDirectory(folder.resolve("usr-bin"));
        Files.createSymbolicLink(bin.resolve("java"), home.resolve("bin/java"));

        Outcome outcome = jcorn(Map.of("PATH", bin + ":" + System.getenv("PATH")));

        assertThat(outcome.exit()).as(outcome.err()).isZero();
        assertThat(outcome.out()).contains("<io.jcorn.master.cli.Main>");
    }

    @Test
    void handsArgumentsOverUntouched() throws IOException {
        Outcome outcome = jcorn(
                at(FakeJava.home(folder, FakeJava.ECHO, "17.0.15")),
                "--env",
                "GREETING=a  b",
                "",
                "*",
                "ü",
                "$HOME",
                "-",
                "--");

        assertThat(outcome.out())
                .endsWith("<io.jcorn.master.cli.Main>\n<--env>\n<GREETING=a  b>\n<>\n<*>\n<ü>\n<$HOME>\n<->\n<-->\n");
    }

    @Test
    void keepsWhatTheEnvironmentAsksOfTheApplicationFromTheMaster() throws IOException {
        Map<String, String> environment = new java.util.HashMap<>(at(FakeJava.home(
                folder,
                FakeJava.ECHO + "echo \"${JAVA_TOOL_OPTIONS-unset}|${JDK_JAVA_OPTIONS-unset}|${_JAVA_OPTIONS-unset}\"",
                "17.0.15")));
        environment.put("JAVA_TOOL_OPTIONS", "-javaagent:/a b.jar -XX:+UseG1GC");
        environment.put("_JAVA_OPTIONS", "-Xmx4g");

        Outcome outcome = jcorn(environment);

        assertThat(outcome.out())
                .contains("<-Djcorn.worker.JAVA_TOOL_OPTIONS=-javaagent:/a b.jar -XX:+UseG1GC>\n")
                .contains("<-Djcorn.worker._JAVA_OPTIONS=-Xmx4g>\n")
                .doesNotContain("-Djcorn.worker.JDK_JAVA_OPTIONS")
                .endsWith("unset|unset|unset\n");
    }

    @Test
    void streamsThatAreClosedAreOpenedBeforeTheJvmOpensAnything() throws IOException {
        Path seen = folder.resolve("seen");
        Map<String, String> environment = new TreeMap<>(at(FakeJava.home(
                folder,
                "streams=\"$(readlink /proc/$$/fd/0) $(readlink /proc/$$/fd/1) $(readlink /proc/$$/fd/2)\"; echo \"$streams\" >\"$SEEN\"",
                "17.0.15")));
        environment.put("SEEN", seen.toString());

        Outcome.of(
                folder,
                environment,
                List.of(
                        "sh",
                        "-c",
                        "exec \"$0\" <&- >&- 2>&-",
                        Distribution.launcher().toString()));

        assertThat(seen).hasContent("/dev/null /dev/null /dev/null");
    }

    /** A JVM changes what the character set of its locale does not know; that of C is ASCII. */
    @ParameterizedTest
    @CsvSource({
        "unset, unset, unset, unset, C.UTF-8",
        "unset, unset, C, unset, C.UTF-8",
        "unset, POSIX, de_DE.UTF-8, unset, C.UTF-8",
        "C, unset, unset, C.UTF-8, unset",
        "POSIX, unset, C.UTF-8, C.UTF-8, unset",
        "C.UTF-8, unset, unset, C.UTF-8, unset",
        "unset, C.UTF-8, C, unset, C.UTF-8",
        // No machine has it: the C library would go on in C.
        "xx_XX.UTF-8, unset, unset, C.UTF-8, unset",
    })
    void takesNoLocaleThatKnowsOnlyAscii(String all, String ctype, String lang, String lcAll, String lcCtype)
            throws IOException {
        Map<String, String> environment = new TreeMap<>(
                at(FakeJava.home(folder, FakeJava.ECHO + "echo \"${LC_ALL-unset}|${LC_CTYPE-unset}\"", "17.0.15")));
        environment.putAll(Map.of("LC_ALL", all, "LC_CTYPE", ctype, "LANG", lang));
        environment.values().removeIf("unset"::equals);

        assertThat(jcorn(environment).out()).endsWith("\n" + lcAll + "|" + lcCtype + "\n");
    }

    @Test
    void saysThatTheFolderItIsStartedInIsGone() throws IOException {
        Path gone = Files.createDirectory(folder.resolve("gone"));
        Map<String, String> environment = at(FakeJava.home(folder, FakeJava.ECHO, "17.0.15"));
        String script = "cd '" + gone + "' && rmdir '" + gone + "' && exec '" + Distribution.launcher() + "' --version";

        Outcome outcome = Outcome.of(folder, environment, List.of("/bin/sh", "-c", script));

        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err())
                .contains("jcorn: the folder that I am started in, ", "/gone, is gone. Start me in one that is there");
    }

    @Test
    void saysWhereItIsAlsoThroughALink() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("serve"), Distribution.launcher());

        Outcome outcome =
                Outcome.of(folder, at(FakeJava.home(folder, FakeJava.ECHO, "17.0.15")), List.of(link.toString()));
        Files.delete(link);

        assertThat(outcome.out())
                .contains("<-Djcorn.home=" + Distribution.home().toRealPath() + ">");
    }

    @Test
    void freesTheSecondUserSignal() throws IOException {
        Path home = FakeJava.home(folder, FakeJava.ECHO, "17.0.15");
        Map<String, String> own = new TreeMap<>(at(home));
        own.put("_JAVA_SR_SIGNUM", "50");

        assertThat(jcorn(at(home)).out()).startsWith("_JAVA_SR_SIGNUM=40\n");
        assertThat(jcorn(own).out()).startsWith("_JAVA_SR_SIGNUM=50\n");
    }

    @Test
    void takesFurtherFlagsForTheMastersJvmAfterItsOwn() throws IOException {
        Map<String, String> environment = new TreeMap<>(at(FakeJava.home(folder, FakeJava.ECHO, "17.0.15")));
        environment.put("JCORN_MASTER_JAVA_OPTS", "-Xshare:off -Xmx96m  -Dpattern=*");

        List<String> arguments = jcorn(environment).out().lines().toList();

        assertThat(arguments)
                .containsSubsequence("<-Xmx64m>", "<-Xlog:disable>", "<-Xmx96m>", "<-Dpattern=*>", "<-cp>");
    }

    @ParameterizedTest
    @CsvSource({"17.0.15,false", "21.0.2,false", "23.0.1,false", "24,true", "25.0.3,true", "26-ea,true"})
    void tellsNewJavasThatNativeCodeIsMeant(String version, boolean told) throws IOException {
        Outcome outcome = jcorn(at(FakeJava.home(folder, FakeJava.ECHO, version)));

        assertThat(outcome.out().contains("<--enable-native-access=ALL-UNNAMED>"))
                .isEqualTo(told);
    }

    /** An environment in which no class-data archive is made, for Javas that cannot. */
    private static Map<String, String> at(Path home) {
        return Map.of("JAVA_HOME", home.toString(), "JCORN_MASTER_JAVA_OPTS", "-Xshare:off");
    }

    private Outcome jcorn(Map<String, String> environment, String... arguments) throws IOException {
        Map<String, String> complete = new TreeMap<>(environment);
        complete.putIfAbsent("JCORN_MASTER_JAVA_OPTS", "-Xshare:off");
        List<String> command = new ArrayList<>();
        command.add(Distribution.launcher().toString());
        command.addAll(List.of(arguments));
        return Outcome.of(folder, complete, command);
    }
}
