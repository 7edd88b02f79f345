package io.jcorn.master.systemd;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Sockets that were opened before we were started, by systemd or whoever speaks its protocol: descriptors 3, 4, 5…, see
 * sd_listen_fds(3).
 *
 * @param descriptors empty: there are none for us
 */
public record ListenFds(List<Integer> descriptors) {
    private static final int FIRST = 3;
    /** More than any limit of open files that makes sense; guards against a number that is no count. */
    private static final int MOST = 1024;

    private static final Set<String> VARIABLES = Set.of("LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES", "LISTEN_PIDFDID");

    public ListenFds {
        descriptors = List.copyOf(descriptors);
    }

    /**
     * Reads the protocol's variables. LISTEN_FDNAMES is accepted and means nothing to us.
     *
     * @param pid ours. When LISTEN_PID says another, or is missing, the sockets were meant for a process before us
     * @throws IllegalArgumentException if LISTEN_FDS is meant for us but is no count
     */
    public static ListenFds of(Map<String, String> environment, int pid) {
        String count = environment.get("LISTEN_FDS");
        if (count == null || !Integer.toString(pid).equals(environment.get("LISTEN_PID"))) {
            return new ListenFds(List.of());
        }
        if (!count.matches("[0-9]{1,4}") || Integer.parseInt(count) > MOST) {
            throw new IllegalArgumentException("LISTEN_FDS=" + count + " is not a number of sockets");
        }
        return new ListenFds(
                IntStream.range(FIRST, FIRST + Integer.parseInt(count)).boxed().toList());
    }

    /** Returns the environment without the protocol's variables: nothing that we start must believe that it was addressed. */
    public static Map<String, String> without(Map<String, String> environment) {
        Map<String, String> rest = new TreeMap<>(environment);
        rest.keySet().removeAll(VARIABLES);
        return rest;
    }
}
