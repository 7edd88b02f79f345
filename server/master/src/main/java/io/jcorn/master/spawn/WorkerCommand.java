package io.jcorn.master.spawn;

import io.jcorn.master.posix.Reason;
import io.jcorn.master.posix.SpawnSpec;
import io.jcorn.wire.Handover;
import io.jcorn.wire.WorkerOptions;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The command line and the environment of the workers of one generation.
 *
 * <p>The flags go through an argument file, so that {@code ps} shows the worker's title and not three lines of flags.
 *
 * @param java what they run on
 * @param distribution the folder with {@code lib/worker}
 * @param runFolder where argument files are written
 * @param environment the master's own environment
 * @param extraEnvironment what the configuration adds to it
 * @param javaOptions the configuration's, with templates
 * @param directory the working directory; empty: the master's
 * @param title what the server is called in {@code ps}
 * @param options what the worker's engine is asked for
 */
public record WorkerCommand(
        JavaRuntime java,
        Path distribution,
        Path runFolder,
        Map<String, String> environment,
        Map<String, String> extraEnvironment,
        List<String> javaOptions,
        Optional<Path> directory,
        String title,
        WorkerOptions options) {

    private static final String MAIN_CLASS = "io.jcorn.worker.Main";

    private static final Pattern COLLECTOR = Pattern.compile("-XX:\\+Use\\w+GC\\b");

    /** Where a JVM takes options from besides its command line. bin/jcorn keeps them from the master's own. */
    private static final List<String> JVM_OPTIONS = List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

    /** What the master was given sockets by, see sd_listen_fds(3): the workers' descriptors are others. */
    private static final Set<String> ADOPTION = Set.of("LISTEN_PID", "LISTEN_PIDFDID", "LISTEN_FDS", "LISTEN_FDNAMES");

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
        Map<String, String> variables = environment(handover);
        write(arguments, arguments(handover, variables));
        return new SpawnSpec(
                java.launcher(),
                "jcorn: worker " + handover.slot() + " [" + title + "]",
                List.of("@" + arguments),
                variables,
                directory,
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
        List<String> arguments = new ArrayList<>();
        // The agent opens inherited descriptors by number, for which the JDK has no public way.
        arguments.add("--add-opens=java.base/java.io=ALL-UNNAMED");
        arguments.add("--add-opens=java.base/sun.nio.ch=ALL-UNNAMED");
        // A heap that is full leaves a worker that can do nothing right; the master replaces it.
        arguments.add("-XX:+ExitOnOutOfMemoryError");
        // No file in the common temp folder that outlives a KILL.
        arguments.add("-XX:-UsePerfData");
        if (!collectorChosen(variables)) {
            // N processes with parallel collectors compete for the same cores; one each is enough.
            arguments.add("-XX:+UseSerialGC");
        }
        if (java.feature() >= 24) {
            arguments.add("--enable-native-access=ALL-UNNAMED");
            arguments.add("--sun-misc-unsafe-memory-access=allow");
        }
        archive().ifPresent(file -> {
            arguments.add("-XX:SharedArchiveFile=" + file);
            arguments.add("-Xshare:auto");
        });
        // What the JVM has to say goes where the log is; not that an archive does not fit after all: it is ignored
        // then.
        arguments.add("-Xlog:disable");
        arguments.add("-Xlog:all=warning,cds*=off:stderr:uptime,level,tags");
        // Java knows only /tmp by itself; the engine's native library is unpacked there.
        String temp = variables.getOrDefault("TMPDIR", "");
        if (!temp.isEmpty()) {
            arguments.add("-Djava.io.tmpdir=" + Path.of(temp).toAbsolutePath());
        }
        javaOptions.forEach(option -> arguments.add(expanded(option, handover)));
        arguments.add("-cp");
        arguments.add(classpath());
        arguments.add(MAIN_CLASS);
        arguments.addAll(options.toArguments());
        return arguments;
    }

    /** A second collector keeps a JVM from starting, also where the first one is chosen by the environment. */
    private boolean collectorChosen(Map<String, String> variables) {
        Stream<String> inherited = JVM_OPTIONS.stream().map(name -> variables.getOrDefault(name, ""));
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

    /** The class-data archive that bin/jcorn made: it fits only the Java that it was made with, which is the master's. */
    private Optional<Path> archive() {
        return java.own()
                ? Optional.ofNullable(System.getProperty("jcorn.worker.archive"))
                        .map(Path::of)
                        .filter(Files::isReadable)
                : Optional.empty();
    }

    /** The one jar whose manifest names its neighbours: short, and always the same, as class-data archives want it. */
    private String classpath() throws IOException {
        Path library = distribution.toAbsolutePath().resolve("lib/worker");
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(library, "jcorn-worker-*.jar")) {
            for (Path jar : jars) {
                return jar.toString();
            }
        } catch (IOException e) {
            throw new IOException(
                    "the distribution at " + distribution + " is incomplete: " + library + " cannot be read", e);
        }
        throw new IOException("the distribution at " + distribution + " is incomplete: " + library
                + "/jcorn-worker-*.jar is missing");
    }

    private Map<String, String> environment(Handover handover) {
        Map<String, String> result = new TreeMap<>(environment);
        result.keySet().removeIf(name -> name.startsWith("JCORN_") || ADOPTION.contains(name));
        for (String name : JVM_OPTIONS) {
            String handedOn = System.getProperty("jcorn.worker." + name);
            if (handedOn != null) {
                result.put(name, handedOn);
            }
        }
        result.putAll(extraEnvironment);
        result.putAll(handover.toEnvironment());
        return result;
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
