package io.jcorn.it;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.dist.Distribution;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How a server is to be started. Without a {@code --bind} or {@code --config} among the arguments it binds port 0 of the loopback; both Javas are the
 * one that the test runs on.
 */
public final class Launch {

    /** What is fine in every log: the first start with a Java makes its class-data archive. */
    private static final List<String> HARMLESS = List.of("^jcorn: making a class-data archive for Java ");

    /** Who says something about the workers' JVMs, or may do so, says all. */
    private static final String WORKER_FLAGS = "--java-opt.*|-c|--config.*";

    private final Workplace place;
    private final List<String> arguments = new ArrayList<>();
    private final Map<String, String> environment = new TreeMap<>();
    private final List<String> prefix = new ArrayList<>();
    private final List<Pattern> tolerated = new ArrayList<>();
    private final List<Pattern> applicationsFiles = new ArrayList<>();
    private boolean terminal;
    private boolean bothCompilers;
    private Path launcher = Distribution.launcher();
    private boolean nobody;

    Launch(Workplace place, List<String> arguments) {
        this.place = place;
        if (arguments.stream().noneMatch(argument -> argument.matches("-b|--bind|--bind=.*|-c|--config"))) {
            this.arguments.addAll(List.of("--bind", "127.0.0.1:0"));
        }
        this.arguments.addAll(arguments);
        environment.put("PATH", System.getenv("PATH"));
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("LC_ALL", "C.UTF-8");
        tolerate(HARMLESS.toArray(String[]::new));
    }

    /** No {@code --bind} among the arguments after all: the address comes from elsewhere. */
    public Launch withoutBind() {
        arguments.subList(0, 2).clear();
        return this;
    }

    /** The workers run on this feature release. */
    public Launch workersOn(int feature) {
        arguments.addAll(0, List.of("--java-home", Jdk.of(feature).toString()));
        return this;
    }

    /** The master runs on this feature release, and the workers too when nothing else is said. */
    public Launch masterOn(int feature) {
        return env("JAVA_HOME", Jdk.of(feature).toString());
    }

    /** Sets a variable of the environment, of which nothing else is inherited. */
    public Launch env(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** The workers compile as they do for users. Elsewhere the second compiler takes more of a small machine than it gives back. */
    public Launch withBothCompilers() {
        bothCompilers = true;
        return this;
    }

    /** The command that starts the server in its place, such as {@code nohup}; it must become the server by exec. */
    public Launch through(String... command) {
        prefix.addAll(List.of(command));
        return this;
    }

    /** The server is started in a terminal of its own, see script(1); {@link RunningJcorn#hangUp} closes it. */
    public Launch inTerminal() {
        terminal = true;
        return this;
    }

    /** Patterns of lines with level ERROR or CRITICAL, or of no level, that belong to what is tested. */
    public Launch tolerate(String... patterns) {
        List.of(patterns).forEach(pattern -> tolerated.add(Pattern.compile(pattern)));
        return this;
    }

    /** A pattern of names of files that the application leaves in its temp or working folder when it is killed. */
    public Launch leaving(String pattern) {
        applicationsFiles.add(Pattern.compile(pattern));
        return this;
    }

    /** Starts another installation than the one that was built. */
    public Launch from(Path home) {
        launcher = home.resolve("bin/jcorn");
        return this;
    }

    /** Everything runs as the user nobody; the test is skipped where it is not root that runs it. */
    public Launch asNobody() {
        Nobody.assume();
        nobody = true;
        return through(Nobody.COMMAND);
    }

    /**
     * Starts what cannot be started, and waits for its end: with this exit code, without a stack trace, and with nothing left
     * behind.
     *
     * @return what the user reads
     */
    public String refused(int exitCode) throws IOException {
        try (RunningJcorn failing = tolerate(".*").launch()) {
            failing.assertExit(exitCode);
            String text = failing.log().lines().stream()
                            .filter(line -> HARMLESS.stream().noneMatch(pattern -> line.matches(pattern + ".*")))
                            .collect(joining("\n", "", "\n"))
                    + failing.output();
            assertThat(text).as("what the user reads").doesNotContain("\tat ", "Exception");
            return text;
        }
    }

    /** Starts the server and waits until all its workers are ready. */
    public RunningJcorn start() throws IOException {
        RunningJcorn server = launch();
        server.awaitEvent("Ready: [0-9]+ workers? in ");
        return server.ready();
    }

    /** Starts the server and waits for nothing. */
    public RunningJcorn launch() throws IOException {
        Path folder = place.nextFolder();
        Path temp = Files.createDirectory(folder.resolve("tmp"));
        Path work = Files.createDirectory(folder.resolve("work"));
        environment.putIfAbsent("TMPDIR", temp.toString());
        environment.put("HOME", folder.toString());
        environment.put(RunningJcorn.MARK, folder.toString());
        if (nobody) {
            Nobody.open(folder, temp, work);
        }
        List<String> command = new ArrayList<>(prefix);
        command.add(launcher.toString());
        if (!bothCompilers && arguments.stream().noneMatch(argument -> argument.matches(WORKER_FLAGS))) {
            command.add("--java-opt=-XX:TieredStopAtLevel=1");
        }
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(terminal ? inTerminal(command, folder) : command)
                .directory(work.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectOutput(folder.resolve(terminal ? "screen" : "out").toFile())
                .redirectError(folder.resolve(terminal ? "screen" : "log").toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return place.remember(new RunningJcorn(folder, builder.start(), terminal, tolerated, applicationsFiles));
    }

    /** The terminal gets nothing to show: the log is read from where it always is. */
    private static List<String> inTerminal(List<String> command, Path folder) {
        String line = command.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
        String redirected = line + " >'" + folder.resolve("out") + "' 2>'" + folder.resolve("log") + "'";
        return List.of("script", "--quiet", "--return", "--command", "exec " + redirected, "/dev/null");
    }
}
