package io.jcorn.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When {@code bin/jcorn} makes class-data archives, where, and what happens when it cannot; with a Java that is a script. */
class ArchiveIT {

    /** Writes both archives when it is asked for them, else shows its arguments. */
    private static final String TRAINABLE = """
            case "$*" in
              *-XX:DumpLoadedClassList=master.classes*--java-opt=-XX:DumpLoadedClassList=worker.classes*)
                echo A >master.classes; echo B >worker.classes; exit 0 ;;
              *-Xshare:dump*)
                for argument in "$@"; do
                  case $argument in
                    -XX:SharedClassListFile=*) list=${argument#*=} ;;
                    -XX:SharedArchiveFile=*) cp "$list" "${argument#*=}" ;;
                  esac
                done
                exit 0 ;;
            esac
            """ + FakeJava.ECHO;

    /** Crashes on its own archive of the worker, as a JVM does on a truncated one. */
    private static final String UNSOUND = """
            case "$*" in
              *-XX:SharedArchiveFile=*/worker.jsa*-version) echo "SIGBUS"; exit 134 ;;
            esac
            """ + TRAINABLE;

    private static final String UNTRAINABLE = """
            case "$*" in
              *-XX:DumpLoadedClassList*) echo "Unrecognized option"; exit 1 ;;
            esac
            """ + FakeJava.ECHO;

    private static final String MAKING = "jcorn: making a class-data archive for Java 17.0.15;";

    private final Path folder;
    private final Path home;

    ArchiveIT(@TempDir Path folder) throws IOException {
        this.folder = folder.toRealPath();
        // A blank in the name: nothing on the way may split it.
        home = Files.createDirectory(this.folder.resolve("j corn"));
        copy("bin/jcorn");
        copy("lib/training/train");
        jar("master");
        jar("worker");
    }

    @Test
    void isMadeOnceAndThenUsed() throws IOException {
        Path java = FakeJava.home(folder, TRAINABLE, "17.0.15");
        Path made = home.resolve("lib/archive/17.0.15+1");

        Outcome first = jcorn(java, "--version");
        Outcome second = jcorn(java, "--version");

        assertThat(first.exit()).as(first.err()).isZero();
        assertThat(first.err()).startsWith(MAKING).hasLineCount(1);
        assertThat(second.err()).isEmpty();
        for (Outcome outcome : List.of(first, second)) {
            assertThat(outcome.out())
                    .contains("<-XX:SharedArchiveFile=" + made + "/master.jsa>\n<-Xshare:auto>\n")
                    .contains("<-Djcorn.worker.archive=" + made + "/worker.jsa>")
                    .endsWith("<--version>\n");
        }
        assertThat(names(made)).containsExactly("key", "master.jsa", "worker.jsa");
    }

    @Test
    void isMadeForEachJava() throws IOException {
        Path java = FakeJava.home(folder, TRAINABLE, "17.0.15");
        jcorn(java);
        FakeJava.release(java, "17.0.16");

        assertThat(jcorn(java).out()).contains("/17.0.16+1/master.jsa>");
        assertThat(names(home.resolve("lib/archive"))).containsExactly("17.0.15+1", "17.0.16+1");
    }

    @Test
    void isMadeAgainForOtherJars() throws IOException {
        Path java = FakeJava.home(folder, TRAINABLE, "17.0.15");
        jcorn(java);
        Path jar = home.resolve("lib/worker/jcorn-worker-0.1.0.jar");
        Files.setLastModifiedTime(jar, FileTime.from(Instant.now().plusSeconds(60)));

        assertThat(jcorn(java).err()).startsWith(MAKING);
        assertThat(jcorn(java).err()).as("though the jar is from the future").isEmpty();
    }

    @Test
    void isMadeAgainInAnotherPlace() throws IOException {
        Path java = FakeJava.home(folder, TRAINABLE, "17.0.15");
        jcorn(java);
        Path moved = Files.move(home, folder.resolve("moved"));

        assertThat(jcorn(moved, Map.of(), java).err()).startsWith(MAKING);
        assertThat(jcorn(moved, Map.of(), java).err()).isEmpty();
    }

    @Test
    void isMadeInTheCacheBesideAReadOnlyDistribution() throws IOException {
        Path java = FakeJava.home(folder, TRAINABLE, "17.0.15");
        makeReadOnly();
        Map<String, String> user = Map.of("HOME", folder.resolve("user").toString());

        Outcome first = jcorn(home, user, java);

        assertThat(first.err()).startsWith(MAKING).hasLineCount(1);
        assertThat(first.out())
                .contains("<-XX:SharedArchiveFile=" + folder + "/user/.cache/jcorn" + home + "/17.0.15+1/master.jsa>");
        assertThat(jcorn(home, user, java).err()).isEmpty();
    }

    @Test
    void isDoneWithoutWhereNothingCanBeWritten() throws IOException {
        Path java = FakeJava.home(folder, TRAINABLE, "17.0.15");
        makeReadOnly();

        Outcome outcome = jcorn(java);

        assertThat(outcome.exit()).isZero();
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out()).doesNotContain("SharedArchiveFile");
    }

    @Test
    void isTriedOnceWithAJavaThatCannot() throws IOException {
        Path java = FakeJava.home(folder, UNTRAINABLE, "17.0.15");
        Path made = home.resolve("lib/archive/17.0.15+1");

        Outcome first = jcorn(java);
        Outcome second = jcorn(java);

        assertThat(first.exit()).isZero();
        assertThat(first.err())
                .startsWith(MAKING)
                .endsWith("jcorn: that did not work, going on without it; see " + made
                        + "/failed.log, and remove that folder to try again\n");
        assertThat(second.err()).isEmpty();
        assertThat(second.out()).doesNotContain("SharedArchiveFile");
        assertThat(made.resolve("failed.log")).hasContent("Unrecognized option");
        assertThat(names(made)).containsExactly("failed.log", "key");
    }

    @Test
    void isThrownAwayWhenItCrashesTheJava() throws IOException {
        Path java = FakeJava.home(folder, UNSOUND, "17.0.15");

        Outcome outcome = jcorn(java);

        assertThat(outcome.err()).contains("that did not work");
        assertThat(outcome.out()).doesNotContain("SharedArchiveFile");
        assertThat(names(home.resolve("lib/archive/17.0.15+1"))).containsExactly("failed.log", "key");
    }

    @Test
    void isNotWantedWithFlagsOfTheUsersOwn() throws IOException {
        Path java = FakeJava.home(folder, TRAINABLE, "17.0.15");

        for (String flag : List.of("-Xshare:off", "-XX:SharedArchiveFile=own.jsa")) {
            Outcome outcome = jcorn(home, Map.of("JCORN_MASTER_JAVA_OPTS", flag), java);

            assertThat(outcome.err()).isEmpty();
            assertThat(outcome.out()).doesNotContain("jcorn.worker.archive");
        }
    }

    @Test
    void isTrainedWithNothingOfTheUsers() throws IOException {
        Path java = FakeJava.home(
                folder, "case \"$*\" in *DumpLoaded*) env >\"$0.env\"; pwd >>\"$0.env\" ;; esac", "17.0.15");
        Map<String, String> user = Map.of("JCORN_BIND", "0.0.0.0:80", "PORT", "80", "JAVA_TOOL_OPTIONS", "-agentlib:x");

        jcorn(home, user, java);

        assertThat(Files.readString(java.resolve("bin/java.env")))
                .contains("/lib/archive/17.0.15+1/training.")
                .doesNotContain("JCORN_BIND", "PORT=80", "agentlib");
    }

    private Outcome jcorn(Path java, String... arguments) throws IOException {
        return jcorn(home, Map.of(), java, arguments);
    }

    private Outcome jcorn(Path home, Map<String, String> further, Path java, String... arguments) throws IOException {
        Map<String, String> environment = new TreeMap<>(further);
        environment.put("JAVA_HOME", java.toString());
        environment.put("PATH", System.getenv("PATH"));
        return Outcome.of(
                folder,
                environment,
                Stream.concat(Stream.of(home.resolve("bin/jcorn").toString()), Stream.of(arguments))
                        .toList());
    }

    private void copy(String name) throws IOException {
        Path target = home.resolve(name);
        Files.createDirectories(target.getParent());
        Files.copy(Distribution.home().resolve(name), target, StandardCopyOption.COPY_ATTRIBUTES);
    }

    private void jar(String process) throws IOException {
        Path lib = Files.createDirectories(home.resolve("lib").resolve(process));
        Path jar = Files.createFile(lib.resolve("jcorn-" + process + "-0.1.0.jar"));
        Files.setLastModifiedTime(jar, FileTime.from(Instant.now().minusSeconds(60)));
    }

    /** A file where the folder should be stops even root. */
    private void makeReadOnly() throws IOException {
        Files.createFile(home.resolve("lib/archive"));
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
