package io.jcorn.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a worker inherits, and where it finds it: the content of {@code JCORN_SLOT}, {@code JCORN_GENERATION} and
 * {@code JCORN_HANDOVER} in its environment.
 *
 * <pre>
 *   JCORN_HANDOVER := "control=" fd ";scoreboard=" fd ";row=" n *( ";" fd "=" address )
 *   address        := host ":" port | "[" v6 "]:" port | "unix:" path | "unix:@" name
 * </pre>
 *
 * @param slot 0..N-1, stable across respawns
 * @param generation counts reloads, from 1
 * @param control descriptor of the worker's end of the control channel
 * @param scoreboard descriptor of the scoreboard's memory
 * @param row the scoreboard row of this process. Not the slot: while a reload rolls, two processes share one slot
 * @param listeners the inherited listening sockets in bind order
 */
public record Handover(
        int slot, int generation, int control, int scoreboard, int row, List<InheritedListener> listeners) {

    /** Name of the environment variable that holds the slot. */
    public static final String SLOT = "JCORN_SLOT";

    /** Name of the environment variable that holds the generation. */
    public static final String GENERATION = "JCORN_GENERATION";

    /** Name of the environment variable that holds everything else. */
    public static final String HANDOVER = "JCORN_HANDOVER";

    /** The lowest descriptor of a listener; those below are standard input, output and error. */
    public static final int FIRST_LISTENER = 3;

    public Handover {
        listeners = List.copyOf(listeners);
    }

    /**
     * One inherited listening socket.
     *
     * @param descriptor its number in the worker
     * @param address the address that it is bound to, as in the log; the port is the real one
     */
    public record InheritedListener(int descriptor, String address) {
        /** Whether this is a Unix domain socket rather than a TCP one. */
        public boolean unix() {
            return address.startsWith("unix:");
        }
    }

    /** Returns the three environment variables. */
    public Map<String, String> toEnvironment() {
        Fields fields = Fields.of(HANDOVER)
                .put("control", control)
                .put("scoreboard", scoreboard)
                .put("row", row);
        listeners.forEach(listener -> fields.put(Integer.toString(listener.descriptor()), listener.address()));
        return Map.of(
                SLOT, Integer.toString(slot), GENERATION, Integer.toString(generation), HANDOVER, fields.toString());
    }

    /**
     * Reads the three environment variables.
     *
     * @throws IllegalArgumentException if one is missing or not of this form: the process was not started by jcorn
     */
    public static Handover fromEnvironment(Map<String, String> environment) {
        Fields fields = Fields.parse(HANDOVER, variable(environment, HANDOVER));
        List<InheritedListener> listeners = new ArrayList<>();
        for (String key : fields.keys()) {
            if (key.charAt(0) >= '0' && key.charAt(0) <= '9') {
                listeners.add(new InheritedListener(Fields.integer(HANDOVER, key), fields.one(key)));
            }
        }
        return new Handover(
                Fields.integer(SLOT, variable(environment, SLOT)),
                Fields.integer(GENERATION, variable(environment, GENERATION)),
                fields.integer("control"),
                fields.integer("scoreboard"),
                fields.integer("row"),
                listeners);
    }

    private static String variable(Map<String, String> from, String name) {
        String value = from.get(name);
        if (value == null) {
            throw new IllegalArgumentException(name + " is missing: only a jcorn master starts this program");
        }
        return value;
    }
}
