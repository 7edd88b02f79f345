package io.jcorn.agent.adopt;

import io.jcorn.wire.Handover.InheritedListener;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which of the inherited listeners an application means when it binds an address. Pure.
 *
 * <p>A bind means a listener when the ports are equal, or {@code app-port} makes them so, and the addresses meet: equal, one
 * of them every address of the machine, or both of the loopback. An exact match is preferred.
 */
final class HeldPorts {

    /**
     * One TCP listener.
     *
     * @param descriptor its number in this process
     * @param address as the log writes it
     * @param host what it is bound to
     * @param port its real port
     */
    record Held(int descriptor, String address, InetAddress host, int port) {
        private boolean meets(InetAddress wanted) {
            return host.equals(wanted)
                    || host.isAnyLocalAddress()
                    || wanted.isAnyLocalAddress()
                    || (host.isLoopbackAddress() && wanted.isLoopbackAddress());
        }
    }

    private final List<Held> listeners = new ArrayList<>();
    private final List<InheritedListener> unix = new ArrayList<>();
    private final Map<Integer, Integer> appPorts;

    HeldPorts(List<InheritedListener> inherited, Map<Integer, Integer> appPorts) {
        this.appPorts = appPorts;
        for (InheritedListener listener : inherited) {
            if (listener.unix()) {
                unix.add(listener);
            } else {
                listeners.add(held(listener));
            }
        }
    }

    private static Held held(InheritedListener listener) {
        String address = listener.address();
        int colon = address.lastIndexOf(':');
        String host = address.substring(0, Math.max(0, colon));
        try {
            // The master has resolved all names: this asks no name server.
            InetAddress literal = InetAddress.getByName(host);
            return new Held(listener.descriptor(), address, literal, Integer.parseInt(address.substring(colon + 1)));
        } catch (UnknownHostException | NumberFormatException e) {
            throw new IllegalArgumentException(
                    "the hand-over has a listener at " + address + ", which is no address", e);
        }
    }

    /** Returns the TCP listener that a bind means, null if it means none. */
    @Nullable
    Held held(InetAddress host, int port) {
        int meant = appPorts.getOrDefault(port, port);
        Held found = null;
        for (Held listener : listeners) {
            if (listener.port() == meant && listener.meets(host)) {
                if (listener.host().equals(host)) {
                    return listener;
                }
                found = found == null ? listener : found;
            }
        }
        return found;
    }

    /** Returns the Unix listener at an absolute path, null if there is none. */
    @Nullable
    InheritedListener unix(String path) {
        for (InheritedListener listener : unix) {
            if (listener.address().equals("unix:" + path)) {
                return listener;
            }
        }
        return null;
    }

    /** Returns all addresses that are held, for messages: {@code 0.0.0.0:9000, unix:/run/app.sock}. */
    String describe() {
        List<String> all = new ArrayList<>();
        listeners.forEach(listener -> all.add(listener.address()));
        unix.forEach(listener -> all.add(listener.address()));
        return String.join(", ", all);
    }
}
