package io.jcorn.master;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many client connections a worker may hold. Each is a file descriptor, of which a process has so many ({@code RLIMIT_NOFILE}).
 * A worker that accepts until there is none left cannot open a log or load a class any more: some are kept for the rest.
 *
 * @param wanted the setting {@code worker-connections}
 * @param descriptors how many descriptors a process may have
 */
record ConnectionLimit(int wanted, long descriptors) {

    /** What a worker has open besides: jars, libraries, logs, listeners; and what an application opens, at the least. */
    private static final int KEPT = 64;

    /** The part of the descriptors that is kept where there are many: files and connections of the application. */
    private static final int KEPT_PART = 8;

    private static final Pattern OPEN_FILES = Pattern.compile("^Max open files +([0-9]+) .*");

    /** The limit of the workers, which inherit the limits of this process. A JVM raises the soft one to the hard one. */
    static ConnectionLimit of(int wanted) {
        return new ConnectionLimit(
                wanted, descriptors(Path.of("/proc/self/limits")).orElse(Long.MAX_VALUE));
    }

    /** Reads a process's limit from what proc(5) tells; empty if there is none. */
    static OptionalLong descriptors(Path limits) {
        List<String> lines;
        try {
            lines = Files.readAllLines(limits);
        } catch (IOException e) {
            // Without /proc nothing of this is known, and the kernel's own refusal has to do.
            return OptionalLong.empty();
        }
        return lines.stream()
                .map(OPEN_FILES::matcher)
                .filter(Matcher::matches)
                .mapToLong(line -> Long.parseLong(line.group(1)))
                .findFirst();
    }

    /** Returns how many connections a worker is told to hold at the most. */
    int connections() {
        long kept = Math.max(KEPT, descriptors / KEPT_PART);
        return (int) Math.min(wanted, Math.max(1, descriptors - kept));
    }

    /** Returns what the user has to know; empty if the setting holds. */
    Optional<String> warning() {
        if (connections() == wanted) {
            return Optional.empty();
        }
        return Optional.of("worker-connections is " + wanted + ", but a process may have only " + descriptors
                + " open files: each worker holds " + connections()
                + " connections at the most. Raise the limit (ulimit -n, LimitNOFILE=), or lower worker-connections");
    }
}
