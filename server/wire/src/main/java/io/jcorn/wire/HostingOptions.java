package io.jcorn.wire;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the agent has to know in a worker whose server is not ours: the content of {@code JCORN_HOSTING} in the environment of
 * {@link WorkerKind#MAIN} and {@link WorkerKind#SERVLET} workers. The program's arguments belong to the application.
 *
 * @param kind what runs the application
 * @param application the application as the user named it, for messages
 * @param appPorts ports that the application binds although jcorn holds others, each with the port of the listener that
 *     takes its place
 * @param extraPorts what happens to ports that nobody holds
 * @param readyPath the path that has to answer 2xx before the worker counts as ready; empty: to listen suffices
 * @param workerConnections the most simultaneous client connections, at least 1
 * @param backlog the length of the accept queue that the master chose, at least 1
 * @param bootMillis how long the master waits for the worker to be ready, in milliseconds, at least 1
 * @param beatMillis how often the agent publishes its heartbeat, in milliseconds, at least 1
 * @param orphanGraceMillis how long the application may take to leave once the master is dead, in milliseconds
 * @param gracefulMillis how long the master waits for the worker to leave, in milliseconds
 * @param logLevel the lowest level that the agent logs
 * @param errorLog the file to log to; empty: standard error
 */
public record HostingOptions(
        WorkerKind kind,
        String application,
        Map<Integer, Integer> appPorts,
        ExtraPorts extraPorts,
        Optional<String> readyPath,
        int workerConnections,
        int backlog,
        long bootMillis,
        long beatMillis,
        long orphanGraceMillis,
        long gracefulMillis,
        LogLevel logLevel,
        Optional<Path> errorLog) {

    /** Name of the environment variable. */
    public static final String HOSTING = "JCORN_HOSTING";

    public HostingOptions {
        appPorts = Map.copyOf(appPorts);
    }

    /** Returns the environment variable. */
    public Map<String, String> toEnvironment() {
        Fields fields = Fields.of(HOSTING).put("kind", kind).put("application", application);
        appPorts.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> fields.put("app-port", entry.getKey() + ">" + entry.getValue()));
        fields.put("extra-ports", extraPorts);
        readyPath.ifPresent(path -> fields.put("ready-path", path));
        fields.put("worker-connections", workerConnections)
                .put("backlog", backlog)
                .put("boot-millis", bootMillis)
                .put("beat-millis", beatMillis)
                .put("orphan-grace-millis", orphanGraceMillis)
                .put("graceful-millis", gracefulMillis)
                .put("log-level", logLevel);
        errorLog.ifPresent(file -> fields.put("error-log", file));
        return Map.of(HOSTING, fields.toString());
    }

    /**
     * Reads the environment variable.
     *
     * @throws IllegalArgumentException if it is missing or not of this form: the process was not started by jcorn
     */
    public static HostingOptions fromEnvironment(Map<String, String> environment) {
        String text = environment.get(HOSTING);
        if (text == null) {
            throw new IllegalArgumentException(HOSTING + " is missing: only a jcorn master starts this program");
        }
        Fields fields = Fields.parse(HOSTING, text);
        return new HostingOptions(
                WorkerKind.valueOf(fields.one("kind")),
                fields.one("application"),
                appPorts(fields),
                ExtraPorts.valueOf(fields.one("extra-ports")),
                fields.first("ready-path"),
                fields.integer("worker-connections"),
                fields.integer("backlog"),
                fields.number("boot-millis"),
                fields.number("beat-millis"),
                fields.number("orphan-grace-millis"),
                fields.number("graceful-millis"),
                LogLevel.valueOf(fields.one("log-level")),
                file(fields.first("error-log")));
    }

    private static Optional<Path> file(Optional<String> name) {
        return name.isPresent() ? Optional.of(Path.of(name.get())) : Optional.empty();
    }

    private static Map<Integer, Integer> appPorts(Fields fields) {
        Map<Integer, Integer> ports = new LinkedHashMap<>();
        for (String pair : fields.all("app-port")) {
            int arrow = pair.indexOf('>');
            if (arrow < 0) {
                throw new IllegalArgumentException(HOSTING + ": app-port=" + pair + " is not PORT>PORT");
            }
            ports.put(
                    Fields.integer(HOSTING, pair.substring(0, arrow)),
                    Fields.integer(HOSTING, pair.substring(arrow + 1)));
        }
        return ports;
    }
}
