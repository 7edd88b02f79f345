package io.jcorn.master.settings;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What must hold between {@code app-port} and {@code bind}. */
final class AppPorts {

    private final Configuration configuration;
    private final List<BindAddress> addresses;
    private final Set<Integer> held = new HashSet<>();
    private final List<Problem> problems = new ArrayList<>();

    private AppPorts(Configuration configuration) {
        this.configuration = configuration;
        this.addresses = configuration.get(Settings.BIND);
        for (BindAddress address : addresses) {
            if (address instanceof BindAddress.Tcp tcp) {
                held.add(tcp.port());
            }
        }
    }

    static List<Problem> problems(Configuration configuration) {
        AppPorts ports = new AppPorts(configuration);
        ports.check(configuration.get(HostedSettings.APP_PORT));
        return ports.problems;
    }

    private void check(List<AppPort> all) {
        Set<Integer> seen = new HashSet<>();
        for (AppPort port : all) {
            if (!seen.add(port.port())) {
                add(port.port() + " is named twice");
            } else if (held.contains(port.port())) {
                add(port.port() + " is a port of bind too: jcorn holds it already, so it needs no app-port");
            } else if (onlyUnixSockets()) {
                add(port + " needs a TCP address that takes its place, and bind has only Unix sockets");
            } else if (port.held().isPresent() && unknown(port.held().get())) {
                add(port + ": bind has no port " + port.held().get() + ". It has "
                        + String.join(
                                ", ",
                                addresses.stream().map(BindAddress::toString).toList()));
            }
        }
    }

    private boolean onlyUnixSockets() {
        return addresses.stream()
                .allMatch(address -> address instanceof BindAddress.Unix || address instanceof BindAddress.Abstract);
    }

    /** What port an inherited socket has is known when it was adopted. */
    private boolean unknown(int port) {
        return !held.contains(port) && addresses.stream().noneMatch(BindAddress.Inherited.class::isInstance);
    }

    private void add(String message) {
        problems.add(
                new Problem(configuration.origin(HostedSettings.APP_PORT), HostedSettings.APP_PORT.key(), message));
    }
}
