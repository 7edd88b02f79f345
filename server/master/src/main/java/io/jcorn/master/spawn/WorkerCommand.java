package io.jcorn.master.spawn;

import io.jcorn.master.posix.Reason;
import io.jcorn.master.posix.SpawnSpec;
import io.jcorn.wire.Handover;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The command line and the environment of the workers of one generation.
 *
 * <p>The flags go through an argument file, so that {@code ps} shows the worker's title and not three lines of flags.
 *
 * @param java what they run on
 * @param distribution where jcorn is installed
 * @param runFolder where argument files are written
 * @param environment their environment
 * @param javaOptions the configuration's, with templates
 * @param directory the working directory; empty: the master's
 * @param title what the server is called in {@code ps}
 * @param program what they run
 */
public record WorkerCommand(
        JavaRuntime java,
        Distribution distribution,
        Path runFolder,
        WorkerEnvironment environment,
        List<String> javaOptions,
        Optional<Path> directory,
        String title,
        Program program) {

    private static final Pattern COLLECTOR = Pattern.compile("-XX:\\+Use\\w+GC\\b");

    private static final Charset CHARSET = charset();

    /**
     * What posix_spawn needs for one worker.
     *
     * @param descriptors the listeners in bind order, the control channel, the scoreboard; they become 3, 4, …
     * @throws IOException if the argument file cannot be written or the distribution is incomplete
     */
    public SpawnSpec spec(Handover handover, List<Integer> descriptors) throws IOException {
        // The worker may have another working directory.
        Path arguments = runFolder.toAbsolutePath().resolve("worker-" + handover.row() + ".args");
        Map<String, String> variables = environment.variables(handover, program.variables(handover));
        write(arguments, arguments(handover, variables));
        return new SpawnSpec(
                java.launcher(),
                "jcorn: worker " + handover.slot() + " [" + title + "]",
                List.of("@" + arguments),
                variables,
                directory,
                // As under a terminal: many servers end when they have read something, or the end.
                program instanceof MainProgram,
                descriptors);
    }

    private static void write(Path file, List<String> arguments) throws IOException {
        String text = arguments.stream().map(WorkerCommand::quoted).collect(Collectors.joining("\n", "", "\n"));
        try {
            Files.write(file, text.getBytes(CHARSET));
        } catch (IOException e) {
            throw new IOException(
                    "the argument file " + file + " cannot be written (" + Reason.of(e)
                            + "). Is the disk full, was the folder removed?",
                    e);
        }
    }

    private List<String> arguments(Handover handover, Map<String, String> variables) throws IOException {
        List<String> arguments = new ArrayList<>(jvmFlags(variables));
        arguments.addAll(program.flags(distribution, java, handover));
        javaOptions.forEach(option -> arguments.add(expanded(option, handover)));
        arguments.addAll(program.start(distribution));
        return arguments;
    }

    /** What all kinds of worker have in common. */
    private List<String> jvmFlags(Map<String, String> variables) {
        List<String> flags = new ArrayList<>();
        // The agent opens inherited descriptors by number, for which the JDK has no public way.
        flags.add("--add-opens=java.base/sun.nio.ch=ALL-UNNAMED");
        // A heap that is full leaves a worker that can do nothing right; the master replaces it.
        flags.add("-XX:+ExitOnOutOfMemoryError");
        // No file in the common temp folder that outlives a KILL.
        flags.add("-XX:-UsePerfData");
        if (!collectorChosen(variables)) {
            // N processes with parallel collectors compete for the same cores; one each is enough.
            flags.add("-XX:+UseSerialGC");
        }
        if (java.feature() >= 24) {
            flags.add("--enable-native-access=ALL-UNNAMED");
            flags.add("--sun-misc-unsafe-memory-access=allow");
        }
        // What the JVM has to say goes where the log is; not that an archive does not fit after all: it is ignored
        // then.
        flags.add("-Xlog:disable");
        flags.add("-Xlog:all=warning,cds*=off:stderr:uptime,level,tags");
        // Java knows only /tmp by itself; the engine's native library is unpacked there.
        String temp = variables.getOrDefault("TMPDIR", "");
        if (!temp.isEmpty()) {
            flags.add("-Djava.io.tmpdir=" + Path.of(temp).toAbsolutePath());
        }
        return flags;
    }

    /** A second collector keeps a JVM from starting, also where the first one is chosen by the environment. */
    private boolean collectorChosen(Map<String, String> variables) {
        Stream<String> inherited = WorkerEnvironment.JVM_OPTIONS.stream().map(name -> variables.getOrDefault(name, ""));
        return Stream.concat(javaOptions.stream(), inherited)
                .anyMatch(options -> COLLECTOR.matcher(options).find());
    }

    /**
     * Nobody knows the pid before the process exists. Where the JVM names a file it expands {@code %p} itself; in a system
     * property the agent does it.
     */
    private static String expanded(String option, Handover handover) {
        String here = option.replace("{slot}", Integer.toString(handover.slot()))
                .replace("{generation}", Integer.toString(handover.generation()));
        return here.startsWith("-D") ? here : here.replace("{pid}", "%p");
    }

    // See "java @argfiles" in the java(1) page: within double quotes a backslash escapes, and no line may end.
    private static String quoted(String argument) {
        String escaped = argument.replace("\\", "\\\\")
                .replace("\"", "\\\"")
                .replace("\n", "\\n")
                .replace("\r", "\\r");
        return '"' + escaped + '"';
    }

    /** The launcher reads the file's bytes as it reads its command line's. */
    private static Charset charset() {
        String name = System.getProperty("sun.jnu.encoding", "UTF-8");
        return Charset.isSupported(name) ? Charset.forName(name) : StandardCharsets.UTF_8;
    }
}
