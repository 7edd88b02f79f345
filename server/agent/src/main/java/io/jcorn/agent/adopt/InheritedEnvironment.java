package io.jcorn.agent.adopt;

import io.jcorn.wire.Log;
import io.jcorn.wire.ProcessId;
import java.lang.reflect.Field;
import java.util.Map;

/**
 * The variables by which systemd hands sockets to a process, see sd_listen_fds(3), for applications that know those. The master sets
 * all but one: {@code LISTEN_PID} is the process's own id, which nobody knows before it runs. So the agent adds it to what Java code
 * sees as the environment; native code does not see it.
 */
final class InheritedEnvironment {

    private InheritedEnvironment() {}

    static void announce(int listeners, Log log) {
        if (!Integer.toString(listeners).equals(System.getenv("LISTEN_FDS"))) {
            return;
        }
        String pid = Long.toString(ProcessId.own());
        try {
            // The unmodifiable map that System.getenv() returns is a view of this one.
            Field field = System.getenv().getClass().getDeclaredField("m");
            field.setAccessible(true);
            put(field.get(System.getenv()), pid);
        } catch (ReflectiveOperationException | RuntimeException e) {
            log.debug("LISTEN_PID cannot be set: " + e);
        }
    }

    @SuppressWarnings("unchecked") // It is the JDK's map of strings.
    private static void put(Object variables, String pid) {
        ((Map<String, String>) variables).put("LISTEN_PID", pid);
    }
}
