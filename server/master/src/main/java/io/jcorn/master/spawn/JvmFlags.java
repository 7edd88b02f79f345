package io.jcorn.master.spawn;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The flags that the JVMs of all kinds of worker get. Those that are jcorn's choice rather than its need give way to the user's:
 * to {@code java-opt}, which comes after them, and to the variables, which the JVM reads before them.
 *
 * @param java what the workers run on
 * @param handler whether jcorn's own engine serves
 * @param options the user's, of the configuration
 * @param variables the workers' environment
 * @param memory how much the machine, or the container, has, in bytes
 */
record JvmFlags(JavaRuntime java, boolean handler, List<String> options, Map<String, String> variables, long memory) {

    private static final Pattern COLLECTOR = Pattern.compile("-XX:\\+Use\\w+GC\\b");

    private static final Pattern TEMP_FOLDER = Pattern.compile("-Djava\\.io\\.tmpdir=");

    private static final Pattern LARGEST_HEAP = Pattern.compile("-(?:Xmx|XX:MaxHeapSize=)(\\d{1,15})([kKmMgGtT]?)\\b");

    private static final Pattern SHARE = Pattern.compile("-XX:MaxRAMPercentage=(\\d{1,3}(?:\\.\\d{1,9})?)");

    /** Of the memory, when nobody says anything: the JVM's default of MaxRAMPercentage. */
    private static final double USUAL_SHARE = 25;

    /**
     * The largest heap that the serial collector is chosen for. A full collection of it stands still for about a second for each
     * GiB that lives; beyond this that comes near the deadlines of clients and of the master.
     */
    static final long SERIAL_UP_TO = 4L << 30;

    /**
     * Returns them.
     *
     * @param temp the temp folder; empty: the JVM's own default, or what the user's options say
     */
    List<String> flags(Optional<Path> temp) {
        List<String> flags = new ArrayList<>();
        // The agent opens inherited descriptors by number, for which the JDK has no public way.
        flags.add("--add-opens=java.base/sun.nio.ch=ALL-UNNAMED");
        // A heap that is full leaves a worker that can do nothing right; the master replaces it.
        choose(flags, "-XX:+ExitOnOutOfMemoryError", "ExitOnOutOfMemoryError");
        // No file in the common temp folder that outlives a KILL, and no pause while the disk writes it.
        choose(flags, "-XX:-UsePerfData", "UsePerfData");
        // N processes with parallel collectors compete for the same cores; one thread each is enough for a small heap.
        if (!said(COLLECTOR) && largestHeap() <= SERIAL_UP_TO) {
            flags.add("-XX:+UseSerialGC");
        }
        if (java.feature() >= 24) {
            flags.add("--enable-native-access=ALL-UNNAMED");
            choose(flags, "--sun-misc-unsafe-memory-access=allow", "--sun-misc-unsafe-memory-access");
        }
        // What the JVM has to say goes where the log is; not that an archive does not fit after all: it is ignored
        // then. The first of these would undo what a variable has configured before.
        if (!inVariables("-Xlog")) {
            flags.add("-Xlog:disable");
            flags.add("-Xlog:all=warning,cds*=off:stderr:uptime,level,tags");
        }
        temp.ifPresent(folder -> flags.add("-Djava.io.tmpdir=" + folder));
        return flags;
    }

    /** Whether the user says where temporary files go, in which case nobody else does. */
    boolean tempFolderChosen() {
        return said(TEMP_FOLDER);
    }

    private void choose(List<String> flags, String flag, String name) {
        if (!inVariables(name)) {
            flags.add(flag);
        }
    }

    private boolean inVariables(String name) {
        return inherited().anyMatch(texts -> texts.contains(name));
    }

    private boolean said(Pattern pattern) {
        return everything().anyMatch(texts -> pattern.matcher(texts).find());
    }

    private Stream<String> inherited() {
        return WorkerEnvironment.JVM_OPTIONS.stream().map(name -> variables.getOrDefault(name, ""));
    }

    /** In the order of the JVM, for which the last one counts: only {@code _JAVA_OPTIONS} come after the command line. */
    private Stream<String> everything() {
        Stream<String> first =
                Stream.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS").map(this::variable);
        return Stream.concat(Stream.concat(first, options.stream()), Stream.of(variable("_JAVA_OPTIONS")));
    }

    private String variable(String name) {
        return variables.getOrDefault(name, "");
    }

    /** In bytes. A handler keeps its state elsewhere and does not grow into the heap that it gets unasked. */
    private long largestHeap() {
        long said = -1;
        double share = -1;
        for (String texts : (Iterable<String>) everything()::iterator) {
            for (Matcher size = LARGEST_HEAP.matcher(texts); size.find(); ) {
                said = bytes(size.group(1), size.group(2));
            }
            for (Matcher percentage = SHARE.matcher(texts); percentage.find(); ) {
                share = Double.parseDouble(percentage.group(1));
            }
        }
        if (said >= 0) {
            return said;
        }
        if (share < 0 && handler) {
            return 0;
        }
        return (long) (memory * (share < 0 ? USUAL_SHARE : share) / 100);
    }

    private static long bytes(String number, String unit) {
        int power = unit.isEmpty() ? 0 : 1 + "kmgt".indexOf(Character.toLowerCase(unit.charAt(0)));
        // A conversion to long stops at its largest value.
        return (long) (Double.parseDouble(number) * Math.pow(1024, power));
    }
}
