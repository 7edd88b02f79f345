package io.jcorn.agent.adopt;

import io.jcorn.agent.adopt.ChildProcesses.Child;
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
 * @param children the processes that it has started
 * @param listened the socket that has begun to listen last, null if none ever did
 */
record Explanation(
        Handover handover,
        HostingOptions options,
        List<Integer> elsewhere,
        List<Child> children,
        @Nullable Adopted listened) {

    /** Whether it is known what is wrong, so that nobody needs to look at its threads. */
    boolean certain() {
        return !elsewhere.isEmpty() || children.stream().anyMatch(Child::java);
    }

    /** What is said when it has listened on other ports for a while, and there is still time. */
    String early() {
        return options.application() + " listens on port " + ports()
                + ", which jcorn does not hold, and has not yet listened"
                + " on " + held() + ". If they belong together, say so: --app-port " + elsewhere.get(0)
                + ". Otherwise it has to listen there within " + limit();
    }

    private String limit() {
        return String.format(Locale.ROOT, "%.1f s (boot-timeout)", options.bootMillis() / 1000.0);
    }

    private String held() {
        return handover.listeners().stream().map(InheritedListener::address).collect(Collectors.joining(", "));
    }

    private String ports() {
        return elsewhere.stream().map(String::valueOf).collect(Collectors.joining(", "));
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
        String held = held();
        String late = limit();
        if (listened != null && !listened.open()) {
            return options.application() + " " + wasClosed(listened);
        }
        if (elsewhere.isEmpty() && !children.isEmpty()) {
            return options.application() + " did not listen on " + held + " within " + late + ". It has started "
                    + children.stream().map(Child::toString).collect(Collectors.joining(", "))
                    + ": a server in a child process gets no socket of jcorn's. Look for an option of the application that"
                    + " keeps it in one process, such as --noFork";
        }
        if (elsewhere.isEmpty()) {
            return options.application() + " did not listen on " + held + " within " + late
                    + ". It has to bind that address: most frameworks take the port from PORT, SERVER_PORT or -Dserver.port,"
                    + " which are set; another port of its own is mapped with --app-port. If it only needs longer, raise"
                    + " --boot-timeout";
        }
        return options.application() + " listens on port " + ports() + ", and did not listen on " + held
                + ", which jcorn holds, within " + late + ". If they belong together, say so: --app-port "
                + elsewhere.get(0);
    }
}
