package io.jcorn.master.listen;

import io.jcorn.master.posix.PosixException;
import io.jcorn.master.posix.SocketName;
import io.jcorn.master.posix.Sockets;
import io.jcorn.master.settings.BindAddress;
import io.jcorn.master.systemd.ListenFds;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Opens the listeners of a configuration, all or none.
 *
 * <p>What is bound, exactly:
 *
 * <ul>
 *   <li>an IPv4 address: a true IPv4 socket; an IPv6 address: an IPv6 socket; {@code [::]}: an IPv6 socket that takes IPv4
 *       clients too;
 *   <li>no host: {@code [::]} as above, or {@code 0.0.0.0} on a machine without IPv6;
 *   <li>a name: its first IPv4 address, else its first IPv6 address, so that {@code localhost} is 127.0.0.1. One only:
 *       whoever wants two says two;
 *   <li>port 0: one that the kernel chooses; {@link Listener#address} tells which.
 * </ul>
 *
 * <p>What stands in the way of a bind does not leave by itself, and a message now is worth more than one in five seconds, so
 * nothing is tried twice. One thing does leave: the workers of a master that was killed, which close their sockets at once.
 * They are given a second, for a service manager may start the next master within milliseconds.
 */
public final class Binder {
    private static final int TURNS = 20;
    private static final int PAUSE_MILLIS = 50;

    private final Sockets sockets = new Sockets();
    private final Map<String, String> environment;
    private final int pid;
    private final Explanation explanation;
    private final UnixBinding unixBinding;

    /**
     * @param proc where the kernel's process files are, {@code /proc}
     * @param environment in which LISTEN_FDS may stand
     * @param pid ours
     */
    public Binder(Path proc, Map<String, String> environment, int pid) {
        this.environment = environment;
        this.pid = pid;
        this.explanation = new Explanation(new PortHolder(proc), proc, pid);
        this.unixBinding = new UnixBinding(sockets, explanation);
    }

    /**
     * Opens the wanted listeners, in this order. When the process was started with sockets (LISTEN_FDS), those replace the
     * wanted ones: whoever opened them decided, and the configuration may have only its default.
     *
     * @param backlog how many connections may wait for accept; the kernel lowers it to net.core.somaxconn. Not for lent
     *     sockets
     * @param unixMode permissions of the files of Unix sockets, 0..0777; empty: what the umask leaves. Not for lent sockets
     * @param keep the present listeners, on a reload. Those that are wanted still are returned as they are, with their
     *     queue; the others are left open and are the caller's to end
     * @throws BindException nothing is open that was not open before, {@code keep} is untouched
     */
    public List<Listener> bind(List<BindAddress> wanted, int backlog, OptionalInt unixMode, List<Listener> keep)
            throws BindException {
        List<Listener> spare = new ArrayList<>(keep);
        List<Listener> opened = new ArrayList<>();
        List<Listener> result = new ArrayList<>();
        try {
            for (BindAddress address : effective(wanted)) {
                Optional<Listener> present = take(spare, address);
                if (present.isEmpty()) {
                    List<Listener> ours = new ArrayList<>(keep);
                    ours.addAll(opened);
                    opened.add(openPatiently(address, backlog, unixMode, ours));
                }
                result.add(present.orElseGet(() -> opened.get(opened.size() - 1)));
            }
        } catch (BindException e) {
            opened.forEach(Listener::abandon);
            throw e;
        }
        renew(keep, result, backlog, unixMode);
        return List.copyOf(result);
    }

    private List<BindAddress> effective(List<BindAddress> wanted) throws BindException {
        try {
            List<Integer> inherited = ListenFds.of(environment, pid).descriptors();
            return inherited.isEmpty()
                    ? wanted
                    : inherited.stream()
                            .<BindAddress>map(BindAddress.Inherited::new)
                            .toList();
        } catch (IllegalArgumentException e) {
            throw new BindException("Cannot take over sockets: " + e.getMessage(), e);
        }
    }

    private static Optional<Listener> take(List<Listener> spare, BindAddress address) {
        for (Iterator<Listener> each = spare.iterator(); each.hasNext(); ) {
            Listener listener = each.next();
            if (listener.requested().equals(address)) {
                each.remove();
                return Optional.of(listener);
            }
        }
        return Optional.empty();
    }

    // A kept listener takes the new backlog and the new mode; listen(2) on a listening socket changes just that. A lent
    // one keeps what its owner gave it.
    private void renew(List<Listener> keep, List<Listener> result, int backlog, OptionalInt unixMode) {
        for (Listener listener : result) {
            if (keep.contains(listener) && !listener.lent()) {
                try {
                    sockets.listen(listener.descriptor(), backlog);
                } catch (PosixException e) {
                    throw new IllegalStateException(listener + " is ours and listens", e);
                }
                renewMode(listener, unixMode);
            }
        }
    }

    private static void renewMode(Listener listener, OptionalInt unixMode) {
        if (unixMode.isPresent()) {
            try {
                listener.mode(unixMode.getAsInt());
            } catch (IOException e) {
                // Somebody took the file away. The socket goes on for those who are connected.
                return;
            }
        }
    }

    private Listener openPatiently(BindAddress address, int backlog, OptionalInt unixMode, List<Listener> ours)
            throws BindException {
        for (int turn = 1; ; turn++) {
            try {
                return open(address, backlog, unixMode, ours);
            } catch (BindException e) {
                if (!e.passing() || turn == TURNS) {
                    throw e;
                }
                sockets.pause(PAUSE_MILLIS);
            }
        }
    }

    private Listener open(BindAddress address, int backlog, OptionalInt unixMode, List<Listener> ours)
            throws BindException {
        if (address instanceof BindAddress.Tcp tcp) {
            return openTcp(tcp, backlog, ours);
        }
        if (address instanceof BindAddress.Unix unix) {
            return unixBinding.open(unix, backlog, unixMode, ours);
        }
        if (address instanceof BindAddress.Abstract hidden) {
            return openAbstract(hidden, backlog, ours);
        }
        return adopt((BindAddress.Inherited) address, ours);
    }

    private Listener openTcp(BindAddress.Tcp address, int backlog, List<Listener> ours) throws BindException {
        if (!address.host().isEmpty()) {
            InetAddress resolved = Hosts.resolve(address);
            return openTcp(address, new SocketName.Inet(resolved, address.port()), backlog, ours);
        }
        SocketName.Inet everyV6 = new SocketName.Inet(Hosts.EVERY_V6, address.port());
        return Hosts.machineHasV6(sockets)
                ? openTcp(address, everyV6, backlog, ours)
                : openTcp(address, new SocketName.Inet(Hosts.EVERY_V4, address.port()), backlog, ours);
    }

    private Listener openTcp(BindAddress requested, SocketName.Inet name, int backlog, List<Listener> ours)
            throws BindException {
        for (Listener present : ours) {
            if (present.name() instanceof SocketName.Inet other && name.overlaps(other)) {
                throw Explanation.twice(requested, name, present);
            }
        }
        try {
            int descriptor = sockets.open(name);
            try {
                sockets.reuseAddress(descriptor);
                if (name.v6()) {
                    sockets.dualStack(descriptor);
                }
                sockets.bind(descriptor, name);
                // Two binds with SO_REUSEADDR both succeed while neither listens: the loser fails here.
                sockets.listen(descriptor, backlog);
                return new Listener(sockets, requested, descriptor, sockets.name(descriptor), Optional.empty());
            } catch (PosixException e) {
                sockets.close(descriptor);
                throw e;
            }
        } catch (PosixException e) {
            throw explanation.tcp(requested, name, e);
        }
    }

    private Listener openAbstract(BindAddress.Abstract requested, int backlog, List<Listener> ours)
            throws BindException {
        SocketName name = new SocketName.Abstract(requested.name());
        UnixBinding.checkLength(requested, requested.name());
        for (Listener present : ours) {
            if (present.name().equals(name)) {
                throw Explanation.twice(requested, name, present);
            }
        }
        try {
            int descriptor = sockets.open(name);
            try {
                sockets.bind(descriptor, name);
                sockets.listen(descriptor, backlog);
                return new Listener(sockets, requested, descriptor, name, Optional.empty());
            } catch (PosixException e) {
                sockets.close(descriptor);
                throw e;
            }
        } catch (PosixException e) {
            throw explanation.unix(requested, name, e);
        }
    }

    private Listener adopt(BindAddress.Inherited requested, List<Listener> ours) throws BindException {
        int descriptor = requested.descriptor();
        for (Listener present : ours) {
            if (present.descriptor() == descriptor) {
                throw new BindException("Cannot listen on " + requested + ": it is named twice.");
            }
        }
        try {
            if (!sockets.stream(descriptor) || !sockets.listening(descriptor)) {
                throw Explanation.notListening(requested);
            }
            return Listener.lent(sockets, requested, descriptor);
        } catch (PosixException e) {
            throw Explanation.notInherited(requested, e);
        }
    }
}
