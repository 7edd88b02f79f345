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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

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
 * @param tempFolder the configuration's for all workers; empty: each has its own
 * @param directory where they start
 * @param title what the server is called in {@code ps}
 * @param program what they run
 */
public record WorkerCommand(
        JavaRuntime java,
        Distribution distribution,
        Path runFolder,
        WorkerEnvironment environment,
        List<String> javaOptions,
        Optional<Path> tempFolder,
        WorkingFolder directory,
        String title,
        Program program) {

    /** An option that loads the JVM's debugger, and the address that it is to listen at. */
    private static final Pattern DEBUGGER =
            Pattern.compile("(?:-agentlib:jdwp=|-Xrunjdwp:)(?=\\S*server=y)\\S*?address=([^\\s,]*)");

    private static final Charset CHARSET = charset();

    /**
     * What posix_spawn needs for one worker.
     *
     * @param descriptors the listeners in bind order, the control channel, the scoreboard; they become 3, 4, …
     * @param ownTemp a folder that does not exist yet, for this worker's temporary files if nobody has chosen another; it is
     *     made if it is needed
     * @throws IOException if a file or folder cannot be made or the distribution is incomplete
     */
    public SpawnSpec spec(Handover handover, List<Integer> descriptors, Path ownTemp) throws IOException {
        // The worker may have another working directory.
        Path arguments = runFolder.toAbsolutePath().resolve("worker-" + handover.row() + ".args");
        Map<String, String> variables = environment.variables(handover, program.variables(handover));
        write(arguments, arguments(handover, variables, ownTemp));
        return new SpawnSpec(
                java.launcher(),
                "jcorn: worker " + handover.slot() + " [" + title + "]",
                List.of("@" + arguments),
                variables,
                directory.now(),
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

    private List<String> arguments(Handover handover, Map<String, String> variables, Path ownTemp) throws IOException {
        JvmFlags flags = new JvmFlags(
                java,
                program instanceof HandlerProgram,
                javaOptions,
                variables,
                Memory.ofThisMachine().bytes());
        Optional<Path> temp = flags.tempFolderChosen() ? Optional.empty() : Optional.of(temp(ownTemp));
        List<String> arguments = new ArrayList<>(flags.flags(temp));
        arguments.addAll(program.flags(distribution, java, handover));
        javaOptions.forEach(option -> arguments.add(expanded(option, handover)));
        arguments.addAll(program.start(distribution));
        return arguments;
    }

    /** Java knows only /tmp by itself. A TMPDIR that is meant for the workers alone is respected, the master's is not in question. */
    private Path temp(Path own) throws IOException {
        String ofWorkers = environment.extra().getOrDefault("TMPDIR", "");
        if (tempFolder.isPresent() || !ofWorkers.isEmpty()) {
            return tempFolder.orElseGet(() -> Path.of(ofWorkers)).toAbsolutePath();
        }
        try {
            return Files.createDirectory(own.toAbsolutePath());
        } catch (IOException e) {
            throw new IOException(
                    "the temp folder " + own + " cannot be made (" + Reason.of(e)
                            + "). Is the disk full, was the folder above it removed?",
                    e);
        }
    }

    /**
     * Returns where the debugger of each worker is to listen, as it is written; empty: they have none, or each has a port that
     * the kernel chooses.
     */
    public Optional<String> debugger() {
        Map<String, String> variables = environment.ofUser();
        List<String> texts = new ArrayList<>(javaOptions);
        WorkerEnvironment.JVM_OPTIONS.forEach(name -> texts.add(variables.getOrDefault(name, "")));
        for (String text : texts) {
            Matcher debugger = DEBUGGER.matcher(text);
            if (debugger.find() && !debugger.group(1).matches("(?:.*:)?0")) {
                return Optional.of(debugger.group(1));
            }
        }
        return Optional.empty();
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
