package io.jcorn.master.listen;

import io.jcorn.master.posix.SocketName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds out who holds an address: address → socket (/proc/net/tcp, tcp6, unix) → processes (/proc/PID/fd). As root it sees
 * every process, otherwise only those of its own user, and of the others just the user who opened the socket.
 */
public final class PortHolder {
    private final SocketTable sockets;
    private final ProcessTable processes;

    /**
     * @param proc {@code /proc}
     */
    public PortHolder(Path proc) {
        this.sockets = new SocketTable(proc);
        this.processes = new ProcessTable(proc);
    }

    /** Who holds an address, as far as we may see. */
    public Finding find(SocketName name) {
        List<SocketTable.Entry> entries = sockets.holding(name);
        Set<Long> inodes = entries.stream().map(SocketTable.Entry::inode).collect(Collectors.toSet());
        ProcessTable.Owners owners = processes.holding(inodes);
        List<Holder> holders = new ArrayList<>();
        for (int pid : owners.pids()) {
            processes.describe(pid).ifPresent(holders::add);
        }
        OptionalInt user = entries.stream()
                .mapToInt(SocketTable.Entry::uid)
                .filter(uid -> uid >= 0)
                .findFirst();
        boolean outgoing = !entries.isEmpty() && entries.stream().noneMatch(SocketTable.Entry::listening);
        return new Finding(!entries.isEmpty(), holders, user, outgoing, owners.someHidden());
    }

    /** One process that is known to hold it, as SO_PEERCRED tells about the other end of a Unix socket. */
    Finding process(int pid) {
        List<Holder> holders = new ArrayList<>();
        processes.describe(pid).ifPresent(holders::add);
        return new Finding(true, holders, OptionalInt.empty(), false, false);
    }

    /**
     * What was found.
     *
     * @param known the kernel lists a socket with this address
     * @param holders the processes; empty: none, or none that we may see
     * @param user who opened the socket; empty: unknown
     * @param outgoing the address is not listened on, it is our end of a connection to somewhere
     * @param someHidden there are processes into which we may not look
     */
    public record Finding(boolean known, List<Holder> holders, OptionalInt user, boolean outgoing, boolean someHidden) {
        public Finding {
            holders = List.copyOf(holders);
        }
    }
}
