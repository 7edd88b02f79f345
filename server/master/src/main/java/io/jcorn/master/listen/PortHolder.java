package io.jcorn.master.listen;

import io.jcorn.master.posix.SocketName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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
final class PortHolder {

    /** The kernel's own default of net.ipv4.ip_local_port_range. */
    private static final List<Integer> USUAL_RANGE = List.of(32_768, 60_999);

    private final Path proc;
    private final SocketTable sockets;
    private final ProcessTable processes;

    /**
     * @param proc {@code /proc}
     */
    PortHolder(Path proc) {
        this.proc = proc;
        this.sockets = new SocketTable(proc);
        this.processes = new ProcessTable(proc);
    }

    /** Who holds an address, as far as we may see. */
    Finding find(SocketName name) {
        List<SocketTable.Entry> entries = sockets.holding(name);
        Set<Long> inodes = entries.stream()
                .filter(SocketTable.Entry::held)
                .map(SocketTable.Entry::inode)
                .collect(Collectors.toSet());
        ProcessTable.Owners owners = processes.holding(inodes);
        List<Holder> holders = new ArrayList<>();
        for (int pid : owners.pids()) {
            processes.describe(pid).ifPresent(holders::add);
        }
        Sight sight = sockets.readable(name) ? owners.sight() : Sight.NO_SOCKETS;
        return new Finding(entries, holders, OptionalInt.empty(), sight, handedOut(name));
    }

    /** One process that is known to hold it, as SO_PEERCRED tells about the other end of a Unix socket. */
    Finding process(int pid) {
        List<Holder> holders = new ArrayList<>();
        processes.describe(pid).ifPresent(holders::add);
        Sight sight = holders.isEmpty() ? Sight.HIDDEN : Sight.ALL;
        return new Finding(List.of(), holders, OptionalInt.of(pid), sight, false);
    }

    /** Whether the kernel gives this port to outgoing connections. */
    private boolean handedOut(SocketName name) {
        if (!(name instanceof SocketName.Inet inet)) {
            return false;
        }
        List<Integer> range = range();
        return inet.port() >= range.get(0) && inet.port() <= range.get(1);
    }

    private List<Integer> range() {
        try {
            // Not Files.readString: it asks for one byte first, and files of /proc/sys answer only one read.
            String line = Files.readAllLines(
                            proc.resolve("sys/net/ipv4/ip_local_port_range"), StandardCharsets.US_ASCII)
                    .get(0);
            String[] ends = line.trim().split("\\s+", 2);
            return List.of(Integer.parseInt(ends[0]), Integer.parseInt(ends[1]));
        } catch (IOException | RuntimeException e) {
            return USUAL_RANGE;
        }
    }

    /**
     * What was found.
     *
     * @param sockets those with this address that the kernel lists; none: it lists none, or must not be asked
     * @param holders the processes; empty: none, or none that we may see
     * @param peer a process that is known to hold it although it cannot be described; empty: there is none
     * @param sight whether more could be there than was seen
     * @param handedOut whether the kernel gives such ports to outgoing connections
     */
    record Finding(
            List<SocketTable.Entry> sockets, List<Holder> holders, OptionalInt peer, Sight sight, boolean handedOut) {
        Finding {
            sockets = List.copyOf(sockets);
            holders = List.copyOf(holders);
        }

        /** Whether the kernel has a socket with this address. */
        boolean known() {
            return !sockets.isEmpty() || peer.isPresent();
        }

        /** Who opened the socket; empty: unknown, or it is no process's any more. */
        OptionalInt user() {
            return sockets.stream()
                    .filter(SocketTable.Entry::held)
                    .mapToInt(SocketTable.Entry::uid)
                    .filter(uid -> uid >= 0)
                    .findFirst();
        }

        /** Whether the address is not listened on: it is our end of connections to somewhere. */
        boolean connected() {
            return !sockets.isEmpty()
                    && sockets.stream()
                            .noneMatch(socket ->
                                    socket.listening() || socket.remote().isEmpty());
        }

        /** Whether only the kernel still has it, to close a connection as TCP wants it. */
        boolean closing() {
            return !sockets.isEmpty() && sockets.stream().noneMatch(SocketTable.Entry::held);
        }
    }
}
