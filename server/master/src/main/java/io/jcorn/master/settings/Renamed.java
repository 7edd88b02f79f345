package io.jcorn.master.settings;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Names that gunicorn's users know and that jcorn has under another name. */
public final class Renamed {

    private static final Map<String, String> SUCCESSORS = Map.ofEntries(
            Map.entry("keepalive", "keep-alive"),
            Map.entry("pidfile", "pid"),
            Map.entry("raw-env", "env"),
            Map.entry("wsgi-app", "application"),
            Map.entry("app", "application"),
            Map.entry("proc-name", "name"),
            Map.entry("pythonpath", "classpath"),
            Map.entry("class-path", "classpath"),
            Map.entry("loglevel", "log-level"),
            Map.entry("errorlog", "error-logfile"),
            Map.entry("log-file", "error-logfile"),
            Map.entry("java-opts", "java-opt"),
            Map.entry("java-options", "java-opt"),
            Map.entry("worker-processes", "workers"),
            Map.entry("port", "bind"),
            Map.entry("worker-kind", "worker-class"),
            Map.entry("args", "app-args"),
            Map.entry("host", "bind"),
            Map.entry("listen", "bind"),
            Map.entry("address", "bind"),
            Map.entry("ssl-version", "tls-min-version"),
            Map.entry("ssl-context", "certfile"),
            Map.entry("ssl-certfile", "certfile"),
            Map.entry("ssl-keyfile", "keyfile"),
            Map.entry("ssl-ca-certs", "ca-certs"),
            Map.entry("keyfile-password", "keyfile-password-file"));

    /** What gunicorn has and jcorn has not on purpose, and why. */
    private static final Map<String, String> WITHHELD = Map.of(
            "strip-header-spaces",
            "jcorn does not offer it, since space before a header's colon is how requests are smuggled past a proxy"
                    + " (RFC 9112, section 5.1); such a request is always answered with 400");

    private Renamed() {}

    /** Returns why there is no setting of this name, if there is none on purpose. */
    public static Optional<String> withheld(String written) {
        return Optional.ofNullable(WITHHELD.get(written.toLowerCase(Locale.ROOT).replace('_', '-')));
    }

    /**
     * Returns what an unknown name probably means: its successor, or the nearest name.
     *
     * @param written the unknown name, without what stands before it
     * @param names the known names
     */
    public static Optional<String> of(String written, Collection<String> names) {
        String successor = SUCCESSORS.get(written.toLowerCase(Locale.ROOT).replace('_', '-'));
        return successor != null && names.contains(successor) ? Optional.of(successor) : Nearest.of(written, names);
    }
}
