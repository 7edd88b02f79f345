package io.jcorn.agent.adopt;

import io.jcorn.wire.Handover;
import io.jcorn.wire.Handover.InheritedListener;
import io.jcorn.wire.HostingOptions;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Why a worker is not ready although its application runs, and the cure.
 *
 * @param handover what the process has inherited
 * @param options what it was asked for
 * @param elsewhere the ports that nobody holds on which the application listens
 * @param listened the socket that has begun to listen last, null if none ever did
 */
record Explanation(
        Handover handover,
        HostingOptions options,
        List<Integer> elsewhere,
        @Nullable Adopted listened) {

    boolean listensElsewhere() {
        return !elsewhere.isEmpty();
    }

    /** Says what became of a socket that listened, where that was not enough. */
    static String wasClosed(Adopted listened) {
        String end = listened.open() ? "ended" : "closed that socket again";
        String connection = listened.used() ? "" : ", before it asked for a connection";
        String cure = listened.transport().equals(NativeTransport.NONE)
                ? ""
                : ". If it is its Netty's native transport that fails, " + NativeTransport.flag(listened.transport())
                        + " selects NIO";
        return "listened on " + listened.address() + " and " + end + " " + listened.listenedMillis() + " ms later"
                + connection + ". Its own output may say why" + cure;
    }

    String text() {
        String held =
                handover.listeners().stream().map(InheritedListener::address).collect(Collectors.joining(", "));
        if (listened != null && !listened.open()) {
            return options.application() + " " + wasClosed(listened);
        }
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
