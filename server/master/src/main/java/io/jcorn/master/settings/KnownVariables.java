package io.jcorn.master.settings;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The environment variables that begin with {@code JCORN_} and are no settings. */
public final class KnownVariables {

    /** What the master tells each worker; inherited when a jcorn is started from inside an application. */
    private static final Set<String> OF_WORKERS =
            Set.of("JCORN_SLOT", "JCORN_GENERATION", "JCORN_HANDOVER", "JCORN_HOSTING");

    /** What the launcher script reads. */
    private static final Set<String> OF_LAUNCHER = Set.of("JCORN_HOME", "JCORN_MASTER_JAVA_OPTS");

    /**
     * What Kubernetes puts into every container of a namespace that has a Service called {@code jcorn} or
     * {@code jcorn-something}: JCORN_SERVICE_HOST=…, JCORN_PORT=tcp://…, JCORN_PORT_80_TCP_ADDR=…. Refusing them would
     * stop the server because of a name that somebody else chose.
     */
    private static final Pattern OF_KUBERNETES = Pattern.compile("JCORN_(?:[A-Z0-9_]+_)?"
            + "(?:SERVICE_HOST=|SERVICE_PORT(?:_[A-Z0-9_]+)?=|PORT=(?:tcp|udp|sctp)://|PORT_[0-9]+_(?:TCP|UDP|SCTP)(?:_[A-Z]+)?=)"
            + ".*");

    private KnownVariables() {}

    static boolean ofWorkers(String name) {
        return OF_WORKERS.contains(name);
    }

    /** Whether the variable is somebody else's, and no mistake of the user. */
    static boolean foreign(String name, String value) {
        return OF_WORKERS.contains(name) || OF_LAUNCHER.contains(name) || ofKubernetes(name, value);
    }

    /** Returns the variables that Kubernetes has set for a Service whose name begins with ours: they are the application's. */
    public static Map<String, String> ofKubernetes(Map<String, String> environment) {
        Map<String, String> links = new TreeMap<>(environment);
        links.entrySet().removeIf(variable -> !ofKubernetes(variable.getKey(), variable.getValue()));
        return links;
    }

    private static boolean ofKubernetes(String name, String value) {
        return OF_KUBERNETES.matcher(name + "=" + value).matches();
    }
}
