package io.jcorn.agent.adopt;

import io.jcorn.wire.ExtraPorts;
import io.jcorn.wire.Handover;
import io.jcorn.wire.Handover.InheritedListener;
import io.jcorn.wire.HostingOptions;
import io.jcorn.wire.Log;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happens when the application binds, listens, accepts and closes. Called by the application's own threads, from within the
 * JDK or Netty, through {@link Hook}: nothing here may block, throw what those do not expect, or touch the application.
 */
final class Adoption {

    /** What {@link #bind} returns for a socket that has been adopted; otherwise the port that is to be bound. */
    static final int DONE = -1;

    private final HostingOptions options;
    private final HeldPorts ports;
    private final List<InheritedListener> inherited;
    private final List<String> identities = new ArrayList<>();
    private final Adoptions adoptions;
    private final AcceptGate gate;
    private final ClientConnections connections;
    private final Readiness readiness;
    private final int slot;
    private final Log log;
    private boolean ringWarned;

    Adoption(
            HostingOptions options,
            List<InheritedListener> inherited,
            Adoptions adoptions,
            AcceptGate gate,
            ClientConnections connections,
            Readiness readiness,
            int slot,
            Log log) {
        this.options = options;
        this.ports = new HeldPorts(inherited, options.appPorts());
        this.inherited = List.copyOf(inherited);
        this.adoptions = adoptions;
        this.gate = gate;
        this.connections = connections;
        this.readiness = readiness;
        this.slot = slot;
        this.log = log;
        for (InheritedListener listener : inherited) {
            identities.add(identity(listener.descriptor()));
        }
    }

    /**
     * The application binds a TCP socket.
     *
     * @param key what its library keeps for the socket
     * @return {@link #DONE}, or the port that is to be bound as usual
     */
    int bind(Object key, int number, InetAddress host, int port) throws IOException {
        if (port == 0) {
            return port;
        }
        HeldPorts.Held held = ports.held(host, port);
        if (held != null) {
            adopt(key, number, held.descriptor(), held.address());
            return DONE;
        }
        return extra(key, number, port);
    }

    /**
     * The application binds a Unix socket.
     *
     * @return whether it has been adopted
     */
    boolean bindUnix(Object key, int number, Path path) throws IOException {
        InheritedListener held = ports.unix(path.toAbsolutePath().normalize().toString());
        if (held == null) {
            return false;
        }
        adopt(key, number, held.descriptor(), held.address());
        return true;
    }

    private void adopt(Object key, int number, int listener, String address) throws IOException {
        Kernel.adopt(number, listener);
        Adopted adopted = adoptions.add(key, number, address);
        log.debug("Adopted " + address + " as descriptor " + number);
        warnOfRing(key, adopted);
    }

    /**
     * The application has made a socket of a descriptor that it did not bind: of one of the listeners by its number, see
     * sd_listen_fds(3), or of the inherited channel.
     */
    void given(Object key, int number) {
        String identity = identity(number);
        for (int i = 0; i < inherited.size(); i++) {
            if (identities.get(i).equals(identity)) {
                Adopted adopted = adoptions.add(key, number, inherited.get(i).address());
                adoptions.listens(adopted);
                readiness.changed();
                log.debug("Handed over " + adopted.address() + " as descriptor " + number);
                return;
            }
        }
    }

    private String identity(int number) {
        try {
            return Kernel.identity(number);
        } catch (IOException e) {
            log.debug("Descriptor " + number + " cannot be identified: " + e.getMessage());
            return "";
        }
    }

    private int extra(Object key, int number, int port) throws IOException {
        int bound = switch (options.extraPorts()) {
            case SHARE -> {
                Kernel.sharePort(number);
                yield port;
            }
            case OFFSET -> {
                // The old and the new worker of a slot exist at the same time while a reload rolls.
                Kernel.sharePort(number);
                yield port + 1 + slot;
            }
            case FAIL ->
                throw new BindException("port " + port + " is not held by jcorn, which holds "
                        + ports.describe() + ", and --extra-ports is fail. Add it to --bind, or map it with"
                        + " --app-port " + port + ", or choose --extra-ports share or offset");
        };
        if (bound > 65_535) {
            throw new BindException("port " + port + " + 1 + slot " + slot + " is no port (--extra-ports offset)");
        }
        readiness.bound(key, port, bound);
        return bound;
    }

    /**
     * The application listens.
     *
     * @return the length of the accept queue: the master's, for its own sockets
     */
    int listen(Object key, int backlog) {
        Adopted adopted = adoptions.of(key);
        if (adopted == null) {
            tellExtra(readiness.listensElsewhere(key));
            return backlog;
        }
        adoptions.listens(adopted);
        readiness.changed();
        return options.backlog();
    }

    private void tellExtra(Readiness.@Nullable ExtraPort port) {
        if (port == null) {
            return;
        }
        String how = options.extraPorts() == ExtraPorts.SHARE
                ? "shared by all workers, the kernel chooses one for each connection"
                : "this worker's own instead of " + port.wanted();
        log.info("The application listens on port " + port.bound() + (servesHeld() ? " too" : "")
                + ", which jcorn does not hold: " + how + " (--extra-ports)");
    }

    private boolean servesHeld() {
        for (Adopted adopted : adoptions.open()) {
            if (adopted.listens()) {
                return true;
            }
        }
        return false;
    }

    /** Whether an accept of this socket may go on. */
    boolean mayAccept(Object key) {
        Adopted adopted = adoptions.of(key);
        if (adopted == null) {
            return true;
        }
        adopted.markUsed();
        return gate.mayAccept();
    }

    /** Whether a socket is shared with other processes. */
    boolean isAdopted(Object key) {
        return adoptions.of(key) != null;
    }

    /** A connection came from a socket. */
    void accepted(Object key, int number) {
        if (adoptions.of(key) != null) {
            connections.accepted(number);
        }
    }

    /** A connection came from a socket, and what is read and written on it cannot be seen. */
    void acceptedUnseen(Object key, int number) {
        if (adoptions.of(key) != null) {
            connections.acceptedUnseen(number);
        }
    }

    ClientConnections connections() {
        return connections;
    }

    /** A descriptor is about to be closed. */
    void closing(Object key, int number) {
        connections.closing(number);
        Adopted adopted = adoptions.of(key);
        if (adopted != null) {
            adopted.markClosed();
            readiness.changed();
        }
    }

    /**
     * Returns a descriptor for {@link System#inheritedChannel()}: a copy of the first listener.
     *
     * @param standardInput what the JDK would have copied
     */
    int inherited(int standardInput) throws IOException {
        return Kernel.duplicate(
                inherited.isEmpty() ? standardInput : inherited.get(0).descriptor());
    }

    /** Whether a number may be that of an inherited listener. Asked for every connection, so by the number alone. */
    boolean maybeInherited(int number) {
        return number >= Handover.FIRST_LISTENER && number < Handover.FIRST_LISTENER + inherited.size();
    }

    private void warnOfRing(Object key, Adopted adopted) {
        // io_uring takes connections inside the kernel: no accept of ours is asked.
        if (!ringWarned && key.getClass().getName().contains(".channel.uring.")) {
            ringWarned = true;
            log.warning(
                    "The application's Netty uses io_uring: connections are neither balanced between workers nor held back"
                            + " when a worker leaves, so a reload or stop may cut some off. Choose its epoll transport; or"
                            + " " + NativeTransport.flag(adopted.transport()) + ", which selects NIO");
        }
    }

    /** The address of a bind, for libraries that keep it in one object; null if it is no address of a port. */
    static @Nullable InetSocketAddress resolved(Object address) {
        return address instanceof InetSocketAddress inet && !inet.isUnresolved() ? inet : null;
    }
}
