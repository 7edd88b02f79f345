package io.jcorn.master.spawn;

import io.jcorn.wire.Handover;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The environment of the workers.
 *
 * @param inherited the master's own
 * @param extra what the configuration adds to it
 */
public record WorkerEnvironment(Map<String, String> inherited, Map<String, String> extra) {

    /** Where a JVM takes options from besides its command line. bin/jcorn keeps them from the master's own. */
    static final List<String> JVM_OPTIONS = List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

    /** What the master was given sockets by, see sd_listen_fds(3): the workers' descriptors are others. */
    private static final Set<String> ADOPTION = Set.of("LISTEN_PID", "LISTEN_PIDFDID", "LISTEN_FDS", "LISTEN_FDNAMES");

    /**
     * Returns the variables for one worker.
     *
     * @param ofProgram what its kind adds
     */
    Map<String, String> variables(Handover handover, Map<String, String> ofProgram) {
        Map<String, String> result = ofUser();
        result.putAll(ofProgram);
        result.putAll(handover.toEnvironment());
        return result;
    }

    /** Returns what of it is the user's. */
    Map<String, String> ofUser() {
        Map<String, String> result = new TreeMap<>(inherited);
        result.keySet().removeIf(name -> name.startsWith("JCORN_") || ADOPTION.contains(name));
        for (String name : JVM_OPTIONS) {
            String handedOn = System.getProperty("jcorn.worker." + name);
            if (handedOn != null) {
                result.put(name, handedOn);
            }
        }
        result.putAll(extra);
        return result;
    }
}
