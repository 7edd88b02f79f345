package io.jcorn.agent.adopt;

import io.jcorn.wire.Handover;
import io.jcorn.wire.Handover.InheritedListener;
import io.jcorn.wire.HostingOptions;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Why a worker is not ready although its application runs, and the cure.
 *
 * @param handover what the process has inherited
 * @param options what it was asked for
 * @param elsewhere the ports that nobody holds on which the application listens
 */
record Explanation(Handover handover, HostingOptions options, List<Integer> elsewhere) {

    boolean listensElsewhere() {
        return !elsewhere.isEmpty();
    }

    String text() {
        String held =
                handover.listeners().stream().map(InheritedListener::address).collect(Collectors.joining(", "));
        String late = String.format(Locale.ROOT, "%.1f s (boot-timeout)", options.bootMillis() / 1000.0);
        if (elsewhere.isEmpty()) {
            return options.application() + " did not listen on " + held + " within " + late
                    + ". It has to bind that address: most frameworks take the port from PORT, SERVER_PORT or -Dserver.port,"
                    + " which are set; another port of its own is mapped with --app-port. If it only needs longer, raise"
                    + " --boot-timeout";
        }
        String ports = elsewhere.stream().map(String::valueOf).collect(Collectors.joining(", "));
        return options.application() + " listens on port " + ports + ", and did not listen on " + held
                + ", which jcorn holds, within " + late + ". If they belong together, say so: --app-port "
                + elsewhere.get(0);
    }
}
